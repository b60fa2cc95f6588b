// Breakpoints and watchpoints: exact lists behind one flag test per instruction or page.
#pragma once

#include <vector>

#include "condition.hpp"
#include "trace.hpp"
#include "types.hpp"

namespace flexdbg {

struct Breakpoint {
  u32 id = 0;
  u32 address = 0;
  u32 harts = ~u32{0};
  u64 ignore = 0;  // hits to pass over
  u64 hits = 0;
  Condition condition;
};

struct Watchpoint {
  u32 id = 0;
  u32 address = 0;
  u32 size = 0;
  u8 access = 2;  // 1 read, 2 write, 3 both
  u32 harts = ~u32{0};
};

// Stops behind the cycle of a trace record that matches.
struct EventTrigger {
  u32 id = 0;
  TraceKind kind = TraceKind::kRetire;
  u32 harts = ~u32{0};  // bit 31: the DMA
  u32 a_first = 0, a_last = ~u32{0}, b_first = 0, b_last = ~u32{0};
  u8 size_mask = 0, size_value = 0;
  u32 changed = 0;      // only where old and new value differ in one of these bits; 0: everywhere
  bool pc = false;      // only where the pc behind the cycle is not the one of the record
  int bank = -1;        // of address a
  Condition condition;  // of the machine behind the cycle
};

}  // namespace flexdbg
