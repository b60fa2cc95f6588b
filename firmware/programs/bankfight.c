// Bank conflicts on purpose. TCDM has word-interleaved banks that serve one access per cycle:
// harts that load from the same bank queue up, harts with a bank each do not notice one another.
#include "cluster.h"
#include "print.h"

enum { ROUNDS = 256, LOADS_PER_ROUND = 4 };

// 4 loads per round from one address; see hammer.S.
void hammer(const volatile uint32_t* address, unsigned rounds);

TCDM_NOINIT static uint32_t words[MAX_HARTS];

static unsigned timed(const volatile uint32_t* address) {
  barrier();
  unsigned start = hart_id() == 0 ? timer() : 0;
  hammer(address, ROUNDS);
  barrier();
  return hart_id() == 0 ? timer() - start : 0;
}

static void report(const char* what, unsigned cycles) {
  unsigned hundredths = 100 * cycles / (ROUNDS * LOADS_PER_ROUND);
  print("%s %6u cycles, %u.%02u per load\n", what, cycles, hundredths / 100, hundredths % 100);
}

int main(void) {
  timed(&words[0]);  // fills the instruction caches
  unsigned same = timed(&words[0]);
  unsigned own = timed(&words[hart_id()]);
  if (hart_id() == 0) {
    print("%u harts, %u loads each\n", hart_count(), ROUNDS * LOADS_PER_ROUND);
    report("all in one bank:", same);
    report("a bank each:    ", own);
  }
  return 0;
}
