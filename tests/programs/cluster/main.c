// The cluster alone: prints through the test bench's UART, ends with RETURN and EOC.
#include "../common/pulp.h"

L1_BSS static volatile uint32_t order[HARTS];
L2_DATA static uint32_t lines[4][16];
L1_BSS static uint32_t block[4][4];

void system_init(void) {
  print_to(STDOUT_CLUSTER_ONLY);
  REG(0x00201400) = 0xffffffffu;  // instruction caches, through the cluster's alias
}

// A 4 x 4 block out of a larger matrix: a DMA transfer that is 2D outside.
static int block_transfer(void) {
  for (uint32_t y = 0; y < 4; ++y) {
    for (uint32_t x = 0; x < 16; ++x) lines[y][x] = y * 100 + x;
  }
  REG(EU_DEMUX + EU_MASK_OR) = EVENT_DMA;
  const uint32_t id = REG(CL_DMA);
  REG(CL_DMA) = sizeof block | DMA_TO_TCDM | DMA_INCREMENT | DMA_2D_EXT | DMA_EVENT | DMA_BROADCAST;
  REG(CL_DMA) = (uint32_t)(uintptr_t)block;
  REG(CL_DMA) = (uint32_t)(uintptr_t)&lines[0][5];
  REG(CL_DMA) = sizeof block[0];
  REG(CL_DMA) = sizeof lines[0];
  while (REG(CL_DMA + 4) >> id & 1) ELW(EU_EVENT_WAIT_CLEAR);
  REG(CL_DMA + 4) = 1u << id;
  REG(EU_DEMUX + EU_MASK_AND) = EVENT_DMA;
  int errors = 0;
  for (uint32_t y = 0; y < 4; ++y) {
    for (uint32_t x = 0; x < 4; ++x) errors += block[y][x] != y * 100 + 5 + x;
  }
  return errors;
}

static int program(void) {
  const uint32_t me = core_id();
  order[me] = 100 + me;
  barrier();
  int errors = order[(me + 3) % HARTS] != 100 + (me + 3) % HARTS;
  if (me == 0) errors += block_transfer();
  print("hart %u: %d errors\n", me, errors);
  return errors;
}

void cluster_entry(void) {
  REG(EU_DEMUX + EU_MASK_OR) = EVENT_DISPATCH | EVENT_MUTEX | EVENT_BARRIER;
  barrier_setup((1u << HARTS) - 1);
  barrier();
  const int status = program();
  barrier();
  if (core_id() == 0) {
    REG(CLUSTER_CTRL + 0x100) = 0x80000000u | (uint32_t)status;
    REG(CLUSTER_CTRL) = 1;
  }
  REG(EU_DEMUX + EU_MASK_AND) = 0xffffffffu;
  ELW(EU_EVENT_WAIT_CLEAR);
  for (;;) {
  }
}
