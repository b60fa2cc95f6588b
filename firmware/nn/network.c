// The step loop. Hart 0 drives the DMA; every hart computes.
#include "network.h"

#include "cluster.h"
#include "dma.h"

enum { SLOTS = 3, MAX_LAYERS = 64, NONE = 16 };

// The steps around the current one: it, the next, whose loads it starts, and the one behind, on its way from
// L2.
TCDM_NOINIT static struct step slots[SLOTS];
TCDM_NOINIT uint32_t network_layer_cycles[MAX_LAYERS];

#define DMA_2D (1u << 19)

// Starts some transfers under one number.
static unsigned start(const struct transfer* transfers, unsigned count) {
  if (count == 0) return NONE;
  unsigned id = REGISTER(DMA_PORT + DMA_COMMAND);
  for (const struct transfer* t = transfers; t < transfers + count; t++) {
    REGISTER(DMA_PORT + DMA_COMMAND) = t->command;
    REGISTER(DMA_PORT + DMA_COMMAND) = t->tcdm;
    REGISTER(DMA_PORT + DMA_COMMAND) = t->external;
    if (t->command & DMA_2D) {
      REGISTER(DMA_PORT + DMA_COMMAND) = t->count;
      REGISTER(DMA_PORT + DMA_COMMAND) = t->stride;
    }
  }
  return id;
}

static void finish(unsigned* id) {
  if (*id != NONE) dma_wait(*id);
  *id = NONE;
}

// A network without such layers is linked without their kernels.
__attribute__((weak)) void depthwise(const struct depthwise* layer);

static void compute(const struct step* step) {
  switch (step->kind) {
    case STEP_CONVOLUTION:
      conv(&step->job.convolution);
      break;
    case STEP_LINEAR:
      linear(&step->job.linear);
      break;
    case STEP_ADD:
      add(&step->job.add);
      break;
    case STEP_AVERAGE_POOL:
      average_pool(&step->job.pool);
      break;
    case STEP_MAX_POOL:
      max_pool(&step->job.pool);
      break;
    case STEP_DEPTHWISE:
      depthwise(&step->job.depthwise);
      break;
  }
}

void network_run(void) {
  int drives = hart_id() == 0;
  unsigned load = NONE, late = NONE, store = NONE, fetch = NONE, began = 0;
  if (drives) {
    began = timer();
    unsigned id = dma_read(slots, network_steps, (network_step_count > 1 ? 2 : 1) * sizeof *slots);
    dma_wait(id);
    load = start(slots[0].transfers, slots[0].early + slots[0].late);
  }
  unsigned here = 0;
  for (unsigned i = 0; i < network_step_count; i++) {
    unsigned next = here + 1 == SLOTS ? 0 : here + 1, after = next + 1 == SLOTS ? 0 : next + 1;
    const struct step* step = &slots[here];
    int more = i + 1 < network_step_count;
    if (drives) {
      finish(&load);
      finish(&late);
      if (step->wait_for_stores) finish(&store);
    }
    barrier();  // the operands are there
    if (drives) {
      if (i + 2 < network_step_count) fetch = dma_read(&slots[after], &network_steps[i + 2], sizeof *slots);
      if (more) load = start(slots[next].transfers, slots[next].early);
    }
    compute(step);
    barrier();  // the results are there
    if (drives) {
      finish(&fetch);
      finish(&store);
      store = start(step->transfers + step->early + step->late, step->stores);
      if (more && slots[next].late) {
        finish(&store);
        late = start(slots[next].transfers + slots[next].early, slots[next].late);
      }
      if (!more) finish(&store);
      if (step->last_of_layer) {
        unsigned now = timer();
        network_layer_cycles[step->layer] = now - began;
        began = now;
      }
    }
    here = next;
  }
  barrier();
}
