// Layers of the kernel library beside convolutions: arguments, and the functions that all harts call
// together.
//
// Images are [y][x][channel], channel fastest, packed little-endian: element 0 in the lowest bits. Pixels
// fill whole bytes. Weights are signed. Buffers are word aligned; eight bytes behind each must be readable. A
// function returns when its hart is done: a barrier() follows before anybody uses the output. Every field is
// a word, so that a host can write the structures. The check functions say in one line what a layer asks for
// that the kernels cannot do, or return NULL.
#ifndef FLEXDBG_KERNELS_OPERATORS_H
#define FLEXDBG_KERNELS_OPERATORS_H

#include <stdint.h>

// Integers of 8, 4 or 2 bits; 32 for sums that leave a linear layer as they are.
struct format {
  uint32_t bits, is_signed;
};

// From sums to outputs: the sum, times a factor, plus an offset, shifted right and clipped to the output
// format.
enum { PATH_SHIFT, PATH_RELU, PATH_BN32, PATH_BN64 };

struct requantization {
  uint32_t path;
  uint32_t shift;      // 0..31
  int32_t multiplier;  // of PATH_RELU, 16 bits
  // One record by output channel: {bias} for PATH_SHIFT and PATH_RELU, {bias, kappa, lambda} for PATH_BN32,
  // and {bias, kappa low, high, lambda low, high} for PATH_BN64, whose result is cut to 32 bits before the
  // clip.
  const int32_t* params;
};

// A kernel that moves over an image. Padding is by zeros, or ignored by the pools.
struct window {
  uint32_t in_y, in_x, channels, out_y, out_x;
  uint32_t kernel_y, kernel_x, stride_y, stride_x;
  uint32_t pad_top, pad_bottom, pad_left, pad_right;
};

// out[n] = sum_k in[k] * weights[n][k]. A filter fills whole words, the last one padded with zeros. With 32
// output bits the path is PATH_SHIFT, whose biases are added, and nothing else. `scratch` holds
// linear_scratch_bytes(), for all harts together.
struct linear {
  const void *in, *weights;
  void *out, *scratch;
  uint32_t inputs, outputs;
  struct format in_format, out_format;
  uint32_t weight_bits;
  struct requantization requantization;
};
unsigned linear_scratch_bytes(const struct linear* layer);
const char* linear_check(const struct linear* layer);
void linear(const struct linear* layer);

// in is [channel][y][x], or, where in_pixel_bytes is not 0, an image like any other, whose pixels begin so
// many bytes apart; out is [y][x][channel]. With sub-byte inputs or weights a byte of them, the weights being
// [channel][ky][kx], holds the same place of the next 8 / bits channels, the first one in the lowest bits.
// `scratch` holds depthwise_scratch_bytes() for each hart.
struct depthwise {
  const void *in, *weights;
  void *out, *scratch;
  struct window window;
  struct format in_format, out_format;
  uint32_t weight_bits;
  struct requantization requantization;
  uint32_t in_pixel_bytes;
};
unsigned depthwise_scratch_bytes(const struct depthwise* layer);
const char* depthwise_check(const struct depthwise* layer);
void depthwise(const struct depthwise* layer);

// clip8((x * multiplier + offset) >> shift) of either input with its own sign, added, and, if `requantize`,
// the sum scaled the same way; then clipped to the output format. The last word of the output is written as a
// whole.
struct scale {
  int32_t multiplier, offset;
  uint32_t shift;
};
struct add {
  const void* in[2];
  void* out;
  uint32_t elements, requantize;
  struct scale scale[2], out_scale;
  struct format in_format[2], out_format;
};
const char* add_check(const struct add* layer);
void add(const struct add* layer);

// Average: (sum * (lambda / window size) + offset) >> shift, or sum / window size; unsigned inputs are
// computed modulo 2^32 with a logical shift. The window size is the whole one at borders too. Maximum:
// formats are equal.
struct pool {
  const void* in;
  void* out;
  struct window window;
  struct format in_format, out_format;
  uint32_t requantize;
  int32_t lambda, offset;
  uint32_t shift;
};
const char* pool_check(const struct pool* layer, int maximum);
void average_pool(const struct pool* layer);
void max_pool(const struct pool* layer);

#endif
