// Depthwise convolution. Each hart takes groups of channels and widens what it needs of their rows to bytes
// in its scratch, with the zero padding in place, so that the inner loops know neither borders nor formats.
// Rows are read at any byte: the core splits words that cross a word boundary.
#include "cluster.h"
#include "depthwise_row.h"
#include "requantize.h"
#include "xpulp.h"

enum { MAX_GROUP = 4 };

// Channels that share bytes of input, weights or output are computed together.
static inline unsigned group_of(const struct depthwise* layer) {
  uint32_t narrowest = layer->weight_bits;
  if (layer->in_format.bits < narrowest) narrowest = layer->in_format.bits;
  if (layer->out_format.bits < narrowest) narrowest = layer->out_format.bits;
  return 8 / narrowest;
}

struct plan {
  unsigned group;        // channels computed together
  unsigned words;        // of one row of taps
  unsigned row_bytes;    // of a widened row
  unsigned plane_bytes;  // of the kernel_y widened rows of one channel
  unsigned taps_bytes;   // of the widened taps of one channel
  unsigned line_bytes;   // of one output row of one channel
};

static inline struct plan plan_of(const struct depthwise* layer) {
  const struct window* w = &layer->window;
  struct plan plan = {.group = group_of(layer), .words = (w->kernel_x + 3) / 4};
  // The pixels start at a word, left of them the padding, right of them what the last taps may touch.
  unsigned left = (w->pad_left + 3) & ~3u, right = w->pad_right + 4 * plan.words;
  plan.row_bytes = (left + w->in_x + right + 3) & ~3u;
  plan.plane_bytes = plan.row_bytes * w->kernel_y;
  plan.taps_bytes = 4 * plan.words * w->kernel_y;
  plan.line_bytes = (w->out_x + 3) & ~3u;
  return plan;
}

unsigned depthwise_scratch_bytes(const struct depthwise* layer) {
  struct plan plan = plan_of(layer);
  unsigned sums = layer->requantization.path == PATH_BN64 ? 4 * layer->window.out_x : 0;
  return plan.group * (plan.plane_bytes + plan.taps_bytes + plan.line_bytes) + sums;
}

// Widens `count` packed places to bytes; the parts of a byte belong to consecutive channels. Whole words at a
// time: up to three bytes too many are read and written.
static void widen(const uint8_t* from, unsigned count, struct format format, uint8_t* to, unsigned to_step) {
  unsigned parts = 8 / format.bits;
  uint32_t mask = ((1u << format.bits) - 1) * 0x01010101u;
  uint32_t half = format.is_signed ? (1u << (format.bits - 1)) * 0x01010101u : 0;
  for (unsigned i = 0; i < count; i += 4) {
    uint32_t word = *(const uint32_t*)(from + i);
    if (parts == 1) {
      *(uint32_t*)(to + i) = word;
      continue;
    }
    for (unsigned part = 0; part < parts; part++, word >>= format.bits)
      *(uint32_t*)(to + part * to_step + i) = sub_bytes((word & mask) ^ half, half);
  }
}

// Collects `count` bytes, at least one, that lie `step` apart: those of one channel of an image.
static void gather(const uint8_t* from, unsigned count, unsigned step, uint8_t* to) {
  uint32_t byte;
  __asm__ volatile(
      "lp.setup x0, %[count], 1f\n"
      "\tp.lbu %[byte], %[step](%[from]!)\n"
      "1:\tp.sb %[byte], 1(%[to]!)"
      : [byte] "=&r"(byte), [from] "+&r"(from), [to] "+&r"(to)
      : [count] "r"(count), [step] "r"(step)
      : "memory");
}

static void clear(uint32_t* words, unsigned bytes) {
  for (unsigned i = 0; i < bytes / 4; i++) words[i] = 0;
}

// The planes of a group's input: for bytes one a channel, else one for the channels that share its bytes.
static void fetch_row(const struct depthwise* layer, const struct plan* plan, unsigned channel, int y,
                      uint8_t* rows) {
  const struct window* w = &layer->window;
  unsigned parts = 8 / layer->in_format.bits, left = (w->pad_left + 3) & ~3u;
  for (unsigned i = 0; i < plan->group; i += parts) {
    uint8_t* row = rows + i * plan->plane_bytes;
    if (y < 0 || y >= (int)w->in_y) {
      for (unsigned part = 0; part < parts; part++)
        clear((uint32_t*)(row + part * plan->plane_bytes), plan->row_bytes);
      continue;
    }
    uint8_t* inside = row + left;
    unsigned first = (unsigned)y * w->in_x, byte = (channel + i) / parts;
    if (!layer->in_pixel_bytes) {
      const uint8_t* plane = (const uint8_t*)layer->in + byte * w->in_y * w->in_x;
      widen(plane + first, w->in_x, layer->in_format, inside, plan->plane_bytes);
    } else {
      gather((const uint8_t*)layer->in + first * layer->in_pixel_bytes + byte, w->in_x, layer->in_pixel_bytes,
             inside);
      if (parts > 1) widen(inside, w->in_x, layer->in_format, inside, plan->plane_bytes);
    }
    for (unsigned part = 0; part < parts; part++) {
      uint8_t* end = row + part * plan->plane_bytes + left + w->in_x;
      for (unsigned x = 0; x < w->pad_right + 3; x++) end[x] = 0;
    }
  }
}

static void fetch_taps(const struct depthwise* layer, const struct plan* plan, unsigned channel,
                       uint8_t* taps) {
  const struct window* w = &layer->window;
  unsigned parts = 8 / layer->weight_bits, size = w->kernel_y * w->kernel_x;
  struct format format = {layer->weight_bits, 1};
  for (unsigned i = 0; i < plan->group; i++) {
    const uint8_t* from = (const uint8_t*)layer->weights + (channel + i) / parts * size;
    unsigned shift = (channel + i) % parts * format.bits;
    uint8_t* to = taps + i * plan->taps_bytes;
    clear((uint32_t*)to, plan->taps_bytes);
    for (unsigned ky = 0; ky < w->kernel_y; ky++, to += 4 * plan->words)
      for (unsigned kx = 0; kx < w->kernel_x; kx++) {
        int32_t tap = (int32_t)((uint32_t)(*from++ >> shift) << (32 - format.bits));
        to[kx] = (uint8_t)(tap >> (32 - format.bits));
      }
  }
}

// One output row of one channel as bytes, `step` apart. rows[ky] is where the window of the first output
// begins.
static void compute_row(const struct depthwise* layer, const struct plan* plan, unsigned channel,
                        const uint8_t* const* rows, const uint8_t* taps, uint8_t* out, unsigned step,
                        int32_t* sums) {
  const struct window* w = &layer->window;
  const struct requantization* how = &layer->requantization;
  const int32_t* params = record(how, channel);
  int32_t high = highest(layer->out_format);
  struct depthwise_row row = {
      .rows = rows,
      .taps = taps,
      .out = out,
      .count = w->out_x,
      .stride = w->stride_x,
      .out_step = step,
      .bias = params[0],
      .kappa = how->path == PATH_BN32   ? params[1]
               : how->path == PATH_RELU ? how->multiplier
                                        : 1,
      .lambda = how->path == PATH_BN32 ? params[2] : 0,
      .shift = how->shift,
      .high = high,
      .kernel_y = w->kernel_y,
      .words = plan->words,
  };
  unsigned in = layer->in_format.is_signed, signed_out = layer->out_format.is_signed;
  int is_3xn = w->kernel_y == 3 && plan->words == 1;
  if (how->path != PATH_BN64) {
    (is_3xn ? rows_of_three : rows_of_any)[in][signed_out](&row);
    return;
  }
  row.out = (uint8_t*)sums;
  (is_3xn ? sums_of_three : sums_of_any)[in](&row);
  for (unsigned x = 0; x < w->out_x; x++)
    out[x * step] = (uint8_t)clip(scaled(how, params, sums[x]), layer->out_format);
}

// Packs one row of a group: lines[i] holds the bytes of channel i.
static void pack_row(const struct depthwise* layer, const struct plan* plan, const uint8_t* lines,
                     uint8_t* out, unsigned pixel_bytes) {
  unsigned bits = layer->out_format.bits, mask = (1u << bits) - 1, parts = 8 / bits;
  for (unsigned i = 0; i < plan->group; i += parts, lines += parts * plan->line_bytes) {
    uint8_t* to = out + i / parts;
    for (unsigned x = 0; x < layer->window.out_x; x++, to += pixel_bytes) {
      unsigned byte = 0;
      for (unsigned part = 0; part < parts; part++)
        byte |= (lines[part * plan->line_bytes + x] & mask) << part * bits;
      *to = (uint8_t)byte;
    }
  }
}

void depthwise(const struct depthwise* layer) {
  const struct window* w = &layer->window;
  struct plan plan = plan_of(layer);
  unsigned bits = layer->out_format.bits, pixel_bytes = w->channels * bits / 8;
  uint8_t* planes = (uint8_t*)layer->scratch + hart_id() * depthwise_scratch_bytes(layer);
  uint8_t* taps = planes + plan.group * plan.plane_bytes;
  uint8_t* lines = taps + plan.group * plan.taps_bytes;
  int32_t* sums = (int32_t*)(lines + plan.group * plan.line_bytes);
  unsigned origin = ((w->pad_left + 3) & ~3u) - w->pad_left;
  // Only the padding on the left stays zero for good: nothing is written there.
  clear((uint32_t*)planes, plan.group * plan.plane_bytes);

  struct range groups = my_share(w->channels / plan.group);
  for (unsigned channel = groups.first * plan.group; channel < groups.end * plan.group;
       channel += plan.group) {
    fetch_taps(layer, &plan, channel, taps);
    // Row y of the padded image lies in slot y mod kernel_y.
    unsigned fetched = 0;
    for (unsigned y = 0; y < w->out_y; y++) {
      unsigned first = y * w->stride_y;
      const uint8_t* rows[DEPTHWISE_MAX_KERNEL];
      if (fetched < first) fetched = first;
      for (; fetched < first + w->kernel_y; fetched++)
        fetch_row(layer, &plan, channel, (int)fetched - (int)w->pad_top,
                  planes + fetched % w->kernel_y * plan.row_bytes);
      for (unsigned i = 0; i < plan.group; i++) {
        for (unsigned ky = 0; ky < w->kernel_y; ky++)
          rows[ky] = planes + i * plan.plane_bytes + (first + ky) % w->kernel_y * plan.row_bytes + origin;
        uint8_t* out = (uint8_t*)layer->out + y * w->out_x * pixel_bytes;
        if (bits == 8)
          compute_row(layer, &plan, channel + i, rows, taps + i * plan.taps_bytes, out + channel + i,
                      pixel_bytes, sums);
        else
          compute_row(layer, &plan, channel + i, rows, taps + i * plan.taps_bytes,
                      lines + i * plan.line_bytes, 1, sums);
      }
      if (bits < 8)
        pack_row(layer, &plan, lines, (uint8_t*)layer->out + y * w->out_x * pixel_bytes + channel * bits / 8,
                 pixel_bytes);
    }
  }
}
