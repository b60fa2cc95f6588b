// Hierarchical instruction cache: one private cache per hart, shared banks behind them, one refill
// port to L2. Rules and sources: docs/fetch-model.md. Tags only; the words come from memory.
#pragma once

#include <array>
#include <vector>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "config.hpp"
#include "types.hpp"

namespace flexdbg {

class ICache {
 public:
  enum class Op : u8 {
    kEnable,         // both levels, invalidates them first
    kDisable,        // both levels: every fetch becomes a refill
    kFlush,          // both levels
    kFlushPrivate,   // all private caches
    kFlushSelected,  // the set of `address`, all ways, in every cache
  };

  struct PrivateCounters {
    u64 hits = 0, transactions = 0, misses = 0, congestion = 0;
    bool operator==(const PrivateCounters&) const = default;
  };
  struct SharedCounters {
    u64 hits = 0, transactions = 0, misses = 0;
    bool operator==(const SharedCounters&) const = default;
  };

  // What one hart's side is doing, for display.
  struct HartState {
    const char* state;     // private cache
    const char* prefetch;  // next-line prefetcher
    u32 address;           // fetch in progress
    u32 prefetch_address;
  };
  struct BankState {
    const char* state;
    int refills;  // outstanding
  };

  // A refill request accepted by L2; `cycle` is kNever if there was none yet.
  struct Refill {
    u64 cycle = kNever;
    u32 address = 0;
  };

  explicit ICache(const Config& config);

  // Line of `addr` held by the hart's private cache. Tags only, whatever the cache is doing.
  bool resident(int hart, u32 addr) const {
    const u32* way = private_tags_.data() + private_row(hart, addr);
    const u32 tag = tag_of(addr);
#ifdef __SSE2__
    if (private_ways_ == 4) {
      const __m128i row = _mm_loadu_si128(reinterpret_cast<const __m128i*>(way));
      return _mm_movemask_epi8(_mm_cmpeq_epi32(row, _mm_set1_epi32(static_cast<i32>(tag)))) != 0;
    }
#endif
    bool hit = false;
    for (u32 w = 0; w < private_ways_; ++w) hit |= way[w] == tag;
    return hit;
  }

  // Fast path: a fetch of `addr` in this cycle would be granted at once and answered in the next cycle,
  // and nothing but a counter would change. The caller may skip request(), and reports with note_hit().
  bool hit_line(int hart, u32 addr) const {
    const Private& p = private_[hart];
    return p.state == kIdle && !p.held() && !p.prefetch_on && resident(hart, addr);
  }
  // Changes whenever hit_line() may turn false for a line without a request by this hart (its tags or pins
  // change); until then a caller may remember the answers.
  u32 version(int hart) const { return private_[hart].version; }
  // `n` fetches went through the fast path, the last one in cycle `last`. Call it before control(), since
  // an operation waits for the lookup that follows a fetch.
  void note_hit(int hart, u64 n, u64 last) {
    Private& p = private_[hart];
    if (counting_) {
      p.counters.transactions += n;
      p.counters.hits += n;
    }
    p.last_hit = last;
  }

  // A fetch presented in `cycle`, at most one a cycle and none before the answer of the previous one.
  // True: granted. False: present it (or another address) again in the next cycle.
  bool request(int hart, u32 addr, u64 cycle);
  // The word of the granted fetch arrives in `cycle`. Ask before tick(cycle).
  bool arrival(int hart, u64 cycle) const;
  // Address on the hart's fetch port while it does not request: the redirect target while an answer is
  // awaited. By default the word behind the last granted one. Only the prefetcher looks at it.
  void aim(int hart, u32 addr) { private_[hart].shown = addr; }

  // End of a cycle. Needed only in the cycle next_event() names; cycles between are quiet.
  void tick(u64 cycle);
  bool active() const { return next_ != kNever; }
  u64 next_event() const { return next_; }

  // Pins of the control unit; takes effect in `cycle`. Start the next operation when control_busy() is
  // false; it turns false with the tick of the cycle that acknowledges the last cache.
  void control(Op op, u32 address, u64 cycle);
  bool control_busy() const;
  bool enabled() const { return enable_; }

  void set_prefetch(int hart, bool on, u64 cycle);
  bool prefetch(int hart) const { return private_[hart].prefetch_on; }

  void set_counting(bool on) { counting_ = on; }
  void clear_counters();
  const PrivateCounters& counters(int hart) const { return private_[hart].counters; }
  const SharedCounters& bank_counters(int bank) const { return banks_[bank].counters; }

  int banks() const { return static_cast<int>(banks_.size()); }
  HartState hart_state(int hart) const;
  BankState bank_state(int bank) const;
  bool shared_resident(u32 addr) const;
  const Refill& last_refill() const { return last_refill_; }

 private:
  enum PrivateState : u8 {
    kDisabled,
    kBypassRequest,
    kBypassWait,
    kIdle,
    kLookup,
    kWaitGrant,
    kWaitLine,
    kTakePrefetched,  // the prefetched line arrived in the cycle of the lookup
    kWaitPrefetch,
    kFlushing,
    kFlushingSet,
  };
  enum PrefetchState : u8 { kPrefetchOff, kPrefetchIdle, kProbe, kPrefetchWaitGrant, kPrefetchWaitLine };
  enum PortOwner : u8 { kNobody, kDemand, kPrefetch };
  enum BankPhase : u8 {
    kBypass,
    kDrain,  // enabling: answers of the bypass are still under way
    kInvalidate,
    kInvalidateSet,
    kOperative,
    kRequestRefill,
    kFill,             // line written, its requester answered
    kFillThenRequest,  // the same, a miss is waiting in the lookup stage
    kHeld,             // the lookup stage waits for a line under refill
    kFillHeld,
    kReread,
    kAnswerHeld,
  };

  struct Private {
    PrivateState state = kDisabled;
    PrefetchState prefetch_state = kPrefetchOff;
    PortOwner port = kNobody;
    bool response = false;  // response register of the port
    bool bypass = true, flush = false, flush_set = false, prefetch_on = false;  // pins
    bool requested = false, granted = false;                                    // in this cycle
    u32 shown = 0;                                                              // address on the fetch port
    u32 addr = 0;                                                               // fetch in progress
    u8 way = 0, prefetch_way = 0;
    u8 shift = 0;  // replacement
    u32 row = 0;   // flush counter
    u32 version = 0;
    u64 last_hit = kNever - 1;  // cycle of the last fetch that never left kIdle
    // Prefetcher. `next_line` follows the latest fetch; a lookup of it is due when `next_valid`.
    u32 next_line = 0, probed_line = 0;
    bool next_valid = false;
    bool behind = false;       // a fetch came while a prefetch ran: look behind it when its word is there
    bool follows = false;      // the latest fetch is for the line being prefetched
    bool line_before = false;  // the prefetched line arrived in the previous cycle
    PrivateCounters counters;

    bool held() const { return bypass || flush || flush_set; }
    bool operator==(const Private&) const = default;
  };

  struct Pending {
    u32 line = 0;
    u8 way = 0;
    i8 hart = -1;
    bool operator==(const Pending&) const = default;
  };
  template <typename T, int N>
  struct Fifo {
    std::array<T, N> items{};
    int size = 0;
    bool full() const { return size == N; }
    bool empty() const { return size == 0; }
    const T& front() const { return items[0]; }
    void push(const T& item) { items[size++] = item; }
    void pop() {
      for (int i = 1; i < size; ++i) items[i - 1] = items[i];
      --size;
    }
    bool operator==(const Fifo&) const = default;
  };
  struct Bank {
    BankPhase phase = kBypass;
    bool flush = false, flush_set = false;
    bool line_ready = false;  // a whole line waits at the refill port
    u8 beats = 0;
    u8 turn = 0;    // arbitration counter
    u8 shift = 0;   // replacement
    u32 row = 0;    // flush counter
    Pending stage;  // lookup stage; hart < 0: empty
    Fifo<Pending, 4> refills;
    Fifo<i8, 4> bypassed;
    Fifo<u32, 2> ar;
    SharedCounters counters;
    bool operator==(const Bank&) const = default;
  };
  struct Burst {
    u64 first = 0;
    u8 bank = 0;
    u8 beats = 0;
  };
  // What one private cache sees and asks in a cycle, before anything is written.
  struct Look {
    bool hit = false, probe_hit = false;
    bool demand = false, prefetch = false;  // asks that reach the banks; at most one
    bool granted = false, lost = false;     // by a bank that takes one in this cycle
    bool demand_line = false, prefetch_line = false;
    bool prefetching = false;  // the prefetcher works on next_line
    bool word = false;         // a fetch is answered
    u32 line = 0;
    bool any() const { return demand || prefetch; }
  };

  u32 tag_of(u32 addr) const { return (addr & ~line_mask_) | 1; }
  u32 private_set(u32 addr) const { return (addr >> line_bits_) & (private_sets_ - 1); }
  u32 private_row(int hart, u32 addr) const {
    return (static_cast<u32>(hart) * private_sets_ + private_set(addr)) * private_ways_;
  }
  int bank_of(u32 addr) const { return static_cast<int>((addr >> line_bits_) & (bank_count_ - 1)); }
  u32 shared_set(u32 addr) const { return (addr >> (line_bits_ + bank_bits_)) & (shared_sets_ - 1); }
  u32 shared_row(int bank, u32 set) const {
    return (static_cast<u32>(bank) * shared_sets_ + set) * shared_ways_;
  }

  bool held_by_row(const std::vector<u32>& tags, u32 row, u32 ways, u32 addr) const;
  u32 probed(const Private& p) const;
  u8 private_way(u32 row, u8 shift, bool& random) const;
  bool busy(const Private& p) const;
  bool only_answer_matters(const Private& p) const;
  Look look(int hart, u64 cycle) const;
  void step_private(int hart, const Look& look, u64 cycle);
  PrivateState next_private(int hart, const Private& was, const Look& look, u64 cycle, bool& random);
  PrefetchState next_prefetch(int hart, const Private& was, const Look& look, bool& random);
  void follow_fetches(Private& p, const Private& was, const Look& look) const;
  bool tags_busy(const Private& was, const Look& look, bool& write) const;

  bool bank_hit(int index) const;
  bool accepts(int index) const;
  bool under_refill(const Bank& bank) const;
  bool rests(const Bank& bank) const;
  void step_bank(int index, const Pending& accepted, bool ar_ready);
  BankPhase next_bank(int index, const Pending& accepted, bool ar_ready);
  BankPhase operate(int index, const Pending& accepted);
  BankPhase held_operation(const Bank& bank) const;
  void fill(int index);
  void answer(int hart);
  void answer_bypass(Bank& bank);
  int step_memory(u64 cycle);

  u32 harts_, line_bits_, line_mask_, bank_bits_, bank_count_;
  u32 private_sets_, private_ways_, shared_sets_, shared_ways_;
  u32 arbiter_bits_, first_beat_;
  bool enable_ = false, counting_ = true, moved_ = false;
  u32 flush_address_ = 0;
  u32 active_ = ~u32{0};  // harts whose private cache may be busy
  u32 answers_ = 0;       // harts answered by a bank in this cycle
  u8 ar_turn_ = 0;
  u64 next_ = kNever;
  Refill last_refill_;
  std::array<Private, kMaxHarts> private_;
  std::vector<Bank> banks_;
  std::vector<u32> private_tags_, shared_tags_;
  std::vector<Burst> bursts_;
};

}  // namespace flexdbg
