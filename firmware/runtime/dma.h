// One-dimensional DMA transfers between TCDM and L2 through the hart's private command port.
// Command format: pulp-platform/mchan, ctrl_fsm.sv.
#ifndef FLEXDBG_RUNTIME_DMA_H
#define FLEXDBG_RUNTIME_DMA_H

#include "cluster.h"

#define DMA_TO_TCDM (1u << 17)
#define DMA_INCREMENT (1u << 18)
#define DMA_EVENT (1u << 20)  // event 8 to the issuing hart when the transfer ends

// Starts a copy of up to 65536 bytes and returns the transfer's number.
static inline unsigned dma_start(uint32_t direction, void* tcdm, const void* external, unsigned bytes) {
  unsigned id = REGISTER(DMA_PORT + DMA_COMMAND);
  REGISTER(DMA_PORT + DMA_COMMAND) = bytes | direction | DMA_INCREMENT | DMA_EVENT;
  REGISTER(DMA_PORT + DMA_COMMAND) = (uint32_t)tcdm;
  REGISTER(DMA_PORT + DMA_COMMAND) = (uint32_t)external;
  return id;
}

static inline unsigned dma_read(void* tcdm, const void* external, unsigned bytes) {
  return dma_start(DMA_TO_TCDM, tcdm, external, bytes);
}

static inline unsigned dma_write(void* external, void* tcdm, unsigned bytes) {
  return dma_start(0, tcdm, external, bytes);
}

// Sleeps until the transfer has ended and gives its number back. Only the hart that started it may
// wait. An event left over from an earlier transfer merely costs one more look at the status.
static inline void dma_wait(unsigned id) {
  REGISTER(EVENT_UNIT + EU_MASK_OR) = 1u << EVENT_DMA;
  while (REGISTER(DMA_PORT + DMA_STATUS) & (1u << id)) {
    uint32_t events;
    __asm__ volatile("p.elw %0, 0x3c(%1)" : "=r"(events) : "r"(EVENT_UNIT) : "memory");
  }
  REGISTER(EVENT_UNIT + EU_MASK_AND) = 1u << EVENT_DMA;
  REGISTER(DMA_PORT + DMA_STATUS) = 1u << id;
}

#endif
