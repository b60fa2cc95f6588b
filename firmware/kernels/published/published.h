// Common parts of the MatMul kernels in C that follow the published ones statement by statement.
//
// Structure: pulp-platform/pulp-nn-mixed:XpulpV2/32bit/src/MatrixMultiplication (RI5CY; MPIC with formats in
// CSRs), XpulpNN/32bit/src/MatrixMultiplication/*_4x4.c (XpulpNN), both with {..}/include/pulp_nn_utils.h.
#ifndef FLEXDBG_KERNELS_PUBLISHED_H
#define FLEXDBG_KERNELS_PUBLISHED_H

#include "xpulp.h"

#if CONV
#include "conv_matmul.h"
typedef int64_t norm_t;
#else
#include "matmul.h"
typedef int32_t norm_t;
#endif

// Elements of K that one iteration of the inner loop consumes, and tests for.
#define STEP (32 / W_BITS)
#define PARTS (A_BITS / W_BITS)

// A hardware loop around the block that follows. The block must be straight code without calls or branches:
// xpulp_code.py replaces the markers and GCC's branch by the loop instructions.
#define XPULP_LOOP(count) for (int32_t more_ = xpulp_loop_begin(count); more_; more_ = xpulp_loop_again())

XPULP int32_t xpulp_loop_again(void) {
  int32_t more;
  __asm__ volatile("xpulp.again %0" : "=r"(more) : : "memory");
  return more;
}

XPULP int32_t xpulp_loop_begin(int32_t count) {
  if (count <= 0) return 0;
  __asm__ volatile("xpulp.begin %0" : : "r"(count) : "memory");
  return 1;
}

// The kernel is a function of its own file there: nothing is known of its arguments, such as the flags.
#define PUBLISHED_FUNCTION static __attribute__((noipa, noinline))

// The compiler has to forget what it knows of memory: pulp_nn_utils.h fences the halves of an unpacking.
#define FENCE() __asm__ volatile("" ::: "memory")

// Requantization with a multiplier or with batch normalization is a call there, shift and clip is not.
static __attribute__((noinline)) uint8_t quantize(int32_t sum, int16_t factor, int8_t shift) {
  return (uint8_t)xpulp_clipu8((factor * sum) >> shift);
}

#if CONV
// Shifts above 31 are refused by conv_check(), so the test for them is left out, as in the assembly of the
// other cores (conv_requantize.py): GCC makes it of a plain `wide >> shift`, and it costs four cycles.
static __attribute__((noinline)) uint8_t normalize(int32_t sum, int64_t kappa, int64_t lambda, int8_t shift) {
  int64_t wide = kappa * sum + lambda;
  uint32_t low = (uint32_t)wide, high = (uint32_t)(wide >> 32);
  return (uint8_t)xpulp_clipu8((int32_t)(low >> shift | high << 1 << (31 - shift)));
}
#else
static __attribute__((noinline)) uint8_t normalize(int32_t sum, int32_t kappa, int32_t lambda, int8_t shift) {
  return (uint8_t)xpulp_clipu8((kappa * sum + lambda) >> shift);
}
#endif

#define BY_FACTOR(sum) quantize(sum, factor, shift)
#define BY_SHIFT(sum) (uint8_t) xpulp_clipu8((sum) >> shift)
// PULP's GCC makes one post-increment store of `*out = value; out++`.
#define PUT(out, value) xpulp_store_byte_next(out, value)
#define QUANTIZE_PIXEL(out, s1, s2, s3, s4, how) \
  do {                                           \
    PUT(out, how(s1));                           \
    PUT(out, how(s2));                           \
    PUT(out, how(s3));                           \
    PUT(out, how(s4));                           \
  } while (0)

static inline const uint32_t* xpulp_hidden(const int32_t* address) {
  const uint32_t* hidden = (const uint32_t*)address;
  __asm__ volatile("" : "+r"(hidden) : : "memory");
  return hidden;
}

// What is left of K goes byte by byte of the filters, element by element.
#define ELEMENTS (8 / W_BITS)
#define WEIGHT(pointer, e) (W_BITS == 8 ? *(pointer) : xpulp_extract(*(pointer), W_BITS, W_BITS * (e) % 8))
#define ACTIVATION(pointer, e) \
  (A_BITS == 8 ? (pointer)[e] : xpulp_extractu((pointer)[A_BITS * (e) / 8], A_BITS, A_BITS * (e) % 8))

// Four weights as bytes.
#define BYTES(word, at)                                                                         \
  xpulp_pack_bytes(xpulp_extract(word, W_BITS, at), xpulp_extract(word, W_BITS, (at) + W_BITS), \
                   xpulp_extract(word, W_BITS, (at) + 2 * W_BITS),                              \
                   xpulp_extract(word, W_BITS, (at) + 3 * W_BITS))

#endif
