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
      .input = layer->input,
      .last_y = (int)layer->in_height - (int)layer->kernel_height,
      .last_x = (int)layer->in_width - (int)layer->kernel_width,
      .line_bytes = layer->in_width * layer->in_channels * layer->in_bits / 8,
      .runs = layer->kernel_height,
      .run_bytes = layer->kernel_width * layer->in_channels * bits / 8,
      .run_words = (layer->kernel_width * layer->in_channels * layer->in_bits / 8 + 3) / 4,
  };
}

static uint8_t* clear(uint8_t* row, unsigned bytes) {
  if (bytes) clear_words(row, (bytes + 3) / 4);
  return row + bytes;
}

// A row with taps outside the image: lines of zeros above and below, and in the others zeros left and right.
static uint8_t* border_row(const struct conv_rows* rows, int y, int x, uint8_t* row) {
  const struct conv* layer = rows->layer;
  int width = (int)layer->in_width, taps = (int)layer->kernel_width;
  int left = x < 0 ? (-x < taps ? -x : taps) : 0;
  int inside = width - x < taps ? width - x - left : taps - left;
  if (inside < 0) inside = 0;
  unsigned tap = rows->pixel_bytes, wide_tap = tap * rows->widening;
  unsigned run = (unsigned)inside * tap;
  unsigned left_bytes = (unsigned)left * wide_tap, right_bytes = (unsigned)(taps - left - inside) * wide_tap;
  const uint8_t* source = (const uint8_t*)layer->input + (y * width + x + left) * (int)tap;
  int end = y + (int)layer->kernel_height, height = (int)layer->in_height;
  int first = y < 0 ? 0 : y, last = end < height ? end : height;
  if (!run || first >= last) return clear(row, rows->runs * rows->run_bytes);
  source += (first - y) * (int)rows->line_bytes;
  row = clear(row, (unsigned)(first - y) * rows->run_bytes);
  if (inside == taps) {
    unsigned lines = (unsigned)(last - first);
    rows->move(row, source, rows->run_words, lines, rows->run_bytes, rows->line_bytes);
    row += lines * rows->run_bytes;
  } else {
    for (int line = first; line < last; line++, source += rows->line_bytes) {
      row = clear(row, left_bytes);
      rows->move(row, source, (run + 3) / 4, 1, 0, 0);
      row = clear(row + run * rows->widening, right_bytes);
    }
  }
  return clear(row, (unsigned)(end - last) * rows->run_bytes);
}

void conv_row(const struct conv_rows* rows, unsigned out_y, unsigned out_x, uint8_t* row) {
  int y = (int)(out_y * rows->layer->stride_y) - (int)rows->layer->pad_top;
  int x = (int)(out_x * rows->layer->stride_x) - (int)rows->layer->pad_left;
  if (y < 0 || x < 0 || y > rows->last_y || x > rows->last_x) {
    row = border_row(rows, y, x, row);
  } else {
    const uint8_t* source = rows->input + y * (int)rows->line_bytes + x * (int)rows->pixel_bytes;
    rows->move(row, source, rows->run_words, rows->runs, rows->run_bytes, rows->line_bytes);
    row += rows->runs * rows->run_bytes;
  }
  clear(row, rows->unused);
}
