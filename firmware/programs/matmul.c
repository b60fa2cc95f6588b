// Benchmark T3: the MatMul of a convolution layer (16x16x32 input, 64 filters of 3x3x32, that is
// 256 pixels x 64 channels x K = 288) on all harts, operands in TCDM, measured from barrier to
// barrier. Compiled once per core and precision pair with A_BITS, W_BITS, PIXELS_PER_CALL, ROW_PADDING,
// STAGGER and KERNEL.
#include "matmul.h"

#include "cluster.h"
#include "im2col.h"
#include "print.h"

enum {
  HEIGHT = 16,
  WIDTH = 16,
  INPUT_CHANNELS = 32,
  PIXELS = HEIGHT * WIDTH,
  CHANNELS = 64,
  K = 9 * INPUT_CHANNELS,
  ROW_BYTES = K * A_BITS / 8 + ROW_PADDING,
  FILTER_BYTES = K * W_BITS / 8,
};

extern matmul_kernel KERNEL;

// Generated from the layer's seed, see kernels/workload.py.
extern const uint32_t workload_input[], workload_weights[];
extern const uint32_t workload_shift, workload_checksum;

// All rows in natural order, by default without padding between them. Each hart multiplies its own 32 pixels,
// which are distinct, so this is a complete layer and not one buffer multiplied many times.
TCDM_NOINIT uint8_t rows[PIXELS][ROW_BYTES];
TCDM_NOINIT uint8_t output[PIXELS][CHANNELS];

struct matmul layer = {
    .weights = workload_weights,
    .bias = 0,
    .row_bytes = ROW_BYTES,
    .filter_bytes = FILTER_BYTES,
    .steps = FILTER_BYTES / 4,
    .blocks = CHANNELS / 4,
    .out_stride = CHANNELS,
    .k = K,
};

static unsigned partial_checksums[MAX_HARTS];

static void multiply(struct range calls) {
  for (unsigned i = calls.first; i < calls.end; i++)
    KERNEL(&layer, rows[PIXELS_PER_CALL * i], output[PIXELS_PER_CALL * i]);
}

// Each hart starts STAGGER cycles after the one before it.
static void stagger(void) {
  unsigned pairs = hart_id() * STAGGER / 2;
  if (STAGGER && pairs) __asm__ volatile("lp.setup x0, %0, 1f\n nop\n1:\n nop" : : "r"(pairs));
}

// The measured region lies between the labels flexdbg_region_begin and flexdbg_region_end. Every
// hart times it and hart 0's figure is used: all leave a barrier in the same cycle and hart 0
// reads the timer equally long after both, so the difference is exact.
__attribute__((noinline)) static unsigned measure(struct range calls) {
  barrier();
  __asm__ volatile(".globl flexdbg_region_begin\nflexdbg_region_begin:" ::: "memory");
  unsigned start = hart_id() == 0 ? timer() : 0;
  stagger();
  multiply(calls);
  barrier();
  __asm__ volatile(".globl flexdbg_region_end\nflexdbg_region_end:" ::: "memory");
  return hart_id() == 0 ? timer() - start : 0;
}

static int report(unsigned cycles) {
  unsigned sum = 0;
  for (unsigned i = 0; i < hart_count(); i++) sum += partial_checksums[i];
  unsigned macs = PIXELS * CHANNELS * K;
  flexdbg_result = (struct flexdbg_result){
      .magic = RESULT_MAGIC,
      .harts = hart_count(),
      .cycles = cycles,
      .macs = macs,
      .checksum = sum,
      .expected = workload_checksum,
      .output = (uint32_t)output,
      .output_bytes = sizeof output,
  };
  unsigned rate = macs / (cycles / 100);
  print("a%uw%u MatMul, %u pixels x %u channels x K=%u on %u harts\n", A_BITS, W_BITS, PIXELS, CHANNELS, K,
        hart_count());
  print("%u MAC in %u cycles: %u.%02u MAC/cycle\n", macs, cycles, rate / 100, rate % 100);
  int wrong = sum != workload_checksum;
  print("checksum %08x: %s\n", sum, wrong ? "WRONG" : "correct");
  return wrong;
}

int main(void) {
  struct range pixels = my_share(PIXELS);
  struct image image = {workload_input, HEIGHT, WIDTH, INPUT_CHANNELS * A_BITS / 32};
  for (unsigned i = pixels.first; i < pixels.end; i++) im2col_3x3(&image, i, (uint32_t*)rows[i]);
  if (hart_id() == 0) layer.shift = workload_shift;
  barrier();

  // One call per hart ahead of the measurement fills the instruction caches.
  // Whole groups of four pixels for every core, so that the harts share the work alike on all.
  struct range groups = my_share(PIXELS / 4);
  struct range calls = {groups.first * 4 / PIXELS_PER_CALL, groups.end * 4 / PIXELS_PER_CALL};
  struct range first = {calls.first, calls.first < calls.end ? calls.first + 1 : calls.end};
  multiply(first);

  unsigned cycles = measure(calls);

  struct range words = my_share(sizeof output / 4);
  partial_checksums[hart_id()] = checksum((const uint32_t*)output, words.first, words.end);
  barrier();
  return hart_id() == 0 ? report(cycles) : 0;
}
