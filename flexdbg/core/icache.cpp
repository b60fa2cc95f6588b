// State machines of the hierarchical instruction cache, cycle by cycle. Behaviour as in
// pulp-platform/hier-icache:RTL (pri_icache_controller, refill_arbiter, share_icache,
// share_icache_controller) and pulp-platform/icache-intc; docs/fetch-model.md states it in words.
#include "icache.hpp"

#include <algorithm>
#include <bit>

namespace flexdbg {

namespace {

constexpr u32 kBeats = 2;  // 64-bit beats of a refill
constexpr int kMaxBanks = 16;

u8 next_shift(u8 v) { return static_cast<u8>(v << 1 | (~(v >> 7 ^ v >> 3 ^ v >> 2 ^ v >> 1) & 1)); }

u32 log2_of(u32 value) { return static_cast<u32>(std::countr_zero(value)); }

// Binary tree over 2^levels requesters: at each level the upper half wins if it asks and its bit of `turn`
// is set or the lower half is silent. Both arbiters of the cache choose so.
int tree_winner(u32 mask, u32 turn, u32 levels) {
  int low = 0;
  for (u32 level = levels; level-- > 0;) {
    const int half = 1 << level;
    const u32 lower = mask >> low & ((1u << half) - 1);
    const u32 upper = mask >> (low + half) & ((1u << half) - 1);
    if (upper && ((turn >> level & 1) || !lower)) low += half;
  }
  return low;
}

}  // namespace

ICache::ICache(const Config& config)
    : harts_(config.harts),
      line_bits_(log2_of(config.icache_line)),
      line_mask_(config.icache_line - 1),
      bank_bits_(log2_of(config.icache_shared_banks)),
      bank_count_(config.icache_shared_banks),
      private_sets_(config.icache_private_size / config.icache_private_ways / config.icache_line),
      private_ways_(config.icache_private_ways),
      shared_sets_(config.icache_shared_size / bank_count_ / config.icache_shared_ways / config.icache_line),
      shared_ways_(config.icache_shared_ways),
      arbiter_bits_(log2_of(std::bit_ceil(config.harts))),
      first_beat_(config.icache_l2_first_beat),
      enable_(config.icache_enabled_at_reset),
      banks_(bank_count_),
      private_tags_(harts_ * private_sets_ * private_ways_),
      shared_tags_(bank_count_ * shared_sets_ * shared_ways_) {
  for (Private& p : private_) {
    p.state = enable_ ? kIdle : kDisabled;
    p.bypass = !enable_;
    p.prefetch_on = config.icache_prefetch;
    if (enable_ && p.prefetch_on) p.prefetch_state = kPrefetchIdle;
  }
  for (Bank& bank : banks_) bank.phase = enable_ ? kOperative : kBypass;
}

bool ICache::held_by_row(const std::vector<u32>& tags, u32 row, u32 ways, u32 addr) const {
  const auto first = tags.begin() + row;
  return std::find(first, first + ways, tag_of(addr)) != first + ways;
}

// ---- private caches -------------------------------------------------------------------------------

bool ICache::request(int hart, u32 addr, u64 cycle) {
  Private& p = private_[hart];
  p.shown = addr;
  bool grant = false;
  switch (p.state) {
    case kDisabled:
      grant = p.bypass;
      break;
    case kIdle:  // a lookup still running hides the pins
      grant = !p.held() || p.last_hit + 1 == cycle;
      break;
    case kLookup:
      grant = resident(hart, p.addr);
      break;
    default:
      break;
  }
  if (grant) {
    if (counting_) ++p.counters.transactions;
    if (p.state == kIdle && !p.prefetch_on && resident(hart, addr)) {
      if (counting_) ++p.counters.hits;
      p.last_hit = cycle;
      p.shown = (addr & ~3u) + 4;
      return true;
    }
  } else if (!p.prefetch_on) {
    return false;
  }
  p.requested = true;
  active_ |= 1u << hart;
  p.granted = grant;
  next_ = std::min(next_, cycle);
  return grant;
}

bool ICache::arrival(int hart, u64 cycle) const {
  const Private& p = private_[hart];
  switch (p.state) {
    case kIdle:
      return p.last_hit + 1 == cycle;
    case kBypassWait:
    case kWaitLine:
      return p.response && p.port == kDemand;
    case kLookup:
      return resident(hart, p.addr);
    case kTakePrefetched:
      return true;
    case kWaitPrefetch:
      return p.response && p.port == kPrefetch;
    default:
      return false;
  }
}

bool ICache::busy(const Private& p) const {
  return p.state != kIdle || p.requested || p.held() || p.prefetch_on || p.prefetch_state != kPrefetchOff ||
         p.port != kNobody || p.response;
}

bool ICache::only_answer_matters(const Private& p) const {
  return (p.state == kWaitLine || p.state == kBypassWait) && !p.response && !p.prefetch_on &&
         p.prefetch_state == kPrefetchOff && !p.flush && !p.flush_set;
}

ICache::Look ICache::look(int hart, u64 cycle) const {
  const Private& p = private_[hart];
  Look look;
  look.demand_line = p.response && p.port == kDemand;
  look.prefetch_line = p.response && p.port == kPrefetch;
  look.word = arrival(hart, cycle);
  look.hit = p.state == kLookup && look.word;
  look.probe_hit = p.prefetch_state == kProbe && resident(hart, probed(p));
  look.prefetching = p.prefetch_state == kProbe || p.prefetch_state == kPrefetchWaitGrant ||
                     (p.prefetch_state == kPrefetchWaitLine && !look.prefetch_line);
  const bool demand =
      (p.state == kLookup && !look.hit && !p.follows) || p.state == kWaitGrant || p.state == kBypassRequest;
  const bool prefetch =
      (p.prefetch_state == kProbe && !look.probe_hit) || p.prefetch_state == kPrefetchWaitGrant;
  look.demand = demand && p.port != kPrefetch;
  look.prefetch = prefetch && (p.port == kPrefetch || (p.port == kNobody && !demand));
  look.line = (look.demand ? p.addr : p.next_line) & ~line_mask_;
  return look;
}

// The prefetcher reads the set of one line and compares the tag of `next_line`, which a fetch in between may
// have moved on: the set is then that of the earlier line.
u32 ICache::probed(const Private& p) const {
  const u32 set_mask = (private_sets_ - 1) << line_bits_;
  return (p.next_line & ~set_mask) | (p.probed_line & set_mask);
}

// An invalid way first, the highest-numbered one; else the shift register decides and steps.
u8 ICache::private_way(u32 row, u8 shift, bool& random) const {
  for (u32 way = private_ways_; way-- > 0;) {
    if (!private_tags_[row + way]) return static_cast<u8>(way);
  }
  random = true;
  return static_cast<u8>(shift & (private_ways_ - 1));
}

// The tag memory has one write port, and a lookup or a flush in the same cycle wins over the prefetcher.
bool ICache::tags_busy(const Private& was, const Look& look, bool& write) const {
  write = was.state == kFlushing || was.state == kFlushingSet || (was.state == kWaitLine && look.demand_line);
  return write || (was.requested && was.granted && (was.state == kIdle || was.state == kLookup));
}

void ICache::step_private(int hart, const Look& look, u64 cycle) {
  Private& p = private_[hart];
  const Private was = p;
  bool random = false;
  const PrivateState state = next_private(hart, was, look, cycle, random);
  const PrefetchState prefetch_state = next_prefetch(hart, was, look, random);
  follow_fetches(p, was, look);
  p.state = state;
  p.prefetch_state = prefetch_state;
  if (random) p.shift = next_shift(p.shift);
  if (was.port != kNobody) {
    if (was.response) p.port = kNobody;
  } else if (look.any()) {
    p.port = look.demand ? kDemand : kPrefetch;
  }
  if (was.granted) p.shown = (was.shown & ~3u) + 4;
  p.requested = p.granted = false;
  p.response = answers_ >> hart & 1;
  if (counting_ && look.lost) ++p.counters.congestion;
  moved_ |= !(p == was);
}

ICache::PrivateState ICache::next_private(int hart, const Private& was, const Look& look, u64 cycle,
                                          bool& random) {
  Private& p = private_[hart];
  const u64 count = counting_;
  switch (was.state) {
    case kDisabled:
      p.flush = p.flush_set = false;
      if (was.granted) {
        p.addr = was.shown;
        return kBypassRequest;
      }
      return was.bypass ? kDisabled : kFlushing;
    case kBypassRequest:
      p.flush = p.flush_set = false;
      return look.demand && look.granted ? kBypassWait : kBypassRequest;
    case kBypassWait:
      p.flush = p.flush_set = false;
      return look.demand_line ? kDisabled : kBypassWait;
    case kIdle:
      // A fetch of this or the last cycle is still being looked up; the pins wait, and must be seen again.
      if (was.held() && (was.last_hit == cycle || was.last_hit + 1 == cycle))
        moved_ = true;
      else if (was.held()) {
        return was.bypass ? kDisabled : was.flush ? kFlushing : kFlushingSet;
      }
      if (!was.granted) return kIdle;
      p.addr = was.shown;
      if (was.prefetch_on && (was.shown & ~line_mask_) == was.next_line && !look.probe_hit) {
        if (look.prefetch_line) return kTakePrefetched;
        if (look.prefetching) return kWaitPrefetch;
      }
      return kLookup;
    case kLookup:
      if (look.hit) {
        p.counters.hits += count;
        if (was.granted) p.addr = was.shown;
        return was.granted ? kLookup : kIdle;
      }
      if (was.follows) {
        p.counters.hits += count;  // and once more when the line is there, as the RTL counts
        return look.prefetch_line || was.line_before ? kTakePrefetched : kWaitPrefetch;
      }
      p.counters.misses += count;
      p.way = private_way(private_row(hart, was.addr), was.shift, random);
      return look.demand && look.granted ? kWaitLine : kWaitGrant;
    case kWaitGrant:
      return look.demand && look.granted ? kWaitLine : kWaitGrant;
    case kWaitLine:
      if (!look.demand_line) return kWaitLine;
      private_tags_[private_row(hart, was.addr) + was.way] = tag_of(was.addr);
      ++p.version;
      return kIdle;
    case kTakePrefetched:
      p.counters.hits += count;
      return kIdle;
    case kWaitPrefetch:
      if (!look.prefetch_line) return kWaitPrefetch;
      p.counters.hits += count;
      return kIdle;
    case kFlushing: {
      const auto row = private_tags_.begin() + (hart * private_sets_ + was.row) * private_ways_;
      std::fill_n(row, private_ways_, 0);
      p.flush_set = false;
      p.row = (was.row + 1) % private_sets_;
      if (p.row) return kFlushing;
      p.flush = false;
      return kIdle;
    }
    case kFlushingSet:
      std::fill_n(private_tags_.begin() + private_row(hart, flush_address_), private_ways_, 0);
      p.flush_set = false;
      return kIdle;
  }
  return was.state;
}

ICache::PrefetchState ICache::next_prefetch(int hart, const Private& was, const Look& look, bool& random) {
  Private& p = private_[hart];
  bool write = false;
  switch (was.prefetch_state) {
    case kPrefetchOff:
      return was.prefetch_on && !was.bypass ? kPrefetchIdle : kPrefetchOff;
    case kPrefetchIdle:
      tags_busy(was, look, write);
      if (was.next_valid && !write) p.probed_line = was.next_line;
      if (was.bypass || !was.prefetch_on) return kPrefetchOff;
      // Only once the fetch port shows another line than the next one.
      return was.next_valid && (was.shown & ~line_mask_) != was.next_line ? kProbe : kPrefetchIdle;
    case kProbe:
      if (look.probe_hit) return kPrefetchIdle;
      p.prefetch_way = private_way(private_row(hart, was.probed_line), was.shift, random);
      return look.prefetch && look.granted ? kPrefetchWaitLine : kPrefetchWaitGrant;
    case kPrefetchWaitGrant:
      return look.prefetch && look.granted ? kPrefetchWaitLine : kPrefetchWaitGrant;
    case kPrefetchWaitLine:
      if (!look.prefetch_line) return kPrefetchWaitLine;
      // A line that comes with a lookup is handed to the fetch but not kept.
      if (was.prefetch_on && !tags_busy(was, look, write)) {
        private_tags_[private_row(hart, was.next_line) + was.prefetch_way] = tag_of(was.next_line);
        ++p.version;
      }
      return kPrefetchIdle;
  }
  return was.prefetch_state;
}

void ICache::follow_fetches(Private& p, const Private& was, const Look& look) const {
  if (!was.prefetch_on) {
    p.next_valid = p.behind = p.follows = p.line_before = false;
    return;
  }
  p.line_before = look.prefetch_line;
  if (was.requested) {
    p.follows = (was.shown & ~line_mask_) == was.next_line &&
                ((look.prefetching && !look.probe_hit) || look.prefetch_line);
  }
  if (was.requested && look.prefetching) p.behind = true;
  p.next_valid = false;
  if (look.prefetching) return;
  if (was.requested) {
    p.next_line = (was.shown & ~line_mask_) + line_mask_ + 1;
    p.next_valid = true;
  } else if (was.behind && look.word) {
    p.next_line = (was.addr & ~line_mask_) + line_mask_ + 1;
    p.next_valid = true;
    p.behind = false;
  }
}

// ---- shared banks ---------------------------------------------------------------------------------

bool ICache::bank_hit(int index) const {
  const u32 line = banks_[index].stage.line;
  return held_by_row(shared_tags_, shared_row(index, shared_set(line)), shared_ways_, line);
}

bool ICache::under_refill(const Bank& bank) const {
  if (bank.stage.hart < 0) return false;
  const auto first = bank.refills.items.begin();
  return std::any_of(first, first + bank.refills.size,
                     [&](const Pending& refill) { return refill.line == bank.stage.line; });
}

bool ICache::accepts(int index) const {
  const Bank& bank = banks_[index];
  if (bank.phase == kBypass) return !enable_ && !bank.ar.full() && !bank.bypassed.full();
  return bank.phase == kOperative && enable_ && !bank.flush && !bank.flush_set && !bank.line_ready &&
         (bank.stage.hart < 0 || bank_hit(index));
}

void ICache::answer(int hart) {
  if (hart >= 0) answers_ |= 1u << hart;
}

void ICache::fill(int index) {
  Bank& bank = banks_[index];
  const Pending refill = bank.refills.front();
  shared_tags_[shared_row(index, shared_set(refill.line)) + refill.way] = tag_of(refill.line);
  answer(refill.hart);
  bank.refills.pop();
  bank.line_ready = false;
}

void ICache::answer_bypass(Bank& bank) {
  if (!bank.line_ready) return;
  bank.line_ready = false;
  answer(bank.bypassed.front());
  bank.bypassed.pop();
}

// Where the pins of the control unit lead. Leaving the cache enabled with refills under way would lose
// their answers (it does in the RTL if the last lookup hits), so that waits.
ICache::BankPhase ICache::held_operation(const Bank& bank) const {
  if (!enable_) return bank.refills.empty() ? kBypass : kOperative;
  if (bank.flush_set) return kInvalidateSet;
  return bank.flush ? kInvalidate : kOperative;
}

ICache::BankPhase ICache::operate(int index, const Pending& accepted) {
  Bank& bank = banks_[index];
  const bool asked = bank.stage.hart >= 0;
  if (bank.line_ready) {
    if (under_refill(bank)) return kFillHeld;
    if (asked && bank_hit(index)) {
      bank.counters.hits += counting_;
      answer(bank.stage.hart);
      bank.stage = Pending{};
    }
    return kFill;
  }
  if (asked && !bank_hit(index)) return under_refill(bank) ? kHeld : kRequestRefill;
  if (asked) {
    bank.counters.hits += counting_;
    answer(bank.stage.hart);
  }
  bank.stage = accepted;
  if (enable_ && !bank.flush && !bank.flush_set) return kOperative;
  return !asked && !bank.refills.empty() ? kHeld : held_operation(bank);
}

ICache::BankPhase ICache::next_bank(int index, const Pending& accepted, bool ar_ready) {
  Bank& bank = banks_[index];
  switch (bank.phase) {
    case kBypass:
      bank.flush = bank.flush_set = false;
      answer_bypass(bank);
      if (accepted.hart >= 0) {
        bank.ar.push(accepted.line);
        bank.bypassed.push(accepted.hart);
      }
      return enable_ ? kDrain : kBypass;
    case kDrain: {
      const bool drained = bank.bypassed.empty();
      answer_bypass(bank);
      return drained ? kInvalidate : kDrain;
    }
    case kInvalidate: {
      std::fill_n(shared_tags_.begin() + shared_row(index, bank.row), shared_ways_, 0);
      bank.row = (bank.row + 1) % shared_sets_;
      if (bank.row) return kInvalidate;
      bank.flush = false;
      return enable_ ? kOperative : kBypass;
    }
    case kInvalidateSet:
      std::fill_n(shared_tags_.begin() + shared_row(index, shared_set(flush_address_)), shared_ways_, 0);
      bank.flush_set = false;
      return kOperative;
    case kOperative:
      return operate(index, accepted);
    case kRequestRefill:
      if (bank.line_ready) return kFillThenRequest;
      if (!ar_ready || bank.refills.full()) return kRequestRefill;
      bank.stage.way = static_cast<u8>(bank.shift & (shared_ways_ - 1));
      bank.shift = next_shift(bank.shift);
      bank.counters.misses += counting_;
      bank.ar.push(bank.stage.line);
      bank.refills.push(bank.stage);
      bank.stage = Pending{};
      return kOperative;
    case kFill:
      fill(index);
      return kOperative;
    case kFillThenRequest:
      fill(index);
      return kRequestRefill;
    case kHeld:
      return bank.line_ready ? kFillHeld : kHeld;
    case kFillHeld:
      fill(index);
      return kReread;
    case kReread:
      return under_refill(bank) ? kHeld : kAnswerHeld;
    case kAnswerHeld:
      if (bank.stage.hart >= 0) bank.counters.hits += counting_;
      answer(bank.stage.hart);
      bank.stage = Pending{};
      return kOperative;
  }
  return bank.phase;
}

bool ICache::rests(const Bank& bank) const {
  if (bank.line_ready || bank.flush || bank.flush_set) return false;
  return bank.phase == kHeld || (bank.phase == kBypass && !enable_) ||
         (bank.phase == kOperative && enable_ && bank.stage.hart < 0);
}

void ICache::step_bank(int index, const Pending& accepted, bool ar_ready) {
  Bank& bank = banks_[index];
  if (accepted.hart < 0 && rests(bank)) return;
  const Bank was = bank;
  const BankPhase phase = next_bank(index, accepted, ar_ready);
  bank.phase = phase;
  if (accepted.hart >= 0) {
    bank.counters.transactions += counting_;
    bank.turn = static_cast<u8>((bank.turn + 1) & ((1u << arbiter_bits_) - 1));
  }
  moved_ |= !(bank == was);
}

// ---- refill port ----------------------------------------------------------------------------------

// One refill request and one beat a cycle, bursts in order. Returns the bank whose line is complete, or -1.
// A bank takes no beat while a complete line waits in it, which stops the port for all.
int ICache::step_memory(u64 cycle) {
  int complete = -1;
  if (!bursts_.empty() && bursts_.front().first <= cycle) {
    Burst& burst = bursts_.front();
    if (!banks_[burst.bank].line_ready) {
      moved_ = true;
      if (++burst.beats == kBeats) {
        complete = burst.bank;
        bursts_.erase(bursts_.begin());
      }
    }
  }
  // Round robin with look-ahead (pulp-platform/common_cells:src/rr_arb_tree.sv), in the AXI multiplexer.
  u32 mask = 0;
  for (int i = 0; i < banks(); ++i) mask |= static_cast<u32>(!banks_[i].ar.empty()) << i;
  if (mask) {
    const int bank = tree_winner(mask, ar_turn_, bank_bits_);
    const u32 above = mask & ~((2u << ar_turn_) - 1);
    ar_turn_ = static_cast<u8>(std::countr_zero(above ? above : mask));
    bursts_.push_back({cycle + first_beat_, static_cast<u8>(bank), 0});
    last_refill_ = {cycle, banks_[bank].ar.front()};
    banks_[bank].ar.pop();
    moved_ = true;
  }
  return complete;
}

void ICache::tick(u64 cycle) {
  moved_ = false;
  answers_ = 0;
  std::array<Look, kMaxHarts> looks;
  std::array<u32, kMaxBanks> masks{};
  std::array<bool, kMaxBanks> ar_ready{};
  u32 busy_harts = 0, waiting_harts = 0;
  for (u32 left = active_ & ((u32{1} << harts_) - 1); left != 0; left &= left - 1) {
    const int hart = std::countr_zero(left);
    if (!busy(private_[hart])) {
      active_ &= ~(1u << hart);
      continue;
    }
    if (only_answer_matters(private_[hart])) {
      waiting_harts |= 1u << hart;
      continue;
    }
    busy_harts |= 1u << hart;
    looks[hart] = look(hart, cycle);
    if (looks[hart].any()) masks[bank_of(looks[hart].line)] |= 1u << hart;
  }
  std::array<Pending, kMaxBanks> accepted{};
  for (int i = 0; i < banks(); ++i) {
    ar_ready[i] = !banks_[i].ar.full();
    if (!masks[i] || !accepts(i)) continue;
    const int winner = tree_winner(masks[i], banks_[i].turn, arbiter_bits_);
    accepted[i] = {looks[winner].line, 0, static_cast<i8>(winner)};
    for (u32 left = masks[i]; left != 0; left &= left - 1) {
      const int hart = std::countr_zero(left);
      (hart == winner ? looks[hart].granted : looks[hart].lost) = true;
    }
  }
  const int complete = step_memory(cycle);
  for (int i = 0; i < banks(); ++i) step_bank(i, accepted[i], ar_ready[i]);
  for (; busy_harts != 0; busy_harts &= busy_harts - 1) {
    const int hart = std::countr_zero(busy_harts);
    step_private(hart, looks[hart], cycle);
  }
  for (u32 answered = answers_ & waiting_harts; answered; answered &= answered - 1) {
    private_[std::countr_zero(answered)].response = moved_ = true;
  }
  if (complete >= 0) banks_[complete].line_ready = true;
  next_ = kNever;
  if (moved_) {
    next_ = cycle + 1;
  } else if (!bursts_.empty()) {
    next_ = std::max(cycle + 1, bursts_.front().first);
  }
}

// ---- control and display --------------------------------------------------------------------------

void ICache::control(Op op, u32 address, u64 cycle) {
  if (op == Op::kEnable || op == Op::kDisable) enable_ = op == Op::kEnable;
  active_ = ~u32{0};
  if (op == Op::kFlushSelected) flush_address_ = address;
  for (Private& p : private_) {
    p.bypass = !enable_;
    p.flush |= op == Op::kFlush || op == Op::kFlushPrivate;
    p.flush_set |= op == Op::kFlushSelected;
    ++p.version;
  }
  for (Bank& bank : banks_) {
    bank.flush |= op == Op::kFlush;
    bank.flush_set |= op == Op::kFlushSelected;
  }
  next_ = std::min(next_, cycle);
}

bool ICache::control_busy() const {
  const auto private_busy = [this](const Private& p) {
    return p.flush || p.flush_set || (p.state <= kBypassWait) == enable_;
  };
  const auto bank_busy = [this](const Bank& bank) {
    return bank.flush || bank.flush_set || (enable_ ? bank.phase <= kDrain : bank.phase != kBypass);
  };
  return std::any_of(private_.begin(), private_.begin() + harts_, private_busy) ||
         std::any_of(banks_.begin(), banks_.end(), bank_busy);
}

void ICache::set_prefetch(int hart, bool on, u64 cycle) {
  private_[hart].prefetch_on = on;
  active_ |= 1u << hart;
  ++private_[hart].version;
  next_ = std::min(next_, cycle);
}

void ICache::clear_counters() {
  for (Private& p : private_) p.counters = {};
  for (Bank& bank : banks_) bank.counters = {};
}

bool ICache::shared_resident(u32 addr) const {
  return held_by_row(shared_tags_, shared_row(bank_of(addr), shared_set(addr)), shared_ways_, addr);
}

ICache::HartState ICache::hart_state(int hart) const {
  static constexpr const char* kStates[] = {
      "disabled",      "bypass request", "bypass wait",       "idle",  "lookup",   "wait for bank",
      "wait for line", "prefetched",     "wait for prefetch", "flush", "flush set"};
  static constexpr const char* kPrefetchStates[] = {"off", "idle", "probe", "wait for bank", "wait for line"};
  const Private& p = private_[hart];
  return {kStates[p.state], kPrefetchStates[p.prefetch_state], p.addr, p.next_line};
}

ICache::BankState ICache::bank_state(int bank) const {
  static constexpr const char* kPhases[] = {"bypass",        "drain",          "invalidate", "invalidate set",
                                            "ready",         "request refill", "fill",       "fill",
                                            "wait for line", "fill",           "reread",     "answer"};
  const Bank& b = banks_[bank];
  return {kPhases[b.phase], b.refills.size + b.bypassed.size};
}

}  // namespace flexdbg
