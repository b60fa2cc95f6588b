// The event unit's registers: decoding, reading, writing, and the bus view.
#include <bit>

#include "event_unit.hpp"
#include "event_unit_map.hpp"
#include "event_unit_text.hpp"

namespace flexdbg {
namespace {

using namespace eu;

u32 masked_write(u32 old, u32 operation, u32 data) {
  return operation == 0 ? data : operation == 1 ? old & ~data : old | data;
}

}  // namespace

bool EventUnit::Register::sleeps() const {
  switch (unit) {
    case Unit::kCore:
      return reg >= kEventWait;
    case Unit::kDispatch:
      return reg == kDispatchFifo;
    case Unit::kBarrier:
      return reg >= kTriggerWait;
    case Unit::kMutex:
    case Unit::kSwWait:
    case Unit::kSwWaitClear:
      return true;
    default:
      return false;
  }
}

bool EventUnit::Register::clears() const {
  switch (unit) {
    case Unit::kCore:
      return reg == kEventWaitClear;
    case Unit::kBarrier:
      return reg == kTriggerWaitClear;
    default:
      return sleeps() && unit != Unit::kSwWait;
  }
}

EventUnit::Register EventUnit::decode(u32 offset) const {
  const u8 word = offset >> 2 & 15;
  const u8 event = offset >> 2 & 7;
  const auto indexed = [](Unit unit, u32 index, u32 count, u8 reg = 0) {
    return index < count ? Register{unit, static_cast<u8>(index), reg} : Register{Unit::kReserved, 0, 0};
  };
  if (offset & 3 || offset >= 0x400) return {Unit::kReserved, 0, 0};
  if (offset >= 0x200) return indexed(Unit::kBarrier, offset >> 5 & 15, barrier_count_, event);
  switch (offset >> 6) {
    case 0:
      return {Unit::kCore, 0, word};
    case 2:
      return indexed(Unit::kDispatch, 0, word < 2, word);
    case 3:
      return indexed(Unit::kMutex, word, mutex_count_);
    case 4:
      return indexed(Unit::kSwTrigger, word, sw_count_);
    case 5:
      return indexed(Unit::kSwWait, word, sw_count_);
    case 6:
      return indexed(Unit::kSwWaitClear, word, sw_count_);
    default:
      return {Unit::kReserved, 0, 0};
  }
}

// ---- reading

u32 EventUnit::read_core(const Core& core, u32 reg) const {
  switch (reg) {
    case kMask:
      return core.mask;
    case kIrqMask:
      return core.irq_mask;
    case kStatus:
      return 1;
    case kBuffer:
      return core.buffer;
    case kBufferIrqMasked:
      return core.buffer & core.irq_mask;
    case kSwMask:
      return core.sw_mask;
    case kBufferMasked:
    case kEventWait:
    case kEventWaitClear:
      return core.buffer & core.mask;
    default:
      return 0;  // write-only
  }
}

u32 EventUnit::read_barrier(const EuBarrier& barrier, u32 reg) const {
  switch (reg) {
    case kTriggerMask:
      return barrier.trigger_mask;
    case kTriggerStatus:
      return barrier.status;
    case kTargetMask:
      return barrier.target_mask;
    default:
      return 0;  // STATUS_SUMMARY is not built into the hardware
  }
}

u32 EventUnit::read(int hart, const Register& r) const {
  const Core& core = cores_[hart];
  switch (r.unit) {
    case Unit::kCore:
      return read_core(core, r.reg);
    case Unit::kDispatch:
      return r.reg == kDispatchFifo ? dispatch_.value[dispatch_.read[hart]] : 0;
    case Unit::kMutex:
      return mutexes_[r.index].message;
    case Unit::kBarrier:
      if (r.reg < kTriggerSelf) return read_barrier(barriers_[r.index], r.reg);
      [[fallthrough]];
    case Unit::kSwWait:
    case Unit::kSwWaitClear:
      return core.buffer & core.mask;
    default:
      return 0;
  }
}

u32 EventUnit::peek(int hart, u32 offset) const { return read(hart, decode(offset)); }

u32 EventUnit::peek_bus(u32 offset) const {
  const u32 unit = offset >> 6;
  if (offset & 3) return 0;
  if (offset < kBusBarriers) {
    if (unit >= harts_ || (offset >> 2 & 15) >= kEventWait) return 0;
    return read_core(cores_[unit], offset >> 2 & 15);
  }
  if (offset < kBusTriggers) return read_barrier(barriers_[offset >> 5 & 15], offset >> 2 & 7);
  return offset >= kBusSocFifo && offset < kBusEnd ? soc_.front() : 0;
}

// ---- writing

EventUnit::Reply EventUnit::store(int hart, u32 offset, const Register& r, u32 wdata, u64 cycle) {
  bool writable = true;
  switch (r.unit) {
    case Unit::kCore:
      writable = write_core(hart, r.reg, wdata, hart);
      break;
    case Unit::kBarrier:
      writable = write_barrier(r.index, r.reg, wdata, hart);
      break;
    case Unit::kMutex:
      unlock(hart, r.index, wdata);
      break;
    case Unit::kDispatch:
      if (r.reg == kDispatchFifo) {
        push(hart, wdata);
      } else {
        dispatch_.new_team |= wdata & all_;
        dispatch_.write_team = true;
      }
      busy_dispatch_ = true;
      break;
    case Unit::kSwTrigger: {
      const u32 targets = wdata & all_;
      raise(bit(r.index), targets ? targets : all_, cycle);
      break;
    }
    default:
      writable = false;
      break;
  }
  if (!writable) complain(hart, "writes event unit offset " + hex_text(offset) + " which is read-only");
  if (r.unit != Unit::kBarrier) {
    stamp(cycle);
    written_cores_ |= bit(hart);
  }
  wake_at(cycle + 1);
  return {true, 0};
}

// Applied at once although the register changes with the next edge: nobody else looks at it in between,
// and the interrupt lines are computed from irq_pending_, which only an edge updates.
bool EventUnit::write_core(int target, u32 reg, u32 wdata, int culprit) {
  Core& core = cores_[target];
  const u32 both = core.mask & core.irq_mask;
  switch (reg) {
    case kMask:
    case kMaskAnd:
    case kMaskOr:
      core.mask = masked_write(core.mask, reg - kMask, wdata);
      break;
    case kIrqMask:
    case kIrqMaskAnd:
    case kIrqMaskOr:
      core.irq_mask = masked_write(core.irq_mask, reg - kIrqMask, wdata);
      break;
    case kBufferClear:
      core.buffer &= ~wdata;
      touched_ |= bit(target);
      break;
    case kSwMask:
    case kSwMaskAnd:
    case kSwMaskOr:
      core.sw_mask = masked_write(core.sw_mask, reg - kSwMask, wdata) & all_;
      break;
    default:
      return false;
  }
  if (const u32 added = core.mask & core.irq_mask & ~both) {
    complain(culprit,
             "enables " + lines_text(added) + " of hart " + std::to_string(target) +
                 " as event and interrupt at once; the interrupt's acknowledge takes the event away");
  }
  return true;
}

bool EventUnit::write_barrier(u32 index, u32 reg, u32 wdata, int culprit) {
  EuBarrier& barrier = barriers_[index];
  wdata &= all_;
  switch (reg) {
    case kTriggerMask: {
      const u32 outside = (barrier.matched ? 0 : barrier.status | barrier.triggers) & ~wdata;
      barrier.trigger_mask = wdata;
      if (wdata && outside) {
        refuse(culprit, "sets TRIGGER_MASK of barrier " + std::to_string(index) + " without " +
                            harts_text(outside) + " which already triggered; it can never complete");
      }
      break;
    }
    case kTargetMask:
      barrier.target_mask = wdata;
      break;
    case kTrigger:
      trigger(index, wdata, culprit);
      break;
    default:
      return false;
  }
  busy_barriers_ |= bit(index);
  return true;
}

void EventUnit::trigger(u32 index, u32 harts, int culprit) {
  EuBarrier& barrier = barriers_[index];
  const std::string name = "barrier " + std::to_string(index);
  if (barrier.matched) {
    refuse(culprit, "triggers " + name + " in the cycle in which it completes; the trigger is lost");
  } else if (barrier.trigger_mask && harts & ~barrier.trigger_mask) {
    refuse(culprit, "triggers " + name + " for " + harts_text(harts & ~barrier.trigger_mask) +
                        " outside its TRIGGER_MASK " + hex_text(barrier.trigger_mask) +
                        "; it can never complete");
  }
  barrier.triggers |= harts;
  busy_barriers_ |= bit(index);
}

void EventUnit::unlock(int hart, u32 index, u32 message) {
  EuMutex& mutex = mutexes_[index];
  const std::string name = "mutex " + std::to_string(index);
  if (!mutex.locked) {
    complain(hart, "unlocks " + name + " which is free; only the message is stored");
  } else if (mutex.owner != hart) {
    refuse(hart, "unlocks " + name + " which hart " + std::to_string(mutex.owner) + " owns");
  }
  mutex.unlock_request = true;
  mutex.unlock_message |= message;
  busy_mutexes_ |= bit(index);
}

void EventUnit::push(int hart, u32 value) {
  EuDispatch& fifo = dispatch_;
  if (fifo.pushers) {
    refuse(hart, "pushes to the dispatch FIFO in the same cycle as " + harts_text(fifo.pushers) +
                     "; the values are ORed into one entry");
  } else if (fifo.unread[fifo.write]) {
    refuse(hart, "overwrites a dispatch entry that " + harts_text(fifo.unread[fifo.write]) +
                     " did not read yet (FIFO of " + std::to_string(fifo.value.size()) + ")");
  }
  if (fifo.team == 0) refuse(hart, "pushes a dispatch value to an empty team");
  fifo.pushers |= bit(hart);
  fifo.push_value |= value;
}

// ---- bus view

EventUnit::Reply EventUnit::bus_access(u32 offset, bool write, u32 wdata, u64 cycle, int hart) {
  if (cycle >= next_) advance(cycle);
  const u32 reg = offset >> 2 & 15;
  const u32 core = offset >> 6;
  const u32 barrier = offset >> 5 & 15;
  const bool is_core = offset < kBusBarriers, is_barrier = !is_core && offset < kBusTriggers;
  const bool decoded =
      (offset & 3) == 0 && (is_core      ? core < harts_ && reg < kEventWait
                            : is_barrier ? barrier < barrier_count_ && (reg & 7) < kTriggerSelf
                                         : offset < kBusEnd);
  if (!decoded) {
    refuse(hart,
           "event unit bus offset " + hex_text(offset) + " does not decode; the hardware never answers");
    return {true, 0};
  }
  if (write && used_cycle_ == cycle &&
      (is_core ? written_cores_ >> core & 1 : is_barrier && claimed_barriers_ >> barrier & 1)) {
    return {false, 0};
  }
  const u32 data = write ? 0 : peek_bus(offset);
  bool accepted = true;
  if (is_core) {
    if (write) accepted = write_core(static_cast<int>(core), reg, wdata, hart);
    if (!write && reg == kStatus) return {true, clock_on(static_cast<int>(core), cycle)};
  } else if (is_barrier) {
    if (write) accepted = write_barrier(barrier, reg & 7, wdata, hart);
  } else if (offset < kBusSocFifo) {
    const u32 targets = wdata ? wdata & all_ : all_;
    if (write && (reg & 7) < sw_count_) raise(bit(reg & 7), targets, cycle);
  } else if (!write) {
    soc_.pop();
  }
  if (!accepted) complain(hart, "writes event unit bus offset " + hex_text(offset) + " which is read-only");
  if (write) wake_at(cycle + 1);
  return {true, data};
}

}  // namespace flexdbg
