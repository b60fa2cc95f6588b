// Addresses and register offsets of the cluster, for assembly and C alike.
// Sources: pulp-platform/pulp_cluster, event_unit_flex, mchan, timer_unit, hier-icache (cluster);
// pulp-platform/pulp and gvsoc/gvsoc-pulp (SoC side).
#ifndef FLEXDBG_RUNTIME_PLATFORM_H
#define FLEXDBG_RUNTIME_PLATFORM_H

#define FC_CLUSTER_ID 31  // mhartid bits 10:5 of the fabric controller

#define MAX_HARTS 16  // stacks are reserved for this many; how many run is read from SOC_INFO
#define STACK_BYTES 768

#define CLUSTER_CONTROL 0x10200000
#define CONTROL_FETCH_ENABLE 0x008
#define CONTROL_BOOT_ADDRESS 0x040  // one word per hart

#define CLUSTER_TIMER 0x10200400
#define TIMER_CONFIG_LO 0x00
#define TIMER_COUNT_LO 0x08
#define TIMER_ENABLE 0x1

#define ICACHE_CONTROL 0x10201400
#define ICACHE_ENABLE 0x00

// Private ("demux") view of the event unit: one cycle, and the only view with sleeping reads.
#define EVENT_UNIT 0x10204000
#define EU_MASK 0x000
#define EU_MASK_AND 0x004
#define EU_MASK_OR 0x008
#define EU_BUFFER_CLEAR 0x028
#define EU_WAIT 0x038
#define EU_WAIT_CLEAR 0x03c
#define EU_SW_EVENT 0x100  // event 0; written data is the hart mask, 0 means all
#define EU_BARRIER_TRIGGER_MASK 0x200
#define EU_BARRIER_TARGET_MASK 0x20c
#define EU_BARRIER_WAIT_CLEAR 0x21c

#define EVENT_SW0 0
#define EVENT_DMA 8
#define EVENT_BARRIER 16

// Private command port of the DMA: needs no lock between harts.
#define DMA_PORT 0x10204400
#define DMA_COMMAND 0x0
#define DMA_STATUS 0x4

#define SOC_CONTROL 0x1a104000
#define SOC_INFO 0x00  // bits 31:16 harts of the cluster, 15:0 clusters
#define SOC_EXIT 0xa0  // bit 31 ends the run, bits 30:0 are the status

#define FC_INTERRUPTS 0x1a109800
#define ITC_MASK_SET 0x04
#define ITC_STATUS_SET 0x10
#define ITC_DONE 0x1  // software event 0: the cluster has finished

#define STDOUT 0x1a10f000  // one character a store; + 8 * hart + 128 * cluster

#endif
