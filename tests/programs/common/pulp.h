// Registers that programs for a PULP cluster touch, as the usual run-time systems name and use them.
// Cluster peripherals are reached through the alias at 0x00200000, as programs built for chip `pulp` do.
#pragma once

#include <stdint.h>

#define REG(address) (*(volatile uint32_t*)(uintptr_t)(address))

// As seen by a cluster hart, through the alias.
#define EU_DEMUX 0x00204000u
#define CL_DMA 0x00201800u
#define CL_TIMER 0x00200400u
// As seen by everybody.
#define CLUSTER_CTRL 0x10200000u
#define EU_BUS 0x10200800u
#define ICACHE_CTRL 0x10201400u
#define FLL 0x1A100000u
#define SOC_CTRL 0x1A104000u
#define ITC 0x1A109800u
#define FC_TIMER 0x1A10B000u
#define STDOUT 0x1A10F000u
#define STDOUT_CLUSTER_ONLY 0x40000000u

#define FC_CLUSTER 31u
#define HARTS 8u
#define STACK_SIZE 0x400u

#define EU_MASK 0x00u
#define EU_MASK_AND 0x04u
#define EU_MASK_OR 0x08u
#define EU_EVENT_WAIT_CLEAR 0x3Cu
#define EU_DISPATCH_FIFO 0x80u
#define EU_DISPATCH_TEAM 0x84u
#define EU_MUTEX 0xC0u
#define EU_BARRIER 0x200u
#define BARRIER_TRIGGER_MASK 0x00u
#define BARRIER_TARGET_MASK 0x0Cu
#define BARRIER_TRIGGER_WAIT_CLEAR 0x1Cu

#define EVENT_BARRIER (1u << 16)
#define EVENT_MUTEX (1u << 17)
#define EVENT_DISPATCH (1u << 18)
#define EVENT_DMA (1u << 8)

#define DMA_TO_TCDM (1u << 17)
#define DMA_INCREMENT (1u << 18)
#define DMA_2D_EXT (1u << 19)
#define DMA_EVENT (1u << 20)
#define DMA_BROADCAST (1u << 22)

#define L1_DATA __attribute__((section(".data_l1")))
#define L1_BSS __attribute__((section(".bss_l1")))
#define L2_DATA __attribute__((section(".l2_data")))

static inline uint32_t hart_id(void) {
  uint32_t id;
  __asm__ volatile("csrr %0, mhartid" : "=r"(id));
  return id;
}
static inline uint32_t core_id(void) { return hart_id() & 0x1f; }
static inline uint32_t cluster_id(void) { return hart_id() >> 5 & 0x3f; }

// p.elw: the load that may put the hart to sleep. The assembler does not know it.
#define ELW(offset)                                                                                         \
  ({                                                                                                        \
    uint32_t value_;                                                                                        \
    __asm__ volatile(".insn i 0x03, 6, %0, %1(%2)" : "=r"(value_) : "i"(offset), "r"(EU_DEMUX) : "memory"); \
    value_;                                                                                                 \
  })

static inline void barrier(void) { ELW(EU_BARRIER + BARRIER_TRIGGER_WAIT_CLEAR); }

static inline void barrier_setup(uint32_t mask) {
  REG(EU_DEMUX + EU_BARRIER + BARRIER_TRIGGER_MASK) = mask;
  REG(EU_DEMUX + EU_BARRIER + BARRIER_TARGET_MASK) = mask;
}

void print(const char* format, ...);  // %d %u %x %s %c, one store per character
void print_to(uint32_t base);         // address of the stdout device; 0x1A10F000 by default
