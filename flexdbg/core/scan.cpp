// Looking at other cycles of the recorded run and coming back: steps of a hart, hits of triggers, traces.
#include <algorithm>

#include "loop.hpp"

namespace flexdbg {

namespace {

// Longest stretch that is searched instruction by instruction.
constexpr u64 kStretch = 4 * kCheckpointInterval;

u64 steps_done(const Hart& h) { return h.instret + h.traps - (h.wfi && h.asleep ? 1 : 0); }

}  // namespace

u64 Cluster::step_count(int hart) const { return steps_done(s_.harts[hart]); }

Cluster::StepRecord Cluster::first_step(int hart) const {
  const Checkpoint& first = history_.front();
  const Hart& h = first.state->harts[hart];
  return {first.cycle, steps_done(h), pc_of(h)};
}

// The machine may go anywhere in the recorded run until `come_back`; nothing of that shows later.
void Cluster::leave() {
  insert_checkpoint(false);
  history_[base_].pinned = true;
  away_ = true;
  last_cycle_ = std::max(last_cycle_, s_.cycle);
  std::swap(trace, away_trace_);
}

void Cluster::come_back() {
  size_t i = base_;
  while (!history_[i].pinned) i = (i + 1) % history_.size();
  restore_checkpoint(i);
  history_[i].pinned = false;
  remove_base();
  std::swap(trace, away_trace_);
  away_ = false;
  stops_.clear();
  interrupt_.store(false);
}

template <typename F>
bool Cluster::elsewhere(F&& look) {
  if (away_) return look();
  leave();
  const bool done = look();
  come_back();
  return done;
}

// Like replay_to, in a mode that observes more.
bool Cluster::watch_to(u64 cycle, Mode mode) {
  const bool before = replaying_;
  replaying_ = true;
  bool dead = false;
  while (s_.cycle < cycle && !dead && !step_found_) {
    apply_inputs();
    stops_.clear();
    advance(until_input(cycle), mode);
    if (interrupt_.load(std::memory_order_relaxed)) break;
    for (const StopEvent& e : stops_)
      dead |= e.reason == StopReason::kDeadlock || e.reason == StopReason::kHalted;
  }
  apply_inputs();
  replaying_ = before;
  stops_.clear();
  return s_.cycle >= cycle || dead || step_found_;
}

// Where a hart stood behind each of its steps `first` to `last`, counted from reset.
bool Cluster::steps(int hart, u64 first, u64 last, std::vector<StepRecord>& out) {
  return elsewhere([&] {
    size_t from = history_.size() - 1;
    while (from > 0 && steps_done(history_[from].state->harts[hart]) >= first) --from;
    restore_checkpoint(from);
    const u64 end = last_cycle_;
    // Far from the next checkpoint: come closer first.
    while (base_ + 1 < history_.size() && history_[base_ + 1].cycle - s_.cycle > kStretch) {
      if (!replay_to(s_.cycle + kCheckpointInterval)) return false;
      if (step_count(hart) >= first) {
        restore_checkpoint(base_);
        break;
      }
      insert_checkpoint(true);
    }
    step_log_ = &out;
    step_hart_ = hart;
    step_first_ = first;
    step_target_ = last;
    step_seen_ = step_count(hart);
    step_found_ = step_seen_ >= last;
    const bool done = watch_to(end, kModePrecise);
    step_log_ = nullptr;
    step_hart_ = -1;
    step_found_ = false;
    return done;
  });
}

void Cluster::log_step() {
  const u64 count = step_count(step_hart_);
  if (count == step_seen_ || step_found_) return;
  step_seen_ = count;
  if (count >= step_first_) step_log_->push_back({s_.cycle, count, read_register(step_hart_, 32)});
  if (count < step_target_) return;
  step_found_ = true;
  StopEvent e;  // ends the loop
  e.reason = StopReason::kStep;
  stop(std::move(e));
}

// What the armed triggers would have reported in cycles [first, last), in order.
bool Cluster::scan(u64 first, u64 last, std::vector<StopEvent>& out) {
  return elsewhere([&] {
    // For stalls a cycle earlier, to know which ones begin.
    const u64 start = watched_causes_ == 0 || first == history_.front().cycle ? first : first - 1;
    if (!travel_to(start)) return false;
    hits_.clear();
    hits_at_base_ = 0;
    // Harts whose access is under way met their breakpoint before.
    s_.skips = 0;
    for (int i = 0; i < ports_; ++i) {
      Hart& h = s_.harts[i];
      const bool under_way =
          (s_.denied & hart_bit(h)) != 0 || h.denied != 0 || h.half != 0 || h.slow_grant != kNever;
      if (under_way) pass_breakpoint(h, h.a.pc);
    }
    scanning_ = true;
    const bool done = watch_to(last, !events_.empty()        ? kModeTraced
                                     : !breakpoints_.empty() ? kModePrecise
                                                             : kModeFast);
    scanning_ = false;
    for (StopEvent& e : hits_) {
      if (e.cycle >= first && e.cycle < last) out.push_back(std::move(e));
    }
    hits_.clear();
    hits_at_base_ = 0;
    return done;
  });
}

// Trace records of cycles [first, last).
bool Cluster::record(u64 first, u64 last, u32 kinds, u32 harts, u64 capacity, std::vector<TraceRecord>& out) {
  return elsewhere([&] {
    if (!travel_to(first)) return false;
    trace.start(kinds, harts, capacity);
    const bool done = watch_to(last, kModeTraced);
    trace.stop();
    out = trace.take();
    return done;
  });
}

u64 Cluster::checkpoint_cycle_before(u64 cycle) const {
  return cycle == 0 ? history_.front().cycle : history_[checkpoint_before(cycle - 1)].cycle;
}

}  // namespace flexdbg
