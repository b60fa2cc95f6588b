// Packed SIMD of opcode 0x57 except the dot products: XpulpV2 (.h .b), XpulpNN (.n .c) and the virtual
// formats of MPIC and Flex-V, where the simd_fmt CSR and not the instruction gives the lane width.
//
// The true RTL variants keep the defects of formats 3 and 4 (AlSaqr-platform/riscv_nn:rtl/riscv_alu.sv).
#pragma once

#include "../decoded.hpp"
#include "../hart.hpp"
#include "lanes.hpp"
#include "permute.hpp"

namespace flexdbg::sem {

enum class Mode : u8 { vv, sc, sci };

// One struct per operation: apply<L> is the defined result, rtl<L> what the Flex-V RTL gives.
namespace op {

struct add {
  template <int L>
  static u32 apply(u32 a, u32 b) {
    return lanes::add<L>(a, b);
  }
  // Two-bit lanes: the partition bit between lanes 12 and 13 is missing, so the carry passes.
  template <int L>
  static u32 rtl(u32 a, u32 b) {
    const u32 sum = lanes::add<L>(a, b);
    if constexpr (L != 2) return sum;
    const u32 carry = (((a >> 24) & 3) + ((b >> 24) & 3)) >> 2;
    return lanes::add<2>(sum, carry << 26);
  }
};
struct sub {
  template <int L>
  static u32 apply(u32 a, u32 b) {
    return lanes::sub<L>(a, b);
  }
};
struct avg {
  template <int L>
  static u32 apply(u32 a, u32 b) {
    return lanes::sar1<L>(lanes::add<L>(a, b));
  }
  // Narrow lanes all take bit 31 as their sign.
  template <int L>
  static u32 rtl(u32 a, u32 b) {
    const u32 sum = add::rtl<L>(a, b);
    if constexpr (L > 4) return lanes::sar1<L>(sum);
    return lanes::shr1<L>(sum) | (kMsb<L> & u32(i32(sum) >> 31));
  }
};
struct avgu {
  template <int L>
  static u32 apply(u32 a, u32 b) {
    return lanes::shr1<L>(lanes::add<L>(a, b));
  }
  template <int L>
  static u32 rtl(u32 a, u32 b) {
    return lanes::shr1<L>(add::rtl<L>(a, b));
  }
};
struct min {
  template <int L>
  static u32 apply(u32 a, u32 b) {
    return lanes::select(lanes::lt<L>(a, b), a, b);
  }
};
struct minu {
  template <int L>
  static u32 apply(u32 a, u32 b) {
    return lanes::select(lanes::ltu<L>(a, b), a, b);
  }
};
struct max {
  template <int L>
  static u32 apply(u32 a, u32 b) {
    return lanes::select(lanes::lt<L>(a, b), b, a);
  }
};
struct maxu {
  template <int L>
  static u32 apply(u32 a, u32 b) {
    return lanes::select(lanes::ltu<L>(a, b), b, a);
  }
};
struct srl {
  template <int L>
  static u32 apply(u32 a, u32 b) {
    return lanes::shift<L, lanes::Shift::kRight>(a, b);
  }
};
struct sra {
  template <int L>
  static u32 apply(u32 a, u32 b) {
    return lanes::shift<L, lanes::Shift::kRightSigned>(a, b);
  }
  // Narrow lanes all fill with bit 31; filling with ones is a logical shift of the complement.
  template <int L>
  static u32 rtl(u32 a, u32 b) {
    if constexpr (L > 4) return apply<L>(a, b);
    const u32 sign = u32(i32(a) >> 31);
    return sign ^ srl::apply<L>(a ^ sign, b);
  }
};
struct sll {
  template <int L>
  static u32 apply(u32 a, u32 b) {
    return lanes::shift<L, lanes::Shift::kLeft>(a, b);
  }
};
struct or_ {
  template <int L>
  static u32 apply(u32 a, u32 b) {
    return a | b;
  }
};
struct xor_ {
  template <int L>
  static u32 apply(u32 a, u32 b) {
    return a ^ b;
  }
};
struct and_ {
  template <int L>
  static u32 apply(u32 a, u32 b) {
    return a & b;
  }
};
// The unit subtracts from and compares with rs2 whatever its field says; assemblers put x0 there.
struct abs {
  template <int L>
  static u32 apply(u32 a, u32 b) {
    return lanes::select(lanes::lt<L>(b, a), a, lanes::sub<L>(b, a));
  }
};

struct cmpeq {
  template <int L>
  static u32 apply(u32 a, u32 b) {
    return ~lanes::ne<L>(a, b);
  }
  // Four-bit lanes: only the low two bits follow the lane, the high two the whole word.
  template <int L>
  static u32 rtl(u32 a, u32 b) {
    const u32 eq = ~lanes::ne<L>(a, b);
    return L == 4 && a != b ? eq & 0x33333333 : eq;
  }
};
struct cmpne {
  template <int L>
  static u32 apply(u32 a, u32 b) {
    return lanes::ne<L>(a, b);
  }
  template <int L>
  static u32 rtl(u32 a, u32 b) {
    return ~cmpeq::rtl<L>(a, b);
  }
};
struct cmpgt {
  template <int L>
  static u32 apply(u32 a, u32 b) {
    return lanes::lt<L>(b, a);
  }
};
struct cmpge {
  template <int L>
  static u32 apply(u32 a, u32 b) {
    return ~lanes::lt<L>(a, b);
  }
  template <int L>
  static u32 rtl(u32 a, u32 b) {
    return lanes::lt<L>(b, a) | cmpeq::rtl<L>(a, b);
  }
};
struct cmplt {
  template <int L>
  static u32 apply(u32 a, u32 b) {
    return lanes::lt<L>(a, b);
  }
  template <int L>
  static u32 rtl(u32 a, u32 b) {
    return ~cmpge::rtl<L>(a, b);
  }
};
struct cmple {
  template <int L>
  static u32 apply(u32 a, u32 b) {
    return ~lanes::lt<L>(b, a);
  }
};
struct cmpgtu {
  template <int L>
  static u32 apply(u32 a, u32 b) {
    return lanes::ltu<L>(b, a);
  }
};
struct cmpgeu {
  template <int L>
  static u32 apply(u32 a, u32 b) {
    return ~lanes::ltu<L>(a, b);
  }
  template <int L>
  static u32 rtl(u32 a, u32 b) {
    return lanes::ltu<L>(b, a) | cmpeq::rtl<L>(a, b);
  }
};
struct cmpltu {
  template <int L>
  static u32 apply(u32 a, u32 b) {
    return lanes::ltu<L>(a, b);
  }
  template <int L>
  static u32 rtl(u32 a, u32 b) {
    return ~cmpgeu::rtl<L>(a, b);
  }
};
struct cmpleu {
  template <int L>
  static u32 apply(u32 a, u32 b) {
    return ~lanes::ltu<L>(b, a);
  }
};

}  // namespace op

namespace simd {

template <class Op, int L, bool Rtl>
inline u32 apply(u32 a, u32 b) {
  if constexpr (Rtl) return Op::template rtl<L>(a, b);
  return Op::template apply<L>(a, b);
}

template <Mode M>
inline u32 second(const Arch& h, const Decoded& d) {
  return M == Mode::sci ? u32(d.imm) : h.x[d.rs2];
}
template <int L, Mode M>
inline u32 operand(u32 second) {
  return M == Mode::vv ? second : replicate<L>(second);
}

// Formats without a lane width work on the whole word, with the low half of a scalar in both halves.
// Not inlined: it would put five operations into every case of the dispatch.
template <class Op, Mode M, bool Rtl>
[[gnu::noinline]] u32 virtual_lanes(u32 fmt, u32 a, u32 b) {
  switch (fmt) {
    case 1:
      return apply<Op, 16, Rtl>(a, operand<16, M>(b));
    case 2:
      return apply<Op, 8, Rtl>(a, operand<8, M>(b));
    case 3:
      return apply<Op, 4, Rtl>(a, operand<4, M>(b));
    case 4:
      return apply<Op, 2, Rtl>(a, operand<2, M>(b));
    default:
      return apply<Op, 32, Rtl>(a, operand<16, M>(b));
  }
}

// L is the width in the encoding; it holds while sb_legacy is set.
template <class Op, int L, Mode M, bool Rtl = false>
inline void lanewise(Arch& h, const Decoded& d) {
  const u32 a = h.x[d.rs1], b = second<M>(h, d);
  h.x[d.rd] =
      h.sb_legacy ? apply<Op, L, false>(a, operand<L, M>(b)) : virtual_lanes<Op, M, Rtl>(h.simd_fmt, a, b);
}
// XpulpNN widths; that core has no format CSR.
template <class Op, int L, Mode M>
inline void fixed(Arch& h, const Decoded& d) {
  h.x[d.rd] = apply<Op, L, false>(h.x[d.rs1], operand<L, M>(second<M>(h, d)));
}

// The forms of one operation, named as the suffixes of the mnemonic.
template <class Op>
struct NarrowForms {
  static void n(Arch& h, const Decoded& d) { fixed<Op, 4, Mode::vv>(h, d); }
  static void sc_n(Arch& h, const Decoded& d) { fixed<Op, 4, Mode::sc>(h, d); }
  static void c(Arch& h, const Decoded& d) { fixed<Op, 2, Mode::vv>(h, d); }
  static void sc_c(Arch& h, const Decoded& d) { fixed<Op, 2, Mode::sc>(h, d); }
};
template <class Op>
struct Forms : NarrowForms<Op> {
  static void h(Arch& h, const Decoded& d) { lanewise<Op, 16, Mode::vv>(h, d); }
  static void sc_h(Arch& h, const Decoded& d) { lanewise<Op, 16, Mode::sc>(h, d); }
  static void sci_h(Arch& h, const Decoded& d) { lanewise<Op, 16, Mode::sci>(h, d); }
  static void b(Arch& h, const Decoded& d) { lanewise<Op, 8, Mode::vv>(h, d); }
  static void sc_b(Arch& h, const Decoded& d) { lanewise<Op, 8, Mode::sc>(h, d); }
  static void sci_b(Arch& h, const Decoded& d) { lanewise<Op, 8, Mode::sci>(h, d); }
};
// The operations with an RTL defect.
template <class Op>
struct QuirkForms : NarrowForms<Op> {
  template <bool Rtl>
  static void h(Arch& h, const Decoded& d) {
    lanewise<Op, 16, Mode::vv, Rtl>(h, d);
  }
  template <bool Rtl>
  static void sc_h(Arch& h, const Decoded& d) {
    lanewise<Op, 16, Mode::sc, Rtl>(h, d);
  }
  template <bool Rtl>
  static void sci_h(Arch& h, const Decoded& d) {
    lanewise<Op, 16, Mode::sci, Rtl>(h, d);
  }
  template <bool Rtl>
  static void b(Arch& h, const Decoded& d) {
    lanewise<Op, 8, Mode::vv, Rtl>(h, d);
  }
  template <bool Rtl>
  static void sc_b(Arch& h, const Decoded& d) {
    lanewise<Op, 8, Mode::sc, Rtl>(h, d);
  }
  template <bool Rtl>
  static void sci_b(Arch& h, const Decoded& d) {
    lanewise<Op, 8, Mode::sci, Rtl>(h, d);
  }
};

using pv_add = QuirkForms<op::add>;
using pv_sub = Forms<op::sub>;
using pv_avg = QuirkForms<op::avg>;
using pv_avgu = QuirkForms<op::avgu>;
using pv_min = Forms<op::min>;
using pv_minu = Forms<op::minu>;
using pv_max = Forms<op::max>;
using pv_maxu = Forms<op::maxu>;
using pv_srl = Forms<op::srl>;
using pv_sra = QuirkForms<op::sra>;
using pv_sll = Forms<op::sll>;
using pv_or = Forms<op::or_>;
using pv_xor = Forms<op::xor_>;
using pv_and = Forms<op::and_>;
using pv_abs = Forms<op::abs>;
using pv_cmpeq = QuirkForms<op::cmpeq>;
using pv_cmpne = QuirkForms<op::cmpne>;
using pv_cmpgt = Forms<op::cmpgt>;
using pv_cmpge = QuirkForms<op::cmpge>;
using pv_cmplt = QuirkForms<op::cmplt>;
using pv_cmple = Forms<op::cmple>;
using pv_cmpgtu = Forms<op::cmpgtu>;
using pv_cmpgeu = QuirkForms<op::cmpgeu>;
using pv_cmpltu = QuirkForms<op::cmpltu>;
using pv_cmpleu = Forms<op::cmpleu>;

}  // namespace simd
}  // namespace flexdbg::sem
