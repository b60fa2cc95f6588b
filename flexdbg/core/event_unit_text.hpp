// Words for harts, event lines and offsets, as the event unit's messages use them.
#pragma once

#include <string>

#include "types.hpp"

namespace flexdbg {

std::string hex_text(u32 value);
std::string harts_text(u32 mask);  // "hart 5", "harts 5 and 7"
std::string lines_text(u32 mask);  // "event line 8 (DMA)", "event lines 0 (software) and 16 (barrier)"

}  // namespace flexdbg
