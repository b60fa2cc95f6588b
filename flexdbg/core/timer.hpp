// Two 32-bit timers that can be cascaded: pulp-platform/timer_unit@master:rtl/timer_unit.sv.
// Counts are computed when somebody looks; only a compare match that interrupts is an event.
// The RTL holds the counter for one tick after a match (its lock register); the documented behaviour,
// one count per cycle, is modelled.
#pragma once

#include <array>
#include <string>

#include "types.hpp"

namespace flexdbg {

class Timer {
 public:
  static constexpr u32 kLo = 1, kHi = 2;  // bits of advance()

  explicit Timer(u64 clock_hz) : clock_hz_(clock_hz) {}

  u32 read(u32 offset, u64 cycle) const;
  static bool readable(u32 offset) { return offset < 0x18; }  // the others are triggers or nothing
  // Returns a warning, or nothing.
  std::string write(u32 offset, u32 value, u64 cycle);

  // Cycle in which a match line rises.
  u64 next_event() const { return next_; }
  // Lines that rise in `cycle`.
  u32 advance(u64 cycle);

 private:
  struct Half {
    u32 cfg = 0;
    u32 cmp = 0;
    u64 count = 0;  // as of base; 64 bits in the low half when cascaded
    u64 base = 0;
    u32 prescale = 0;     // source ticks since the last count
    bool clear = false;   // matched in base, the next count clears
    u64 irq_at = kNever;  // a match that has been passed but not delivered
  };

  bool cascaded() const { return half_[0].cfg >> 31 != 0; }
  u64 compare(const Half& half) const;
  u64 wrap() const;            // largest count
  u64 edges(u64 cycle) const;  // reference clock edges up to cycle
  u64 source_ticks(const Half& half, u64 from, u64 to) const;
  u64 ticks_to_match(const Half& half) const;
  u64 match_cycle(const Half& half) const;
  static bool spaced(const Half& half);
  void count(Half& half, u64 ticks) const;
  void sync(Half& half, u64 cycle) const;
  void write_config(u32 index, u32 value);
  void set_count(u32 index, u32 value);
  void update_next();

  u64 clock_hz_;
  std::array<Half, 2> half_;
  u64 next_ = kNever;
};

}  // namespace flexdbg
