// XpulpV2 complex group: re in the low half, im in the high half, Q15; fixed to 16 bits in every format.
#pragma once

#include "../decoded.hpp"
#include "../hart.hpp"

namespace flexdbg::sem::xpulpv2 {

inline i32 re(u32 v) { return i16(v); }
inline i32 im(u32 v) { return i32(v) >> 16; }
inline u32 pair(i32 imag, i32 real) { return u32(imag) << 16 | u16(real); }

// Only (-1)*(-1) + (-1)*(-1) leaves 32 bits; the adder wraps, so must we.
inline u32 times(i32 a, i32 b) { return u32(a * b); }

template <int Div>
inline void cplxmul_re(Arch& h, const Decoded& d) {
  const u32 a = h.x[d.rs1], b = h.x[d.rs2];
  const u32 sum = times(re(a), re(b)) - times(im(a), im(b));
  h.x[d.rd] = pair(im(h.x[d.rd]), i32(sum) >> (15 + Div));
}
template <int Div>
inline void cplxmul_im(Arch& h, const Decoded& d) {
  const u32 a = h.x[d.rs1], b = h.x[d.rs2];
  const u32 sum = times(re(a), im(b)) + times(im(a), re(b));
  h.x[d.rd] = pair(i32(sum) >> (15 + Div), re(h.x[d.rd]));
}
template <int Div>
inline void subrotmj(Arch& h, const Decoded& d) {
  const u32 a = h.x[d.rs1], b = h.x[d.rs2];
  h.x[d.rd] = pair(i32(i16(re(b) - re(a))) >> Div, i32(i16(im(a) - im(b))) >> Div);
}
template <int Div>
inline void add_div(Arch& h, const Decoded& d) {
  const u32 a = h.x[d.rs1], b = h.x[d.rs2];
  h.x[d.rd] = pair(i32(i16(im(a) + im(b))) >> Div, i32(i16(re(a) + re(b))) >> Div);
}
template <int Div>
inline void sub_div(Arch& h, const Decoded& d) {
  const u32 a = h.x[d.rs1], b = h.x[d.rs2];
  h.x[d.rd] = pair(i32(i16(im(a) - im(b))) >> Div, i32(i16(re(a) - re(b))) >> Div);
}

inline void pv_cplxmul_h_r(Arch& h, const Decoded& d) { cplxmul_re<0>(h, d); }
inline void pv_cplxmul_h_r_div2(Arch& h, const Decoded& d) { cplxmul_re<1>(h, d); }
inline void pv_cplxmul_h_r_div4(Arch& h, const Decoded& d) { cplxmul_re<2>(h, d); }
inline void pv_cplxmul_h_r_div8(Arch& h, const Decoded& d) { cplxmul_re<3>(h, d); }
inline void pv_cplxmul_h_i(Arch& h, const Decoded& d) { cplxmul_im<0>(h, d); }
inline void pv_cplxmul_h_i_div2(Arch& h, const Decoded& d) { cplxmul_im<1>(h, d); }
inline void pv_cplxmul_h_i_div4(Arch& h, const Decoded& d) { cplxmul_im<2>(h, d); }
inline void pv_cplxmul_h_i_div8(Arch& h, const Decoded& d) { cplxmul_im<3>(h, d); }
inline void pv_subrotmj_h(Arch& h, const Decoded& d) { subrotmj<0>(h, d); }
inline void pv_subrotmj_h_div2(Arch& h, const Decoded& d) { subrotmj<1>(h, d); }
inline void pv_subrotmj_h_div4(Arch& h, const Decoded& d) { subrotmj<2>(h, d); }
inline void pv_subrotmj_h_div8(Arch& h, const Decoded& d) { subrotmj<3>(h, d); }
inline void pv_add_h_div2(Arch& h, const Decoded& d) { add_div<1>(h, d); }
inline void pv_add_h_div4(Arch& h, const Decoded& d) { add_div<2>(h, d); }
inline void pv_add_h_div8(Arch& h, const Decoded& d) { add_div<3>(h, d); }
inline void pv_sub_h_div2(Arch& h, const Decoded& d) { sub_div<1>(h, d); }
inline void pv_sub_h_div4(Arch& h, const Decoded& d) { sub_div<2>(h, d); }
inline void pv_sub_h_div8(Arch& h, const Decoded& d) { sub_div<3>(h, d); }

inline void pv_cplxconj_h(Arch& h, const Decoded& d) { h.x[d.rd] = pair(-im(h.x[d.rs1]), re(h.x[d.rs1])); }

}  // namespace flexdbg::sem::xpulpv2
