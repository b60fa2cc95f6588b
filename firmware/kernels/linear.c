// Linear layers: four neurons at a time on each hart. Compiled once per core (linear_table.h).
#include "cluster.h"
#include "linear_table.h"
#include "requantize.h"

// Reads element `index` of packed integers.
static inline int32_t element(const uint8_t* data, unsigned index, struct format format) {
  unsigned position = index * format.bits;
  int32_t value = (int32_t)((uint32_t)data[position / 8] << (32 - format.bits - position % 8));
  return format.is_signed ? value >> (32 - format.bits) : (int32_t)((uint32_t)value >> (32 - format.bits));
}

// Writes my share of the vector with `lanes` bits an element. Where the core widens weights in registers, one
// word of them becomes `parts` words: word p takes elements p, p + parts, p + 2 * parts...
static void spread(const struct linear* layer, unsigned lanes, unsigned parts) {
  unsigned per_word = 32 / lanes, group = per_word * parts;
  unsigned step = 32 / layer->weight_bits, inputs = (layer->inputs + step - 1) / step * step;
  struct range groups = my_share(inputs / group);
  uint32_t mask = (1u << lanes) - 1;
  for (unsigned g = groups.first; g < groups.end; g++) {
    for (unsigned part = 0; part < parts; part++) {
      uint32_t word = 0;
      for (unsigned lane = 0; lane < per_word; lane++) {
        unsigned index = g * group + lane * parts + part;
        int32_t value = index < layer->inputs ? element(layer->in, index, layer->in_format) : 0;
        word |= ((uint32_t)value & mask) << (lane * lanes);
      }
      ((uint32_t*)layer->scratch)[g * parts + part] = word;
    }
  }
}

static void finish(const struct linear* layer, unsigned first, unsigned count, int32_t sums[4]) {
  if (layer->out_format.bits == 32) {
    for (unsigned i = 0; i < count; i++) ((int32_t*)layer->out)[first + i] = sums[i];
    return;
  }
  const struct requantization* how = &layer->requantization;
  for (unsigned i = 0; i < count; i++)
    sums[i] = clip(scaled(how, record(how, first + i), sums[i]), layer->out_format);
  store_packed(layer->out, first, sums, count, layer->out_format.bits);
}

// Fewer than four neurons in all: each is computed alone, by a kernel whose four filters are the same.
static void few(const struct linear* layer, linear_kernel* kernel, const void* vector, unsigned steps) {
  int32_t results[4];
  for (unsigned neuron = 0; neuron < layer->outputs; neuron++) {
    int32_t start = *record(&layer->requantization, neuron);
    int32_t sums[4] = {start, start, start, start};
    kernel(vector, (const uint8_t*)layer->weights + 4 * steps * neuron, 0, steps, sums);
    results[neuron] = sums[0];
  }
  finish(layer, 0, layer->outputs, results);
}

unsigned linear_scratch_bytes(const struct linear* layer) {
  unsigned lanes = LANE_BITS(layer->in_format.bits, layer->weight_bits);
  if (lanes == layer->in_format.bits && !(UNPACKS_WEIGHTS && lanes > layer->weight_bits)) return 0;
  unsigned steps = (layer->inputs * layer->weight_bits + 31) / 32;
  return (steps * (lanes / layer->weight_bits) + 2) * 4;
}

void linear(const struct linear* layer) {
  unsigned in = layer->in_format.bits, weights = layer->weight_bits;
  unsigned lanes = LANE_BITS(in, weights);
  unsigned parts = UNPACKS_WEIGHTS ? lanes / weights : 1;
  const void* vector = layer->in;
  if (lanes != in || parts > 1) {
    spread(layer, lanes, parts);
    vector = layer->scratch;
    barrier();
  }
  linear_kernel* kernel = linear_kernels[lanes / 4][weights / 4][layer->in_format.is_signed];
  unsigned steps = (layer->inputs * weights + 31) / 32;
  if (layer->outputs < 4) {
    if (hart_id() == 0) few(layer, kernel, vector, steps);
    return;
  }
  struct range blocks = my_share((layer->outputs + 3) / 4);
  for (unsigned block = blocks.first; block < blocks.end; block++) {
    // The last block reaches back over neurons that another one computes as well.
    unsigned first = 4 * block, count = layer->outputs - first < 4 ? layer->outputs - first : 4;
    unsigned start = first + count - 4;
    int32_t sums[4];
    for (unsigned i = 0; i < 4; i++) sums[i] = *record(&layer->requantization, start + i);
    kernel(vector, (const uint8_t*)layer->weights + 4 * steps * start, 4 * steps, steps, sums);
    finish(layer, first, count, sums + 4 - count);
  }
}
