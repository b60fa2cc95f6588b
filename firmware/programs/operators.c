// An operator library: runs the job that the host wrote into operator_job, measured from barrier to barrier.
#include "operators.h"

#include "cluster.h"
#include "print.h"

__attribute__((section(".l2_data"))) struct operator_job operator_job = {0};

// Where the host places tensors: from here to the end of TCDM.
extern uint8_t arena_start[];
__attribute__((used)) static uint8_t* const arena = arena_start;

// The job again, in TCDM: what the harts read while they compute.
static struct operator_job job;

static const char* wrong;

static const char* check(void) {
  switch (job.kind) {
    case LINEAR:
      return linear_check(&job.linear);
    case DEPTHWISE:
      return depthwise_check(&job.depthwise);
    case ADD:
      return add_check(&job.add);
    case AVERAGE_POOL:
      return pool_check(&job.pool, 0);
    case MAX_POOL:
      return pool_check(&job.pool, 1);
    default:
      return "no job: a host writes one to operator_job before the start (firmware/programs/operators.h)";
  }
}

static void run(void) {
  switch (job.kind) {
    case LINEAR:
      linear(&job.linear);
      break;
    case DEPTHWISE:
      depthwise(&job.depthwise);
      break;
    case ADD:
      add(&job.add);
      break;
    case AVERAGE_POOL:
      average_pool(&job.pool);
      break;
    case MAX_POOL:
      max_pool(&job.pool);
      break;
  }
}

// The measured region lies between the labels; all harts leave a barrier in the same cycle, and hart 0 reads
// the timer equally long after both.
__attribute__((noinline)) static unsigned measure(void) {
  barrier();
  __asm__ volatile(".globl flexdbg_region_begin\nflexdbg_region_begin:" ::: "memory");
  unsigned start = hart_id() == 0 ? timer() : 0;
  run();
  barrier();
  __asm__ volatile(".globl flexdbg_region_end\nflexdbg_region_end:" ::: "memory");
  return hart_id() == 0 ? timer() - start : 0;
}

int main(void) {
  if (hart_id() == 0) {
    job = operator_job;
    wrong = check();
  }
  barrier();
  if (wrong) {
    if (hart_id() == 0) print("operators: %s\n", wrong);
    return 2;
  }
  unsigned cycles = measure();
  if (hart_id() != 0) return 0;
  flexdbg_result = (struct flexdbg_result){
      .magic = RESULT_MAGIC, .harts = hart_count(), .cycles = cycles, .macs = job.macs};
  return 0;
}
