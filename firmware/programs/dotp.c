// Four dot products that share their activations, in three ways: one multiply-accumulate at a time,
// four bytes at a time, and with Mac&Load, where the dot product also fetches its next operand.
// All harts run, each on its own copy of the data, so the cycles include their bank conflicts.
#include "dotp.h"

#include "cluster.h"
#include "print.h"

enum { VALUES = DOTP_LENGTH, FILTERS = 4, MACS = VALUES * FILTERS };

// One extra word: Mac&Load fetches a word past the end of each array.
struct operands {
  uint8_t activations[VALUES + 4];
  int8_t filters[FILTERS][VALUES];
  uint8_t slack[4];
};

TCDM_NOINIT static struct operands operands[MAX_HARTS];
static int failed;

static void fill(struct operands* o) {
  uint32_t random = 1 + hart_id();
  for (unsigned i = 0; i < VALUES; i++) {
    o->activations[i] = (uint8_t)(random >> 24);
    for (unsigned f = 0; f < FILTERS; f++) {
      random = random * 1664525 + 1013904223;
      o->filters[f][i] = (int8_t)(random >> 24);
    }
  }
}

static void run(const char* name, dotp_loop* loop, const struct operands* o, const int32_t* expected) {
  int32_t sums[FILTERS];
  loop(o->activations, o->filters[0], sums);  // fills the instruction caches
  barrier();
  unsigned start = hart_id() == 0 ? timer() : 0;
  loop(o->activations, o->filters[0], sums);
  barrier();
  unsigned cycles = hart_id() == 0 ? timer() - start : 0;
  for (unsigned f = 0; f < FILTERS; f++)
    if (sums[f] != expected[f]) failed = 1;
  barrier();
  if (hart_id() == 0) {
    unsigned rate = 100 * MACS * hart_count() / cycles;
    print("%s %5u cycles, %2u.%02u MAC/cycle on %u harts%s\n", name, cycles, rate / 100, rate % 100,
          hart_count(), failed ? ", WRONG" : "");
  }
}

int main(void) {
  struct operands* mine = &operands[hart_id()];
  fill(mine);
  int32_t expected[FILTERS] = {0};
  for (unsigned i = 0; i < VALUES; i++)
    for (unsigned f = 0; f < FILTERS; f++) expected[f] += mine->activations[i] * mine->filters[f][i];
  run("scalar:  ", dotp_scalar, mine, expected);
  run("SIMD:    ", dotp_simd, mine, expected);
  run("Mac&Load:", dotp_macload, mine, expected);
  return failed;
}
