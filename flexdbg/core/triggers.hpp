// Breakpoints and watchpoints: exact lists behind one flag test per instruction or page.
#pragma once

#include <vector>

#include "types.hpp"

namespace flexdbg {

struct Breakpoint {
  u32 id = 0;
  u32 address = 0;
  u32 harts = ~u32{0};
  u64 ignore = 0;  // hits to pass over
  u64 hits = 0;
};

struct Watchpoint {
  u32 id = 0;
  u32 address = 0;
  u32 size = 0;
  u8 access = 2;  // 1 read, 2 write, 3 both
  u32 harts = ~u32{0};
};

}  // namespace flexdbg
