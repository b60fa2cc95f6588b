// Replays recorded instruction fetches against the cache model. Reads the text form of the recordings
// written by test_icache.py on standard input, prints one line per test and the first differences.
#include "../../flexdbg/core/icache.hpp"

#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

using flexdbg::Config;
using flexdbg::ICache;
using flexdbg::u32;
using flexdbg::u64;

namespace {

struct Fetch {
  u64 grant, arrival;
  u32 addr;
  u64 known;  // cycle of the redirect to it; 0: the word behind the previous fetch
};
// After the recording: `j .` at `addr` leaves ID in `halt`, and the core fetches its word and the one
// behind it over and over.
struct Tail {
  u64 halt = 0;
  u32 addr = 0;
};
struct Control {
  u64 cycle, done;
  ICache::Op op;
  u32 addr;
};
struct Recording {
  std::string name;
  bool enabled = true, prefetch = false;
  u32 first_beat = 15, cores = 1;
  std::vector<std::vector<Fetch>> fetches;
  std::vector<Tail> tails;
  std::vector<ICache::PrivateCounters> counters;
  std::vector<Control> controls;
  std::vector<std::pair<u64, u32>> refills;
  u64 transactions[2] = {}, misses[2] = {};
};

// How the caller uses the model; the outcome must be the same.
enum class Use {
  kRequests,   // every fetch through request(), ticks when due
  kFastPath,   // hits through hit_line() and note_hit()
  kEveryTick,  // and from a copy of the cache in every cycle
};

class Replay {
 public:
  Replay(const Recording& recording, Use use) : r_(recording), use_(use), cache_(config(recording)) {}

  int run() {
    const size_t n = r_.cores;
    position_.assign(n, 0);
    outstanding_.assign(n, false);
    tail_word_.assign(n, 0);
    fast_grant_.assign(n, 0);
    for (const Tail& tail : r_.tails) end_ = std::max(end_, tail.halt);
    for (u64 cycle = 1; cycle <= end_; ++cycle) step(cycle);
    for (size_t core = 0; core < n; ++core) {
      if (position_[core] != r_.fetches[core].size())
        differ("core %zu stopped at fetch %zu", core, position_[core]);
    }
    check_refills();
    return differences_;
  }

 private:
  static Config config(const Recording& r) {
    Config config;
    config.harts = r.cores;
    config.icache_enabled_at_reset = r.enabled;
    config.icache_prefetch = r.prefetch;
    config.icache_l2_first_beat = r.first_beat;
    return config;
  }

  template <typename... Args>
  void differ(const char* format, Args... args) {
    if (++differences_ > 5) return;
    std::printf("  %s: ", r_.name.c_str());
    std::printf(format, args...);
    std::printf("\n");
  }

  void step(u64 cycle) {
    for (const Control& control : r_.controls) {
      if (control.cycle == cycle) {
        cache_.control(control.op, control.addr, cycle);
        pending_ = &control;
      }
    }
    for (size_t core = 0; core < r_.cores; ++core) step_core(core, cycle);
    if (use_ == Use::kEveryTick) {
      const ICache copy = cache_;
      cache_ = copy;
    }
    if (cache_.next_event() <= cycle || use_ == Use::kEveryTick) {
      cache_.tick(cycle);
      if (cache_.last_refill().cycle == cycle) refills_.emplace_back(cycle, cache_.last_refill().address);
    }
    if (pending_ && !cache_.control_busy()) {
      if (pending_->done != flexdbg::kNever && pending_->done != cycle) {
        differ("control of cycle %" PRIu64 " done in %" PRIu64 ", recorded %" PRIu64, pending_->cycle, cycle,
               pending_->done);
      }
      pending_ = nullptr;
    }
  }

  bool granted(size_t core, u32 addr, u64 cycle) {
    const int hart = static_cast<int>(core);
    const bool fast = cache_.hit_line(hart, addr);
    if (use_ == Use::kFastPath && fast) {
      cache_.note_hit(hart, 1, cycle);
    } else if (!cache_.request(hart, addr, cycle)) {
      return false;
    }
    outstanding_[core] = true;
    if (fast) fast_grant_[core] = cycle;
    return true;
  }
  bool arrival(size_t core, u64 cycle) const {
    if (use_ == Use::kFastPath && fast_grant_[core] && fast_grant_[core] + 1 == cycle) return true;
    return cache_.arrival(static_cast<int>(core), cycle);
  }

  void step_core(size_t core, u64 cycle) {
    const int hart = static_cast<int>(core);
    const auto& fetches = r_.fetches[core];
    size_t& i = position_[core];
    if (i == fetches.size()) return step_tail(core, cycle);
    if (outstanding_[core]) {
      if (i + 1 < fetches.size() && fetches[i + 1].known == cycle) cache_.aim(hart, fetches[i + 1].addr);
      const bool arrived = arrival(core, cycle);
      if (arrived != (fetches[i].arrival == cycle)) {
        differ("core %zu fetch %zu %08x granted %" PRIu64 ": %s in %" PRIu64 ", recorded %" PRIu64, core, i,
               fetches[i].addr, fetches[i].grant, arrived ? "arrives" : "does not arrive", cycle,
               fetches[i].arrival);
      }
      if (fetches[i].arrival > cycle) return;
      outstanding_[core] = false;
      if (++i == fetches.size()) return step_tail(core, cycle);
    }
    const Fetch& fetch = fetches[i];
    if (cycle < fetch.grant) {
      // The fetch unit asks as soon as the previous word is there, unless its queue is full: then the port
      // would have granted. Whether it asks matters to the prefetcher only.
      if (!r_.prefetch || i == 0) return;
      const u32 addr = fetch.known > cycle ? (fetches[i - 1].addr & ~3u) + 4 : fetch.addr;
      ICache trial = cache_;
      if (!trial.request(hart, addr, cycle)) cache_.request(hart, addr, cycle);
      return;
    }
    const bool fast = cache_.hit_line(hart, fetch.addr);
    if (granted(core, fetch.addr, cycle)) {
      if (fast && fetch.arrival != cycle + 1) differ("fast path for %08x in %" PRIu64, fetch.addr, cycle);
    } else {
      differ("core %zu fetch %zu %08x refused in %" PRIu64 " (%s)", core, i, fetch.addr, cycle,
             cache_.hart_state(hart).state);
      i = fetches.size();
    }
  }

  void step_tail(size_t core, u64 cycle) {
    if (outstanding_[core]) outstanding_[core] = !arrival(core, cycle);
    if (outstanding_[core]) return;
    const Tail& tail = r_.tails[core];
    u32& word = tail_word_[core];  // 0: still running ahead of the jump
    if (!word && cycle >= tail.halt) word = 1;
    u32 addr = r_.fetches[core].back().addr + 4;
    if (word) addr = word == 1 ? tail.addr : (tail.addr & ~3u) + 4 * (word - 1);
    if (granted(core, addr, cycle)) {
      word = word == (tail.addr & 2 ? 3u : 2u) ? 1 : word + 1;
    }
  }

  void check_refills() {
    const auto& want = r_.refills;
    for (size_t k = 0; k < std::max(want.size(), refills_.size()); ++k) {
      const auto none = std::pair<u64, u32>{0, 0};
      const auto& have = k < refills_.size() ? refills_[k] : none;
      const auto& expected = k < want.size() ? want[k] : none;
      if (have != expected) {
        differ("refill %zu: %08x in %" PRIu64 ", recorded %08x in %" PRIu64, k, have.second, have.first,
               expected.second, expected.first);
      }
    }
    for (u32 core = 0; core < r_.cores; ++core) {
      auto have = cache_.counters(static_cast<int>(core));
      // The model counts a hit with its grant, the RTL with its lookup one cycle later.
      have.hits -= fast_grant_[core] == end_;
      const auto& want = r_.counters[core];
      if (have != want) {
        differ("core %u hits %" PRIu64 " transactions %" PRIu64 " misses %" PRIu64 " congestion %" PRIu64
               ", recorded %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64,
               core, have.hits, have.transactions, have.misses, have.congestion, want.hits, want.transactions,
               want.misses, want.congestion);
      }
    }
    for (int bank = 0; bank < 2; ++bank) {
      const auto& c = cache_.bank_counters(bank);
      if (c.transactions != r_.transactions[bank] || c.misses != r_.misses[bank]) {
        differ("bank %d transactions %" PRIu64 " misses %" PRIu64 ", recorded %" PRIu64 " %" PRIu64, bank,
               c.transactions, c.misses, r_.transactions[bank], r_.misses[bank]);
      }
    }
  }

  const Recording& r_;
  const Use use_;
  ICache cache_;
  std::vector<size_t> position_;
  std::vector<bool> outstanding_;
  std::vector<u32> tail_word_;
  std::vector<u64> fast_grant_;
  u64 end_ = 0;  // the recording stops when the last core has halted
  std::vector<std::pair<u64, u32>> refills_;
  const Control* pending_ = nullptr;
  int differences_ = 0;
};

bool read(std::istream& in, Recording& r) {
  std::string word;
  if (!(in >> word) || word != "test") return false;
  r = Recording{};
  in >> r.name >> r.enabled >> r.prefetch >> r.first_beat >> r.cores;
  r.fetches.resize(r.cores);
  r.tails.resize(r.cores);
  r.counters.resize(r.cores);
  while (in >> word && word != "end") {
    if (word == "fetch") {
      u32 core;
      Fetch f;
      in >> core >> std::dec >> f.grant >> f.arrival >> std::hex >> f.addr >> std::dec >> f.known;
      r.fetches[core].push_back(f);
    } else if (word == "tail") {
      u32 core;
      in >> core;
      in >> r.tails[core].halt >> std::hex >> r.tails[core].addr >> std::dec;
    } else if (word == "private") {
      u32 core;
      in >> core;
      auto& c = r.counters[core];
      in >> c.hits >> c.transactions >> c.misses >> c.congestion;
    } else if (word == "refill") {
      u64 cycle;
      u32 addr;
      in >> cycle >> std::hex >> addr >> std::dec;
      r.refills.emplace_back(cycle, addr);
    } else if (word == "control") {
      Control c{};
      int op;
      std::string done;
      in >> c.cycle >> op >> std::hex >> c.addr >> std::dec >> done;
      c.op = static_cast<ICache::Op>(op);
      c.done = done == "-" ? flexdbg::kNever : std::stoull(done);
      r.controls.push_back(c);
    } else if (word == "shared") {
      in >> r.transactions[0] >> r.transactions[1] >> r.misses[0] >> r.misses[1];
    }
  }
  return true;
}

}  // namespace

int main() {
  Recording recording;
  int tests = 0, failed = 0;
  while (read(std::cin, recording)) {
    int differences = 0;
    for (const Use use : {Use::kRequests, Use::kFastPath, Use::kEveryTick}) {
      differences += Replay(recording, use).run();
    }
    std::printf("%s %s %d\n", differences ? "FAIL" : "ok", recording.name.c_str(), differences);
    ++tests;
    failed += differences != 0;
  }
  std::printf("%d recordings, %d differ\n", tests, failed);
  return failed != 0;
}
