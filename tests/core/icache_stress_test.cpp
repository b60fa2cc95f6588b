// Random fetches by many harts while the caches are switched, flushed and their prefetchers toggled: every
// fetch must be answered and every operation end. Prints the first violation; exit status 1 if there is one.
#include <cinttypes>
#include <cstdio>
#include <random>
#include <vector>

#include "../../flexdbg/core/icache.hpp"

using flexdbg::Config;
using flexdbg::ICache;
using flexdbg::u32;
using flexdbg::u64;

namespace {

struct Core {
  bool outstanding = false, asking = false;
  u32 addr = 0;
  u64 since = 0;
};

bool run(u32 seed, u32 harts, u32 banks, u32 first_beat) {
  std::mt19937 random(seed);
  const auto below = [&random](u32 n) { return random() % n; };
  Config config;
  config.harts = harts;
  config.icache_shared_banks = banks;
  config.icache_l2_first_beat = first_beat;
  config.icache_enabled_at_reset = below(2);
  config.icache_prefetch = below(2);
  ICache cache(config);
  std::vector<Core> cores(harts);
  u64 fetched = 0, operation_since = 0;
  bool operating = false;
  for (u64 cycle = 1; cycle < 20000; ++cycle) {
    const bool pause = operating;  // a core that hits in every cycle delays operations without bound
    if (!operating && below(300) == 0) {
      cache.control(static_cast<ICache::Op>(below(5)), 0x1c008000 + 16 * below(64), cycle);
      operating = true;
      operation_since = cycle;
    }
    if (below(400) == 0) {
      const int hart = static_cast<int>(below(harts));
      cache.set_prefetch(hart, !cache.prefetch(hart), cycle);
    }
    for (u32 h = 0; h < harts; ++h) {
      Core& core = cores[h];
      const int hart = static_cast<int>(h);
      if (core.outstanding && cache.arrival(hart, cycle)) {
        core.outstanding = false;
        ++fetched;
      }
      if (!core.outstanding && !core.asking && !(pause && below(4))) {
        core.asking = true;
        core.since = cycle;
        core.addr = below(8) ? core.addr + 4 : 0x1c008000 + 4 * below(2000);
      }
      if (core.asking && cache.request(hart, core.addr, cycle)) {
        core.asking = false;
        core.outstanding = true;
      }
      if ((core.asking || core.outstanding) && cycle - core.since > 3000) {
        std::printf("seed %u hart %u waits for %08x since %" PRIu64 ": %s, prefetcher %s\n", seed, h,
                    core.addr, core.since, cache.hart_state(hart).state, cache.hart_state(hart).prefetch);
        return false;
      }
    }
    if (cache.next_event() <= cycle) cache.tick(cycle);
    if (operating && !cache.control_busy()) operating = false;
    if (operating && cycle - operation_since > 3000) {
      std::printf("seed %u: operation of cycle %" PRIu64 " does not end\n", seed, operation_since);
      return false;
    }
  }
  // Left alone, the caches become quiet.
  for (u64 cycle = 20000; cache.active() && cycle < 30000; ++cycle) cache.tick(cycle);
  if (cache.active()) std::printf("seed %u: never quiet\n", seed);
  if (fetched < 100) std::printf("seed %u: only %" PRIu64 " fetches\n", seed, fetched);
  return fetched >= 100 && !cache.active();
}

}  // namespace

int main() {
  const u32 harts[] = {1, 2, 5, 8, 16}, banks[] = {1, 2, 4}, beats[] = {1, 2, 15, 40};
  bool good = true;
  for (u32 seed = 0; seed < 60 && good; ++seed)
    good = run(seed, harts[seed % 5], banks[seed % 3], beats[seed % 4]);
  return !good;
}
