// The kernels that linear.py generates for one core: CORE_RI5CY, CORE_XPULPNN, CORE_MPIC or CORE_FLEXV is
// defined.
#ifndef FLEXDBG_KERNELS_LINEAR_TABLE_H
#define FLEXDBG_KERNELS_LINEAR_TABLE_H

#include <stdint.h>

// Weak: a network links only those that it uses.
typedef void linear_kernel(const void* vector, const void* filters, uint32_t stride, uint32_t steps,
                           int32_t sums[4]);
#define WEAK __attribute__((weak))

#define PAIR(pair) WEAK linear_kernel linear_##pair##_u, linear_##pair##_i
PAIR(a8w8);
PAIR(a8w4);
PAIR(a8w2);
#ifndef CORE_RI5CY
PAIR(a4w4);
PAIR(a4w2);
PAIR(a2w2);
#endif
#undef PAIR

// By lane bits / 4, weight bits / 4 and sign of the activations.
#define PAIR(pair) \
  { linear_##pair##_u, linear_##pair##_i }
static linear_kernel* const linear_kernels[3][3][2] = {
#ifndef CORE_RI5CY
    [0] = {PAIR(a2w2)},
    [1] = {PAIR(a4w2), PAIR(a4w4)},
#endif
    [2] = {PAIR(a8w2), PAIR(a8w4), PAIR(a8w8)},
};
#undef PAIR

// Width of the activations in the kernel, and whether it widens narrower weights in registers.
#ifdef CORE_RI5CY
#define LANE_BITS(activations, weights) 8u
#else
#define LANE_BITS(activations, weights) ((activations) > (weights) ? (activations) : (weights))
#endif
#if defined CORE_RI5CY || defined CORE_XPULPNN
#define UNPACKS_WEIGHTS 1
#else
#define UNPACKS_WEIGHTS 0
#endif

#endif
