// Dot products of one register pair: the arithmetic of (s)dotp and of Mac&Load, without accumulation.
//
// a holds N = 32/AB wide elements (activations); w holds the narrow ones (weights), of which slice k
// contributes elements k*N .. k*N+N-1. A slice past the register wraps, as on the Flex-V RTL.
#pragma once

#include <bit>

#include "../types.hpp"
#include "lanes.hpp"

#if defined(__SSE4_1__) && defined(__SSSE3__)
#define FLEXDBG_DOT_SSE 1
#include <smmintrin.h>
#endif

namespace flexdbg::sem {
namespace dots {

// The weights of a slice, moved to bit 0; higher bits are left over from the later slices.
template <int AB, int WB>
inline u32 slice_of(u32 w, unsigned slice) {
  return w >> ((slice * (32 / AB * WB)) & 31);
}

template <int Bits, bool Signed>
constexpr u32 element(u32 v, int i) {
  const u32 top = v << (32 - Bits - i * Bits);
  return Signed ? u32(i32(top) >> (32 - Bits)) : top >> (32 - Bits);
}

// The definition, element by element. The reference of the tests and the path of other hosts.
template <int AB, int WB, bool AS, bool WS>
inline u32 portable(u32 a, u32 w) {
  u32 sum = 0;
  for (int i = 0; i < 32 / AB; i++) sum += element<AB, AS>(a, i) * element<WB, WS>(w, i);
  return sum;
}

// 2 x 2 bits: one population count for each pair of bit planes. The two planes of weight 2 share one count
// where their signs agree.
template <bool AS, bool WS>
inline u32 crumbs(u32 a, u32 w) {
  const u32 a0 = a & kLsb<2>, a1 = a >> 1 & kLsb<2>, w0 = w & kLsb<2>, w1 = w >> 1 & kLsb<2>;
  const u32 one = u32(std::popcount(a0 & w0)), four = u32(std::popcount(a1 & w1)) << 2;
  if constexpr (AS == WS) {
    const u32 two = u32(std::popcount((a1 & w0) | (a0 & w1) << 1)) << 1;
    return AS ? one - two + four : one + two + four;
  }
  const u32 a_two = u32(std::popcount(a1 & w0)) << 1, w_two = u32(std::popcount(a0 & w1)) << 1;
  return AS ? one - a_two + w_two - four : one + a_two - w_two - four;
}

#ifdef FLEXDBG_DOT_SSE

// Elements of one nibble or crumb, one to a byte. Eight of them in 64 bits: even elements, then odd ones; the
// order is free as long as both operands use the same.
inline u64 even_odd_nibbles(u32 v) { return (u64{v >> 4} << 32 | v) & 0x0f0f0f0f0f0f0f0f; }
inline u32 nibbles_to_bytes(u32 v) {
  const u32 half = (v | v << 8) & 0x00ff00ff;
  return (half | half << 4) & 0x0f0f0f0f;
}
inline u32 crumbs_to_bytes(u32 v) {
  const u32 half = (v | v << 12) & 0x000f000f;
  return (half | half << 6) & 0x03030303;
}

inline __m128i load(u64 v) { return _mm_cvtsi64_si128(i64(v)); }
inline __m128i load(u32 v) { return _mm_cvtsi32_si128(i32(v)); }

// Bytes that hold Bits-bit numbers -> the same as signed bytes.
template <int Bits>
inline __m128i sign_extend(__m128i v) {
  const __m128i sign = _mm_set1_epi8(char(1 << (Bits - 1)));
  return _mm_sub_epi8(_mm_xor_si128(v, sign), sign);
}

// Products of bytes, neighbours added into 16 bits. The instruction wants one unsigned and one signed side;
// two signed sides become |a| and w with the sign of a. At least one side has few bits, so that nothing
// saturates.
template <bool AS, bool WS>
inline __m128i multiply(__m128i a, __m128i w) {
  if constexpr (!AS) return _mm_maddubs_epi16(a, w);
  if constexpr (!WS) return _mm_maddubs_epi16(w, a);
  return _mm_maddubs_epi16(_mm_abs_epi8(a), _mm_sign_epi8(w, a));
}

inline u32 sum_pair(__m128i two) {
  const u64 v = u64(_mm_cvtsi128_si64(two));
  return u32(v) + u32(v >> 32);
}
inline u32 sum_words4(__m128i words) { return sum_pair(_mm_madd_epi16(words, _mm_set1_epi16(1))); }
inline u32 sum_words2(__m128i words) {
  const u32 v = u32(_mm_cvtsi128_si32(words));
  return u32(i32(v + (v << 16)) >> 16);
}

template <bool AS, bool WS>
inline u32 bytes_by_bytes(u32 a, u32 w) {
  const __m128i wide_a = AS ? _mm_cvtepi8_epi16(load(a)) : _mm_cvtepu8_epi16(load(a));
  const __m128i wide_w = WS ? _mm_cvtepi8_epi16(load(w)) : _mm_cvtepu8_epi16(load(w));
  return sum_pair(_mm_madd_epi16(wide_a, wide_w));
}

template <int WB, bool AS, bool WS>
inline u32 bytes_by_narrow(u32 a, u32 w) {
  __m128i narrow = load(WB == 4 ? nibbles_to_bytes(u16(w)) : crumbs_to_bytes(u8(w)));
  if constexpr (WS) narrow = sign_extend<WB>(narrow);
  return sum_words2(multiply<AS, WS>(load(a), narrow));
}

template <bool AS, bool WS>
inline u32 nibbles_by_nibbles(u32 a, u32 w) {
  __m128i left = load(even_odd_nibbles(a)), right = load(even_odd_nibbles(w));
  if constexpr (AS) left = sign_extend<4>(left);
  if constexpr (WS) right = sign_extend<4>(right);
  return sum_words4(multiply<AS, WS>(left, right));
}

// Every crumb is moved to the top two bits of a byte, which makes it a signed or unsigned multiple of 64 and
// pairs element i with i + 4.
template <bool AS, bool WS>
inline u32 nibbles_by_crumbs(u32 a, u32 w) {
  __m128i left = load(even_odd_nibbles(a));
  if constexpr (AS) left = sign_extend<4>(left);
  left = _mm_shuffle_epi8(left, _mm_setr_epi8(0, 2, 4, 6, 1, 3, 5, 7, -1, -1, -1, -1, -1, -1, -1, -1));
  const __m128i copies = _mm_shufflelo_epi16(load(w), 0);
  const __m128i moved = _mm_mullo_epi16(copies, _mm_setr_epi16(64, 16, 4, 1, 0, 0, 0, 0));
  const __m128i right = _mm_and_si128(moved, _mm_set1_epi8(char(0xc0)));
  // The operands are swapped: with two signed sides, |-128| is a byte and -(-128) is not.
  return u32(i32(sum_words4(multiply<WS, AS>(right, left))) >> 6);
}

#endif

}  // namespace dots

template <int AB, int WB, bool ASigned, bool WSigned>
inline u32 dot(u32 a, u32 w, unsigned slice) {
  static_assert(AB == 16 || AB == 8 || AB == 4 || AB == 2);
  static_assert(WB == 16 || WB == 8 || WB == 4 || WB == 2);
  static_assert(WB <= AB, "only the weights may be the narrow operand");
  if constexpr (WB < AB) w = dots::slice_of<AB, WB>(w, slice);
  if constexpr (AB == 2) return dots::crumbs<ASigned, WSigned>(a, w);
#ifdef FLEXDBG_DOT_SSE
  if constexpr (AB == 8 && WB == 8) return dots::bytes_by_bytes<ASigned, WSigned>(a, w);
  if constexpr (AB == 8) return dots::bytes_by_narrow<WB, ASigned, WSigned>(a, w);
  if constexpr (AB == 4 && WB == 4) return dots::nibbles_by_nibbles<ASigned, WSigned>(a, w);
  if constexpr (AB == 4) return dots::nibbles_by_crumbs<ASigned, WSigned>(a, w);
#endif
  return dots::portable<AB, WB, ASigned, WSigned>(a, w);
}

}  // namespace flexdbg::sem
