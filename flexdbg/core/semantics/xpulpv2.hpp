// XpulpV2, everything scalar: ALU, clip, bit fields, normalisation, multiply-accumulate, branches
// against an immediate, and the complex group (fixed to two 16-bit halves).
// Results follow pulp-platform/riscv:rtl/riscv_alu.sv and riscv_mult.sv as recorded from the Flex-V RTL.
#pragma once

#include <bit>

#include "../decoded.hpp"
#include "../hart.hpp"
#include "complex.hpp"

namespace flexdbg::sem::xpulpv2 {

// --- branches -----------------------------------------------------------------------------------

inline u32 sext5(u8 field) { return u32(i32(u32(field) << 27) >> 27); }

inline bool p_beqimm(const Arch& h, const Decoded& d) { return h.x[d.rs1] == sext5(d.aux); }
inline bool p_bneimm(const Arch& h, const Decoded& d) { return h.x[d.rs1] != sext5(d.aux); }

// --- ALU ----------------------------------------------------------------------------------------

inline void p_abs(Arch& h, const Decoded& d) {
  const u32 a = h.x[d.rs1], sign = u32(i32(a) >> 31);
  h.x[d.rd] = (a ^ sign) - sign;
}
inline void p_slet(Arch& h, const Decoded& d) { h.x[d.rd] = i32(h.x[d.rs1]) <= i32(h.x[d.rs2]); }
inline void p_sletu(Arch& h, const Decoded& d) { h.x[d.rd] = h.x[d.rs1] <= h.x[d.rs2]; }
inline void p_min(Arch& h, const Decoded& d) {
  const i32 a = i32(h.x[d.rs1]), b = i32(h.x[d.rs2]);
  h.x[d.rd] = u32(a < b ? a : b);
}
inline void p_minu(Arch& h, const Decoded& d) {
  const u32 a = h.x[d.rs1], b = h.x[d.rs2];
  h.x[d.rd] = a < b ? a : b;
}
inline void p_max(Arch& h, const Decoded& d) {
  const i32 a = i32(h.x[d.rs1]), b = i32(h.x[d.rs2]);
  h.x[d.rd] = u32(a > b ? a : b);
}
inline void p_maxu(Arch& h, const Decoded& d) {
  const u32 a = h.x[d.rs1], b = h.x[d.rs2];
  h.x[d.rd] = a > b ? a : b;
}
inline void p_exths(Arch& h, const Decoded& d) { h.x[d.rd] = u32(i32(i16(h.x[d.rs1]))); }
inline void p_exthz(Arch& h, const Decoded& d) { h.x[d.rd] = u16(h.x[d.rs1]); }
inline void p_extbs(Arch& h, const Decoded& d) { h.x[d.rd] = u32(i32(i8(h.x[d.rs1]))); }
inline void p_extbz(Arch& h, const Decoded& d) { h.x[d.rd] = u8(h.x[d.rs1]); }

inline void p_ff1(Arch& h, const Decoded& d) { h.x[d.rd] = u32(std::countr_zero(h.x[d.rs1])); }
inline void p_fl1(Arch& h, const Decoded& d) {
  const u32 a = h.x[d.rs1];
  h.x[d.rd] = a == 0 ? 32 : u32(31 - std::countl_zero(a));
}
inline void p_clb(Arch& h, const Decoded& d) {
  const u32 a = h.x[d.rs1];
  h.x[d.rd] = a == 0 ? 0 : u32(std::countl_zero(a ^ u32(i32(a) >> 31)) - 1);
}
inline void p_cnt(Arch& h, const Decoded& d) { h.x[d.rd] = u32(std::popcount(h.x[d.rs1])); }
inline void p_ror(Arch& h, const Decoded& d) { h.x[d.rd] = std::rotr(h.x[d.rs1], int(h.x[d.rs2] & 31)); }

// --- clip ---------------------------------------------------------------------------------------

// 2^(I-1)-1, and 0 for I = 0.
inline u32 clip_bound(const Decoded& d) {
  const u32 half = (u32{1} << (d.aux & 31)) >> 1;
  return half - (half != 0);
}

// kLow: -(hi+1) for clip, 0 for clipu. The RTL takes "below the lower bound" from the sign of the
// 32-bit sum rs1+hi+1, which is wrong when that sum overflows (riscv_alu.sv, clip_is_lower_neg).
template <bool Unsigned, bool Rtl>
inline u32 clip(u32 a, u32 hi) {
  const u32 low = Unsigned ? 0 : ~hi;
  if (i32(a) > i32(hi)) return hi;
  if constexpr (Rtl) {
    if (Unsigned && i32(a) < 0) return 0;
    return i32(a + hi + 1) < 0 ? ~hi : a;
  }
  return i32(a) < i32(low) ? low : a;
}

inline void p_clip(Arch& h, const Decoded& d) { h.x[d.rd] = clip<false, false>(h.x[d.rs1], clip_bound(d)); }
inline void p_clipu(Arch& h, const Decoded& d) { h.x[d.rd] = clip<true, false>(h.x[d.rs1], clip_bound(d)); }
template <bool Rtl>
inline void p_clipr(Arch& h, const Decoded& d) {
  h.x[d.rd] = clip<false, Rtl>(h.x[d.rs1], h.x[d.rs2]);
}
template <bool Rtl>
inline void p_clipur(Arch& h, const Decoded& d) {
  h.x[d.rd] = clip<true, Rtl>(h.x[d.rs1], h.x[d.rs2]);
}

// --- bit fields: n+1 bits from bit p -------------------------------------------------------------

struct Field {
  u32 n, p;
  u32 mask() const { return ones() << p; }
  u32 ones() const { return (u32{2} << n) - 1; }
};
inline Field imm_field(const Arch&, const Decoded& d) { return {u32(d.imm) & 31, u32(d.aux) & 31}; }
inline Field reg_field(const Arch& h, const Decoded& d) { return {h.x[d.rs2] >> 5 & 31, h.x[d.rs2] & 31}; }

inline u32 extract(u32 a, Field f) { return u32(i32(u32(i32(a) >> f.p) << (31 - f.n)) >> (31 - f.n)); }
inline u32 extractu(u32 a, Field f) { return a >> f.p & f.ones(); }
inline u32 insert(u32 old, u32 a, Field f) { return old ^ ((old ^ a << f.p) & f.mask()); }

inline void p_extract(Arch& h, const Decoded& d) { h.x[d.rd] = extract(h.x[d.rs1], imm_field(h, d)); }
inline void p_extractu(Arch& h, const Decoded& d) { h.x[d.rd] = extractu(h.x[d.rs1], imm_field(h, d)); }
inline void p_insert(Arch& h, const Decoded& d) {
  h.x[d.rd] = insert(h.x[d.rd], h.x[d.rs1], imm_field(h, d));
}
inline void p_bset(Arch& h, const Decoded& d) { h.x[d.rd] = h.x[d.rs1] | imm_field(h, d).mask(); }
inline void p_bclr(Arch& h, const Decoded& d) { h.x[d.rd] = h.x[d.rs1] & ~imm_field(h, d).mask(); }

inline void p_extractr(Arch& h, const Decoded& d) { h.x[d.rd] = extract(h.x[d.rs1], reg_field(h, d)); }
inline void p_extractur(Arch& h, const Decoded& d) { h.x[d.rd] = extractu(h.x[d.rs1], reg_field(h, d)); }
inline void p_insertr(Arch& h, const Decoded& d) {
  h.x[d.rd] = insert(h.x[d.rd], h.x[d.rs1], reg_field(h, d));
}
inline void p_bsetr(Arch& h, const Decoded& d) { h.x[d.rd] = h.x[d.rs1] | reg_field(h, d).mask(); }
inline void p_bclrr(Arch& h, const Decoded& d) { h.x[d.rd] = h.x[d.rs1] & ~reg_field(h, d).mask(); }

// --- bit reverse --------------------------------------------------------------------------------

constexpr u32 swap_groups(u32 v, u32 mask, int by) { return (v & mask) << by | (v >> by & mask); }
constexpr u32 reverse_pairs(u32 v) {
  v = swap_groups(v, 0x33333333, 2);
  v = swap_groups(v, 0x0f0f0f0f, 4);
  v = swap_groups(v, 0x00ff00ff, 8);
  return v << 16 | v >> 16;
}
constexpr u32 reverse_bits(u32 v) { return reverse_pairs(swap_groups(v, 0x55555555, 1)); }
// Ten 3-bit digits from bit 31 downwards: mirror all bits, then mirror each digit back.
constexpr u32 reverse_triples(u32 v) {
  const u32 r = reverse_bits(v) & 0x3fffffff;
  return (r & 0x12492492) | (r & 0x09249249) << 2 | (r >> 2 & 0x09249249);
}

inline void p_bitrev(Arch& h, const Decoded& d) {
  const u32 v = h.x[d.rs1] << (d.aux & 31);
  const u32 radix = u32(d.imm) & 3;
  h.x[d.rd] = radix == 1 ? reverse_pairs(v) : radix == 2 ? reverse_triples(v) : reverse_bits(v);
}

// --- normalisation: the 32-bit sum wraps before the shift ----------------------------------------

enum class Sign : bool { kUnsigned, kSigned };
enum class Round : bool { kNo, kYes };

template <Sign S, Round R>
inline u32 normalise(u32 sum, u32 k) {
  if constexpr (R == Round::kYes) sum += (u32{1} << k) >> 1;
  return S == Sign::kSigned ? u32(i32(sum) >> k) : sum >> k;
}
inline u32 imm_shift(const Decoded& d) { return u32(d.imm) & 31; }
inline u32 reg_shift(const Arch& h, const Decoded& d) { return h.x[d.rs2] & 31; }

template <Sign S, Round R>
inline void add_imm(Arch& h, const Decoded& d) {
  h.x[d.rd] = normalise<S, R>(h.x[d.rs1] + h.x[d.rs2], imm_shift(d));
}
template <Sign S, Round R>
inline void sub_imm(Arch& h, const Decoded& d) {
  h.x[d.rd] = normalise<S, R>(h.x[d.rs1] - h.x[d.rs2], imm_shift(d));
}
// Register forms: the operands are old rd and rs1, rs2 only gives the shift.
template <Sign S, Round R>
inline void add_reg(Arch& h, const Decoded& d) {
  h.x[d.rd] = normalise<S, R>(h.x[d.rd] + h.x[d.rs1], reg_shift(h, d));
}
template <Sign S, Round R>
inline void sub_reg(Arch& h, const Decoded& d) {
  h.x[d.rd] = normalise<S, R>(h.x[d.rd] - h.x[d.rs1], reg_shift(h, d));
}

inline void p_addn(Arch& h, const Decoded& d) { add_imm<Sign::kSigned, Round::kNo>(h, d); }
inline void p_addun(Arch& h, const Decoded& d) { add_imm<Sign::kUnsigned, Round::kNo>(h, d); }
inline void p_addrn(Arch& h, const Decoded& d) { add_imm<Sign::kSigned, Round::kYes>(h, d); }
inline void p_addurn(Arch& h, const Decoded& d) { add_imm<Sign::kUnsigned, Round::kYes>(h, d); }
inline void p_subn(Arch& h, const Decoded& d) { sub_imm<Sign::kSigned, Round::kNo>(h, d); }
inline void p_subun(Arch& h, const Decoded& d) { sub_imm<Sign::kUnsigned, Round::kNo>(h, d); }
inline void p_subrn(Arch& h, const Decoded& d) { sub_imm<Sign::kSigned, Round::kYes>(h, d); }
inline void p_suburn(Arch& h, const Decoded& d) { sub_imm<Sign::kUnsigned, Round::kYes>(h, d); }
inline void p_addnr(Arch& h, const Decoded& d) { add_reg<Sign::kSigned, Round::kNo>(h, d); }
inline void p_addunr(Arch& h, const Decoded& d) { add_reg<Sign::kUnsigned, Round::kNo>(h, d); }
inline void p_addrnr(Arch& h, const Decoded& d) { add_reg<Sign::kSigned, Round::kYes>(h, d); }
inline void p_addurnr(Arch& h, const Decoded& d) { add_reg<Sign::kUnsigned, Round::kYes>(h, d); }
inline void p_subnr(Arch& h, const Decoded& d) { sub_reg<Sign::kSigned, Round::kNo>(h, d); }
inline void p_subunr(Arch& h, const Decoded& d) { sub_reg<Sign::kUnsigned, Round::kNo>(h, d); }
inline void p_subrnr(Arch& h, const Decoded& d) { sub_reg<Sign::kSigned, Round::kYes>(h, d); }
inline void p_suburnr(Arch& h, const Decoded& d) { sub_reg<Sign::kUnsigned, Round::kYes>(h, d); }

// --- half-word multiply and MAC ------------------------------------------------------------------

enum class Half : bool { kLow, kHigh };

template <Sign S, Half P>
inline u32 product(const Arch& h, const Decoded& d) {
  const u32 a = P == Half::kHigh ? h.x[d.rs1] >> 16 : h.x[d.rs1];
  const u32 b = P == Half::kHigh ? h.x[d.rs2] >> 16 : h.x[d.rs2];
  return S == Sign::kSigned ? u32(i32(i16(a)) * i32(i16(b))) : u32(u16(a)) * u32(u16(b));
}
template <Sign S, Half P, Round R>
inline void mul_norm(Arch& h, const Decoded& d) {
  h.x[d.rd] = normalise<S, R>(product<S, P>(h, d), imm_shift(d));
}
template <Sign S, Half P, Round R>
inline void mac_norm(Arch& h, const Decoded& d) {
  h.x[d.rd] = normalise<S, R>(h.x[d.rd] + product<S, P>(h, d), imm_shift(d));
}

inline void p_mulsn(Arch& h, const Decoded& d) { mul_norm<Sign::kSigned, Half::kLow, Round::kNo>(h, d); }
inline void p_mulsrn(Arch& h, const Decoded& d) { mul_norm<Sign::kSigned, Half::kLow, Round::kYes>(h, d); }
inline void p_mulhhsn(Arch& h, const Decoded& d) { mul_norm<Sign::kSigned, Half::kHigh, Round::kNo>(h, d); }
inline void p_mulhhsrn(Arch& h, const Decoded& d) { mul_norm<Sign::kSigned, Half::kHigh, Round::kYes>(h, d); }
inline void p_mulun(Arch& h, const Decoded& d) { mul_norm<Sign::kUnsigned, Half::kLow, Round::kNo>(h, d); }
inline void p_mulurn(Arch& h, const Decoded& d) { mul_norm<Sign::kUnsigned, Half::kLow, Round::kYes>(h, d); }
inline void p_mulhhun(Arch& h, const Decoded& d) { mul_norm<Sign::kUnsigned, Half::kHigh, Round::kNo>(h, d); }
inline void p_mulhhurn(Arch& h, const Decoded& d) {
  mul_norm<Sign::kUnsigned, Half::kHigh, Round::kYes>(h, d);
}
inline void p_macsn(Arch& h, const Decoded& d) { mac_norm<Sign::kSigned, Half::kLow, Round::kNo>(h, d); }
inline void p_macsrn(Arch& h, const Decoded& d) { mac_norm<Sign::kSigned, Half::kLow, Round::kYes>(h, d); }
inline void p_machhsn(Arch& h, const Decoded& d) { mac_norm<Sign::kSigned, Half::kHigh, Round::kNo>(h, d); }
inline void p_machhsrn(Arch& h, const Decoded& d) { mac_norm<Sign::kSigned, Half::kHigh, Round::kYes>(h, d); }
inline void p_macun(Arch& h, const Decoded& d) { mac_norm<Sign::kUnsigned, Half::kLow, Round::kNo>(h, d); }
inline void p_macurn(Arch& h, const Decoded& d) { mac_norm<Sign::kUnsigned, Half::kLow, Round::kYes>(h, d); }
inline void p_machhun(Arch& h, const Decoded& d) { mac_norm<Sign::kUnsigned, Half::kHigh, Round::kNo>(h, d); }
inline void p_machhurn(Arch& h, const Decoded& d) {
  mac_norm<Sign::kUnsigned, Half::kHigh, Round::kYes>(h, d);
}

inline void p_muls(Arch& h, const Decoded& d) { h.x[d.rd] = product<Sign::kSigned, Half::kLow>(h, d); }
inline void p_mulhhs(Arch& h, const Decoded& d) { h.x[d.rd] = product<Sign::kSigned, Half::kHigh>(h, d); }
inline void p_mulu(Arch& h, const Decoded& d) { h.x[d.rd] = product<Sign::kUnsigned, Half::kLow>(h, d); }
inline void p_mulhhu(Arch& h, const Decoded& d) { h.x[d.rd] = product<Sign::kUnsigned, Half::kHigh>(h, d); }
inline void p_macs(Arch& h, const Decoded& d) { h.x[d.rd] += product<Sign::kSigned, Half::kLow>(h, d); }
inline void p_machhs(Arch& h, const Decoded& d) { h.x[d.rd] += product<Sign::kSigned, Half::kHigh>(h, d); }
inline void p_macu(Arch& h, const Decoded& d) { h.x[d.rd] += product<Sign::kUnsigned, Half::kLow>(h, d); }
inline void p_machhu(Arch& h, const Decoded& d) { h.x[d.rd] += product<Sign::kUnsigned, Half::kHigh>(h, d); }

inline void p_mac(Arch& h, const Decoded& d) { h.x[d.rd] += h.x[d.rs1] * h.x[d.rs2]; }
inline void p_msu(Arch& h, const Decoded& d) { h.x[d.rd] -= h.x[d.rs1] * h.x[d.rs2]; }

}  // namespace flexdbg::sem::xpulpv2
