// The generated inner loops of depthwise convolutions: one output row of one channel.
#ifndef FLEXDBG_KERNELS_DEPTHWISE_ROW_H
#define FLEXDBG_KERNELS_DEPTHWISE_ROW_H

#define ROW_ROWS 0
#define ROW_TAPS 4
#define ROW_OUT 8
#define ROW_COUNT 12
#define ROW_STRIDE 16
#define ROW_OUT_STEP 20
#define ROW_BIAS 24
#define ROW_KAPPA 28
#define ROW_LAMBDA 32
#define ROW_SHIFT 36
#define ROW_HIGH 40
#define ROW_KERNEL_Y 44
#define ROW_WORDS 48

#define DEPTHWISE_MAX_KERNEL 16  // rows

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

struct depthwise_row {
  const uint8_t* const* rows;  // of bytes: where the first window begins in each row
  const uint8_t* taps;         // bytes [kernel_y][4 * words], word aligned
  uint8_t* out;                // bytes, or int32_t for the loops that leave sums
  uint32_t count;              // outputs, at least one
  uint32_t stride;             // bytes from one window to the next
  uint32_t out_step;           // bytes from one output to the next; sums are dense
  int32_t bias, kappa, lambda;
  uint32_t shift;
  int32_t high;  // of the output: clip to 0..high, or to -high-1..high
  uint32_t kernel_y, words;
};

_Static_assert(offsetof(struct depthwise_row, bias) == ROW_BIAS, "assembly uses these offsets");
_Static_assert(offsetof(struct depthwise_row, words) == ROW_WORDS, "assembly uses these offsets");

typedef void depthwise_row_kernel(const struct depthwise_row* row);

depthwise_row_kernel depthwise_three_u_u, depthwise_three_u_i, depthwise_three_i_u, depthwise_three_i_i;
depthwise_row_kernel depthwise_any_u_u, depthwise_any_u_i, depthwise_any_i_u, depthwise_any_i_i;
depthwise_row_kernel depthwise_three_u_sums, depthwise_three_i_sums, depthwise_any_u_sums,
    depthwise_any_i_sums;

// By sign of the input and of the output.
static depthwise_row_kernel* const rows_of_three[2][2] __attribute__((unused)) = {
    {depthwise_three_u_u, depthwise_three_u_i}, {depthwise_three_i_u, depthwise_three_i_i}};
static depthwise_row_kernel* const rows_of_any[2][2] __attribute__((unused)) = {
    {depthwise_any_u_u, depthwise_any_u_i}, {depthwise_any_i_u, depthwise_any_i_i}};
static depthwise_row_kernel* const sums_of_three[2]
    __attribute__((unused)) = {depthwise_three_u_sums, depthwise_three_i_sums};
static depthwise_row_kernel* const sums_of_any[2]
    __attribute__((unused)) = {depthwise_any_u_sums, depthwise_any_i_sums};
#endif

#endif
