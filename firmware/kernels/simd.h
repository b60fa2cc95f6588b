// The custom instructions that C code uses, as functions. The assembler filter knows the mnemonics.
#ifndef FLEXDBG_KERNELS_SIMD_H
#define FLEXDBG_KERNELS_SIMD_H

#include <stdint.h>

#define SIMD_2(name, mnemonic)                                       \
  static inline uint32_t name(uint32_t a, uint32_t b) {              \
    uint32_t result;                                                 \
    __asm__(mnemonic " %0, %1, %2" : "=r"(result) : "r"(a), "r"(b)); \
    return result;                                                   \
  }

SIMD_2(sub_bytes, "pv.sub.b")
SIMD_2(max_bytes, "pv.max.b")
SIMD_2(maxu_bytes, "pv.maxu.b")

#undef SIMD_2

static inline int32_t larger(int32_t a, int32_t b) {
  int32_t result;
  __asm__("p.max %0, %1, %2" : "=r"(result) : "r"(a), "r"(b));
  return result;
}

static inline int32_t smaller(int32_t a, int32_t b) {
  int32_t result;
  __asm__("p.min %0, %1, %2" : "=r"(result) : "r"(a), "r"(b));
  return result;
}

#endif
