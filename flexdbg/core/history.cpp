// Replay. The machine is deterministic, so an earlier cycle is an earlier checkpoint plus a run in which what
// came from outside is applied again.
#include <algorithm>
#include <iterator>
#include <numeric>

#include "loop.hpp"

namespace flexdbg {

namespace {
constexpr u64 kScratchGap = 2048;  // cycles; a checkpoint is made so close before where one has gone
}

bool Cluster::goto_cycle(u64 cycle, std::vector<StopEvent>& stops) {
  if (history_.empty() || cycle < history_.front().cycle) {
    StopEvent e;
    e.reason = StopReason::kHistoryStart;
    e.cycle = s_.cycle;
    stops.push_back(e);
    return false;
  }
  last_cycle_ = std::max(last_cycle_, s_.cycle);
  stops_.clear();
  const bool there = travel_to(cycle);
  mark_resumed();
  // What stopped the machine in the cycle before is no news; what kept it from getting here is.
  if (!there) stops = std::move(stops_);
  stops_.clear();
  interrupt_.store(false);
  return there;
}

// From the checkpoint closest before `cycle`; leaves others on a long way, for those who go on from here.
bool Cluster::travel_to(u64 cycle) {
  const size_t from = checkpoint_before(cycle);
  if (cycle < s_.cycle || history_[from].cycle > s_.cycle) restore_checkpoint(from);
  if (cycle <= last_cycle_) {
    for (u64 gap = (cycle - s_.cycle) / 4; gap >= kScratchGap; gap /= 4) {
      if (!replay_to(cycle - gap)) return false;
      insert_checkpoint(true);
    }
  }
  return replay_to(cycle);
}

// Runs to `cycle` as the machine once did: stops on the way are passed, what came from outside is applied
// when its time has come. False: interrupted.
bool Cluster::replay_to(u64 cycle) {
  const bool before = replaying_;
  replaying_ = true;
  while (true) {
    apply_inputs();
    if (s_.cycle >= cycle) break;
    stops_.clear();
    advance(until_input(cycle), kModeFast);
    if (interrupt_.load(std::memory_order_relaxed)) break;
    bool dead = false;
    for (const StopEvent& e : stops_)
      dead |= e.reason == StopReason::kDeadlock || e.reason == StopReason::kHalted;
    if (dead) break;
  }
  replaying_ = before;
  return s_.cycle >= cycle;
}

void Cluster::apply_inputs() {
  while (input_next_ < inputs_.size() && inputs_[input_next_].cycle <= s_.cycle) {
    apply_input(inputs_[input_next_]);
    ++input_next_;
  }
}

u64 Cluster::until_input(u64 limit) const {
  return input_next_ < inputs_.size() ? std::min(limit, inputs_[input_next_].cycle) : limit;
}

// Moves on without passing an input. In fast mode, harts that ran ahead of what should have stopped or
// changed them come here again in step.
void Cluster::advance(u64 until, Mode mode) {
  if (frozen_ != 0 && mode == kModeFast) mode = kModePrecise;
  if (mode == kModeTraced) {
    begin_tracing();
    tracing_ = true;
    loop<kModeTraced>(until);
    tracing_ = false;
  } else if (mode == kModePrecise) {
    loop<kModePrecise>(until);
  } else {
    loop<kModeFast>(until);
    if (resync_ || (!stops_.empty() && !replaying_ && !nobody_ahead())) rewind();
  }
  resync_ = false;
}

// Whether no hart has executed anything beyond the present cycle: then its causes add up to that cycle.
bool Cluster::nobody_ahead() const {
  for (int i = 0; i < ports_; ++i) {
    u64 causes[static_cast<int>(Cause::kCount)];
    ledger(i, causes);
    if (std::accumulate(std::begin(causes), std::end(causes), u64{0}) != s_.cycle) return false;
  }
  return true;
}

void Cluster::rewind() {
  const u64 here = s_.cycle;
  std::vector<StopEvent> stops = std::move(stops_);
  const bool interrupted = interrupt_.exchange(false);
  const bool missed = resync_ && stops.empty();
  const bool before = replaying_;
  restore_checkpoint(base_);
  hits_.resize(hits_at_base_);
  replaying_ = true;
  while (s_.cycle < here) {
    apply_inputs();
    stops_.clear();
    loop<kModePrecise>(until_input(here));
  }
  replaying_ = before;
  if (interrupted) interrupt_.store(true);
  stops_ = std::move(stops);
  // All harts of this cycle that stand on a breakpoint have been looked at.
  for (const StopEvent& e : stops_) {
    if (e.reason == StopReason::kBreakpoint) mark_resumed();
  }
  // What was done again ends here: the next rewind need not go further back.
  if (missed && base_ + 1 == history_.size()) take_checkpoint();
}

void Cluster::forget_future() {
  if (replaying_) return;
  inputs_.resize(input_next_);
  last_cycle_ = s_.cycle;
  output_given_ = output_made_;
  forget_checkpoints_ahead();
  if (frozen_ != 0 && step_hart_ < 0 && !holding_) record_freeze(0);
}

// Which harts are held is an input like a write: a replay has to hold them too.
void Cluster::record_freeze(u32 harts) {
  frozen_ = harts;
  Input input;
  input.cycle = s_.cycle;
  input.hart = -1;
  input.address = harts;
  record_input(std::move(input));
}

void Cluster::record_input(Input input) {
  if (replaying_) return;
  forget_future();
  inputs_.push_back(std::move(input));
  input_next_ = inputs_.size();
}

void Cluster::apply_input(const Input& input) {
  const bool replaying = replaying_;
  replaying_ = true;
  if (input.hart < 0) {
    frozen_ = input.address;
  } else if (input.memory) {
    write_memory(input.address, input.data.data(), input.data.size());
  } else {
    u32 value;
    std::memcpy(&value, input.data.data(), 4);
    write_register(input.hart, input.address, value);
  }
  replaying_ = replaying;
}

// To be restored when the code cache holds something else: what harts have executed last comes along.
std::unique_ptr<State> Cluster::copy_state() const {
  auto copy = std::make_unique<State>(s_);
  for (int i = 0; i < ports_; ++i) {
    const Hart& now = s_.harts[i];
    if (now.prev == nullptr || now.prev == &now.kept) continue;
    Hart& h = copy->harts[i];
    h.kept_from = now.prev;
    h.kept = *now.prev;
    h.prev = &now.kept;
  }
  return copy;
}

u32 Cluster::snapshot() {
  const u32 id = next_snapshot_++;
  Snapshot shot;
  shot.state = copy_state();
  for (const Ram& r : memory_.regions) shot.memory.insert(shot.memory.end(), r.bytes.begin(), r.bytes.end());
  snapshots_.emplace(id, std::move(shot));
  return id;
}

bool Cluster::restore(u32 id) {
  const auto it = snapshots_.find(id);
  if (it == snapshots_.end()) return false;
  s_ = *it->second.state;
  size_t at = 0;
  for (int region : {Memory::kTcdm, Memory::kL2}) {
    Ram& r = memory_.regions[region];
    const u8* then = it->second.memory.data() + at;
    // Code that has not changed stays decoded: harts point to it.
    for (u32 offset = 0; offset < r.size; offset += kPageSize) {
      const u32 length = std::min(kPageSize, r.size - offset);
      if (std::memcmp(r.bytes.data() + offset, then + offset, length) == 0) continue;
      std::memcpy(r.bytes.data() + offset, then + offset, length);
      if (!(r.attr[offset >> kPageShift] & kAttrCode)) continue;
      forget_code(region, offset, length);
    }
    at += r.size;
  }
  for (int i = 0; i < ports_; ++i) {
    Hart& h = s_.harts[i];
    if (h.next != nullptr) h.next = decode_at(h, h.a.pc);
  }
  stops_.clear();
  restart_history();
  return true;
}

void Cluster::drop_snapshot(u32 id) { snapshots_.erase(id); }

}  // namespace flexdbg
