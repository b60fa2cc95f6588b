// SPMD: main starts on the FC, forwards itself to the cluster and runs there on all harts.
#include "system.h"

#define WORDS 512u

L2_DATA static uint32_t source[WORDS];
L1_BSS static uint32_t copy[WORDS];
L1_BSS static uint32_t partial[HARTS];
L1_DATA static uint32_t initialised[2] = {0x12345678, 0x9abcdef0};
L1_BSS static volatile uint32_t counter;

static uint32_t dma_to_tcdm(void* tcdm, const void* ext, uint32_t size) {
  const uint32_t id = REG(CL_DMA);
  REG(CL_DMA) = size | DMA_TO_TCDM | DMA_INCREMENT | DMA_EVENT | DMA_BROADCAST;
  REG(CL_DMA) = (uint32_t)(uintptr_t)tcdm;
  REG(CL_DMA) = (uint32_t)(uintptr_t)ext;
  while (REG(CL_DMA + 4) >> id & 1) {
  }
  REG(CL_DMA + 4) = 1u << id;
  return id;
}

int main(void) {
  if (cluster_id() == FC_CLUSTER) {
    print("fc: %d constructor, %u Hz\n", constructors(), fll_frequency(0));
    REG(FC_TIMER + 0x24) = 1;
    REG(FC_TIMER + 0x1c) = 1;
    const int errors = run_on_cluster(main);
    REG(FC_TIMER + 0x04) = 0;
    print("fc: cluster returned %d, timer %s\n", errors, REG(FC_TIMER + 0x0c) > 100 ? "runs" : "stands");
    return errors;
  }

  const uint32_t me = core_id();
  if (me == 0) {
    for (uint32_t i = 0; i < WORDS; ++i) source[i] = i * i;
    dma_to_tcdm(copy, source, sizeof copy);
    REG(CL_TIMER + 0x20) = 1;
    REG(CL_TIMER + 0x18) = 1;
  }
  barrier();
  uint32_t sum = 0;
  for (uint32_t i = me; i < WORDS; i += HARTS) sum += copy[i];
  partial[me] = sum;
  // A critical section: the mutex read sleeps until this hart owns it.
  ELW(EU_MUTEX);
  counter += 1;
  REG(EU_DEMUX + EU_MUTEX) = me;
  barrier();

  int errors = 0;
  if (me == 0) {
    uint32_t total = 0;
    for (uint32_t i = 0; i < HARTS; ++i) total += partial[i];
    errors += total != 44608256u;
    errors += counter != HARTS;
    errors += initialised[0] + initialised[1] != 0xacf13568u;
    errors += REG(CL_TIMER + 0x08) == 0;
    print("total %u, counter %u\n", total, counter);
  }
  barrier();
  print("hart %u of %u: partial sum %u\n", me, HARTS, sum);
  return errors;
}
