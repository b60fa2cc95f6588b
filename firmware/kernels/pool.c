// Average and maximum pooling. A word of channels at a time, over the part of the window that lies in the
// image.
#include "cluster.h"
#include "pool_loop.h"
#include "requantize.h"

struct patch {
  const uint8_t* first;
  unsigned rows, columns;
};

// The pixels of the window of output (y, x) that lie in the image.
static struct patch patch_at(const struct pool* layer, unsigned y, unsigned x, unsigned pixel_bytes) {
  const struct window* w = &layer->window;
  int top = (int)(y * w->stride_y) - (int)w->pad_top, left = (int)(x * w->stride_x) - (int)w->pad_left;
  int bottom = smaller(top + (int)w->kernel_y, (int)w->in_y);
  int right = smaller(left + (int)w->kernel_x, (int)w->in_x);
  top = larger(top, 0);
  left = larger(left, 0);
  return (struct patch){
      .first = (const uint8_t*)layer->in + ((unsigned)top * w->in_x + (unsigned)left) * pixel_bytes,
      .rows = (unsigned)larger(bottom - top, 0),
      .columns = (unsigned)larger(right - left, 0),
  };
}

// Computes `word`, a 32-bit word of input channels, of one output pixel.
typedef void word_function(const struct pool* layer, struct patch patch, unsigned word, uint8_t* out);

// Words of pixels are shared out, not pixels: a global pool has one.
static void for_my_words(const struct pool* layer, word_function* function) {
  const struct window* w = &layer->window;
  unsigned in_bytes = w->channels * layer->in_format.bits / 8;
  unsigned out_bytes = w->channels * layer->out_format.bits / 8;
  unsigned words = (in_bytes + 3) / 4;
  struct range mine = my_share(w->out_y * w->out_x * words);
  unsigned pixel = mine.first / words, word = mine.first % words;
  unsigned y = pixel / w->out_x, x = pixel % w->out_x;
  for (unsigned i = mine.first; i < mine.end; pixel++) {
    struct patch patch = patch_at(layer, y, x, in_bytes);
    for (; word < words && i < mine.end; word++, i++)
      function(layer, patch, word, (uint8_t*)layer->out + pixel * out_bytes);
    word = 0;
    if (++x == w->out_x) {
      x = 0;
      y++;
    }
  }
}

static void average_word(const struct pool* layer, struct patch patch, unsigned word, uint8_t* out) {
  unsigned bits = layer->in_format.bits, lanes = 32 / bits, channels = layer->window.channels;
  unsigned pixel_bytes = channels * bits / 8, row_bytes = layer->window.in_x * pixel_bytes;
  unsigned first = word * lanes, count = channels - first < lanes ? channels - first : lanes;
  int32_t size = (int32_t)(layer->window.kernel_y * layer->window.kernel_x);
  int32_t factor = layer->requantize ? layer->lambda / size : 0;
  int32_t sums[16] = {0};
  if (patch.rows && patch.columns)
    pool_sums[bits / 4][layer->in_format.is_signed](patch.first + 4 * word, patch.rows, patch.columns,
                                                    row_bytes, pixel_bytes, sums);
  for (unsigned i = 0; i < count; i++) {
    if (!layer->requantize) {
      sums[i] /= size;
    } else {
      uint32_t product = (uint32_t)sums[i] * (uint32_t)factor + (uint32_t)layer->offset;
      sums[i] =
          layer->in_format.is_signed ? (int32_t)product >> layer->shift : (int32_t)(product >> layer->shift);
    }
    // A logical shift by 0 may leave bit 31 set: it is a large number, not a negative one.
    if (!layer->in_format.is_signed && sums[i] < 0) sums[i] = INT32_MAX;
    sums[i] = clip(sums[i], layer->out_format);
  }
  store_packed(out, first, sums, count, layer->out_format.bits);
}

static void max_word(const struct pool* layer, struct patch patch, unsigned word, uint8_t* out) {
  unsigned bits = layer->in_format.bits, pixel_bytes = layer->window.channels * bits / 8;
  unsigned row_bytes = layer->window.in_x * pixel_bytes, first = 4 * word;
  uint32_t largest = pool_max[bits / 4][layer->in_format.is_signed](patch.first + first, patch.rows,
                                                                    patch.columns, row_bytes, pixel_bytes);
  if (pixel_bytes - first >= 4)
    *(uint32_t*)(out + first) = largest;
  else
    for (unsigned i = first; i < pixel_bytes; i++, largest >>= 8) out[i] = (uint8_t)largest;
}

void average_pool(const struct pool* layer) { for_my_words(layer, average_word); }

void max_pool(const struct pool* layer) { for_my_words(layer, max_word); }
