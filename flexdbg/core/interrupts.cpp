// Interrupts, and what a conformance program drives from outside.
#include <algorithm>

#include "loop.hpp"

namespace flexdbg {

void Cluster::update_interruptible(Hart& h) { h.interruptible = (h.a.mstatus & kMstatusMie) != 0; }

void Cluster::raise_irq(Hart& h, bool line, u32 id, u64 c) {
  if (!line) {
    h.irq_line = false;
    update_interruptible(h);
    return;
  }
  if (h.irq_line) {
    return;
  }
  h.irq_line = true;
  h.irq_id = static_cast<u8>(id);
  h.irq_since = c;
  update_interruptible(h);
  if (h.wfi && h.asleep) {
    h.asleep = h.wfi = false;
    s_.asleep &= ~hart_bit(h);
    if (h.mode == HartMode::kExact) s_.exact |= hart_bit(h);
    charge(h, Cause::kWfi, c - h.wait_since + 1);
    h.clock_off += c - h.wait_since;
    h.resume_from = h.a.pc + h.next->len;
    h.resume_not_before = 0;
    h.last_exec = c;
    resume_after(h, h.a.pc + h.next->len, c + 1, Cause::kWfi, c);
    if (h.mode == HartMode::kFast && h.interruptible) try_interrupt(h, h.id_from);
    return;
  }
  if (!h.interruptible) return;
  if (h.elw_at != kNever && h.elw_at + 1 == c) {
    if (h.mode == HartMode::kFast) {
      h.ledger[static_cast<int>(h.ahead_cause)] -= h.ahead;
      withdraw(h);
    }
    kill_elw(h, c - 1);
    return;
  }
  if (h.mode == HartMode::kFast && !h.asleep) try_interrupt(h, h.id_from);
}

// Takes the pending interrupt if the next instruction of the hart is still in ID when it is decided, which is
// in the first cycle behind the line's rise in which ID holds it. `first`: its first cycle in ID.
bool Cluster::try_interrupt(Hart& h, u64 first) {
  const u64 decided = std::max(h.irq_since + 1, first);
  const u64 leaves = h.post == Post::kPrivate ? h.wake - 1 : h.issued;
  if (decided > leaves) {
    if (h.next->flags & kFlagMem) {
      s_.deciding |= hart_bit(h);
      s_.device_due = std::min(s_.device_due, s_.cycle + 1);
    }
    return false;
  }
  const u64 last = leaves - h.ahead;  // cycle of the last execution
  h.ledger[static_cast<int>(h.ahead_cause)] -= h.ahead;
  const bool jumps = h.next->op == isa::kOp_jal || h.next->op == isa::kOp_jalr;
  if (jumps && first < decided && !h.jump_hidden) ++h.pc_raw[kPcJump];
  if (timing_of(*h.next) == Timing::kElw) ++h.pc_raw[kPcElw];  // an event load shows itself in ID
  const bool ex_busy = h.ahead_cause == Cause::kMultiCycle || h.ahead_cause == Cause::kSlowData;
  h.resume_from = h.a.pc + h.next->len;
  h.resume_not_before = std::max(ex_busy ? leaves : 0, last);
  withdraw(h);
  enter_handler(h, decided + 2, decided + 2, last);
  return true;
}

// An access waits in EX for its grant and an interrupt is pending: the instruction behind it, which is in ID,
// gets the interrupt before the access is done. The hart is stepped from here on.
void Cluster::decide_interrupts(u64 c) {
  for (u32 m = s_.deciding; m != 0; m &= m - 1) {
    Hart& h = s_.harts[std::countr_zero(m)];
    const bool waits = h.mode == HartMode::kFast && h.irq_line && h.interruptible && !h.asleep &&
                       (h.next->flags & kFlagMem) != 0 && timing_of(*h.next) != Timing::kElw;
    if (!waits) {
      s_.deciding &= ~hart_bit(h);
    } else if (c > std::max<u64>(h.irq_since, h.issued) && step_behind_access(h, c)) {
      s_.deciding &= ~hart_bit(h);
      const u64 first = h.fe.id_since + 1;
      count_stepped(h, *decode_at(h, h.fe.id_pc), first == c, first);
      interrupt_in_id(h, c);
    }
  }
}

void Cluster::save_for_handler(Hart& h, u32 pc) {
  // The line may have stayed high for another interrupt than the one that raised it.
  if (is_fc(h)) {
    if (s_.devices.interrupts().pending()) h.irq_id = static_cast<u8>(s_.devices.interrupts().id());
  } else if (harness_.irqs.empty() && (s_.eu.irq_lines() >> h.index & 1) != 0) {
    h.irq_id = static_cast<u8>(s_.eu.irq_id(h.index));
  }
  h.a.mepc = pc;
  h.a.mcause = 0x80000000u | h.irq_id;
  h.a.mstatus = kMstatusMpp | ((h.a.mstatus & kMstatusMie) ? kMstatusMpie : 0);
  h.interruptible = false;
  h.ack_id = h.irq_id;
  s_.acks |= hart_bit(h);
}

// `last`: cycle of the last execution, up to which the ledger is complete.
void Cluster::enter_handler(Hart& h, u64 acknowledge, u64 redirect, u64 last) {
  save_for_handler(h, h.a.pc);
  h.ack_at = acknowledge;
  resume_at(h, (h.a.mtvec & ~0xffu) + 4u * h.irq_id, redirect, Cause::kTrap, last);
  update_device_due();
}

// The same for a stepped hart, decided in this cycle; what is in EX goes on.
void Cluster::interrupt_in_id(Hart& h, u64 c) {
  FrontEnd& f = h.fe;
  if (timing_of(*decode_at(h, f.id_pc)) == Timing::kElw) ++h.pc_raw[kPcElw];
  save_for_handler(h, f.id_pc);
  h.ack_at = c + 2;
  f.id_valid = false;
  f.redirect_at = c + 2;
  f.redirect_to = (h.a.mtvec & ~0xffu) + 4u * h.irq_id;
  f.flow_cause = Cause::kTrap;
  update_device_due();
}

// Takes back what the hart has scheduled.
void Cluster::withdraw(Hart& h) {
  wheel_remove(h);
  s_.bank[h.index] = kNoBank;
  h.ahead = 0;
}

void Cluster::acknowledge_interrupts(u64 c) {
  for (u32 m = s_.acks; m != 0; m &= m - 1) {
    Hart& h = s_.harts[std::countr_zero(m)];
    if (h.ack_at > c) continue;
    s_.acks &= ~hart_bit(h);
    if (observes(TraceKind::kIrqAck)) note({c, h.a.mepc, h.ack_id, 0, 0, h.index, TraceKind::kIrqAck, 0, 0});
    if (is_fc(h)) {
      s_.devices.interrupts().acknowledge(h.ack_id);
      h.irq_line = false;
      update_fc_interrupt(c);
    } else if (!harness_.irqs.empty()) {
      s_.irq_acked = c;
    } else {
      s_.eu.acknowledge(h.index, h.ack_id, c);
    }
  }
}

void Cluster::update_fc_interrupt(u64 c) {
  if (config_.fc == 0) return;
  Hart& fc = s_.harts[config_.harts];
  const FcInterrupts& itc = s_.devices.interrupts();
  raise_irq(fc, itc.pending(), static_cast<u32>(itc.id()), c);
}

// Interrupt lines, event lines and cache pins that a conformance program drives.
void Cluster::harness_events(u64 c) {
  if (!harness_.active) return;
  Hart& h = s_.harts[0];
  if (s_.irq_acked != kNever && c > s_.irq_acked) {
    if (h.irq_line) raise_irq(h, false, 0, c);
    s_.irq_acked = kNever;
    ++s_.irq_next;
  }
  const u64 zero = s_.first_issue;
  if (s_.irq_next < harness_.irqs.size() && !h.irq_line && zero != kNever && s_.irq_acked == kNever) {
    const Harness::Irq& irq = harness_.irqs[s_.irq_next];
    if (c >= zero + irq.cycle) raise_irq(h, true, irq.id, c);
  }
  while (s_.event_next < harness_.events.size() && zero != kNever &&
         c >= zero + harness_.events[s_.event_next].cycle) {
    s_.eu.raise(harness_.events[s_.event_next].lines, (1u << config_.harts) - 1, c);
    ++s_.event_next;
  }
  while (s_.control_next < harness_.controls.size() && c >= harness_.controls[s_.control_next].cycle) {
    const Harness::Control& x = harness_.controls[s_.control_next];
    if (s_.icache.control_busy()) break;
    s_.icache.control(static_cast<ICache::Op>(x.op), x.address, c);
    ++s_.control_next;
  }
}

u64 Cluster::next_harness_event() const {
  if (!harness_.active) return kNever;
  const u64 next = s_.cycle + 1;
  if (s_.irq_next < harness_.irqs.size() || s_.event_next < harness_.events.size() ||
      s_.control_next < harness_.controls.size()) {
    return next;
  }
  return kNever;
}

}  // namespace flexdbg
