// Runs a network as a list of steps: what the DMA brings, a layer or a tile of one, what the DMA takes away.
// firmware/networks/deploy.py writes the list and proves that no transfer meets a buffer in use.
#ifndef FLEXDBG_NN_NETWORK_H
#define FLEXDBG_NN_NETWORK_H

#include <stdint.h>

#include "../kernels/conv.h"
#include "../kernels/operators.h"

enum { MAX_TRANSFERS = 8 };

enum step_kind { STEP_CONVOLUTION, STEP_LINEAR, STEP_ADD, STEP_AVERAGE_POOL, STEP_MAX_POOL, STEP_DEPTHWISE };

// One DMA command (pulp-platform/mchan, ctrl_fsm.sv). With NETWORK_2D external lines of `count` bytes begin
// `stride` bytes apart.
struct transfer {
  uint32_t command, tcdm, external, count, stride;
};

// A step lies in L2 until the one before the last but one begins. Its transfers are, in this order, loads
// that may run while the step before computes, loads that must not begin before that step's results are
// stored, and stores.
struct step {
  uint32_t kind, layer;
  uint32_t early, late, stores;  // numbers of transfers
  uint32_t wait_for_stores;      // the step overwrites what the previous one still stores
  uint32_t last_of_layer;
  uint32_t macs;
  struct transfer transfers[MAX_TRANSFERS];
  union {
    struct conv convolution;
    struct linear linear;
    struct add add;
    struct pool pool;
    struct depthwise depthwise;
  } job;
};

_Static_assert(sizeof(struct step) == 79 * 4, "firmware/networks/emit.py writes this structure");

// Cycles by layer of the last run: from the end of the layer before, so they add up.
extern uint32_t network_layer_cycles[];

// The network that is linked in.
extern const struct step network_steps[];
extern const uint32_t network_step_count, network_layer_count;

// All harts call it.
void network_run(void);

#endif
