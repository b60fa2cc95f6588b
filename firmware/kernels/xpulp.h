// PULP instructions for C, as inline assembly: the compiler allocates the registers.
//
// The mnemonics need the assembler filter (isa/as_filter.py, `gcc -B DIR`). Instructions that touch memory or
// hidden state (formats, NN registers) are volatile, the others may be moved.
#ifndef FLEXDBG_XPULP_H
#define FLEXDBG_XPULP_H

#include <stdint.h>

#define XPULP static inline __attribute__((always_inline))

// `width` bits of `word` from bit `at`, sign-extended.
#define xpulp_extract(word, width, at)                                                              \
  ({                                                                                                \
    int32_t field_;                                                                                 \
    __asm__("p.extract %0, %1, %2, %3" : "=r"(field_) : "r"(word), "i"((width) - 1), "i"(at));      \
    field_;                                                                                         \
  })

// The same, zero-extended.
#define xpulp_extractu(word, width, at)                                                             \
  ({                                                                                                \
    int32_t field_;                                                                                 \
    __asm__("p.extractu %0, %1, %2, %3" : "=r"(field_) : "r"(word), "i"((width) - 1), "i"(at));     \
    field_;                                                                                         \
  })

// `word` with its `width` bits from bit `at` replaced by the low bits of `field`.
#define xpulp_insert(word, field, width, at)                                                                \
  ({                                                                                                        \
    int32_t word_ = (word);                                                                                 \
    __asm__("p.insert %0, %1, %2, %3" : "+r"(word_) : "r"(field), "i"((width) - 1), "i"(at));               \
    word_;                                                                                                  \
  })

// Bytes a, b, c, d from the lowest to the highest; two instructions.
XPULP int32_t xpulp_pack_bytes(int32_t a, int32_t b, int32_t c, int32_t d) {
  int32_t word;
  __asm__("pv.packlo.b %0, %2, %1\n\tpv.packhi.b %0, %4, %3"
          : "=&r"(word)
          : "r"(a), "r"(b), "r"(c), "r"(d));
  return word;
}

XPULP int32_t xpulp_clipu8(int32_t value) {
  __asm__("p.clipu %0, %0, 9" : "+r"(value));
  return value;
}

// A word from `pointer`, which moves on by one word.
#define xpulp_load_next(pointer)                                                              \
  ({                                                                                          \
    int32_t word_;                                                                            \
    __asm__ volatile("p.lw %0, 4(%1!)" : "=r"(word_), "+r"(pointer) : : "memory");            \
    word_;                                                                                    \
  })

// Stores a byte at `pointer`, which moves on by one byte.
#define xpulp_store_byte_next(pointer, value) \
  __asm__ volatile("p.sb %1, 1(%0!)" : "+r"(pointer) : "r"(value) : "memory")

// sum += unsigned bytes of `a` times signed bytes of `w`.
XPULP int32_t xpulp_dot_usp_b(int32_t a, int32_t w, int32_t sum) {
  __asm__("pv.sdotusp.b %0, %1, %2" : "+r"(sum) : "r"(a), "r"(w));
  return sum;
}

// The same with the format of CSR simd_fmt; advances the slice of a mixed format.
XPULP int32_t xpulp_dot_usp_v(int32_t a, int32_t w, int32_t sum) {
  __asm__ volatile("pv.sdotusp.v %0, %1, %2" : "+r"(sum) : "r"(a), "r"(w));
  return sum;
}

#define xpulp_csr_write(csr, value) __asm__ volatile("csrw " #csr ", %0" : : "rK"(value) : "memory")

#endif
