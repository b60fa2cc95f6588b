// Offload: the FC posts tasks to the cluster's master hart, which forks them to its team.
#include "../common/pulp.h"

#define FC_ENQUEUE 3u
#define CALL_EVENT 1u
#define N 64u

typedef struct {
  void (*entry)(void*);
  void* argument;
  char* stack;
  uint32_t mask;
  volatile uint32_t done;
} task_t;

extern void _start(void);
extern void fork_team(void (*function)(void*), void* argument);

L1_BSS char stacks[0x400 * (HARTS + 1)];
L2_DATA task_t* volatile task_pool;
volatile uint32_t fc_interrupts[2];

L1_BSS static int32_t a[N], b[N], c[N];
L1_BSS static uint32_t worked[HARTS];

__attribute__((section(".cluster.text"))) static void add_part(void* argument) {
  const uint32_t me = core_id(), harts = (uint32_t)(uintptr_t)argument;
  for (uint32_t i = me; i < N; i += harts) c[i] = a[i] + b[i];
  worked[me] += 1;
  print("hart %u works in a team of %u\n", me, harts);
}

__attribute__((section(".cluster.text"))) static void add_all(void* argument) {
  for (uint32_t i = 0; i < N; ++i) {
    a[i] = (int32_t)i;
    b[i] = 1000 - 3 * (int32_t)i;
  }
  fork_team(add_part, argument);
}

static void post(task_t* task) {
  task_pool = task;
  REG(EU_BUS + 0x600 + 4 * CALL_EVENT) = 1;  // software event to hart 0
}

static int offload(uint32_t harts, int with_interrupts) {
  static task_t task;
  task.entry = add_all;
  task.argument = (void*)(uintptr_t)harts;
  task.stack = stacks + 0x400;
  task.mask = (1u << harts) - 1;
  task.done = 0;
  REG(ITC + 4) = 1u << FC_ENQUEUE;
  post(&task);
  // wfi wakes on a pending interrupt also while interrupts are off; a check with them on would race.
  while (!task.done) {
    __asm__ volatile("wfi");
    if (with_interrupts) __asm__ volatile("csrsi mstatus, 8\n nop\n nop\n csrci mstatus, 8" ::: "memory");
  }
  REG(ITC + 0x14) = 1u << FC_ENQUEUE;
  REG(ITC + 8) = 1u << FC_ENQUEUE;
  int errors = 0;
  for (uint32_t i = 0; i < N; ++i) errors += c[i] != 1000 - 2 * (int32_t)i;
  return errors;
}

int main(void) {
  REG(ITC + 8) = 0xffffffffu;
  REG(ICACHE_CTRL) = 0xffffffffu;
  REG(CLUSTER_CTRL + 0x20) = 1;
  for (uint32_t i = 0; i < HARTS; ++i) REG(CLUSTER_CTRL + 0x40 + 4 * i) = (uint32_t)(uintptr_t)_start;
  REG(CLUSTER_CTRL + 0x08) = (1u << HARTS) - 1;

  int errors = offload(HARTS, 0);
  print("fc: first task, %d errors, %u interrupts\n", errors, fc_interrupts[0]);
  errors += offload(4, 1);
  errors += worked[0] != 2 || worked[3] != 2 || worked[4] != 1 || worked[7] != 1;
  errors += fc_interrupts[0] != 1 || (fc_interrupts[1] & 31) != FC_ENQUEUE;
  print("fc: second task, %d errors, %u interrupts, cause %x\n", errors, fc_interrupts[0], fc_interrupts[1]);
  return errors;
}
