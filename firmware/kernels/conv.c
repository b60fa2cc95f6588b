// Convolution: im2col for a group of pixels, then the MatMul kernel over all channels.
#include "conv.h"

#include "cluster.h"
#include "conv_rows.h"

// Bytes that rows and outputs may spill behind their end: a prefetched word, a widened one.
enum { SLACK = 16, CHANNELS = 4 };

static unsigned bits_index(unsigned bits) { return bits == 8 ? 0 : bits == 4 ? 1 : 2; }

static int is_width(unsigned bits) { return bits == 8 || bits == 4 || bits == 2; }

static unsigned words(unsigned bytes) { return (bytes + 3) & ~3u; }

static unsigned elements(const struct conv* layer) {
  return layer->kernel_height * layer->kernel_width * layer->in_channels;
}

static unsigned pixels_of(const struct conv* layer) {
  if (layer->unroll) return layer->unroll;
  return conv_kernels[0][0][0][0] ? 4 : 2;
}

// A row ends at a whole weight word, so that the inner loop has no tail.
static unsigned row_bytes(const struct conv* layer) {
  unsigned steps = words(elements(layer) * layer->weight_bits / 8) / 4;
  return 4 * steps * (conv_row_bits(layer) / layer->weight_bits);
}

static unsigned out_pixel_bytes(const struct conv* layer) {
  return layer->out_channels * layer->out_bits / 8;
}

static unsigned out_length(unsigned in, unsigned padding, unsigned kernel, unsigned stride) {
  return in + padding < kernel ? 0 : (in + padding - kernel) / stride + 1;
}

static const char* check_geometry(const struct conv* l) {
  if (!l->in_height || !l->in_width || !l->in_channels) return "the input has no elements";
  if (!l->out_channels) return "there are no output channels";
  if (!l->kernel_height || !l->kernel_width) return "the kernel has no taps";
  if (!l->stride_y || !l->stride_x) return "a stride is 0";
  if (l->pad_top >= l->kernel_height || l->pad_bottom >= l->kernel_height || l->pad_left >= l->kernel_width ||
      l->pad_right >= l->kernel_width)
    return "padding must be smaller than the kernel";
  if (!l->out_height || !l->out_width ||
      l->out_height != out_length(l->in_height, l->pad_top + l->pad_bottom, l->kernel_height, l->stride_y) ||
      l->out_width != out_length(l->in_width, l->pad_left + l->pad_right, l->kernel_width, l->stride_x))
    return "output size does not follow from input, padding, kernel and stride";
  return 0;
}

static const char* check_formats(const struct conv* l) {
  if (!is_width(l->in_bits) || !is_width(l->weight_bits) || !is_width(l->out_bits))
    return "widths must be 8, 4 or 2 bits";
  if (l->in_signed > 1 || l->out_signed > 1) return "in_signed and out_signed must be 0 or 1";
  if (l->in_channels * l->in_bits % 8) return "input channels must fill whole bytes";
  if (l->in_channels * l->weight_bits % 8) return "input channels must fill whole bytes of weights";
  if (l->out_channels * l->out_bits % 8) return "output channels must fill whole bytes";
  return 0;
}

static const char* check_requantization(const struct conv* l) {
  if (l->path >= CONV_PATHS) return "unknown requantization path";
  if (l->shift > 31) return "shift must be 0..31";
  if (l->path == CONV_RELU && l->multiplier != (int16_t)l->multiplier) return "multiplier must fit 16 bits";
  return 0;
}

static conv_matmul_kernel* published_kernel(const struct conv* l) {
  return conv_published[bits_index(conv_row_bits(l))][bits_index(l->weight_bits)];
}

static const char* check_published(const struct conv* l) {
  if (l->path != CONV_BN64_PUBLISHED) return 0;
  if (!published_kernel(l)) return "this core has no published kernel for these widths";
  if (l->in_signed || l->out_signed || l->out_bits != 8 || l->out_channels % CHANNELS ||
      elements(l) * l->weight_bits % 32)
    return "published kernels take unsigned inputs and filters of whole words, and make unsigned bytes of "
           "four "
           "channels at a time";
  return 0;
}

const char* conv_check(const struct conv* l) {
  const char* wrong = check_formats(l);
  if (!wrong) wrong = check_geometry(l);
  if (!wrong) wrong = check_requantization(l);
  if (!wrong) wrong = check_published(l);
  if (wrong) return wrong;
  if (l->unroll != 0 && l->unroll != 4 && l->unroll != 2) return "unroll must be 4 or 2 pixels, or 0";
  if (!conv_kernels[pixels_of(l) == 2][0][0][0]) return "this core has no kernel with that unrolling";
  if (((uintptr_t)l->input | (uintptr_t)l->weights | (uintptr_t)l->params | (uintptr_t)l->scratch) & 3)
    return "input, weights, params and scratch must be word aligned";
  if (l->out_stride && l->out_stride < out_pixel_bytes(l)) return "out_stride is smaller than a pixel";
  return 0;
}

void conv_select(struct conv* layer) {
  unsigned unroll = pixels_of(layer) == 2;
  if (layer->path == CONV_BN64_PUBLISHED) {
    layer->matmul = published_kernel(layer);
    return;
  }
  unsigned activations = bits_index(conv_row_bits(layer));
  layer->matmul = conv_kernels[unroll][activations][bits_index(layer->weight_bits)][layer->in_signed];
  layer->requantize = conv_epilogues[unroll][bits_index(layer->out_bits)][layer->out_signed][layer->path];
}

// Outputs of a group that is incomplete, or of fewer channels than a block has, go here first.
static unsigned staging_pixel_bytes(const struct conv* layer, unsigned channels) {
  return (channels > CHANNELS ? channels : CHANNELS) * layer->out_bits / 8;
}

unsigned conv_scratch_bytes(const struct conv* layer) {
  unsigned pixels = pixels_of(layer);
  return words(pixels * row_bytes(layer)) + SLACK +
         words(pixels * staging_pixel_bytes(layer, layer->out_channels)) + SLACK;
}

// Rows of an unpadded 1x1 convolution are the pixels themselves, if they are whole weight words.
static int rows_in_place(const struct conv* l, unsigned row) {
  return l->kernel_height == 1 && l->kernel_width == 1 && l->stride_y == 1 && l->stride_x == 1 &&
         conv_row_bits(l) == l->in_bits && row == l->in_channels * l->in_bits / 8 && row % 4 == 0;
}

static void copy_bytes(uint8_t* to, const uint8_t* from, unsigned bytes) {
  while (bytes--) *to++ = *from++;
}

// The channels behind the last whole block, by a block that ends at the last channel: it repeats some.
static __attribute__((noinline)) void leftover_channels(const struct conv* layer,
                                                        const struct conv_matmul* whole, unsigned channels,
                                                        const void* rows, uint8_t* out) {
  struct conv_matmul block = *whole;
  unsigned first = channels < CHANNELS ? 0 : channels - CHANNELS;
  block.weights = (const uint8_t*)whole->weights + first * whole->filter_bytes;
  block.params = (const uint8_t*)whole->params + first * whole->record_bytes;
  block.blocks = 1;
  layer->matmul(&block, rows, out + first * layer->out_bits / 8);
}

// Some channels of some groups of pixels.
static void compute(const struct conv* layer, struct range groups, struct range chosen, uint8_t* buffer) {
  unsigned pixels = pixels_of(layer), row = row_bytes(layer);
  unsigned count = layer->out_height * layer->out_width, channels = chosen.end - chosen.first;
  unsigned out_bytes = channels * layer->out_bits / 8;
  unsigned out_stride = layer->out_stride ? layer->out_stride : out_pixel_bytes(layer);
  unsigned filter_bytes = elements(layer) * layer->weight_bits / 8;
  unsigned record_bytes = 4u * conv_record_words[layer->path];
  struct conv_matmul matmul = {
      .weights = (const uint8_t*)layer->weights + chosen.first * filter_bytes,
      .params = (const uint8_t*)layer->params + chosen.first * record_bytes,
      .row_bytes = row,
      .filter_bytes = filter_bytes,
      .steps = words(filter_bytes) / 4,
      .blocks = channels / CHANNELS,
      .shift = layer->shift,
      .record_bytes = record_bytes,
      .requantize = layer->requantize,
      .multiplier = layer->multiplier,
  };
  struct conv_rows rows;
  conv_rows_begin(&rows, layer, row);
  int in_place = rows_in_place(layer, row);
  uint8_t* staging = buffer + words(pixels * row) + SLACK;
  uint8_t* output = (uint8_t*)layer->output + chosen.first * layer->out_bits / 8;

  unsigned pixel = groups.first * pixels;
  unsigned y = pixel / layer->out_width, x = pixel % layer->out_width;
  for (unsigned group = groups.first; group < groups.end; group++, pixel += pixels) {
    unsigned present = count - pixel < pixels ? count - pixel : pixels;
    const uint8_t* activations = buffer;
    if (in_place && present == pixels) {
      activations = (const uint8_t*)layer->input + pixel * row;
    } else {
      if (in_place) y = pixel / layer->out_width, x = pixel % layer->out_width;
      for (unsigned i = 0; i < present; i++) {
        conv_row(&rows, y, x, buffer + i * row);
        if (++x == layer->out_width) x = 0, y++;
      }
    }
    uint8_t* target = output + pixel * out_stride;
    int staged = present < pixels || channels < CHANNELS;
    matmul.out_stride = staged ? staging_pixel_bytes(layer, channels) : out_stride;
    uint8_t* out = staged ? staging : target;
    if (matmul.blocks) layer->matmul(&matmul, activations, out);
    if (channels % CHANNELS) leftover_channels(layer, &matmul, channels, activations, out);
    if (staged)
      for (unsigned i = 0; i < present; i++)
        copy_bytes(target + i * out_stride, staging + i * matmul.out_stride, out_bytes);
  }
}

// The channels of some blocks of four. Fewer than four end where the whole layer does, and repeat others.
static struct range channels_of(const struct conv* layer, unsigned first_block, unsigned end_block) {
  unsigned first = first_block * CHANNELS, end = end_block * CHANNELS;
  if (end > layer->out_channels) end = layer->out_channels;
  if (end - first < CHANNELS && end >= CHANNELS) first = end - CHANNELS;
  return (struct range){first, end};
}

void conv(const struct conv* layer) {
  unsigned pixels = pixels_of(layer), groups = (layer->out_height * layer->out_width + pixels - 1) / pixels;
  uint8_t* buffer = (uint8_t*)layer->scratch + hart_id() * conv_scratch_bytes(layer);
  // Whole groups, so that each is brought into rows once; of an image with fewer groups than harts, blocks.
  if (groups >= hart_count() || layer->path == CONV_BN64_PUBLISHED) {
    compute(layer, my_share(groups), (struct range){0, layer->out_channels}, buffer);
    return;
  }
  unsigned blocks = (layer->out_channels + CHANNELS - 1) / CHANNELS;
  struct range mine = my_share(groups * blocks);
  while (mine.first < mine.end) {
    unsigned group = mine.first / blocks, first = mine.first - group * blocks;
    unsigned end = first + mine.end - mine.first;
    if (end > blocks) end = blocks;
    compute(layer, (struct range){group, group + 1}, channels_of(layer, first, end), buffer);
    mine.first += end - first;
  }
}
