// Dot products of opcode 0x57, the MPC's slice counter, and the arithmetic of Mac&Load.
#pragma once

#include <array>

#include "../hart.hpp"
#include "dot.hpp"

namespace flexdbg::sem::xflexv {

enum class Sign { kUp, kUsp, kSp };
enum class Form { kVv, kSc, kSci };

// Weight slices in a register for each format code; 1 where the format is uniform or reserved.
constexpr u8 kSlices[16] = {1, 1, 1, 1, 1, 2, 4, 8, 2, 4, 2, 1, 1, 1, 1, 1};
// Activations per instruction (lanes of the wide operand); 0 where there is no dot product.
constexpr u8 kLanes[16] = {0, 2, 4, 8, 16, 8, 4, 2, 4, 2, 2, 0, 0, 0, 0, 0};

inline bool mixed(u32 fmt) { return kSlices[fmt & 15] > 1; }

inline u32 next_slice(u32 fmt, u32 slice) {
  const u32 slices = kSlices[fmt];
  const u32 next = slice + 1 >= slices ? 0 : slice + 1;
  return slices > 1 ? next : slice;
}

// The skip counter of the MPC behind `n` counted dot products.
inline u32 skip_after(u32 skip, u32 limit, u32 n) {
  if (n == 0) return skip;
  if (limit <= 1) return 0;
  if (skip >= limit) {  // the limit has been lowered
    skip = 0;
    --n;
  }
  skip += n;
  return skip < limit ? skip : skip % limit;
}

// One counted dot product has been executed.
inline void mpc_step(Arch& h) {
  if (++h.skip_count < h.mix_skip) return;
  h.skip_count = 0;
  h.mix_cycle = next_slice(h.simd_fmt, h.mix_cycle);
}

// Sum of products of all lanes of format `fmt`; `slice` picks the weights of a mixed format.
template <bool ASigned, bool WSigned>
inline u32 dot_fmt(u32 fmt, u32 a, u32 w, unsigned slice) {
  switch (fmt) {
    case 1:
      return dot<16, 16, ASigned, WSigned>(a, w, 0);
    case 2:
      return dot<8, 8, ASigned, WSigned>(a, w, 0);
    case 3:
      return dot<4, 4, ASigned, WSigned>(a, w, 0);
    case 4:
      return dot<2, 2, ASigned, WSigned>(a, w, 0);
    case 5:
      return dot<4, 2, ASigned, WSigned>(a, w, slice);
    case 6:
      return dot<8, 2, ASigned, WSigned>(a, w, slice);
    case 7:
      return dot<16, 2, ASigned, WSigned>(a, w, slice);
    case 8:
      return dot<8, 4, ASigned, WSigned>(a, w, slice);
    case 9:
      return dot<16, 4, ASigned, WSigned>(a, w, slice);
    case 10:
      return dot<16, 8, ASigned, WSigned>(a, w, slice);
    default:
      return 0;
  }
}

// `Form`: format + 16 if activations are signed + 32 if weights are.
template <u32 Form>
inline u32 dot_form(u32 a, u32 w, unsigned slice) {
  return dot_fmt<(Form & 16) != 0, (Form & 32) != 0>(Form & 15, a, w, slice);
}

constexpr u32 fmt_of_lanes(int lane_bits) {
  return lane_bits == 16 ? 1 : lane_bits == 8 ? 2 : lane_bits == 4 ? 3 : 4;
}

template <Sign S, bool Accumulate, int L, Form F>
inline void dotp(Arch& h, const Decoded& d) {
  constexpr bool kASigned = S == Sign::kSp;
  constexpr bool kWSigned = S != Sign::kUp;
  const u32 fmt = h.sb_legacy ? fmt_of_lanes(L) : h.simd_fmt;
  const u32 a = h.x[d.rs1];
  u32 w = F == Form::kSci ? static_cast<u32>(d.imm) : h.x[d.rs2];
  if constexpr (F != Form::kVv) {
    switch (fmt) {
      case 2:
        w = replicate<8>(w);
        break;
      case 3:
        w = replicate<4>(w);
        break;
      case 4:
        w = replicate<2>(w);
        break;
      default:
        w = replicate<16>(w);
        break;  // mixed formats copy the low halfword (RTL)
    }
  }
  const u32 sum = dot_fmt<kASigned, kWSigned>(fmt, a, w, h.mix_cycle);
  if (kLanes[fmt] == 0) [[unlikely]] {
    h.attention |= kAttnFormat;
    return;
  }
  h.last_slice = static_cast<u8>(h.mix_cycle);
  h.x[d.rd] = (Accumulate ? h.x[d.rd] : 0) + sum;
  ++h.dotps;
  h.macs += kLanes[fmt];
  mpc_step(h);
}

template <Sign S, bool Accumulate>
struct Dotp {
  static void h(Arch& a, const Decoded& d) { dotp<S, Accumulate, 16, Form::kVv>(a, d); }
  static void sc_h(Arch& a, const Decoded& d) { dotp<S, Accumulate, 16, Form::kSc>(a, d); }
  static void sci_h(Arch& a, const Decoded& d) { dotp<S, Accumulate, 16, Form::kSci>(a, d); }
  static void b(Arch& a, const Decoded& d) { dotp<S, Accumulate, 8, Form::kVv>(a, d); }
  static void sc_b(Arch& a, const Decoded& d) { dotp<S, Accumulate, 8, Form::kSc>(a, d); }
  static void sci_b(Arch& a, const Decoded& d) { dotp<S, Accumulate, 8, Form::kSci>(a, d); }
  static void n(Arch& a, const Decoded& d) { dotp<S, Accumulate, 4, Form::kVv>(a, d); }
  static void sc_n(Arch& a, const Decoded& d) { dotp<S, Accumulate, 4, Form::kSc>(a, d); }
  static void c(Arch& a, const Decoded& d) { dotp<S, Accumulate, 2, Form::kVv>(a, d); }
  static void sc_c(Arch& a, const Decoded& d) { dotp<S, Accumulate, 2, Form::kSc>(a, d); }
};
using dotup = Dotp<Sign::kUp, false>;
using dotusp = Dotp<Sign::kUsp, false>;
using dotsp = Dotp<Sign::kSp, false>;
using sdotup = Dotp<Sign::kUp, true>;
using sdotusp = Dotp<Sign::kUsp, true>;
using sdotsp = Dotp<Sign::kSp, true>;

// After a write to simd_fmt or sb_legacy.
inline void choose_format(Arch& h) {
  h.mac_lanes = h.sb_legacy ? 0 : kLanes[h.simd_fmt & 15];
  h.mac_format = h.mac_lanes == 0 ? 0 : h.simd_fmt;
}

// Format a Mac&Load v3 computes in.
inline u32 macload_fmt(const Arch& h, int lane_bits) {
  if (h.sb_legacy) return lane_bits == 0 ? 0 : fmt_of_lanes(lane_bits);
  return h.simd_fmt;
}

// Sum of a Mac&Load; signs as named by the instruction (sup: weights signed, usp: activations signed).
inline u32 macload_dot(u32 fmt, bool act_signed, bool wgt_signed, u32 a, u32 w, unsigned slice) {
  if (wgt_signed)
    return act_signed ? dot_fmt<true, true>(fmt, a, w, slice) : dot_fmt<false, true>(fmt, a, w, slice);
  return act_signed ? dot_fmt<true, false>(fmt, a, w, slice) : dot_fmt<false, false>(fmt, a, w, slice);
}

// The same for every format and pair of signs: [format + 16 if activations are signed + 32 if weights are].
using Dot = u32 (*)(u32 a, u32 w, unsigned slice);
template <bool ASigned, bool WSigned>
constexpr void fill_dots(std::array<Dot, 64>& table) {
  constexpr u32 kBase = (ASigned ? 16 : 0) + (WSigned ? 32 : 0);
  for (u32 fmt = 0; fmt < 16; ++fmt) table[kBase + fmt] = [](u32, u32, unsigned) { return u32{0}; };
  table[kBase + 1] = dot<16, 16, ASigned, WSigned>;
  table[kBase + 2] = dot<8, 8, ASigned, WSigned>;
  table[kBase + 3] = dot<4, 4, ASigned, WSigned>;
  table[kBase + 4] = dot<2, 2, ASigned, WSigned>;
  table[kBase + 5] = dot<4, 2, ASigned, WSigned>;
  table[kBase + 6] = dot<8, 2, ASigned, WSigned>;
  table[kBase + 7] = dot<16, 2, ASigned, WSigned>;
  table[kBase + 8] = dot<8, 4, ASigned, WSigned>;
  table[kBase + 9] = dot<16, 4, ASigned, WSigned>;
  table[kBase + 10] = dot<16, 8, ASigned, WSigned>;
}
constexpr std::array<Dot, 64> make_dots() {
  std::array<Dot, 64> table{};
  fill_dots<false, false>(table);
  fill_dots<true, false>(table);
  fill_dots<false, true>(table);
  fill_dots<true, true>(table);
  return table;
}
inline constexpr std::array<Dot, 64> kDots = make_dots();

}  // namespace flexdbg::sem::xflexv
