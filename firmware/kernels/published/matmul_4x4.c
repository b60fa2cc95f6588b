// 4 pixels x 4 channels with Mac&Load of XpulpNN; narrower weights are unpacked into arrays first.
#include "published.h"

// Weight register w and activation register a; a refill names the pointer that it moves on.
#define DOT(sum, pointer, w, a) \
  __asm__ volatile("pv.mlsdotsup." LANES " %0, %1, %2" : "+r"(sum) : "r"(pointer), "i"((w) << 1 | (a)))
#define DOT_REFILL_A(sum, pointer, w, a)               \
  __asm__ volatile("pv.mlsdotsup." LANES " %0, %1, %2" \
                   : "+r"(sum), "+r"(pointer)          \
                   : "i"(0x08 | (w) << 1 | (a))        \
                   : "memory")
#define DOT_REFILL_W(sum, pointer, w, a)               \
  __asm__ volatile("pv.mlsdotsup." LANES " %0, %1, %2" \
                   : "+r"(sum), "+r"(pointer)          \
                   : "i"(0x10 | (w) << 1 | (a))        \
                   : "memory")
#define LOAD(pointer, imm) \
  __asm__ volatile("pv.mlsdotsup." LANES " zero, %0, %1" : "+r"(pointer) : "i"(imm) : "memory")
#define LOAD_A(pointer, a) LOAD(pointer, 0x08 | (a))
#define LOAD_W(pointer, w) LOAD(pointer, 0x10 | (w) << 1)

#define NORMALIZE_CHANNEL(s1, s2, s3, s4)           \
  PUT(out1, normalize(s1, *kappa, *lambda, shift)); \
  PUT(out2, normalize(s2, *kappa, *lambda, shift)); \
  PUT(out3, normalize(s3, *kappa, *lambda, shift)); \
  PUT(out4, normalize(s4, *kappa, *lambda, shift)); \
  kappa++, lambda++
#define QUANTIZE_ALL(how)                               \
  QUANTIZE_PIXEL(out1, sum1, sum2, sum3, sum4, how);    \
  QUANTIZE_PIXEL(out2, sum5, sum6, sum7, sum8, how);    \
  QUANTIZE_PIXEL(out3, sum9, sum10, sum11, sum12, how); \
  QUANTIZE_PIXEL(out4, sum13, sum14, sum15, sum16, how)

#define FIRST_PIXELS            \
  LOAD_A(a2, 1);                \
  DOT(sum1, p1, 0, 0);          \
  DOT(sum2, p2, 1, 0);          \
  DOT(sum3, p3, 2, 0);          \
  DOT_REFILL_A(sum4, a3, 3, 0); \
  DOT(sum5, p1, 0, 1);          \
  DOT(sum6, p2, 1, 1);          \
  DOT(sum7, p3, 2, 1);          \
  DOT_REFILL_A(sum8, a4, 3, 1)
#define LAST_PIXELS              \
  DOT(sum9, p1, 0, 0);           \
  DOT(sum10, p2, 1, 0);          \
  DOT(sum11, p3, 2, 0);          \
  DOT_REFILL_A(sum12, a1, 3, 0); \
  DOT_REFILL_W(sum13, p1, 0, 1); \
  DOT_REFILL_W(sum14, p2, 1, 1); \
  DOT_REFILL_W(sum15, p3, 2, 1); \
  DOT_REFILL_W(sum16, p4, 3, 1)

#if UNPACK
#if A_BITS == 8
#define WIDEN(word, part) BYTES(word, 4 * W_BITS * (part))
#else
// Two 4-bit lanes in each byte.
#define PAIR(word, at) \
  xpulp_insert(xpulp_extract(word, W_BITS, at), xpulp_extract(word, W_BITS, (at) + W_BITS), 4, 4)
#define WIDEN(word, part)                                                         \
  xpulp_pack_bytes(PAIR(word, 16 * (part)), PAIR(word, 16 * (part) + 2 * W_BITS), \
                   PAIR(word, 16 * (part) + 4 * W_BITS), PAIR(word, 16 * (part) + 6 * W_BITS))
#endif
#define UNPACK_FILTER(pointer, wide)           \
  do {                                         \
    int32_t word = xpulp_load_next(pointer);   \
    for (int part = 0; part < PARTS; part++) { \
      wide[part] = WIDEN(word, part);          \
      FENCE();                                 \
    }                                          \
  } while (0)
#define UNPACK_FILTERS()    \
  UNPACK_FILTER(w1, wide1); \
  UNPACK_FILTER(w2, wide2); \
  UNPACK_FILTER(w3, wide3); \
  UNPACK_FILTER(w4, wide4)
// The compiler must not know that the pointer is an address of the frame.
#define POINT(pointer, at) pointer = xpulp_hidden(at)
#define POINT_AT_WEIGHTS() POINT(p1, wide1), POINT(p2, wide2), POINT(p3, wide3), POINT(p4, wide4)
#else
#define POINT_AT_WEIGHTS() \
  p1 = (const uint32_t*)w1, p2 = (const uint32_t*)w2, p3 = (const uint32_t*)w3, p4 = (const uint32_t*)w4
#endif

PUBLISHED_FUNCTION uint8_t* matmul(const uint8_t* in, const int32_t* bias, uint8_t* out1, uint8_t* out2,
                                   uint8_t* out3, uint8_t* out4, const int8_t* weights, const norm_t* kappa,
                                   const norm_t* lambda, uint16_t factor, uint16_t shift, uint16_t k,
                                   uint16_t channels, uint8_t relu, uint8_t norm) {
#if UNPACK
  int32_t wide1[PARTS], wide2[PARTS], wide3[PARTS], wide4[PARTS];
#endif
  const uint16_t row_bytes = k * A_BITS / 8, filter_bytes = k * W_BITS / 8;
  const int8_t* w1 = weights;
  for (int i = 0; i < channels >> 2; i++) {
    const uint32_t* a1 = (const uint32_t*)in;
    const uint32_t* a2 = (const uint32_t*)(in + row_bytes);
    const uint32_t* a3 = (const uint32_t*)(in + row_bytes + row_bytes);
    const uint32_t* a4 = (const uint32_t*)(in + row_bytes + row_bytes + row_bytes);
    const int8_t* w2 = w1 + filter_bytes;
    const int8_t* w3 = w2 + filter_bytes;
    const int8_t* w4 = w3 + filter_bytes;
    const uint32_t *p1, *p2, *p3, *p4;
#if UNPACK
    UNPACK_FILTERS();
#endif
    POINT_AT_WEIGHTS();
    LOAD_W(p1, 0);
    LOAD_W(p2, 1);
    LOAD_W(p3, 2);
    LOAD_W(p4, 3);
    LOAD_A(a1, 0);
    int32_t sum1 = 0, sum2 = 0, sum3 = 0, sum4 = 0, sum5 = 0, sum6 = 0, sum7 = 0, sum8 = 0;
    int32_t sum9 = 0, sum10 = 0, sum11 = 0, sum12 = 0, sum13 = 0, sum14 = 0, sum15 = 0, sum16 = 0;
    if (bias) {
      sum13 = sum9 = sum5 = sum1 = *bias++;
      sum14 = sum10 = sum6 = sum2 = *bias++;
      sum15 = sum11 = sum7 = sum3 = *bias++;
      sum16 = sum12 = sum8 = sum4 = *bias++;
    }
    XPULP_LOOP(k / STEP) {
#if UNPACK
      for (int part = 0; part < PARTS - 1; part++) {
        FIRST_PIXELS;
        LAST_PIXELS;
      }
      FIRST_PIXELS;
      UNPACK_FILTERS();  // in the middle of the last slice, ready for its refills
      POINT_AT_WEIGHTS();
      LAST_PIXELS;
#else
      FIRST_PIXELS;
      LAST_PIXELS;
#endif
    }
#if UNPACK
    w1 -= 4, w2 -= 4, w3 -= 4, w4 -= 4;  // they are one word ahead
#endif
    int left = k % STEP;
    if (left) {
      const uint8_t* b1 = in + k / STEP * 4 * PARTS;
      const uint8_t *b2 = b1 + row_bytes, *b3 = b2 + row_bytes, *b4 = b3 + row_bytes;
#if !UNPACK
      w1 += k / STEP * 4, w2 += k / STEP * 4, w3 += k / STEP * 4, w4 += k / STEP * 4;
#endif
      do {
        for (int e = 0; e < ELEMENTS; e++) {
          int x1 = WEIGHT(w1, e), x2 = WEIGHT(w2, e), x3 = WEIGHT(w3, e), x4 = WEIGHT(w4, e);
          int y1 = ACTIVATION(b1, e), y2 = ACTIVATION(b2, e), y3 = ACTIVATION(b3, e), y4 = ACTIVATION(b4, e);
          sum1 += x1 * y1, sum2 += x2 * y1, sum3 += x3 * y1, sum4 += x4 * y1;
          sum5 += x1 * y2, sum6 += x2 * y2, sum7 += x3 * y2, sum8 += x4 * y2;
          sum9 += x1 * y3, sum10 += x2 * y3, sum11 += x3 * y3, sum12 += x4 * y3;
          sum13 += x1 * y4, sum14 += x2 * y4, sum15 += x3 * y4, sum16 += x4 * y4;
        }
        w1++, w2++, w3++, w4++;
        b1 += PARTS, b2 += PARTS, b3 += PARTS, b4 += PARTS;
        left -= ELEMENTS;
      } while (left > 0);
#if !UNPACK
      w1 -= filter_bytes;
#endif
    }
    if (norm && relu) {
      NORMALIZE_CHANNEL(sum1, sum5, sum9, sum13);
      NORMALIZE_CHANNEL(sum2, sum6, sum10, sum14);
      NORMALIZE_CHANNEL(sum3, sum7, sum11, sum15);
      NORMALIZE_CHANNEL(sum4, sum8, sum12, sum16);
    } else if (relu) {
      QUANTIZE_ALL(BY_FACTOR);
    } else {
      QUANTIZE_ALL(BY_SHIFT);
    }
#if UNPACK
    w1 += 3 * filter_bytes;
#else
    w1 += 4 * filter_bytes;
#endif
  }
  return out4;
}

#if CONV
void KERNEL(const struct conv_matmul* layer, const void* rows, void* to) {
  const uint32_t stride = layer->out_stride, channels = 4 * layer->blocks;
  const int32_t* bias = layer->params;
  const norm_t* kappa = (const norm_t*)(bias + channels);
  uint8_t* out = to;
  matmul(rows, bias, out, out + stride, out + 2 * stride, out + 3 * stride, layer->weights, kappa,
         kappa + channels, 0, layer->shift, layer->steps * STEP, channels, 1, 1);
}
#else
void KERNEL(const struct matmul* layer, const void* rows, uint8_t* out) {
  const uint32_t stride = layer->out_stride;
  matmul(rows, layer->bias, out, out + stride, out + 2 * stride, out + 3 * stride, layer->weights, 0, 0, 0,
         layer->shift, layer->k, layer->blocks * 4, 0, 0);
}
#endif
