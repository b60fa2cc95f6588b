// Scripted instruction and data ports: when a request is granted and how long the answer takes is given by
// short lists, as in the recordings the core is checked against (family H: `instr_port`, `data_port`; other
// families: `data_grant`). Values, so a snapshot is a copy.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "types.hpp"

namespace flexdbg {

// Decides grants. `refuse`: the k-th granted request was refused refuse[k mod n] cycles, counted from the
// previous grant over the cycles in which a request was high, whatever its address. `pattern` instead: grant
// in cycle c if character c mod n is '1', before cycle 0 always. Both empty: always.
class GrantScript {
 public:
  GrantScript() = default;
  explicit GrantScript(std::vector<u32> refuse) : refuse_(std::move(refuse)) {}
  explicit GrantScript(std::string pattern) : pattern_(std::move(pattern)) {}

  // A request is high in `cycle` (0 = the first instruction leaves ID). True: granted.
  bool request(i64 cycle) {
    if (!pattern_.empty()) {
      if (cycle >= 0 && pattern_[static_cast<u64>(cycle) % pattern_.size()] != '1') return false;
    } else if (!refuse_.empty() && waited_ < refuse_[granted_ % refuse_.size()]) {
      ++waited_;
      return false;
    }
    waited_ = 0;
    ++granted_;
    return true;
  }
  u64 granted() const { return granted_; }

 private:
  std::vector<u32> refuse_;
  std::string pattern_;
  u64 granted_ = 0;
  u32 waited_ = 0;
};

// Cycles from the k-th grant to its answer: latency[k mod n], 1 without a list.
class LatencyScript {
 public:
  LatencyScript() = default;
  explicit LatencyScript(std::vector<u32> latency) : latency_(std::move(latency)) {}

  u32 of(u64 k) const { return latency_.empty() ? 1 : latency_[k % latency_.size()]; }

 private:
  std::vector<u32> latency_;
};

// Fetch port of one hart. Wrong-path fetches count; a redirect may replace the address of a waiting request.
class InstrPort {
 public:
  InstrPort() = default;
  InstrPort(GrantScript grants, LatencyScript latencies)
      : grants_(std::move(grants)), latencies_(std::move(latencies)) {}

  bool request(i64 cycle, u32 /*addr*/) { return grants_.request(cycle); }
  // Of the fetch granted last.
  u32 latency() const { return latencies_.of(grants_.granted() - 1); }

 private:
  GrantScript grants_;
  LatencyScript latencies_;
};

// Data port of one hart. Each half of a misaligned access is a request of its own.
class DataPort {
 public:
  struct Region {
    u32 first, last, latency;
  };

  DataPort() = default;
  DataPort(GrantScript grants, LatencyScript latencies, std::vector<Region> regions = {})
      : grants_(std::move(grants)), latencies_(std::move(latencies)), regions_(std::move(regions)) {}

  bool request(i64 cycle, u32 addr) {
    if (!grants_.request(cycle)) return false;
    latency_ = latencies_.of(grants_.granted() - 1);
    for (const Region& region : regions_) {
      if (addr >= region.first && addr <= region.last) latency_ = region.latency;
    }
    return true;
  }
  // Of the access granted last.
  u32 latency() const { return latency_; }

 private:
  GrantScript grants_;
  LatencyScript latencies_;
  std::vector<Region> regions_;
  u32 latency_ = 1;
};

}  // namespace flexdbg
