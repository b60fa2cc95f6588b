// What the event unit says about itself: descriptions, diagnoses and the register view.
#include "event_unit_text.hpp"

#include <bit>
#include <cstdio>

#include "event_unit.hpp"

namespace flexdbg {
namespace {

std::string joined(u32 mask, const char* one, const char* many, std::string (*name)(int)) {
  const int count = std::popcount(mask);
  std::string text = std::string(count == 1 ? one : many) + " ";
  int position = 0;
  for (u32 m = mask; m; m &= m - 1, ++position) {
    if (position) text += position == count - 1 ? " and " : ", ";
    text += name(std::countr_zero(m));
  }
  return text;
}

std::string line_name(int line) {
  const char* what = line < 8                                         ? "software"
                     : line == kLineDmaEvent || line == kLineDmaIrq   ? "DMA"
                     : line == kLineTimerLo || line == kLineTimerHi   ? "timer"
                     : line >= 12 && line <= 15                       ? "accelerator"
                     : line == kLineBarrier                           ? "barrier"
                     : line == kLineMutex                             ? "mutex"
                     : line == kLineDispatch                          ? "dispatch"
                     : line == kLineCluster0 || line == kLineCluster1 ? "cluster"
                     : line == kLineSocFifo                           ? "SoC events"
                                                                      : nullptr;
  return std::to_string(line) + (what ? " (" + std::string(what) + ")" : "");
}

}  // namespace

std::string hex_text(u32 value) {
  char text[12];
  std::snprintf(text, sizeof text, "0x%x", value);
  return text;
}

std::string harts_text(u32 mask) {
  return joined(mask, "hart", "harts", [](int hart) { return std::to_string(hart); });
}

std::string lines_text(u32 mask) { return joined(mask, "event line", "event lines", line_name); }

std::string EventUnit::describe(int hart) const {
  const Core& core = cores_[hart];
  const std::string index = std::to_string(core.wait.index);
  u32 line = 0;
  std::string text;
  switch (core.wait.kind) {
    case WaitKind::kNone:
      return core.irq_while_sleep ? "awake, interrupted in a sleeping read of event unit offset " +
                                        hex_text(core.replay_offset)
                                  : "awake";
    case WaitKind::kHeld:
      return "access to event unit offset " + hex_text(core.offset) + " held back by one cycle";
    case WaitKind::kUndecoded:
      return "stuck: event unit offset " + hex_text(core.offset) + " does not decode and never answers";
    case WaitKind::kEvent:
      return core.mask ? "asleep until " + lines_text(core.mask) : "asleep with no event enabled in MASK";
    case WaitKind::kSwEvent:
      line = 1u << core.wait.index;
      text = "asleep until software event " + index;
      break;
    case WaitKind::kBarrier: {
      const EuBarrier& barrier = barriers_[core.wait.index];
      const u32 arrived = barrier.status | barrier.triggers;
      const u32 missing = barrier.trigger_mask & ~arrived;
      line = 1u << kLineBarrier;
      text = "asleep at barrier " + index;
      if (barrier.trigger_mask == 0) {
        text += ", which has an empty TRIGGER_MASK";
      } else if (const u32 outside = barrier.status & ~barrier.trigger_mask) {
        text += ", which can never complete: " + harts_text(outside) + " triggered but not in TRIGGER_MASK";
      } else if (missing) {
        text += ", " + harts_text(missing) + " missing";
      } else {
        text += ", about to wake";
      }
      if (!(barrier.target_mask >> hart & 1)) text += "; it is not in TARGET_MASK";
      break;
    }
    case WaitKind::kMutex: {
      const EuMutex& mutex = mutexes_[core.wait.index];
      line = 1u << kLineMutex;
      text = "asleep at mutex " + index;
      if (mutex.owner == hart) {
        text += mutex.waiting >> hart & 1 ? ", which it owns itself" : ", about to own it";
      } else if (mutex.owner >= 0) {
        text += ", owned by hart " + std::to_string(mutex.owner);
      }
      break;
    }
    case WaitKind::kDispatch:
      line = 1u << kLineDispatch;
      text = dispatch_.has_value(hart) ? "asleep at the dispatch FIFO, about to wake"
                                       : "asleep at the dispatch FIFO, no value for this hart";
      break;
  }
  if (!(core.mask & line)) text += "; " + lines_text(line) + " is not in MASK, so that does not wake it";
  return text;
}

// Called before a sleeping read or TRIGGER_SELF takes effect.
void EventUnit::check_sleep(int hart, u32 offset, const Register& r) {
  const Core& core = cores_[hart];
  if (!core.armed && offset != core.replay_offset) {
    complain(hart, "reads event unit offset " + hex_text(offset) + " while the interrupted read of offset " +
                       hex_text(core.replay_offset) + " waits for its replay; its trigger does not fire");
  }
  u32 line = 0;
  const char* what = "";
  switch (r.unit) {
    case Unit::kMutex:
      line = kLineMutex, what = "mutex";
      break;
    case Unit::kDispatch:
      line = kLineDispatch, what = "dispatch value";
      break;
    case Unit::kBarrier:
      line = kLineBarrier, what = "barrier";
      break;
    case Unit::kSwWait:
    case Unit::kSwWaitClear:
      line = r.index, what = "software event";
      break;
    default:
      return;
  }
  if (r.sleeps() && !(core.mask >> line & 1)) {
    complain(hart, "waits for a " + std::string(what) + " but " + lines_text(1u << line) +
                       " is not in MASK " + hex_text(core.mask) + "; that cannot wake it");
  }
}

// Called when an event ends a wait: a mutex or dispatch wait that another event ends did not get anything.
void EventUnit::check_wake(int hart, const Register& r) {
  const Core& core = cores_[hart];
  const u32 woken_by = core.buffer & core.mask;
  if (r.unit == Unit::kMutex && mutexes_[r.index].owner != hart) {
    complain(hart, "leaves the lock of mutex " + std::to_string(r.index) + " without owning it, woken by " +
                       lines_text(woken_by));
  } else if (r.unit == Unit::kDispatch && !(dispatch_.popping >> hart & 1 && dispatch_.has_value(hart))) {
    complain(hart, "takes an invalid dispatch value, woken by " + lines_text(woken_by));
  }
}

EventUnit::View EventUnit::view(u64 cycle) const {
  View view;
  for (u32 h = 0; h < harts_; ++h) {
    const Core& core = cores_[h];
    view.cores.push_back({core.mask, core.irq_mask, core.buffer, core.sw_mask,
                          clock_on(static_cast<int>(h), cycle), (irq_lines_ >> h & 1) != 0, core.armed,
                          core.wait});
  }
  for (u32 b = 0; b < barrier_count_; ++b) {
    view.barriers.push_back({barriers_[b].trigger_mask, barriers_[b].target_mask, barriers_[b].status});
  }
  for (u32 m = 0; m < mutex_count_; ++m) {
    const EuMutex& mutex = mutexes_[m];
    view.mutexes.push_back({mutex.locked, mutex.owner, mutex.waiting, mutex.message});
  }
  view.dispatch = {dispatch_.team,
                   dispatch_.write,
                   dispatch_.value,
                   dispatch_.unread,
                   {dispatch_.read, dispatch_.read + harts_},
                   dispatch_.popping};
  for (u32 i = 0; i < soc_.count; ++i)
    view.soc_events.push_back(soc_.id[(soc_.first + i) % EuSocFifo::kDepth]);
  return view;
}

}  // namespace flexdbg
