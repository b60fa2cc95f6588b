// A layer library: runs the job that the host wrote into layers_job, measured from barrier to barrier.
#include "layers.h"

#include "cluster.h"
#include "print.h"

__attribute__((section(".l2_data"))) struct layers_job layers_job = {0};

// Where the host places tensors: from here to the end of TCDM.
extern uint8_t arena_start[];
__attribute__((used)) static uint8_t* const arena = arena_start;

static struct conv layer;
static const char* wrong;
static unsigned partial_checksums[MAX_HARTS];

// A word of a stream that any hart can compute by itself: the finalizer of MurmurHash3 over a counter.
static uint32_t random_word(uint32_t seed, uint32_t index) {
  uint32_t x = seed + 0x9e3779b9u * (index + 1);
  x = (x ^ x >> 16) * 0x85ebca6bu;
  x = (x ^ x >> 13) * 0xc2b2ae35u;
  return x ^ x >> 16;
}

static void fill(const void* tensor, uint32_t bytes, uint32_t seed) {
  struct range words = my_share((bytes + 3) / 4);
  for (uint32_t i = words.first; i < words.end; i++) ((uint32_t*)tensor)[i] = random_word(seed, i);
}

// Uniform tensors; biases around a centre that makes up for the mean of the inputs, kappa 64..191, lambda of
// 16 bits. kernels/conv_workload.py knows the same streams.
static void generate(void) {
  const struct layers_job* job = &layers_job;
  fill(layer.input, job->input_bytes, job->seed);
  fill(layer.weights, job->weight_bytes, job->seed + 1);
  uint32_t record = conv_record_words[layer.path];
  struct range channels = my_share(layer.out_channels);
  for (uint32_t c = channels.first; c < channels.end; c++) {
    uint32_t random = random_word(job->seed + 2, c);
    int32_t bias = job->bias + (int32_t)(random & 0xff) - 128;
    int32_t kappa = 64 + (int32_t)((random >> 8 & 0x7f)), lambda = (int32_t)random >> 16;
    if (layer.path == CONV_BN64_PUBLISHED) {
      int32_t* words = (int32_t*)layer.params;
      words[c] = bias;
      words += layer.out_channels + 2 * c;
      words[0] = kappa, words[1] = 0;
      words += 2 * layer.out_channels;
      words[0] = lambda, words[1] = lambda >> 31;
      continue;
    }
    int32_t* words = (int32_t*)layer.params + c * record;
    words[0] = bias;
    if (record > 1) words[1] = kappa;
    if (record == 3) words[2] = lambda;
    if (record == 5) words[2] = 0, words[3] = lambda, words[4] = lambda >> 31;
  }
}

// One instance of the layer, so that its code lies at one place in both runs.
__attribute__((noinline)) static void run(void) { conv(&layer); }

// The measured region lies between the labels; all harts leave a barrier in the same cycle, and hart 0 reads
// the timer equally long after both.
__attribute__((noinline)) static unsigned measure(void) {
  barrier();
  __asm__ volatile(".globl flexdbg_region_begin\nflexdbg_region_begin:" ::: "memory");
  unsigned start = hart_id() == 0 ? timer() : 0;
  run();
  barrier();
  __asm__ volatile(".globl flexdbg_region_end\nflexdbg_region_end:" ::: "memory");
  return hart_id() == 0 ? timer() - start : 0;
}

static const char* prepare(void) {
  if (layers_job.kind == LAYER_NONE)
    return "no job: write one to layers_job, or run one of the layers by name";
  if (layers_job.kind != LAYER_CONV) return "unknown kind of layer";
  const char* problem = conv_check(&layers_job.conv);
  if (problem) return problem;
  layer = layers_job.conv;
  conv_select(&layer);
  return 0;
}

static int report(unsigned cycles) {
  unsigned sum = 0;
  for (unsigned i = 0; i < hart_count(); i++) sum += partial_checksums[i];
  unsigned expected = layers_job.seed ? layers_job.expected : sum;
  flexdbg_result = (struct flexdbg_result){
      .magic = RESULT_MAGIC,
      .harts = hart_count(),
      .cycles = cycles,
      .macs = layers_job.macs,
      .checksum = sum,
      .expected = expected,
      .output = (uint32_t)layer.output,
      .output_bytes = layers_job.output_bytes,
  };
  if (!layers_job.seed) return 0;
  const struct conv* l = &layer;
  unsigned rate = layers_job.macs / (cycles / 100);
  print("%u-bit inputs, %u-bit weights, %u-bit outputs: %ux%ux%u by %u filters of %ux%u on %u harts\n",
        l->in_bits, l->weight_bits, l->out_bits, l->in_height, l->in_width, l->in_channels, l->out_channels,
        l->kernel_height, l->kernel_width, hart_count());
  print("%u MAC in %u cycles: %u.%02u MAC/cycle\n", layers_job.macs, cycles, rate / 100, rate % 100);
  print("checksum %08x: %s\n", sum, sum == expected ? "correct" : "WRONG");
  return sum != expected;
}

int main(void) {
  if (hart_id() == 0) wrong = prepare();
  barrier();
  if (wrong) {
    if (hart_id() == 0) print("layers: %s\n", wrong);
    return STATUS_REFUSED;
  }
  if (layers_job.seed) generate();
  barrier();
  if (layers_job.warm_up) run();
  unsigned cycles = measure();
  struct range words = my_share(layers_job.output_bytes / 4);
  partial_checksums[hart_id()] = checksum((const uint32_t*)layer.output, words.first, words.end);
  barrier();
  return hart_id() == 0 ? report(cycles) : 0;
}
