// Which device answers an address, seen from a cluster hart or from the fabric controller.
// Map: pulp-platform/pulp_cluster@master:rtl/data_periph_demux.sv and periph_demux.sv for the cluster,
// pulp-platform/pulp@master:rtl/includes/soc_mem_map.svh for the SoC.
#pragma once

#include <string>

#include "config.hpp"
#include "types.hpp"

namespace flexdbg {

enum class Region : u8 {
  kTcdm,        // offset: byte in the TCDM, already wrapped
  kTcdmTas,     // the same word through the test-and-set alias
  kEuDemux,     // event unit, private view of the accessing hart
  kDmaDemux,    // DMA, private command port of the accessing hart
  kEuBus,       // event unit, all harts' banks; offset from 0x10200800
  kDmaCluster,  // DMA, cluster port
  kDmaFc,       // DMA, FC port
  kClusterCtrl,
  kClusterTimer,
  kIcacheCtrl,
  kL2,         // offset: byte in the L2
  kSocDevice,  // offset from 0x1A100000
  kStdout,     // offset inside the 4 kB window: hart << 3 | cluster << 7
  kUnmapped,   // offset: the address; unmapped_reason() says why
};

// Where the time of an access goes; latency() turns it into cycles.
enum class LatencyClass : u8 { kTcdm, kDemux, kClusterPeriph, kL2, kSocPeriph, kFcL2, kFcCluster, kFcPeriph };

struct Target {
  Region region;
  LatencyClass latency;
  bool wrapped;  // a TCDM address beyond the memory, folded back as the interconnect does
  u32 offset;
};

constexpr u32 kTcdmWindow = 0x100000;  // bank and row come from address bits 19:2 only
constexpr u32 kClusterPeriphBase = 0x10200000;
constexpr u32 kSocPeriphBase = 0x1a100000;
constexpr u32 kStdoutBase = 0x1a10f000;
constexpr u32 kStdoutBaseClusterOnly = 0x40000000;
constexpr u32 kFcL2Alias = 0x8000;  // the FC sees L2 private bank 0 at address 0

// Start of the window in which the TCDM repeats; cluster harts see it at 0 too.
inline u32 tcdm_window_base(const Config& config) { return config.tcdm_base & ~(4 * kTcdmWindow - 1); }

// Everything outside TCDM and L2.
Target decode_device(u32 address, bool from_fc, const Config& config);

inline Target decode(u32 address, bool from_fc, const Config& config) {
  const u32 tcdm = address - config.tcdm_base;
  if (tcdm < config.tcdm_size) [[likely]] {
    return {Region::kTcdm, from_fc ? LatencyClass::kFcCluster : LatencyClass::kTcdm, false, tcdm};
  }
  const u32 l2 = address - config.l2_base;
  if (l2 < config.l2_size) {
    return {Region::kL2, from_fc ? LatencyClass::kFcL2 : LatencyClass::kL2, false, l2};
  }
  return decode_device(address, from_fc, config);
}

// Cycles from the grant to the answer.
inline u32 latency(LatencyClass latency_class, bool write, const Config& config) {
  switch (latency_class) {
    case LatencyClass::kTcdm:
      return 1;
    case LatencyClass::kDemux:
      return config.demux_latency;
    case LatencyClass::kClusterPeriph:
      return config.cluster_periph_latency;
    case LatencyClass::kL2:
      return write ? config.l2_latency_store : config.l2_latency_load;
    case LatencyClass::kSocPeriph:
      return config.soc_periph_latency;
    case LatencyClass::kFcL2:
      return config.fc_l2_latency;
    case LatencyClass::kFcCluster:
      return config.fc_tcdm_latency;
    case LatencyClass::kFcPeriph:
      // The FC sits behind the APB bridge only, a cluster hart behind AXI and the bridge: the
      // difference between the two cluster latencies is the bridge.
      return config.soc_periph_latency > config.l2_latency_load
                 ? config.fc_l2_latency + config.soc_periph_latency - config.l2_latency_load
                 : config.fc_l2_latency;
  }
  return 1;
}

// For a stop: what lies at this address and why nothing answers.
std::string unmapped_reason(u32 address, bool from_fc, const Config& config);

std::string hex32(u32 value);  // "0x1a102080"

}  // namespace flexdbg
