// What the kernels of operators.h cannot do, said before they run.
#include <stddef.h>

#include "depthwise_row.h"
#include "operators.h"

static int narrow(uint32_t bits) { return bits == 8 || bits == 4 || bits == 2; }

static int aligned(const void* p) { return ((uint32_t)p & 3) == 0; }

static const char* check_requantization(const struct requantization* how) {
  if (how->path > PATH_BN64) return "path: 0 shift, 1 ReLU, 2 batch norm in 32 bits, 3 in 64";
  if (how->shift > 31) return "the shift is at most 31";
  if (how->path == PATH_RELU && how->multiplier != (int16_t)how->multiplier)
    return "the multiplier has 16 bits";
  if (!aligned(how->params) || !how->params) return "params must be word aligned, and may not be missing";
  return NULL;
}

static const char* check_window(const struct window* w) {
  if (!w->in_y || !w->in_x || !w->channels || !w->out_y || !w->out_x) return "an image size is 0";
  if (!w->kernel_y || !w->kernel_x || !w->stride_y || !w->stride_x) return "a kernel size or a stride is 0";
  if (w->pad_top >= w->kernel_y || w->pad_bottom >= w->kernel_y || w->pad_left >= w->kernel_x ||
      w->pad_right >= w->kernel_x)
    return "the padding must be smaller than the kernel";
  if ((w->out_y - 1) * w->stride_y + w->kernel_y > w->in_y + w->pad_top + w->pad_bottom)
    return "more output rows than the padded input has";
  if ((w->out_x - 1) * w->stride_x + w->kernel_x > w->in_x + w->pad_left + w->pad_right)
    return "more output columns than the padded input has";
  return NULL;
}

static const char* check_pixels(uint32_t channels, uint32_t bits) {
  return channels * bits % 8 ? "the channels of a pixel must fill whole bytes" : NULL;
}

const char* linear_check(const struct linear* layer) {
  uint32_t out = layer->out_format.bits;
  if (!narrow(layer->in_format.bits) || !narrow(layer->weight_bits) || (!narrow(out) && out != 32))
    return "formats have 8, 4 or 2 bits, outputs also 32";
  if (!aligned(layer->in) || !aligned(layer->weights) || !aligned(layer->out) || !aligned(layer->scratch))
    return "buffers must be word aligned";
  if (!layer->inputs || !layer->outputs) return "there are no inputs or no outputs";
  if (layer->outputs * out % 8) return "the outputs must fill whole bytes";
  if (out == 32 && layer->requantization.path != PATH_SHIFT) return "32-bit outputs are not requantized";
  return check_requantization(&layer->requantization);
}

const char* depthwise_check(const struct depthwise* layer) {
  uint32_t bits[3] = {layer->in_format.bits, layer->weight_bits, layer->out_format.bits}, group = 1;
  for (unsigned i = 0; i < 3; i++) {
    if (!narrow(bits[i])) return "formats have 8, 4 or 2 bits";
    if (8 / bits[i] > group) group = 8 / bits[i];
  }
  if (layer->window.channels % group) return "channels must be a multiple of 8 / the narrowest format";
  if (layer->window.kernel_y > DEPTHWISE_MAX_KERNEL) return "a kernel has at most 16 rows";
  if (!aligned(layer->scratch)) return "scratch must be word aligned";
  if (layer->in_pixel_bytes && layer->in_pixel_bytes < layer->window.channels * layer->in_format.bits / 8)
    return "in_pixel_bytes is smaller than a pixel";
  const char* wrong = check_window(&layer->window);
  return wrong ? wrong : check_requantization(&layer->requantization);
}

const char* add_check(const struct add* layer) {
  if (!narrow(layer->in_format[0].bits) || !narrow(layer->in_format[1].bits) ||
      !narrow(layer->out_format.bits))
    return "formats have 8, 4 or 2 bits";
  if (!aligned(layer->in[0]) || !aligned(layer->in[1]) || !aligned(layer->out))
    return "buffers must be word aligned";
  if (!layer->elements) return "there are no elements";
  if (layer->scale[0].shift > 31 || layer->scale[1].shift > 31 || layer->out_scale.shift > 31)
    return "a shift is at most 31";
  return NULL;
}

const char* pool_check(const struct pool* layer, int maximum) {
  if (!narrow(layer->in_format.bits) || !narrow(layer->out_format.bits)) return "formats have 8, 4 or 2 bits";
  if (maximum && (layer->in_format.bits != layer->out_format.bits ||
                  layer->in_format.is_signed != layer->out_format.is_signed))
    return "the output of max pooling has the format of its input";
  if (layer->shift > 31) return "the shift is at most 31";
  const char* wrong = check_window(&layer->window);
  if (!wrong) wrong = check_pixels(layer->window.channels, layer->in_format.bits);
  return wrong ? wrong : check_pixels(layer->window.channels, layer->out_format.bits);
}
