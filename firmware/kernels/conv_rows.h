// im2col of convolutions: one row of K activations for each output pixel.
#ifndef FLEXDBG_KERNELS_CONV_ROWS_H
#define FLEXDBG_KERNELS_CONV_ROWS_H

#include "conv.h"

// conv_rows.S: `runs` runs of source words, rounded up; what is written too much lies in what comes next.
typedef void move_words(void* to, const void* from, unsigned words, unsigned runs, unsigned to_step,
                        unsigned from_step);
move_words copy_words;
void clear_words(void* to, unsigned words);

// What building the rows of a layer needs, worked out once.
struct conv_rows {
  const struct conv* layer;
  move_words* move;
  unsigned widening;           // row bits of an element over input bits: 1, 2 or 4
  unsigned pixel_bytes;        // of an input pixel
  unsigned row_bytes, unused;  // of a row, and at its end those that are cleared
  const uint8_t* input;
  int last_y, last_x;     // up to where the first tap of a row may lie if all others are inside the image
  unsigned line_bytes;    // of an input line
  unsigned runs;          // of adjacent taps in a row
  unsigned run_bytes;     // in the row
  unsigned run_words;     // in the input, rounded up
};

// Width of the activations that the MatMul of this core reads.
unsigned conv_row_bits(const struct conv* layer);

void conv_rows_begin(struct conv_rows* rows, const struct conv* layer, unsigned row_bytes);

// Writes the row of output pixel (y, x), and up to 15 bytes behind it.
void conv_row(const struct conv_rows* rows, unsigned y, unsigned x, uint8_t* row);

#endif
