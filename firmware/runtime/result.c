// Result block and output checksum.
#include "cluster.h"

__attribute__((section(".l2_data"))) struct flexdbg_result flexdbg_result = {0};

unsigned checksum(const uint32_t* words, unsigned first, unsigned end) {
  unsigned sum = 0;
  for (unsigned i = first; i < end; i++) sum += words[i] * (2 * i + 1);
  return sum;
}
