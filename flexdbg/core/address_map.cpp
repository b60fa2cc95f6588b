#include "address_map.hpp"

#include <array>
#include <cstdio>

namespace flexdbg {

namespace {

constexpr u32 kKilo = 0x400;

Target unmapped(u32 address) { return {Region::kUnmapped, LatencyClass::kTcdm, false, address}; }

// offset is inside the 1 MB window and may lie beyond the memory.
Target tcdm_window(u32 address, u32 offset, bool test_and_set, bool from_fc, const Config& config) {
  const bool beyond = offset >= config.tcdm_size;
  if (beyond && !config.tcdm_wrap) return unmapped(address);
  const bool tas = test_and_set && config.tcdm_tas;
  return {tas ? Region::kTcdmTas : Region::kTcdm, from_fc ? LatencyClass::kFcCluster : LatencyClass::kTcdm,
          beyond, offset % config.tcdm_size};
}

Target cluster_peripheral(u32 address, u32 offset, bool from_fc) {
  const LatencyClass bus = from_fc ? LatencyClass::kFcCluster : LatencyClass::kClusterPeriph;
  if (offset < 1 * kKilo) return {Region::kClusterCtrl, bus, false, offset};
  if (offset < 2 * kKilo) return {Region::kClusterTimer, bus, false, offset - kKilo};
  if (offset < 4 * kKilo) return {Region::kEuBus, bus, false, offset - 2 * kKilo};
  if (offset >= 0x1400 && offset < 0x1800) return {Region::kIcacheCtrl, bus, false, offset - 0x1400};
  if (offset >= 0x1800 && offset < 0x1c00) return {Region::kDmaCluster, bus, false, offset - 0x1800};
  if (offset >= 0x1c00 && offset < 0x2000) return {Region::kDmaFc, bus, false, offset - 0x1c00};
  // The demultiplexer sits at each hart's data port, so only harts see the private views.
  if (!from_fc && offset >= 0x4000 && offset < 0x4400) {
    return {Region::kEuDemux, LatencyClass::kDemux, false, offset - 0x4000};
  }
  if (!from_fc && offset >= 0x4400 && offset < 0x4800) {
    return {Region::kDmaDemux, LatencyClass::kDemux, false, offset - 0x4400};
  }
  return unmapped(address);
}

struct Named {
  u32 base;
  u32 size;
  const char* what;
};

constexpr std::array kNamed = {
    Named{0x10201000, 0x400, "hardware accelerator (HWPE): accelerators are not modelled"},
    Named{0x10202000, 0x400, "HMR unit: hart redundancy is not modelled"},
    Named{0x10202400, 0x400, "TCDM scrubber: error correction is not modelled"},
    Named{0x10202800, 0x400, "interconnect error-correction registers: error correction is not modelled"},
    Named{0x10204800, 0x3800,
          "private view of the event unit and DMA: only 0x10204000 (event unit) and 0x10204400 (DMA) "
          "decode; the hardware never grants anything else here and the hart hangs"},
    Named{0x10300000, 0x40000, "per-hart debug units of older clusters: use the debugger instead"},
    Named{0x1a000000, 0x40000, "boot ROM: not modelled, programs start at their ELF entry"},
    Named{0x1a110000, 0x10000, "debug module: use the debugger instead"},
    Named{0x1a190000, 0x10000, "debug module: use the debugger instead"},
    Named{0x1b000000, 0x4000, "FC private memory of GAP8: not modelled"},
    Named{0x20000000, 0x10000000, "AXI proxy of GVSoC: not modelled"},
    Named{0x80000000, 0x40000000, "external DDR memory: not modelled"},
};

}  // namespace

Target decode_device(u32 address, bool from_fc, const Config& config) {
  // At the FC the low addresses are an alias of L2 private bank 0, at a cluster hart of the cluster.
  if (from_fc && address < kFcL2Alias) return {Region::kL2, LatencyClass::kFcL2, false, address};
  const u32 own = tcdm_window_base(config);
  const bool alias = !from_fc && address < 4 * kTcdmWindow;
  const u32 in_cluster = alias ? address : address - own;
  if (in_cluster < kTcdmWindow) return tcdm_window(address, in_cluster, false, from_fc, config);
  if (in_cluster < 2 * kTcdmWindow)
    return tcdm_window(address, in_cluster - kTcdmWindow, true, from_fc, config);
  if (in_cluster < 3 * kTcdmWindow) return cluster_peripheral(address, in_cluster - 2 * kTcdmWindow, from_fc);

  const LatencyClass soc = from_fc ? LatencyClass::kFcPeriph : LatencyClass::kSocPeriph;
  if (address - kStdoutBase < 0x1000) return {Region::kStdout, soc, false, address - kStdoutBase};
  if (address - kSocPeriphBase < 0xf000) return {Region::kSocDevice, soc, false, address - kSocPeriphBase};
  if (config.boot != Boot::kFc && address - kStdoutBaseClusterOnly < 0x1000) {
    return {Region::kStdout, soc, false, address - kStdoutBaseClusterOnly};
  }
  return unmapped(address);
}

std::string hex32(u32 value) {
  char text[16];
  std::snprintf(text, sizeof text, "0x%08x", static_cast<unsigned>(value));
  return text;
}

std::string unmapped_reason(u32 address, bool from_fc, const Config& config) {
  const u32 full = !from_fc && address < 4 * kTcdmWindow ? address + config.tcdm_base : address;
  for (const Named& named : kNamed) {
    if (full - named.base < named.size) return named.what;
  }
  if (full - config.tcdm_base < 2 * kTcdmWindow) {
    return "beyond the TCDM (" + std::to_string(config.tcdm_size / 1024) + " kB from " +
           hex32(config.tcdm_base) + "); tcdm_wrap = true folds it back as the interconnect does";
  }
  if (from_fc && address - 0x10204000 < 0x4000) {
    return "private view of the event unit and DMA: exists at cluster harts only, the FC uses 0x10200800";
  }
  if (address - kStdoutBaseClusterOnly < 0x1000) {
    return "stdout of the cluster-only test bench: exists with boot = \"cluster\" only";
  }
  if (full - 0x10200000 < 0x100000) return "no cluster peripheral at this offset";
  if (address - 0x10400000 < 0x5c00000) {
    return "cluster " + std::to_string((address - 0x10000000) / 0x400000) + ": only cluster 0 is modelled";
  }
  if (address - config.l2_base < 0x4000000) {
    return "beyond the L2 (" + std::to_string(config.l2_size / 1024) + " kB from " + hex32(config.l2_base) +
           ", l2_size)";
  }
  if (from_fc && address < 0x10000000) {
    return "the FC has an alias of L2 at 0..0x7fff only; cluster aliases exist at cluster harts only";
  }
  return "no memory or device here";
}

}  // namespace flexdbg
