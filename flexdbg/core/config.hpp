// The machine's parameters. Names equal the keys of the TOML configuration (docs/configuration.md);
// ranges are checked in Python (flexdbg/machine/config.py) before they arrive here.
#pragma once

#include <string>
#include <vector>

#include "types.hpp"

namespace flexdbg {

enum class Arbiter : u8 { kHci, kClassic, kClassic12, kRoundRobin };
enum class FetchModel : u8 { kIdeal, kIcache, kPort };
enum class Boot : u8 {
  kFc,       // the FC starts at the entry and boots the cluster through the control unit
  kCluster,  // all cluster harts start at the entry together (CONFIG_NO_FC)
  kDirect,   // as kCluster, with mtvec = entry & ~0xff; conformance programs
};

struct Config {
  // cluster
  u32 harts = 8;
  u32 fc = 1;  // 0 or 1: model the fabric controller as an extra hart
  Profile profile = kFlexV;
  bool quirks_rtl = false;
  Boot boot = Boot::kFc;
  double clock_mhz = 250.0;
  // TCDM
  u32 tcdm_base = 0x10000000, tcdm_size = 128 * 1024, tcdm_banks = 16;
  bool tcdm_wrap = true, tcdm_tas = true;
  u32 tas_extra_bank_cycles = 1;
  Arbiter tcdm_arbiter = Arbiter::kHci;
  // L2 and peripherals: cycles from grant to answer as seen by a cluster hart
  u32 l2_base = 0x1c000000, l2_size = 0x190000;
  u32 l2_latency_load = 15, l2_latency_store = 15;
  u32 soc_periph_latency = 23, cluster_periph_latency = 4, demux_latency = 1;
  u32 fc_l2_latency = 1, fc_fetch_latency = 1, fc_tcdm_latency = 15;
  // instruction fetch
  FetchModel fetch = FetchModel::kIcache;
  bool icache_enabled_at_reset = false, icache_prefetch = false;
  u32 icache_private_size = 512, icache_private_ways = 4;
  u32 icache_shared_size = 4096, icache_shared_banks = 2, icache_shared_ways = 4;
  u32 icache_line = 16;
  u32 icache_l2_first_beat = 15;  // R: cycles from the AR handshake to the first 64-bit beat
  // event unit
  u32 eu_barriers = 8, eu_mutexes = 8, eu_sw_events = 8, eu_dispatch_depth = 8;
  u32 eu_barrier_to_grant = 2, eu_event_to_grant = 1, elw_grant_to_next_ex = 4;
  // DMA
  u32 dma_ids = 16, dma_port_queue = 2, dma_global_queue = 16, dma_2d_queue = 4;
  u32 dma_bytes_per_cycle = 8, dma_burst = 256, dma_outstanding = 8, dma_startup = 20;
  // what an access that no device answers does: stop (default) or read 0xBADACCE5
  bool unmapped_rtl = false;
  bool stop_on_illegal = true;
  u32 history_mb = 512;  // the record of a run may take so many MiB
};

}  // namespace flexdbg
