// 2 pixels x 4 channels with operands in registers: RI5CY, and MPIC with formats in CSRs.
#include "published.h"

#if USE_SIMD_FMT
#define DOT xpulp_dot_usp_v
#else
#define DOT xpulp_dot_usp_b
#endif

// A weight word meets one word of each pixel.
#define TWO_DOTS(word, a, b, sum_a, sum_b) sum_a = DOT(a, word, sum_a), sum_b = DOT(b, word, sum_b)

#define NORMALIZE_CHANNEL(s1, s2)                   \
  PUT(out1, normalize(s1, *kappa, *lambda, shift)); \
  PUT(out2, normalize(s2, *kappa, *lambda, shift)); \
  kappa++, lambda++

PUBLISHED_FUNCTION uint8_t* matmul(const uint8_t* in, const int32_t* bias, uint8_t* out1, uint8_t* out2,
                                   const int8_t* weights, const norm_t* kappa, const norm_t* lambda,
                                   uint16_t factor, uint16_t shift, uint16_t k, uint16_t channels,
                                   uint8_t relu, uint8_t norm) {
  const uint16_t row_bytes = k * A_BITS / 8, filter_bytes = k * W_BITS / 8;
  const int8_t* w1 = weights;
  for (int i = 0; i < channels >> 2; i++) {
    const uint8_t* a1 = in;
    const uint8_t* a2 = a1 + row_bytes;
    const int8_t* w2 = w1 + filter_bytes;
    const int8_t* w3 = w2 + filter_bytes;
    const int8_t* w4 = w3 + filter_bytes;
    int32_t sum1 = 0, sum2 = 0, sum3 = 0, sum4 = 0, sum5 = 0, sum6 = 0, sum7 = 0, sum8 = 0;
    if (bias) {
      sum5 = sum1 = *bias++;
      sum6 = sum2 = *bias++;
      sum7 = sum3 = *bias++;
      sum8 = sum4 = *bias++;
    }
#if UNPACK
    // The activations of the whole step are loaded first, then each filter is unpacked and used.
    XPULP_LOOP(k / STEP) {
      int32_t a[PARTS], b[PARTS];
      for (int part = 0; part < PARTS; part++) {
        a[part] = ((const int32_t*)a1)[part];
        b[part] = ((const int32_t*)a2)[part];
      }
      a1 += 4 * PARTS;
      a2 += 4 * PARTS;
#define USE_FILTER(pointer, sum_a, sum_b)                                                          \
  do {                                                                                             \
    int32_t word = xpulp_load_next(pointer), wide[PARTS];                                          \
    for (int part = 0; part < PARTS; part++) {                                                     \
      wide[part] = BYTES(word, 4 * W_BITS * part);                                                 \
      FENCE();                                                                                     \
    }                                                                                              \
    for (int part = 0; part < PARTS; part++) TWO_DOTS(wide[part], a[part], b[part], sum_a, sum_b); \
  } while (0)
      USE_FILTER(w1, sum1, sum5);
      USE_FILTER(w2, sum2, sum6);
      USE_FILTER(w3, sum3, sum7);
      USE_FILTER(w4, sum4, sum8);
    }
#else
    XPULP_LOOP(k / STEP) {
      int32_t word1 = xpulp_load_next(w1), word2 = xpulp_load_next(w2);
      int32_t word3 = xpulp_load_next(w3), word4 = xpulp_load_next(w4);
      for (int part = 0; part < PARTS; part++) {
        int32_t a = xpulp_load_next(a1), b = xpulp_load_next(a2);
        sum1 = DOT(a, word1, sum1);
        sum2 = DOT(a, word2, sum2);
        sum3 = DOT(a, word3, sum3);
        sum4 = DOT(a, word4, sum4);
        sum5 = DOT(b, word1, sum5);
        sum6 = DOT(b, word2, sum6);
        sum7 = DOT(b, word3, sum7);
        sum8 = DOT(b, word4, sum8);
      }
    }
#endif
#if !USE_SIMD_FMT  // a rest would need another format
    for (int left = k % STEP; left > 0; left -= ELEMENTS) {
      for (int e = 0; e < ELEMENTS; e++) {
        int x1 = WEIGHT(w1, e), x2 = WEIGHT(w2, e), x3 = WEIGHT(w3, e), x4 = WEIGHT(w4, e);
        int y1 = ACTIVATION(a1, e), y2 = ACTIVATION(a2, e);
        sum1 += x1 * y1, sum2 += x2 * y1, sum3 += x3 * y1, sum4 += x4 * y1;
        sum5 += x1 * y2, sum6 += x2 * y2, sum7 += x3 * y2, sum8 += x4 * y2;
      }
      w1++, w2++, w3++, w4++;
      a1 += PARTS, a2 += PARTS;
    }
#endif
    if (norm && relu) {
      NORMALIZE_CHANNEL(sum1, sum5);
      NORMALIZE_CHANNEL(sum2, sum6);
      NORMALIZE_CHANNEL(sum3, sum7);
      NORMALIZE_CHANNEL(sum4, sum8);
    } else if (relu) {
      QUANTIZE_PIXEL(out1, sum1, sum2, sum3, sum4, BY_FACTOR);
      QUANTIZE_PIXEL(out2, sum5, sum6, sum7, sum8, BY_FACTOR);
    } else {
      QUANTIZE_PIXEL(out1, sum1, sum2, sum3, sum4, BY_SHIFT);
      QUANTIZE_PIXEL(out2, sum5, sum6, sum7, sum8, BY_SHIFT);
    }
    w1 += 3 * filter_bytes;
  }
  return out2;
}

#if CONV
void KERNEL(const struct conv_matmul* layer, const void* rows, void* out) {
#else
void KERNEL(const struct matmul* layer, const void* rows, uint8_t* out) {
#endif
#if USE_SIMD_FMT
  // 8 dot products on each slice. Once a call: no format outlives the kernel that has set it.
  xpulp_csr_write(sb_legacy, 0);
  xpulp_csr_write(simd_fmt, SIMD_FMT);
  xpulp_csr_write(mix_skip, 8);
  xpulp_csr_write(mix_cycle, 0);
#endif
#if CONV
  const uint32_t channels = 4 * layer->blocks;
  const int32_t* bias = layer->params;
  const norm_t* kappa = (const norm_t*)(bias + channels);
  matmul(rows, bias, out, (uint8_t*)out + layer->out_stride, layer->weights, kappa, kappa + channels, 0,
         layer->shift, layer->steps * STEP, channels, 1, 1);
#else
  matmul(rows, layer->bias, out, out + layer->out_stride, layer->weights, 0, 0, 0, layer->shift, layer->k,
         layer->blocks * 4, 0, 0);
#endif
#if USE_SIMD_FMT
  xpulp_csr_write(sb_legacy, 1);
#endif
}
