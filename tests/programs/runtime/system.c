// The part of the run-time system between reset and main, and the way to the cluster and back.
#include "system.h"

extern uint32_t vector_base[];
extern void _start(void);
extern void (*constructors_start[])(void);
extern void (*constructors_end[])(void);
extern uint8_t l1_heap[];

static int constructors_run;
static uint32_t frequency[3];

// In L2, so that the FC can poll and the cluster can write.
static volatile int cluster_running;
static volatile int cluster_result;
static int (*volatile cluster_main)(void);

L1_DATA char* cluster_stacks = 0;

__attribute__((constructor)) static void count_constructor(void) { ++constructors_run; }

int constructors(void) { return constructors_run; }
uint32_t fll_frequency(int fll) { return frequency[fll]; }

static void fll_init(int fll) {
  const uint32_t base = FLL + 0x10 * (uint32_t)fll;
  uint32_t conf = REG(base + 4);
  if ((conf >> 31 & 1) == 0) {  // open loop: prime the oscillator, then lock
    REG(base + 8) = 0x50u << 16 | 6;
    REG(base + 12) = 332u << 16;
    conf |= 3u << 30;
    REG(base + 4) = conf;
  }
  frequency[fll] = 32768u * (conf & 0xffff) >> ((conf >> 26 & 15) - 1);
}

static void fll_set_multiplier(int fll, uint32_t multiplier) {
  const uint32_t base = FLL + 0x10 * (uint32_t)fll;
  REG(base + 4) = (REG(base + 4) & 0xffff0000u) | multiplier;
  while (REG(base) != multiplier) {
    REG(ITC + 4) = 1u << 14;  // sleep to the next reference clock edge
    __asm__ volatile("wfi");
    REG(ITC + 8) = 1u << 14;
  }
  frequency[fll] = 32768u * multiplier;
}

void system_init(void) {
  for (int i = 0; i < 2; ++i) fll_init(i);
  fll_set_multiplier(0, 3000);
  REG(ITC + 8) = 0xffffffffu;  // no interrupt enabled
  __asm__ volatile("csrw mtvec, %0" ::"r"(vector_base));
  for (void (**c)(void) = constructors_start; c < constructors_end; ++c) (*c)();
}

void exit(int status) {
  REG(SOC_CTRL + 0xa0) = 0x80000000u | (uint32_t)status;
  for (;;) __asm__ volatile("wfi");
}

int run_on_cluster(int (*function)(void)) {
  cluster_main = function;
  fll_init(2);
  REG(ICACHE_CTRL) = 0xffffffffu;
  cluster_stacks = (char*)l1_heap;
  cluster_running = 1;
  for (uint32_t i = 0; i < HARTS; ++i) REG(CLUSTER_CTRL + 0x40 + 4 * i) = (uint32_t)(uintptr_t)_start;
  REG(CLUSTER_CTRL + 0x08) = (1u << HARTS) - 1;
  while (cluster_running) {
  }
  return cluster_result;
}

// Every cluster hart comes here from crt0.
void cluster_entry(void) {
  REG(EU_DEMUX + EU_MASK_OR) = EVENT_DISPATCH | EVENT_MUTEX | EVENT_BARRIER;
  barrier_setup((1u << HARTS) - 1);
  barrier();
  const int result = cluster_main();
  barrier();
  if (core_id() == 0) {
    cluster_result = result;
    cluster_running = 0;
  }
  REG(EU_DEMUX + EU_MASK_AND) = 0xffffffffu;
  ELW(EU_EVENT_WAIT_CLEAR);  // no event enabled: sleeps for ever
  for (;;) {
  }
}
