// @NAME@: the same four dot products in C, with inline assembly, and with Mac&Load (kernel.S).
#include "kernel.h"

#include "cluster.h"
#include "print.h"
#include "xpulp.h"

enum { FILTERS = 4, MACS = LENGTH * FILTERS };

// One hart's operands, in the cluster's memory. The slack is for the word that Mac&Load fetches past the end.
struct operands {
  uint8_t row[LENGTH + 4];
  uint8_t filters[FILTERS][FILTER_BYTES];  // two weights a byte, the first in the low half
  uint8_t slack[4];
};

TCDM_NOINIT static struct operands operands[MAX_HARTS];
static int wrong;

static void fill(struct operands* o) {
  uint32_t random = 1 + hart_id();
  for (unsigned i = 0; i < LENGTH; i++) o->row[i] = (random = random * 1664525 + 1013904223) >> 24;
  for (unsigned f = 0; f < FILTERS; f++)
    for (unsigned i = 0; i < FILTER_BYTES; i++)
      o->filters[f][i] = (random = random * 1664525 + 1013904223) >> 24;
}

static int weight(const uint8_t* filter, unsigned i) {
  int nibble = filter[i / 2] >> 4 * (i % 2) & 15;
  return nibble < 8 ? nibble : nibble - 16;
}

static void dot_c(const uint8_t* row, const uint8_t* filters, int32_t* sums) {
  for (unsigned f = 0; f < FILTERS; f++) {
    sums[f] = 0;
    for (unsigned i = 0; i < LENGTH; i++) sums[f] += row[i] * weight(filters + f * FILTER_BYTES, i);
  }
}

// The compiler allocates the registers; the assembler filter knows the mnemonics.
#define DOT(sum, values, weights) \
  __asm__ volatile("pv.sdotusp.v %0, %1, %2" : "+r"(sum) : "r"(values), "r"(weights))

static void dot_inline(const uint8_t* row, const uint8_t* filters, int32_t* sums) {
  const uint8_t *w0 = filters, *w1 = w0 + FILTER_BYTES, *w2 = w1 + FILTER_BYTES, *w3 = w2 + FILTER_BYTES;
  int32_t sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
  xpulp_csr_write(sb_legacy, 0);
  xpulp_csr_write(simd_fmt, 8);  // 8-bit activations, 4-bit weights
  xpulp_csr_write(mix_skip, FILTERS);
  xpulp_csr_write(mix_cycle, 0);
  for (const uint8_t* end = w1; w0 != end;) {
    // All loads first: a dot product of a mixed format must not wait for its operands.
    int32_t f0 = xpulp_load_next(w0), f1 = xpulp_load_next(w1);
    int32_t f2 = xpulp_load_next(w2), f3 = xpulp_load_next(w3);
    int32_t low = xpulp_load_next(row), high = xpulp_load_next(row);
    DOT(sum0, low, f0);
    DOT(sum1, low, f1);
    DOT(sum2, low, f2);
    DOT(sum3, low, f3);
    DOT(sum0, high, f0);
    DOT(sum1, high, f1);
    DOT(sum2, high, f2);
    DOT(sum3, high, f3);
  }
  xpulp_csr_write(sb_legacy, 1);
  sums[0] = sum0, sums[1] = sum1, sums[2] = sum2, sums[3] = sum3;
}

static void measure(const char* name, void (*dot)(const uint8_t*, const uint8_t*, int32_t*)) {
  const struct operands* mine = &operands[hart_id()];
  int32_t sums[FILTERS], expected[FILTERS];
  dot(mine->row, mine->filters[0], sums);  // fills the instruction caches
  barrier();
  unsigned start = timer();
  dot(mine->row, mine->filters[0], sums);
  barrier();
  unsigned cycles = timer() - start;
  dot_c(mine->row, mine->filters[0], expected);
  for (unsigned f = 0; f < FILTERS; f++)
    if (sums[f] != expected[f]) wrong = 1;
  barrier();
  if (hart_id() == 0) {
    unsigned rate = 100 * MACS * hart_count() / cycles;
    print("%s %6u cycles, %2u.%02u MAC/cycle on %u harts%s\n", name, cycles, rate / 100, rate % 100,
          hart_count(), wrong ? ", WRONG" : "");
  }
  barrier();
}

// Every hart runs main.
int main(void) {
  fill(&operands[hart_id()]);
  measure("C:              ", dot_c);
  measure("inline assembly:", dot_inline);
  measure("Mac&Load:       ", dot_macload);
  return wrong;
}
