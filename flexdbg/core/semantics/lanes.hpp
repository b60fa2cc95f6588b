// A 32-bit register as lanes of L bits (32, 16, 8, 4, 2): arithmetic inside the register, no loops over lanes
// where a mask does it.
#pragma once

#include "../types.hpp"

namespace flexdbg::sem {

// Bit 0 of every lane; times a value that fits a lane it replicates it.
template <int L>
inline constexpr u32 kLsb = L == 32   ? 1u
                            : L == 16 ? 0x00010001u
                            : L == 8  ? 0x01010101u
                            : L == 4  ? 0x11111111u
                                      : 0x55555555u;
template <int L>
inline constexpr u32 kMsb = kLsb<L> << (L - 1);
template <int L>
inline constexpr u32 kLane = L == 32 ? ~u32{0} : (u32{1} << (L % 32)) - 1;

// The low L bits in every lane.
template <int L>
constexpr u32 replicate(u32 v) {
  return (v & kLane<L>)*kLsb<L>;
}

namespace lanes {

// Top bit of every lane -> the whole lane.
template <int L>
constexpr u32 spread(u32 msb) {
  return (msb - (msb >> (L - 1))) | msb;
}
constexpr u32 select(u32 mask, u32 yes, u32 no) { return no ^ ((no ^ yes) & mask); }

template <int L>
constexpr u32 add(u32 a, u32 b) {
  if constexpr (L == 32) return a + b;
  return ((a & ~kMsb<L>)+(b & ~kMsb<L>)) ^ ((a ^ b) & kMsb<L>);
}
template <int L>
constexpr u32 sub(u32 a, u32 b) {
  if constexpr (L == 32) return a - b;
  return ((a | kMsb<L>)-(b & ~kMsb<L>)) ^ (~(a ^ b) & kMsb<L>);
}

template <int L>
constexpr u32 ltu(u32 a, u32 b) {
  if constexpr (L == 32) return -u32(a < b);
  return spread<L>(((~a & b) | (~(a ^ b) & sub<L>(a, b))) & kMsb<L>);
}
template <int L>
constexpr u32 lt(u32 a, u32 b) {
  return ltu<L>(a ^ kMsb<L>, b ^ kMsb<L>);
}
template <int L>
constexpr u32 ne(u32 a, u32 b) {
  if constexpr (L == 32) return -u32(a != b);
  const u32 x = a ^ b;
  return spread<L>((((x & ~kMsb<L>)+~kMsb<L>) | x) & kMsb<L>);
}

// Shifts by one bit in every lane.
template <int L>
constexpr u32 shl1(u32 a) {
  return (a << 1) & ~kLsb<L>;
}
template <int L>
constexpr u32 shr1(u32 a) {
  return (a >> 1) & ~kMsb<L>;
}
template <int L>
constexpr u32 sar1(u32 a) {
  return shr1<L>(a) | (a & kMsb<L>);
}

// Shifts by a different amount in every lane. The narrow formats go through the bits of the amount, the wide
// ones through the lanes.
enum class Shift { kLeft, kRight, kRightSigned };

template <int L, Shift S>
constexpr u32 shift_one(u32 a) {
  return S == Shift::kLeft ? shl1<L>(a) : S == Shift::kRight ? shr1<L>(a) : sar1<L>(a);
}

template <int L, Shift S>
constexpr u32 shift(u32 a, u32 by) {
  if constexpr (L == 32) {
    const u32 k = by & 31;
    return S == Shift::kLeft ? a << k : S == Shift::kRight ? a >> k : u32(i32(a) >> k);
  } else if constexpr (L <= 4) {
    const u32 once = spread<L>((by << (L - 1)) & kMsb<L>);
    u32 r = select(once, shift_one<L, S>(a), a);
    if constexpr (L == 4) {
      const u32 twice = spread<L>((by << 2) & kMsb<L>);
      r = select(twice, shift_one<L, S>(shift_one<L, S>(r)), r);
    }
    return r;
  } else {
    u32 r = 0;
    for (int i = 0; i < 32; i += L) {
      const u32 k = (by >> i) & (L - 1);
      const u32 lane = (a >> i) & kLane<L>;
      const u32 moved = S == Shift::kLeft    ? lane << k
                        : S == Shift::kRight ? lane >> k
                                             : u32(i32(lane << (32 - L)) >> (32 - L) >> k);
      r |= (moved & kLane<L>) << i;
    }
    return r;
  }
}

}  // namespace lanes
}  // namespace flexdbg::sem
