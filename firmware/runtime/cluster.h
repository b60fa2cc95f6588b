// The cluster seen from C: who am I, barrier, timer, measured result.
#ifndef FLEXDBG_RUNTIME_CLUSTER_H
#define FLEXDBG_RUNTIME_CLUSTER_H

#include <stdint.h>

#include "platform.h"

#define REGISTER(address) (*(volatile uint32_t*)(address))

// Placement of large objects; everything else follows link.ld.
#define TCDM_NOINIT __attribute__((section(".noinit"), aligned(64)))
#define L2_NOINIT __attribute__((section(".l2_noinit"), aligned(64)))

// A half-open range of work items of one hart.
struct range {
  unsigned first, end;
};

static inline unsigned hart_id(void) {
  unsigned id;
  __asm__("csrr %0, mhartid" : "=r"(id));
  return id & 0xf;
}

static inline unsigned hart_count(void) {
  extern unsigned runtime_harts;
  return runtime_harts;
}

// Items in contiguous chunks of ceil(items / harts), the way PULP-NN splits its work.
static inline struct range my_share(unsigned items) {
  unsigned chunk = (items + hart_count() - 1) / hart_count();
  unsigned first = hart_id() * chunk;
  unsigned end = first + chunk;
  return (struct range){first < items ? first : items, end < items ? end : items};
}

// All harts meet here. The read triggers the barrier and sleeps until the last hart has come.
static inline void barrier(void) {
  uint32_t events;
  __asm__ volatile("p.elw %0, 0x21c(%1)" : "=r"(events) : "r"(EVENT_UNIT) : "memory");
}

// Cycles since boot, from the cluster timer (a peripheral access of a few cycles).
static inline unsigned timer(void) { return REGISTER(CLUSTER_TIMER + TIMER_COUNT_LO); }

// What a program measured and computed; the host reads it at symbol flexdbg_result after the run.
// Everything is little-endian. Filled by hart 0.
#define RESULT_MAGIC 0x52584c46  // "FLXR"
struct flexdbg_result {
  uint32_t magic;     // RESULT_MAGIC once the block is valid, 0 before
  uint32_t harts;     // that took part
  uint32_t cycles;    // of the measured region, barrier to barrier
  uint32_t macs;      // multiply-accumulates of the measured region
  uint32_t checksum;  // of the output, see runtime/result.c
  uint32_t expected;  // the checksum it should be
  uint32_t output;    // address of the output
  uint32_t output_bytes;
};
extern struct flexdbg_result flexdbg_result;

// Order-independent checksum of words: sum of word[i] * (2 i + 1) modulo 2^32 over i in [first, end).
// Partial sums of disjoint ranges add up.
unsigned checksum(const uint32_t* words, unsigned first, unsigned end);

#endif
