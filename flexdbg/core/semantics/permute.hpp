// Packed SIMD that moves lanes: extract, insert, shuffle, pack.
//
// In a virtual format without two or four lanes the result is unspecified; ours is that of the default paths
// of the RTL multiplexers (AlSaqr-platform/riscv_nn:rtl/riscv_alu.sv, shuffle_byte_sel and shuffle_reg_sel).
#pragma once

#include "../decoded.hpp"
#include "../hart.hpp"
#include "lanes.hpp"

namespace flexdbg::sem::simd {

enum class Width : u8 { kHalf, kByte, kOther };

template <Width Encoded>
inline Width width(const Arch& h) {
  if (h.sb_legacy) return Encoded;
  return h.simd_fmt == 1 ? Width::kHalf : h.simd_fmt == 2 ? Width::kByte : Width::kOther;
}

inline u32 half(u32 v, u32 i) { return u16(v >> (16 * (i & 1))); }
inline u32 byte(u32 v, u32 i) { return u8(v >> (8 * (i & 3))); }
inline u32 halves(u32 hi, u32 lo) { return hi << 16 | lo; }
inline u32 bytes(u32 b3, u32 b2, u32 b1, u32 b0) { return b3 << 24 | b2 << 16 | b1 << 8 | b0; }

// --- extract, insert ----------------------------------------------------------------------------

template <Width W>
inline void extract(Arch& h, const Decoded& d) {
  const u32 a = h.x[d.rs1], i = u32(d.imm);
  switch (width<W>(h)) {
    case Width::kHalf:
      h.x[d.rd] = u32(i32(i16(half(a, i))));
      break;
    case Width::kByte:
      h.x[d.rd] = u32(i32(i8(byte(a, i))));
      break;
    case Width::kOther:
      h.x[d.rd] = u32(i32(i8(a)) >> 7) << 16 | replicate<8>(a) >> 16;
      break;
  }
}
template <Width W>
inline void extractu(Arch& h, const Decoded& d) {
  const u32 a = h.x[d.rs1], i = u32(d.imm);
  switch (width<W>(h)) {
    case Width::kHalf:
      h.x[d.rd] = half(a, i);
      break;
    case Width::kByte:
      h.x[d.rd] = byte(a, i);
      break;
    case Width::kOther:
      h.x[d.rd] = replicate<8>(a) >> 16;
      break;
  }
}
template <Width W>
inline void insert(Arch& h, const Decoded& d) {
  const u32 a = h.x[d.rs1], old = h.x[d.rd], i = u32(d.imm);
  switch (width<W>(h)) {
    case Width::kHalf:
      h.x[d.rd] = lanes::select(u32{0xffff} << (16 * (i & 1)), replicate<16>(a), old);
      break;
    case Width::kByte:
      h.x[d.rd] = lanes::select(u32{0xff} << (8 * (i & 3)), replicate<8>(a), old);
      break;
    case Width::kOther:
      h.x[d.rd] = a;
      break;
  }
}

inline void pv_extract_h(Arch& h, const Decoded& d) { extract<Width::kHalf>(h, d); }
inline void pv_extract_b(Arch& h, const Decoded& d) { extract<Width::kByte>(h, d); }
inline void pv_extractu_h(Arch& h, const Decoded& d) { extractu<Width::kHalf>(h, d); }
inline void pv_extractu_b(Arch& h, const Decoded& d) { extractu<Width::kByte>(h, d); }
inline void pv_insert_h(Arch& h, const Decoded& d) { insert<Width::kHalf>(h, d); }
inline void pv_insert_b(Arch& h, const Decoded& d) { insert<Width::kByte>(h, d); }

// --- shuffle ------------------------------------------------------------------------------------

inline u32 shuffled_halves(u32 a, u32 i1, u32 i0) { return halves(half(a, i1), half(a, i0)); }
inline u32 shuffled_bytes(u32 a, u32 i3, u32 i2, u32 i1, u32 i0) {
  return bytes(byte(a, i3), byte(a, i2), byte(a, i1), byte(a, i0));
}

template <Width W>
inline void shuffle(Arch& h, const Decoded& d) {
  const u32 a = h.x[d.rs1], b = h.x[d.rs2];
  switch (width<W>(h)) {
    case Width::kHalf:
      h.x[d.rd] = shuffled_halves(a, b >> 16, b);
      break;
    case Width::kByte:
      h.x[d.rd] = shuffled_bytes(a, b >> 24, b >> 16, b >> 8, b);
      break;
    case Width::kOther:
      h.x[d.rd] = replicate<8>(a);
      break;
  }
}
// Top: which byte goes to byte 3 (the number in shuffleI0..I3).
template <Width W, u32 Top>
inline void shuffle_sci(Arch& h, const Decoded& d) {
  const u32 a = h.x[d.rs1], i = u32(d.imm);
  switch (width<W>(h)) {
    case Width::kHalf:
      h.x[d.rd] = shuffled_halves(a, i >> 1, i);
      break;
    case Width::kByte:
      h.x[d.rd] = shuffled_bytes(a, Top, i >> 4, i >> 2, i);
      break;
    case Width::kOther:
      h.x[d.rd] = replicate<8>(a);
      break;
  }
}
// The upper index bit chooses between rs1 and old rd: one register of twice the length.
template <Width W>
inline void shuffle2(Arch& h, const Decoded& d) {
  const u32 b = h.x[d.rs2];
  const u64 both = u64{h.x[d.rs1]} << 32 | h.x[d.rd];
  const auto half_of = [both](u32 i) { return u32(u16(both >> (16 * (i & 3)))); };
  const auto byte_of = [both](u32 i) { return u32(u8(both >> (8 * (i & 7)))); };
  switch (width<W>(h)) {
    case Width::kHalf:
      h.x[d.rd] = halves(half_of(b >> 16), half_of(b));
      break;
    case Width::kByte:
      h.x[d.rd] = bytes(byte_of(b >> 24), byte_of(b >> 16), byte_of(b >> 8), byte_of(b));
      break;
    case Width::kOther:
      h.x[d.rd] = replicate<8>(h.x[d.rs1]);
      break;
  }
}

inline void pv_shuffle_h(Arch& h, const Decoded& d) { shuffle<Width::kHalf>(h, d); }
inline void pv_shuffle_b(Arch& h, const Decoded& d) { shuffle<Width::kByte>(h, d); }
inline void pv_shuffle_sci_h(Arch& h, const Decoded& d) { shuffle_sci<Width::kHalf, 0>(h, d); }
inline void pv_shufflei0_sci_b(Arch& h, const Decoded& d) { shuffle_sci<Width::kByte, 0>(h, d); }
inline void pv_shufflei1_sci_b(Arch& h, const Decoded& d) { shuffle_sci<Width::kByte, 1>(h, d); }
inline void pv_shufflei2_sci_b(Arch& h, const Decoded& d) { shuffle_sci<Width::kByte, 2>(h, d); }
inline void pv_shufflei3_sci_b(Arch& h, const Decoded& d) { shuffle_sci<Width::kByte, 3>(h, d); }
inline void pv_shuffle2_h(Arch& h, const Decoded& d) { shuffle2<Width::kHalf>(h, d); }
inline void pv_shuffle2_b(Arch& h, const Decoded& d) { shuffle2<Width::kByte>(h, d); }

// --- pack ---------------------------------------------------------------------------------------

// Keep: the other half of old rd stays (packhi, packlo); pack itself does not read rd.
template <Width W, bool High, bool Keep>
inline void pack(Arch& h, const Decoded& d) {
  const u32 a = h.x[d.rs1], b = h.x[d.rs2], old = Keep ? h.x[d.rd] : 0;
  switch (width<W>(h)) {
    case Width::kHalf:
      h.x[d.rd] = halves(half(a, High), half(b, High));
      break;
    case Width::kByte: {
      const u32 two = byte(a, 0) << 8 | byte(b, 0);
      h.x[d.rd] = High ? halves(two, half(old, 0)) : halves(half(old, 1), two);
      break;
    }
    case Width::kOther:
      h.x[d.rd] = halves(replicate<8>(a) >> 16, replicate<8>(b) >> 16);
      break;
  }
}

inline void pv_pack(Arch& h, const Decoded& d) { pack<Width::kHalf, false, false>(h, d); }
inline void pv_pack_h(Arch& h, const Decoded& d) { pack<Width::kHalf, true, false>(h, d); }
inline void pv_packhi_b(Arch& h, const Decoded& d) { pack<Width::kByte, true, true>(h, d); }
inline void pv_packlo_b(Arch& h, const Decoded& d) { pack<Width::kByte, false, true>(h, d); }

}  // namespace flexdbg::sem::simd
