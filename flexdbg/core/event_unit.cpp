// Time in the event unit: requests, waiting, waking and clock edges.
#include "event_unit.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "event_unit_map.hpp"
#include "event_unit_text.hpp"

namespace flexdbg {
namespace {

using namespace eu;

// A sleeping hart's clock is off from this many cycles after its first request (the core reports idle when
// its fetches have drained). Until then the sleep state machine has not left its previous state.
constexpr u64 kClockOff = 5;

}  // namespace

EventUnit::EventUnit(const Config& config)
    : harts_(std::clamp(config.harts, 1u, static_cast<u32>(kMaxHarts))),
      all_((1u << harts_) - 1),
      barrier_count_(std::min(config.eu_barriers, 16u)),
      mutex_count_(std::min(config.eu_mutexes, 16u)),
      sw_count_(std::min(config.eu_sw_events, 8u)),
      event_delay_(std::max(config.eu_event_to_grant, 1u)),
      barrier_delay_(std::max(config.eu_barrier_to_grant, 1u)),
      dispatch_(std::max(config.eu_dispatch_depth, 1u)) {}

// ---- requests of a hart

EventUnit::Reply EventUnit::access(int hart, u32 offset, bool write, u32 wdata, u64 cycle) {
  if (cycle >= next_) advance(cycle);
  const Register r = decode(offset);
  if (r.unit == Unit::kReserved) {
    refuse(hart, "event unit offset " + hex_text(offset) + " does not decode; the hardware never answers");
    return hold(hart, WaitKind::kUndecoded, offset, write, wdata, cycle);
  }
  if (!write && r.sleeps()) return load(hart, offset, r, cycle);
  // The hardware does not grant in the cycle in which a wait-and-clear takes effect, and lets one hart a
  // cycle into a barrier's registers.
  const bool barrier_port = r.unit == Unit::kBarrier && r.reg < kTriggerSelf;
  if (clearing_ & bit(hart) || (barrier_port && !claim_barrier(r.index, cycle))) {
    return hold(hart, WaitKind::kHeld, offset, write, wdata, cycle);
  }
  return write ? store(hart, offset, r, wdata, cycle) : load(hart, offset, r, cycle);
}

EventUnit::Reply EventUnit::hold(int hart, WaitKind kind, u32 offset, bool write, u32 wdata, u64 cycle) {
  Core& core = cores_[hart];
  core.wait = {kind, 0, cycle};
  core.offset = offset;
  core.write = write;
  core.wdata = wdata;
  waiting_ |= bit(hart);
  if (kind == WaitKind::kHeld) wake_at(cycle + 1);
  return {false, 0};
}

// The masks of units that harts used belong to one cycle.
void EventUnit::stamp(u64 cycle) {
  if (used_cycle_ == cycle) return;
  used_cycle_ = cycle;
  written_cores_ = claimed_barriers_ = 0;
}

bool EventUnit::claim_barrier(u32 index, u64 cycle) {
  stamp(cycle);
  if (claimed_barriers_ & bit(index)) return false;
  claimed_barriers_ |= bit(index);
  return true;
}

EventUnit::Reply EventUnit::load(int hart, u32 offset, const Register& r, u64 cycle) {
  Core& core = cores_[hart];
  const bool self_trigger = r.unit == Unit::kBarrier && r.reg == kTriggerSelf;
  if (r.sleeps() || self_trigger) {
    check_sleep(hart, offset, r);
    if (core.armed) fire(hart, r, cycle);
  }
  if (!r.sleeps()) {
    core.answer_offset = offset;
    latch_ |= bit(hart);
    wake_at(cycle + 1);
    return {true, read(hart, r)};
  }
  static constexpr WaitKind kKinds[] = {WaitKind::kEvent,  WaitKind::kDispatch, WaitKind::kMutex,
                                        WaitKind::kNone,   WaitKind::kSwEvent,  WaitKind::kSwEvent,
                                        WaitKind::kBarrier};
  core.wait = {kKinds[static_cast<int>(r.unit)], r.index, cycle};
  core.offset = offset;
  core.write = false;
  if (grantable(hart, cycle)) return finish(hart, r, cycle);
  core.armed = false;
  waiting_ |= bit(hart);
  return {false, 0};
}

// What a sleeping read or TRIGGER_SELF sets off in its first cycle.
void EventUnit::fire(int hart, const Register& r, u64 cycle) {
  switch (r.unit) {
    case Unit::kSwWait:
    case Unit::kSwWaitClear: {
      const u32 targets = cores_[hart].sw_mask;
      raise(bit(r.index), targets ? targets : all_, cycle);
      break;
    }
    case Unit::kBarrier:
      trigger(r.index, bit(hart), hart);
      break;
    case Unit::kMutex:
      if (mutexes_[r.index].owner == hart) {
        refuse(hart, "locks mutex " + std::to_string(r.index) + " which it already owns");
      }
      mutexes_[r.index].lock_requests |= bit(hart);
      busy_mutexes_ |= bit(r.index);
      break;
    case Unit::kDispatch:
      dispatch_.requests |= bit(hart);
      busy_dispatch_ = true;
      break;
    default:
      break;
  }
  wake_at(cycle + 1);
}

// ---- waiting and waking

// Whether the waiter is granted in this cycle; moves the sleep state machine
// (pulp-platform/event_unit_flex:rtl/event_unit_core.sv, core_clock_CS).
bool EventUnit::grantable(int hart, u64 cycle) {
  Core& core = cores_[hart];
  if (core.wait.kind == WaitKind::kUndecoded || clearing_ & bit(hart)) return false;
  if (core.wait.kind == WaitKind::kHeld) {
    const Register r = decode(core.offset);
    return r.unit != Unit::kBarrier || r.reg >= kTriggerSelf || claim_barrier(r.index, cycle);
  }
  if (!(irq_pending_ & bit(hart))) return (core.buffer & core.mask) != 0;
  if (core.irq_while_sleep && (cycle <= core.irq_since || cycle < core.wait.since + kClockOff)) return true;
  core.irq_while_sleep = true;
  core.irq_since = cycle + 1;
  wake_at(cycle + 1);
  return false;
}

EventUnit::Reply EventUnit::complete(int hart, u64 cycle) {
  if (!(grants(cycle) & bit(hart))) return {false, 0};
  granted_ &= ~bit(hart);
  waiting_ &= ~bit(hart);
  Core& core = cores_[hart];
  const Register r = decode(core.offset);
  if (core.wait.kind != WaitKind::kHeld) return finish(hart, r, cycle);
  core.wait = {};
  return core.write ? store(hart, core.offset, r, core.wdata, cycle) : load(hart, core.offset, r, cycle);
}

EventUnit::Reply EventUnit::finish(int hart, const Register& r, u64 cycle) {
  Core& core = cores_[hart];
  // With an interrupt pending the grant only frees the core: nothing is consumed, and the replay after the
  // handler finds the side effects already done.
  if (irq_pending_ & bit(hart)) {
    core.armed = false;
    core.replay_offset = core.offset;
  } else {
    check_wake(hart, r);
    core.armed = true;
    core.irq_while_sleep = false;
    if (r.clears()) clear_next_ |= bit(hart);
    if (dispatch_.popping & bit(hart)) {
      dispatch_.acknowledged |= bit(hart);
      busy_dispatch_ = true;
    }
  }
  core.wait = {};
  core.answer_offset = core.offset;
  latch_ |= bit(hart);
  wake_at(cycle + 1);
  return {true, read(hart, r)};
}

void EventUnit::cancel(int hart, u64 cycle) {
  if (cycle >= next_) advance(cycle);
  Core& core = cores_[hart];
  const u32 self = bit(hart);
  if (core.wait.kind == WaitKind::kMutex) {
    EuMutex& mutex = mutexes_[core.wait.index];
    mutex.waiting &= ~self;
    mutex.lock_requests &= ~self;
    if (mutex.owner == hart) {
      mutex.unlock_request = true;
      mutex.unlock_message |= mutex.message;
      busy_mutexes_ |= bit(core.wait.index);
      core.buffer &= ~bit(kLineMutex);
    }
  }
  dispatch_.popping &= ~self;
  dispatch_.requests &= ~self;
  dispatch_.signalled &= ~self;
  core.wait = {};
  core.armed = true;
  core.irq_while_sleep = false;
  waiting_ &= ~self;
  granted_ &= ~self;
  wake_at(cycle + 1);
}

// ---- events and interrupts

void EventUnit::raise(u32 lines, u32 harts, u64 cycle) { post(cycle + event_delay_, lines, harts & all_); }

void EventUnit::post(u64 cycle, u32 lines, u32 harts) {
  if (!lines || !harts) return;
  deliveries_.push_back({cycle, lines, harts});
  wake_at(cycle);
}

bool EventUnit::push_soc_event(u8 id, u64 cycle) {
  if (cycle >= next_) advance(cycle);
  const bool was_empty = soc_.count == 0;
  if (!soc_.push(id)) return false;
  // The line is a level, asserted from the cycle after the push.
  if (was_empty) raise(bit(kLineSocFifo), all_, cycle + 1);
  return true;
}

u32 EventUnit::take_irq_changes() { return std::exchange(irq_changed_, 0); }

int EventUnit::irq_id(int hart) const {
  const u32 pending = cores_[hart].buffer & cores_[hart].irq_mask;
  return pending ? 31 - std::countl_zero(pending) : 0;
}

void EventUnit::acknowledge(int hart, int id, u64 cycle) {
  if (cycle >= next_) advance(cycle);
  cores_[hart].acknowledged |= bit(id);
  acknowledging_ |= bit(hart);
  wake_at(cycle + 1);
}

bool EventUnit::clock_on(int hart, u64 cycle) const {
  const WaitKind kind = cores_[hart].wait.kind;
  return kind == WaitKind::kNone || kind >= WaitKind::kHeld || cycle < cores_[hart].wait.since + kClockOff;
}

std::vector<EventUnit::Complaint> EventUnit::take_complaints() { return std::exchange(complaints_, {}); }

// ---- clock edges

void EventUnit::advance(u64 cycle) {
  while (next_ <= cycle) step(next_);
}

// Lines that stay asserted until their cause is gone: a cleared buffer bit comes back.
u32 EventUnit::level_lines(int hart) const {
  u32 lines = soc_.count ? bit(kLineSocFifo) : 0;
  if (dispatch_.signalled & bit(hart) && dispatch_.has_value(hart)) lines |= bit(kLineDispatch);
  return lines;
}

void EventUnit::step(u64 cycle) {
  irq_changed_ |= irq_lines_ ^ irq_pending_;
  irq_lines_ = irq_pending_;

  const u32 lost_bits = clearing_ | touched_;
  for (u32 m = lost_bits; m; m &= m - 1) {
    const int h = std::countr_zero(m);
    Core& core = cores_[h];
    if (clearing_ & bit(h)) core.buffer &= ~core.mask;
    core.buffer |= level_lines(h);
  }
  touched_ = 0;
  clearing_ = std::exchange(clear_next_, 0);

  step_parts(cycle);
  deliver(cycle);
  next_ = kNever;  // from here on only what lies behind this cycle counts
  // An event that arrives together with the acknowledge of its line is lost, as in the hardware.
  for (u32 m = std::exchange(acknowledging_, 0); m; m &= m - 1) {
    Core& core = cores_[std::countr_zero(m)];
    core.buffer &= ~std::exchange(core.acknowledged, 0);
  }

  irq_pending_ = 0;
  for (u32 h = 0; h < harts_; ++h) irq_pending_ |= u32{(cores_[h].buffer & cores_[h].irq_mask) != 0} << h;
  for (u32 m = std::exchange(latch_, 0); m; m &= m - 1) {
    const int h = std::countr_zero(m);
    cores_[h].answer = read(h, decode(cores_[h].answer_offset));
  }
  granted_ = 0;
  granted_cycle_ = cycle;
  for (u32 m = waiting_; m; m &= m - 1) {
    const int h = std::countr_zero(m);
    if (grantable(h, cycle)) granted_ |= bit(h);
  }
  schedule(cycle);
}

void EventUnit::step_parts(u64 cycle) {
  const u64 asserted = cycle - 1;  // mutex and dispatch events belong to the cycle that ends
  u32 again = 0;
  for (u32 m = busy_barriers_; m; m &= m - 1) {
    const int b = std::countr_zero(m);
    post(cycle + barrier_delay_ - 1, bit(kLineBarrier), barriers_[b].step());
    if (barriers_[b].matched) {
      again |= bit(b);
      for (u32 w = waiting_ & ~barriers_[b].target_mask; w; w &= w - 1) {
        const int h = std::countr_zero(w);
        const Wait& wait = cores_[h].wait;
        if (wait.kind == WaitKind::kBarrier && wait.index == b && barriers_[b].trigger_mask >> h & 1) {
          complain(h, "sleeps at barrier " + std::to_string(b) +
                          " which completes without waking it: it is not in TARGET_MASK");
        }
      }
    }
  }
  busy_barriers_ = again;
  for (u32 m = std::exchange(busy_mutexes_, 0); m; m &= m - 1) {
    post(asserted + event_delay_, bit(kLineMutex), mutexes_[std::countr_zero(m)].step());
  }
  if (busy_dispatch_) {
    post(asserted + event_delay_, bit(kLineDispatch), dispatch_.step());
    busy_dispatch_ = dispatch_.moving();
  }
}

void EventUnit::deliver(u64 cycle) {
  for (std::size_t i = 0; i < deliveries_.size();) {
    const Delivery d = deliveries_[i];
    if (d.cycle > cycle) {
      ++i;
      continue;
    }
    for (u32 m = d.harts; m; m &= m - 1) cores_[std::countr_zero(m)].buffer |= d.lines;
    deliveries_[i] = deliveries_.back();
    deliveries_.pop_back();
  }
}

void EventUnit::schedule(u64 cycle) {
  if (granted_ || clearing_ || busy_barriers_ || busy_mutexes_ || busy_dispatch_ ||
      irq_pending_ != irq_lines_) {
    wake_at(cycle + 1);
  }
  for (const Delivery& d : deliveries_) wake_at(d.cycle);
  // Two harts held at one barrier's registers go in one after the other.
  for (u32 m = waiting_ & ~granted_; m; m &= m - 1) {
    if (cores_[std::countr_zero(m)].wait.kind == WaitKind::kHeld) wake_at(cycle + 1);
  }
}

}  // namespace flexdbg
