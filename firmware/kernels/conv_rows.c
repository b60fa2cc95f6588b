// im2col: runs of adjacent taps are copied, taps outside the image are zero.
#include "conv_rows.h"

extern move_words widen_4_to_8_u, widen_4_to_8_i, widen_2_to_8_u, widen_2_to_8_i, widen_2_to_4_u,
    widen_2_to_4_i;

unsigned conv_row_bits(const struct conv* layer) {
#ifdef CORE_RI5CY
  (void)layer;
  return 8;
#else
  return layer->in_bits > layer->weight_bits ? layer->in_bits : layer->weight_bits;
#endif
}

static move_words* mover(unsigned from, unsigned to, unsigned is_signed) {
  if (from == to) return copy_words;
  if (from == 4) return is_signed ? widen_4_to_8_i : widen_4_to_8_u;
  if (to == 8) return is_signed ? widen_2_to_8_i : widen_2_to_8_u;
  return is_signed ? widen_2_to_4_i : widen_2_to_4_u;
}

void conv_rows_begin(struct conv_rows* rows, const struct conv* layer, unsigned row_bytes) {
  unsigned bits = conv_row_bits(layer);
  unsigned elements = layer->kernel_height * layer->kernel_width * layer->in_channels;
  *rows = (struct conv_rows){
      .layer = layer,
      .move = mover(layer->in_bits, bits, layer->in_signed),
      .widening = bits / layer->in_bits,
      .pixel_bytes = layer->in_channels * layer->in_bits / 8,
      .row_bytes = row_bytes,
      .unused = row_bytes - elements * bits / 8,
  };
}

static uint8_t* clear(uint8_t* row, unsigned bytes) {
  if (bytes) clear_words(row, (bytes + 3) / 4);
  return row + bytes;
}

void conv_row(const struct conv_rows* rows, unsigned y, unsigned x, uint8_t* row) {
  const struct conv* layer = rows->layer;
  int width = (int)layer->in_width, taps = (int)layer->kernel_width;
  int first_y = (int)(y * layer->stride_y) - (int)layer->pad_top;
  int first_x = (int)(x * layer->stride_x) - (int)layer->pad_left;
  // Taps left of the image, inside it, and right of it.
  int left = first_x < 0 ? -first_x : 0;
  if (left > taps) left = taps;
  int inside = width - first_x < taps ? width - first_x - left : taps - left;
  if (inside < 0) inside = 0;
  unsigned tap = rows->pixel_bytes, wide_tap = tap * rows->widening;
  unsigned run = (unsigned)inside * tap, run_words = (run + 3) / 4;
  unsigned left_bytes = (unsigned)left * wide_tap, right_bytes = (unsigned)(taps - left - inside) * wide_tap;
  const uint8_t* source = (const uint8_t*)layer->input + (first_y * width + first_x + left) * (int)tap;
  for (int end_y = first_y + (int)layer->kernel_height; first_y < end_y; first_y++) {
    if (first_y < 0 || first_y >= (int)layer->in_height || !run) {
      row = clear(row, (unsigned)taps * wide_tap);
    } else {
      row = clear(row, left_bytes);
      rows->move(row, source, run_words);
      row = clear(row + run * rows->widening, right_bytes);
    }
    source += width * (int)tap;
  }
  clear(row, rows->unused);
}
