// MatMul kernels: argument block, for C and for the generated assembly.
#ifndef FLEXDBG_KERNELS_MATMUL_H
#define FLEXDBG_KERNELS_MATMUL_H

#define MATMUL_WEIGHTS 0
#define MATMUL_BIAS 4
#define MATMUL_ROW_BYTES 8
#define MATMUL_FILTER_BYTES 12
#define MATMUL_STEPS 16
#define MATMUL_BLOCKS 20
#define MATMUL_OUT_STRIDE 24
#define MATMUL_SHIFT 28
#define MATMUL_K 32

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

// Rows and filters are packed little-endian, element 0 in the lowest bits, and word aligned.
// K is a multiple of 32 / weight bits, the channels of 4. Four bytes behind the weights and behind the
// rows must be readable: Mac&Load kernels prefetch one word past each filter and past the first row.
struct matmul {
  const void* weights;    // filters one after the other
  const int32_t* bias;    // one per channel, or NULL for zero
  uint32_t row_bytes;     // of one activation row: K * activation bits / 8
  uint32_t filter_bytes;  // of one filter: K * weight bits / 8
  uint32_t steps;         // inner iterations: filter_bytes / 4
  uint32_t blocks;        // channels / 4
  uint32_t out_stride;    // bytes from one output pixel to the next
  uint32_t shift;         // arithmetic right shift before the clip, 0..31
  uint32_t k;             // elements of a row; only the kernels in C look at it, and take rows and filters as dense
};

_Static_assert(offsetof(struct matmul, bias) == MATMUL_BIAS, "assembly uses these offsets");
_Static_assert(offsetof(struct matmul, steps) == MATMUL_STEPS, "assembly uses these offsets");
_Static_assert(offsetof(struct matmul, shift) == MATMUL_SHIFT, "assembly uses these offsets");

// Four rows at once on Flex-V and XpulpNN, two on RI5CY and MPIC.
typedef void matmul_kernel(const struct matmul* layer, const void* rows, uint8_t* out);
#endif

#endif
