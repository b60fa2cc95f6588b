// The pooling loops that pool.py generates for one core.
#ifndef FLEXDBG_KERNELS_POOL_LOOP_H
#define FLEXDBG_KERNELS_POOL_LOOP_H

#include <stdint.h>

// Adds every channel of the word at the same place of each pixel to its sum: 4, 8 or 16 sums.
typedef void pool_sum_kernel(const void* first, uint32_t rows, uint32_t columns, uint32_t row_bytes,
                             uint32_t pixel_bytes, int32_t* sums);
// The largest value of every channel of a word. There is at least one pixel.
typedef uint32_t pool_max_kernel(const void* first, uint32_t rows, uint32_t columns, uint32_t row_bytes,
                                 uint32_t pixel_bytes);

// Weak: a network links only those that it uses.
__attribute__((weak)) pool_sum_kernel pool_sum_8_u, pool_sum_8_i, pool_sum_4_u, pool_sum_4_i, pool_sum_2_u,
    pool_sum_2_i;
__attribute__((weak)) pool_max_kernel pool_max_8_u, pool_max_8_i, pool_max_4_u, pool_max_4_i, pool_max_2_u,
    pool_max_2_i;

// By bits / 4 and sign.
static pool_sum_kernel* const pool_sums[3][2] __attribute__((unused)) = {
    {pool_sum_2_u, pool_sum_2_i}, {pool_sum_4_u, pool_sum_4_i}, {pool_sum_8_u, pool_sum_8_i}};
static pool_max_kernel* const pool_max[3][2] __attribute__((unused)) = {
    {pool_max_2_u, pool_max_2_i}, {pool_max_4_u, pool_max_4_i}, {pool_max_8_u, pool_max_8_i}};

#endif
