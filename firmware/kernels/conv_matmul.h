// The MatMul inside a convolution: argument block, for C and for the generated assembly.
#ifndef FLEXDBG_KERNELS_CONV_MATMUL_H
#define FLEXDBG_KERNELS_CONV_MATMUL_H

#define CONV_AT_WEIGHTS 0
#define CONV_AT_PARAMS 4
#define CONV_AT_ROW_BYTES 8
#define CONV_AT_FILTER_BYTES 12
#define CONV_AT_STEPS 16
#define CONV_AT_BLOCKS 20
#define CONV_AT_OUT_STRIDE 24
#define CONV_AT_SHIFT 28
#define CONV_AT_RECORD_BYTES 32
#define CONV_AT_REQUANTIZE 36
#define CONV_AT_MULTIPLIER 40

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

// Requantizes and stores one block of accumulators. Not a C function: registers and frame are those of
// the MatMul kernel that jumps to it (conv_requantize.py).
typedef void conv_epilogue(void);

// Rows are packed little-endian and end with zeros where K is no multiple of 32 / weight bits; filters lie
// one behind the other without padding, so what follows a filter is multiplied by zero.
struct conv_matmul {
  const void* weights;
  const void* params;     // one record per channel: bias, then what the epilogue needs
  uint32_t row_bytes;     // from one activation row to the next
  uint32_t filter_bytes;  // of one filter
  uint32_t steps;         // inner iterations: 32-bit words of a filter, rounded up
  uint32_t blocks;        // of four channels
  uint32_t out_stride;    // bytes from one output pixel to the next
  uint32_t shift;         // arithmetic right shift before the clip, 0..31
  uint32_t record_bytes;  // of one record of params
  conv_epilogue* requantize;
  int32_t multiplier;  // of the ReLU path
};

_Static_assert(offsetof(struct conv_matmul, steps) == CONV_AT_STEPS, "assembly uses these offsets");
_Static_assert(offsetof(struct conv_matmul, shift) == CONV_AT_SHIFT, "assembly uses these offsets");
_Static_assert(offsetof(struct conv_matmul, multiplier) == CONV_AT_MULTIPLIER, "assembly uses these offsets");

// Four rows at once, or two.
typedef void conv_matmul_kernel(const struct conv_matmul* layer, const void* rows, void* out);
#endif

#endif
