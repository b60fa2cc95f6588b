// Additions with requantization: prepares the generated loop of the three widths.
#include "add_loop.h"
#include "cluster.h"
#include "requantize.h"

// Weak: a network links only those that it uses.
#define OUT(first, second, signs) \
  add_##first##_##second##_2_##signs, add_##first##_##second##_4_##signs, add_##first##_##second##_8_##signs
#define SECOND(first, signs) OUT(first, 2, signs), OUT(first, 4, signs), OUT(first, 8, signs)
__attribute__((weak)) add_kernel SECOND(2, u), SECOND(4, u), SECOND(8, u);
__attribute__((weak)) add_kernel SECOND(2, any), SECOND(4, any), SECOND(8, any);

// By whether anything is signed, and bits / 4 of first, second and output.
static add_kernel* const kernels[2][27] = {
    {SECOND(2, u), SECOND(4, u), SECOND(8, u)},
    {SECOND(2, any), SECOND(4, any), SECOND(8, any)},
};

static const struct format U8 = {8, 0}, I8 = {8, 1};

// A signed element x is read as the unsigned x + half, so that its offset has to give half * multiplier back.
static struct add_operand operand(struct scale scale, struct format format) {
  uint32_t half = format.is_signed ? 1u << (format.bits - 1) : 0;
  uint32_t ones = format.bits == 8 ? 0x01010101 : format.bits == 4 ? 0x1111 : 0x55;
  struct format wide = format.is_signed ? I8 : U8;
  return (struct add_operand){
      .multiplier = scale.multiplier,
      .offset = (int32_t)((uint32_t)scale.offset - half * (uint32_t)scale.multiplier),
      .shift = scale.shift,
      .flip = half * ones,
      .low = lowest(wide),
      .high = highest(wide),
  };
}

void add(const struct add* layer) {
  // The last group may hold fewer than four elements.
  struct range groups = my_share((layer->elements + 3) / 4);
  if (groups.first == groups.end) return;
  struct scale out = layer->requantize ? layer->out_scale : (struct scale){1, 0, 0};
  unsigned first = layer->in_format[0].bits, second = layer->in_format[1].bits, bits = layer->out_format.bits;
  struct add_loop loop = {
      .first = (const uint8_t*)layer->in[0] + groups.first * first / 2,
      .second = (const uint8_t*)layer->in[1] + groups.first * second / 2,
      .out = (uint8_t*)layer->out + groups.first * bits / 2,
      .groups = groups.end - groups.first,
      .operands = {operand(layer->scale[0], layer->in_format[0]),
                   operand(layer->scale[1], layer->in_format[1])},
      .out_multiplier = out.multiplier,
      .out_offset = out.offset,
      .out_shift = out.shift,
      .out_low = lowest(layer->out_format),
      .out_high = highest(layer->out_format),
  };
  unsigned signs =
      layer->in_format[0].is_signed | layer->in_format[1].is_signed | layer->out_format.is_signed;
  kernels[signs][9 * (first / 4) + 3 * (second / 4) + bits / 4](&loop);
}
