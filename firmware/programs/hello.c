// Every hart prints one line. A barrier after each line keeps them in hart order.
#include "cluster.h"
#include "print.h"

int main(void) {
  for (unsigned turn = 0; turn < hart_count(); turn++) {
    if (turn == hart_id()) print("hello from hart %u of %u\n", hart_id(), hart_count());
    barrier();
  }
  return 0;
}
