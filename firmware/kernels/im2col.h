// im2col: one row of K = 9 * channels activations per output pixel of a 3x3 convolution.
#ifndef FLEXDBG_KERNELS_IM2COL_H
#define FLEXDBG_KERNELS_IM2COL_H

#include <stdint.h>

// A height x width image in HWC order; pixel_words is the number of 32-bit words of one pixel.
struct image {
  const uint32_t* pixels;
  unsigned height, width, pixel_words;
};

// Writes the row of output pixel number `pixel` (row-major) for stride 1 and one pixel of zero
// padding on every side, taps in (ky, kx, channel) order, and returns the end of the row.
uint32_t* im2col_3x3(const struct image* image, unsigned pixel, uint32_t* row);

#endif
