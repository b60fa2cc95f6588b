// What a barrier does: harts work for different times, then wait for the slowest one. The event
// unit wakes all of them in the same cycle, six cycles after the last arrival.
#include "cluster.h"
#include "print.h"

enum { ROUNDS = 3, LOOPS_PER_STEP = 50 };

static unsigned arrived[MAX_HARTS], left[MAX_HARTS];

static void work(unsigned loops) {
  for (unsigned i = 0; i < loops; i++) __asm__ volatile("");
}

int main(void) {
  unsigned me = hart_id(), harts = hart_count();
  for (unsigned round = 0; round < ROUNDS; round++) {
    work(LOOPS_PER_STEP * ((me + round) % harts));  // another hart is the slowest each time
    arrived[me] = timer();
    barrier();
    left[me] = timer();
    barrier();
    if (me == 0) {
      print("round %u\n", round);
      unsigned first = arrived[0];
      for (unsigned i = 1; i < harts; i++)
        if (arrived[i] < first) first = arrived[i];
      for (unsigned i = 0; i < harts; i++)
        print("  hart %2u: arrived at %5u, left at %5u\n", i, arrived[i] - first, left[i] - first);
    }
    barrier();
  }
  return 0;
}
