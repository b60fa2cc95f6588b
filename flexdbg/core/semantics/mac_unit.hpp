// Many Mac&Loads in a row: operands are unpacked once and used several times, sums are kept by lanes until
// the end. The portable version computes each dot product by itself; both give the same results.
#pragma once

#include <array>
#include <type_traits>

#include "xflexv.hpp"

namespace flexdbg::sem {

// Operands of a dot product as 16-bit lanes. The order of the elements is free as long as that of activations
// and weights is the same. Not for 16-bit activations, which may be unsigned.
#ifdef FLEXDBG_DOT_SSE
namespace dots {

template <bool Signed>
inline __m128i widen(__m128i bytes) {
  return Signed ? _mm_cvtepi8_epi16(bytes) : _mm_cvtepu8_epi16(bytes);
}

// Elements of Bits bits, one to a byte -> 16-bit lanes.
template <int Bits, bool Signed>
inline __m128i lanes(__m128i bytes) {
  if constexpr (Signed && Bits < 8) bytes = sign_extend<Bits>(bytes);
  return widen<Signed>(bytes);
}

template <int Elements>
struct Unpacked {
  __m128i part[Elements > 8 ? 2 : 1];

  static __m128i products(const Unpacked& a, const Unpacked& w) {
    __m128i sum = _mm_madd_epi16(a.part[0], w.part[0]);
    if constexpr (Elements > 8) sum = _mm_add_epi32(sum, _mm_madd_epi16(a.part[1], w.part[1]));
    return sum;
  }
};

// 32 / AB elements of Bits bits from bit 0 of v on.
template <int AB, int Bits, bool Signed>
inline Unpacked<32 / AB> unpack(u32 v) {
  static_assert(AB <= 8 && Bits <= AB);
  if constexpr (AB == 2) {
    constexpr u64 kCrumbs = 0x0303030303030303;
    const u64 low = (u64{v >> 2} << 32 | v) & kCrumbs, high = (u64{v >> 6} << 32 | v >> 4) & kCrumbs;
    return {{lanes<2, Signed>(load(low)), lanes<2, Signed>(load(high))}};
  } else if constexpr (AB == 4) {
    if constexpr (Bits == 4) return {{lanes<4, Signed>(load(even_odd_nibbles(v)))}};
    const u64 even = nibbles_to_bytes(v & 0x3333), odd = nibbles_to_bytes(v >> 2 & 0x3333);
    return {{lanes<2, Signed>(load(odd << 32 | even))}};
  } else {
    const u32 bytes = Bits == 8 ? v : Bits == 4 ? nibbles_to_bytes(v & 0xffff) : crumbs_to_bytes(v & 0xff);
    return {{lanes<Bits, Signed>(load(bytes))}};
  }
}

}  // namespace dots
#endif

namespace xflexv {

// The NN register file and the accumulators of a hart while it executes Mac&Loads of one form.
template <u32 Form>
class PlainMacUnit {
 public:
  PlainMacUnit(Arch& a, u32 slice) : arch_(a), slice_(slice) {}
  void accumulate(u32 rd, u32 a, u32 w) { arch_.x[rd] += dot_form<Form>(arch_.nn(a), arch_.nn(w), slice_); }
  void refill(u32 number, u32 word) { arch_.nn(number) = word; }
  void select(u32 slice) { slice_ = slice; }
  void finish() {}

 private:
  Arch& arch_;
  u32 slice_;
};

#ifdef FLEXDBG_DOT_SSE
template <u32 Form>
class LaneMacUnit {
  static constexpr u32 kFormat = Form & 15;
  static constexpr bool kActSigned = (Form & 16) != 0, kWgtSigned = (Form & 32) != 0;
  static constexpr int kElements = kLanes[kFormat];
  static constexpr int kActBits = 32 / kElements;
  static constexpr int kWgtBits = kActBits / kSlices[kFormat];
  using Operand = dots::Unpacked<kElements>;

 public:
  LaneMacUnit(Arch& a, u32 slice) : arch_(a), slice_(slice) {
    for (u32 i = 4; i < 6; ++i) operands_[i] = activations(a.nn(i));
    select(slice);
  }
  void accumulate(u32 rd, u32 a, u32 w) {
    sums_[rd] = _mm_add_epi32(sums_[rd], Operand::products(operands_[a], operands_[w]));
  }
  void refill(u32 number, u32 word) {
    arch_.nn(number) = word;
    operands_[number] = number < 4 ? weights(word) : activations(word);
  }
  void select(u32 slice) {
    slice_ = slice;
    for (u32 i = 0; i < 4; ++i) operands_[i] = weights(arch_.nn(i));
  }
  void finish() {
    for (u32 i = 1; i < 32; ++i) {
      const __m128i two = _mm_add_epi32(sums_[i], _mm_srli_si128(sums_[i], 8));
      arch_.x[i] += dots::sum_pair(two);
    }
  }

 private:
  static Operand activations(u32 word) { return dots::unpack<kActBits, kActBits, kActSigned>(word); }
  Operand weights(u32 word) const {
    const u32 part = kWgtBits < kActBits ? dots::slice_of<kActBits, kWgtBits>(word, slice_) : word;
    return dots::unpack<kActBits, kWgtBits, kWgtSigned>(part);
  }

  Arch& arch_;
  u32 slice_;
  std::array<Operand, 6> operands_;  // by number of Arch::nn()
  __m128i sums_[32] = {};            // of each register, by lanes
};

template <u32 Form>
constexpr bool kUnpacks = kLanes[Form & 15] >= 4;
template <u32 Form>
using MacUnit = std::conditional_t<kUnpacks<Form>, LaneMacUnit<Form>, PlainMacUnit<Form>>;
#else
template <u32 Form>
using MacUnit = PlainMacUnit<Form>;
#endif

}  // namespace xflexv

}  // namespace flexdbg::sem
