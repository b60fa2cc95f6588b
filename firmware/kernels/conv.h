// Convolution of packed 8-, 4- and 2-bit tensors, on every core and every mix of formats.
#ifndef FLEXDBG_KERNELS_CONV_H
#define FLEXDBG_KERNELS_CONV_H

#include <stdint.h>

#include "conv_matmul.h"

// How an accumulator becomes an output, `acc` including the bias; everything wraps at its width:
//   CONV_SHIFT      clip(acc >> shift)
//   CONV_RELU       clip((multiplier * acc) >> shift)
//   CONV_BN32       clip((kappa[channel] * acc + lambda[channel]) >> shift) in 32 bits
//   CONV_BN64       the same in 64 bits, truncated to 32 before the clip
//   CONV_BN*_CALL   the same values by one function call for each output, as in the published library
//   CONV_BN64_PUBLISHED  the same values by a MatMul compiled from C that follows the published kernels
//                   (kernels/published): unsigned 8-bit outputs, for the cores and pairs of that directory
enum conv_path {
  CONV_SHIFT,
  CONV_RELU,
  CONV_BN32,
  CONV_BN64,
  CONV_BN64_CALL,
  CONV_BN32_CALL,
  CONV_BN64_PUBLISHED,
  CONV_PATHS
};

// One layer. Every field is a 32-bit word. Tensors:
//   input    [y][x][channel], packed little-endian without padding
//   weights  [out channel][ky][kx][channel], signed
//   params   one record per output channel: int32 bias; for CONV_BN32 then int32 kappa, lambda; for
//            CONV_BN64 then int64 kappa, lambda. For CONV_BN64_PUBLISHED all biases, all kappa, all lambda
//   output   [y][x][channel]
// Eight bytes behind input and weights must be readable. With fewer than four output channels the same holds
// for the weights and records of the missing ones.
struct conv {
  const void *input, *weights, *params;
  void *output, *scratch;  // scratch: conv_scratch_bytes() for each hart
  unsigned in_height, in_width, in_channels;
  unsigned out_height, out_width, out_channels;
  unsigned kernel_height, kernel_width, stride_y, stride_x;
  unsigned pad_top, pad_bottom, pad_left, pad_right;  // with zeros
  unsigned in_bits, in_signed, weight_bits, out_bits, out_signed;
  unsigned path, shift;
  int multiplier;
  unsigned unroll;      // pixels of a block, 4 or 2; 0: the core's best
  unsigned out_stride;  // bytes from one output pixel to the next; 0: they are adjacent
  // Filled by conv_select().
  conv_matmul_kernel* matmul;
  conv_epilogue* requantize;
};

// What the layer asks for that the library cannot do, in one line, or NULL. Pure arithmetic, any hart.
const char* conv_check(const struct conv* layer);

// Chooses the kernels of a layer that passed the check.
void conv_select(struct conv* layer);

// Scratch memory of one hart: activation rows and one group of output pixels.
unsigned conv_scratch_bytes(const struct conv* layer);

// Computes the layer. Every hart calls it and returns when its own share is done; there is no barrier inside.
void conv(const struct conv* layer);

// Generated (conv_library.py): [unroll 4, 2][activations 8, 4, 2][weights 8, 4, 2][signed], and
// [unroll][outputs 8, 4, 2][signed][path].
extern conv_matmul_kernel* const conv_kernels[2][3][3][2];
extern conv_epilogue* const conv_epilogues[2][3][2][CONV_BN64_PUBLISHED];
// [activations][weights]; NULL where a core has none.
extern conv_matmul_kernel* const conv_published[3][3];
extern const uint8_t conv_record_words[CONV_PATHS];

#endif
