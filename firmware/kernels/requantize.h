// From sums to packed outputs, for the layers whose epilogue is not the inner loop.
#ifndef FLEXDBG_KERNELS_REQUANTIZE_H
#define FLEXDBG_KERNELS_REQUANTIZE_H

#include "operators.h"
#include "simd.h"

static inline int32_t lowest(struct format format) {
  return format.is_signed ? -(1 << (format.bits - 1)) : 0;
}

static inline int32_t highest(struct format format) { return (1 << (format.bits - format.is_signed)) - 1; }

static inline int32_t clip(int32_t value, struct format format) {
  return smaller(larger(value, lowest(format)), highest(format));
}

static inline const int32_t* record(const struct requantization* how, unsigned channel) {
  unsigned words = how->path == PATH_BN64 ? 5 : how->path == PATH_BN32 ? 3 : 1;
  return how->params + words * channel;
}

static inline int64_t two_words(const int32_t* words) {
  return (int64_t)((uint64_t)(uint32_t)words[1] << 32 | (uint32_t)words[0]);
}

// All multiplications but those of PATH_BN64 wrap at 32 bits, as the kernels of PULP-NN do.
static inline int32_t scaled(const struct requantization* how, const int32_t* params, int32_t sum) {
  switch (how->path) {
    case PATH_BN64:
      return (int32_t)((sum * two_words(params + 1) + two_words(params + 3)) >> how->shift);
    case PATH_BN32:
      return (int32_t)((uint32_t)sum * (uint32_t)params[1] + (uint32_t)params[2]) >> how->shift;
    case PATH_RELU:
      return (int32_t)((uint32_t)sum * (uint32_t)how->multiplier) >> how->shift;
    default:
      return sum >> how->shift;
  }
}

// Stores the lowest bits of `count` values from element `first` of `out` on. Both first and count fill whole
// bytes.
static inline void store_packed(void* out, unsigned first, const int32_t* values, unsigned count,
                                unsigned bits) {
  uint8_t* to = (uint8_t*)out + first * bits / 8;
  unsigned mask = (1u << bits) - 1, byte = 0, filled = 0;
  for (unsigned i = 0; i < count; i++) {
    byte |= ((unsigned)values[i] & mask) << filled;
    filled += bits;
    if (filled == 8) {
      *to++ = (uint8_t)byte;
      byte = filled = 0;
    }
  }
}

#endif
