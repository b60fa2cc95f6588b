// CSRs, traps, interrupts, sleep, and the places where a hart's flow is broken.
#include <algorithm>

#include "loop.hpp"

namespace flexdbg {

namespace {

constexpr u32 kMstatusMie = 8, kMstatusMpie = 0x80, kMstatusMpp = 0x1800;
constexpr u32 kPcerMask = (1u << kPcCount) - 1;

bool is_mpc_csr(u32 number) { return number >= 0x00d && number <= 0x010; }

}  // namespace

// --- breaking the flow ---

// Instruction fetch restarts at `pc` with a redirect in cycle `at`; the hart did not execute in c or later.
void Cluster::resume_at(Hart& h, u32 pc, u64 at, Cause cause, u64 c) {
  FrontEnd& f = h.fe;
  h.a.pc = pc;
  h.prev = nullptr;
  const bool fast = h.mode == HartMode::kFast;
  // Sequential fetches go on until the redirect.
  const auto resident = [&](u32 from) {
    return s_.icache.resident(h.index, from) && s_.icache.resident(h.index, from + 16);
  };
  if (fast && (ideal_fetch(h) || (resident(h.resume_from) && find_window(h, pc, (pc & ~3u) + 24)))) {
    const Decoded* nd = decode_at(h, pc);
    const u64 there = at + 1 + (nd->len == 4 && (pc & 2) != 0 ? 1 : 0);
    u64 moved = std::max(there, h.resume_not_before);
    if (moved < h.wb_ready) moved = h.wb_ready;
    h.fq = queue_after(kQueueRedirected, moved - (at + 1), (nd->flags & kFlagWord) != 0);
    h.loop_from = there;
    h.loop_full = false;
    h.id_from = moved + 1;
    h.next = nd;
    schedule(h, moved + 2, cause, c);
    return;
  }
  if (fast || h.mode == HartMode::kOff) {
    f = FrontEnd{};
    f.stopped = !fast;
    if (fast) {
      const u8 fq = queue_after(h.fq, c > h.id_from ? c - h.id_from : 0, false);
      u32 word = (h.resume_from + 3) & ~3u;
      f.stored = fq >> 1;
      for (int i = 0; i < f.stored; ++i, word += 4) f.words[i] = word;
      f.next_addr = word;
      f.head_pc = h.resume_from;
    }
  }
  if (fast) {
    h.off_since = c + 1;  // charged up to here
    if (s_.cycle > c + 1) charge(h, cause, s_.cycle - c - 1);
  }
  f.id_valid = false;
  f.redirect_at = std::max(at, s_.cycle);
  f.redirect_to = pc;
  f.flow_cause = cause;
  f.block = h.resume_not_before;
  h.id_cause = cause;
  h.posted = false;
  h.wake = kNever;
  h.ahead = 0;
  h.ex_slot = kNever;
  h.ex_ready = std::max(h.wb_ready, c);
  enter_exact(h);
}

// The next instruction in sequence moves to ID in cycle `moved` at the earliest; `c` was the last one used.
void Cluster::resume_after(Hart& h, u32 npc, u64 moved, Cause cause, u64 c) {
  h.a.pc = npc;
  if (h.mode == HartMode::kExact) {
    FrontEnd& f = h.fe;
    h.posted = false;
    f.block = moved;
    if (f.id_valid) f.id_since = std::max(f.id_since, moved);
    f.flow_cause = cause;
    h.id_cause = cause;
    h.ex_slot = kNever;
    h.ex_ready = std::max(h.wb_ready, c);
    h.last_exec = c;
    h.div_restart = 0;
    h.load_mask = 0;
    h.nn_mask = 0;
    s_.exact |= hart_bit(h);
    return;
  }
  const Decoded* nd = decode_at(h, npc);
  Flow none;
  if (!in_window(h, npc) && !fetch_is_fast(h, *nd, npc, c, h.issued, true, none)) {
    settle(h, *h.next, c, 0, 0, 0, false);
    leave_fast(h, nd, npc, c, h.issued, none);
    h.fe.id_since = std::max(h.fe.id_since, moved);
    h.fe.flow_cause = cause;
    h.id_cause = cause;
    return;
  }
  h.fq = queue_after(h.fq, moved - h.id_from, (nd->flags & kFlagWord) != 0);
  h.loop_from = h.id_from;
  h.loop_full = false;
  h.id_from = moved + 1;
  h.next = nd;
  schedule(h, moved + 2, cause, c);
}

// Posts `next` for EX cycle x; the cycles from c + 1 up to it are charged to `cause`.
void Cluster::schedule(Hart& h, u64 x, Cause cause, u64 c) {
  if (h.next->op == isa::kOp_jalr) h.jump_at = h.id_from;
  h.ahead = static_cast<u32>(x - c - 1);
  h.ahead_cause = cause;
  charge(h, cause, h.ahead);
  h.slow = false;
  post(h, x);
  wheel_add(h, h.wake);
}

void Cluster::start_hart(Hart& h, u32 pc, u64 c) {
  const u64 off = c - h.off_since;
  charge(h, Cause::kStopped, off + 1);
  h.clock_off += off + 1;
  h.off_since = c + 1;  // charged up to here
  s_.off &= ~hart_bit(h);
  h.resume_from = pc;
  h.resume_not_before = 0;
  const bool ideal =
      (is_fc(h) ? config_.fc_fetch_latency == 1 : config_.fetch == FetchModel::kIdeal) && !harness_.exact;
  h.win_lo = 0;
  h.win_len = ideal ? ~u32{0} : 0;
  h.mode = ideal ? HartMode::kFast : HartMode::kOff;
  h.last_exec = kNever;
  resume_at(h, pc, c + 1, Cause::kFetch, c);
  if (h.mode == HartMode::kFast) s_.first_issue = std::min(s_.first_issue, h.wake - 1);
}

void Cluster::stop_hart(Hart& h, u64 c) {
  if (h.mode == HartMode::kOff) return;
  h.mode = HartMode::kOff;
  wheel_remove(h);
  s_.exact &= ~hart_bit(h);
  if (h.asleep) s_.eu.cancel(h.index, c);
  h.asleep = false;
  s_.asleep &= ~hart_bit(h);
  s_.off |= hart_bit(h);
  h.off_since = c + 1;
}

// --- an instruction that executes in global order ---

template <int M>
void Cluster::system_op(Hart& h, u64 c) {
  const Decoded& d = *h.next;
  const u32 npc = h.a.pc + d.len;
  h.resume_from = npc;
  h.resume_not_before = 0;
  const bool skip = h.skip_trap;
  // The controller flushes while EX is busy: a trap that had to wait for EX is one cycle further.
  const u64 flushed = c - (c - 1 > h.id_from ? 1 : 0);
  switch (timing_of(d)) {
    case Timing::kFence:
      ++h.traps;
      resume_at(h, npc, flushed + 1, Cause::kCsrFlush, c - 1);
      return;
    case Timing::kMret:
      ++h.traps;
      h.a.mstatus = kMstatusMpp | kMstatusMpie | ((h.a.mstatus & kMstatusMpie) ? kMstatusMie : 0);
      update_interruptible(h);
      resume_at(h, h.a.mepc, flushed + 2, Cause::kTrap, c - 1);
      if (h.interruptible && h.irq_line && h.mode == HartMode::kFast) try_interrupt(h, h.id_from);
      return;
    case Timing::kDret:
      ++h.traps;
      resume_at(h, h.a.dpc, flushed + 2, Cause::kTrap, c - 1);
      return;
    case Timing::kEcall:
      take_trap(h, 11, c);
      return;
    case Timing::kWfi:
      ++h.instret;
      if constexpr (M == kModeTraced) trace_retire(h, d, c);
      h.wb_ready = c + 1;
      if (!h.irq_line) {
        h.asleep = h.wfi = true;
        s_.asleep |= hart_bit(h);
        h.wait_cause = Cause::kWfi;
        h.wait_since = c + 1;
        h.first_present = c + 1;
        h.posted = false;
        h.last_exec = c;
        h.post = Post::kSystem;
        return;
      }
      resume_after(h, npc, c + 1, Cause::kWfi, c);
      return;
    case Timing::kEbreak:
      if (semihosting(h, c)) {
        ++h.instret;
        if constexpr (M == kModeTraced) trace_retire(h, d, c);
        resume_after(h, npc, c - 1, Cause::kTrap, c);
        return;
      }
      if (config_.boot != Boot::kDirect) {
        if (skip) {  // continued behind the stop
          h.skip_trap = false;
          resume_after(h, npc, c - 1, Cause::kTrap, c);
          ++h.instret;
          return;
        }
        StopEvent e;
        e.reason = StopReason::kEbreak;
        e.hart = h.index;
        e.pc = h.a.pc;
        e.cycle = c;
        stop(std::move(e));
        h.skip_trap = true;
        hold(h, c);
        return;
      }
      take_trap(h, 3, c);
      return;
    default:
      break;
  }
  // Illegal, or nothing to fetch.
  if (config_.stop_on_illegal && !skip) {
    StopEvent e;
    e.reason = d.aux == 1 ? StopReason::kError : StopReason::kTrap;
    e.hart = h.index;
    e.pc = h.a.pc;
    e.cycle = c;
    e.code = 2;
    char text[160];
    if (d.aux == 1) {
      std::snprintf(text, sizeof text, "instruction fetch from 0x%08x, where no memory answers", h.a.pc);
    } else {
      const u32 low = peek_half(h.a.pc, is_fc(h)), high = peek_half(h.a.pc + 2, is_fc(h));
      const u32 word = (low & 3) == 3 ? low | high << 16 : low;
      std::snprintf(text, sizeof text, "illegal instruction 0x%0*x on core %s", (low & 3) == 3 ? 8 : 4, word,
                    profile_name(is_fc(h) ? kRi5cy : config_.profile));
    }
    e.message = text;
    stop(std::move(e));
    h.skip_trap = d.aux != 1;
    hold(h, c);
    return;
  }
  h.skip_trap = false;
  take_trap(h, 2, c);
}

template void Cluster::system_op<0>(Hart&, u64);
template void Cluster::system_op<1>(Hart&, u64);
template void Cluster::system_op<2>(Hart&, u64);

const char* profile_name(Profile p) {
  switch (p) {
    case kRi5cy:
      return "ri5cy";
    case kXpulpNN:
      return "xpulpnn";
    case kMpic:
      return "mpic";
    default:
      return "flexv";
  }
}

// The instruction stays where it is and is presented again in the next cycle.
void Cluster::hold(Hart& h, u64 c) {
  charge(h, Cause::kStopped, 1);
  h.ahead = 0;
  h.last_exec = c;  // this cycle is accounted for
  if (h.mode == HartMode::kFast) h.wake = c + 1;
  s_.denied |= hart_bit(h);
}

template <int M>
void Cluster::format_trap(Hart& h, u64 c) {
  // Executes in global order, so that the stop is precise.
  if (M == kModeFast && c > s_.cycle) {
    h.wake = c;
    h.post = Post::kSystem;
    wheel_add(h, c);
    return;
  }
  h.resume_from = h.a.pc + h.next->len;
  h.resume_not_before = 0;
  if (config_.stop_on_illegal && !h.skip_trap) {
    StopEvent e;
    e.reason = StopReason::kTrap;
    e.hart = h.index;
    e.pc = h.a.pc;
    e.cycle = c;
    e.code = 2;
    e.message = "dot product under simd_fmt " + std::to_string(h.a.simd_fmt) + ", which has none";
    stop(std::move(e));
    h.skip_trap = true;
    hold(h, c);
    return;
  }
  h.skip_trap = false;
  take_trap(h, 2, c);
}

template void Cluster::format_trap<0>(Hart&, u64);
template void Cluster::format_trap<1>(Hart&, u64);
template void Cluster::format_trap<2>(Hart&, u64);

void Cluster::take_trap(Hart& h, u32 cause, u64 c) {
  ++h.traps;
  h.a.mepc = h.a.pc;
  h.a.mcause = cause;
  h.a.mstatus = kMstatusMpp | ((h.a.mstatus & kMstatusMie) ? kMstatusMpie : 0);
  update_interruptible(h);
  resume_at(h, h.a.mtvec & ~0xffu, c + (c - 1 > h.id_from ? 0 : 1), Cause::kTrap, c - 1);
}

// --- event loads ---

template <int M>
void Cluster::finish_elw(Hart& h, const Decoded& d, u64 c) {
  ++h.instret;
  h.a.x[0] = 0;
  if constexpr (M == kModeTraced) {
    trace_retire(h, d, c);
    trace_event(h, TraceKind::kElw, static_cast<u32>(h.first_present), static_cast<u32>(c), c);
  }
  const u64 waited = c - h.first_present;
  h.pc_raw[kPcElw] += 3 + std::min<u64>(waited, 5);
  h.pc_raw[kPcLdExtCyc] += std::min<u64>(waited, 5) + 1;
  h.wb_ready = c + 1;
  h.last_exec = c;
  h.elw_at = c;
  u32 npc = h.a.pc + d.len;
  h.elw_pc = h.a.pc;
  Flow flow;
  if (d.flags & kFlagLoopEnd) loop_back(h, npc, c, flow);
  h.prev = &d;
  h.resume_from = npc;
  h.resume_not_before = 0;
  if (h.irq_line && h.interruptible && h.irq_since <= c + 1) {
    kill_elw(h, c);
    return;
  }
  if (npc != h.elw_pc + d.len && h.mode == HartMode::kFast) {
    // The loop start has long been fetched while the event load waited or flushed.
    h.id_from = std::min(h.id_from, c);
  }
  resume_after(h, npc, c + config_.elw_grant_to_next_ex - 2, Cause::kElw, c);
}

template void Cluster::finish_elw<0>(Hart&, const Decoded&, u64);
template void Cluster::finish_elw<1>(Hart&, const Decoded&, u64);
template void Cluster::finish_elw<2>(Hart&, const Decoded&, u64);

// An interrupt seen up to the cycle behind the grant: the result is dropped and the load executed again.
void Cluster::kill_elw(Hart& h, u64 c) {
  h.a.x[h.fix_rd] = h.elw_old;
  h.a.x[0] = 0;
  s_.elw_fix &= ~hart_bit(h);
  h.a.pc = h.elw_pc;
  h.resume_from = h.elw_pc + 4;
  h.resume_not_before = 0;
  enter_handler(h, h.elw_at + 2, h.elw_at + 2, c);
}

// --- interrupts ---

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
  if (decided > leaves) return false;
  const u64 last = leaves - h.ahead;  // cycle of the last execution
  h.ledger[static_cast<int>(h.ahead_cause)] -= h.ahead;
  const bool ex_busy = h.ahead_cause == Cause::kMultiCycle || h.ahead_cause == Cause::kSlowData;
  h.resume_from = h.a.pc + h.next->len;
  h.resume_not_before = std::max(ex_busy ? leaves : 0, last);
  withdraw(h);
  enter_handler(h, decided + 2, decided + 2, last);
  return true;
}

void Cluster::save_for_handler(Hart& h, u32 pc) {
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
  s_.tcdm_posted &= ~hart_bit(h);
  h.ahead = 0;
}

void Cluster::acknowledge_interrupts(u64 c) {
  for (u32 m = s_.acks; m != 0; m &= m - 1) {
    Hart& h = s_.harts[std::countr_zero(m)];
    if (h.ack_at > c) continue;
    s_.acks &= ~hart_bit(h);
    trace_event(h, TraceKind::kIrqAck, h.ack_id, 0, c);
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

// --- CSRs ---

u64 Cluster::pc_value(const Hart& h, int event, u64 c) const {
  switch (event) {
    case kPcCycles:
      return c - h.clock_off;
    case kPcInstr:
      return h.instret;
    // A jalr behind the load of its base waits one cycle for the load, then one for the register.
    case kPcLdStall:
      return h.ledger[static_cast<int>(Cause::kLoadUse)] + h.ledger[static_cast<int>(Cause::kMacloadHazard)] +
             h.pc_raw[kPcLdStall];
    case kPcJrStall:
      return h.ledger[static_cast<int>(Cause::kJumpRegister)] - h.pc_raw[kPcLdStall];
    case kPcLd:
      return h.loads + h.pc_raw[kPcLd];  // the second halves of misaligned accesses
    case kPcSt:
      return h.stores + h.pc_raw[kPcSt];
    default:
      return h.pc_raw[event];
  }
}

// An event in cycle e is counted in PCCR from e + 2 on. A CSR instruction in EX in cycle x reads what was
// there before, a write replaces what events up to x - 1 gave, and a change of PCER or PCMR holds from x + 1
// on. Here only cycles and instructions can have events that close; the others are taken as they are.
u64 Cluster::pc_events(const Hart& h, int event, u64 last) const {
  if (event == kPcCycles) return last - h.clock_off;
  return pc_value(h, event, last);
}

void Cluster::pc_fold(Hart& h, u64 c) {
  const bool on = (h.a.pcmr & 1) != 0;
  for (int i = 0; i < kPcCount; ++i) {
    const u64 now = pc_events(h, i, c) + (i == kPcInstr ? 1 : 0);
    if (on && (h.a.pcer >> i & 1)) {
      const u64 sum = u64{h.pccr[i]} + (now - h.pc_base[i]);
      h.pccr[i] = (h.a.pcmr & 2) && sum > ~u32{0} ? ~u32{0} : static_cast<u32>(sum);
      if (i == kPcCycles) h.pc_tail |= 1;
    }
    h.pc_base[i] = now;
  }
  h.pc_changed = c;
  h.pc_was = on ? h.a.pcer : 0;
}

// The instruction behind a change of PCER or PCMR left ID in the same cycle: it counts with the old setting.
void Cluster::pc_next_left(Hart& h) {
  ++h.pc_base[kPcInstr];
  if (h.pc_was >> kPcInstr & 1) {
    ++h.pccr[kPcInstr];
    h.pc_tail |= 1u << kPcInstr;
  }
}

u32 Cluster::csr_read(const Hart& h, u32 number, u64 c, bool& known) const {
  const Arch& a = h.a;
  known = true;
  const bool flexv = !is_fc(h) && config_.profile == kFlexV;
  const bool formats = !is_fc(h) && (config_.profile == kFlexV || config_.profile == kMpic);
  switch (number) {
    case 0x001:
    case 0x002:
    case 0x003:
    case 0x006:
      return 0;
    case 0x00d:
      if (formats) return a.simd_fmt;
      break;
    case 0x00e:
      if (formats) return a.mix_cycle;
      break;
    case 0x00f:
      if (formats) return a.mix_skip;
      break;
    case 0x010:
      if (formats) return a.sb_legacy;
      break;
    case 0x014:
    case 0xf14:
      return a.mhartid;
    case 0x100:
      if (flexv) return a.a.addr;
      break;
    case 0x101:
      if (flexv) return a.w.addr;
      break;
    case 0x102:
      if (flexv) return a.a.stride;
      break;
    case 0x103:
      if (flexv) return a.w.stride;
      break;
    case 0x104:
      if (flexv) return a.a.rollback;
      break;
    case 0x105:
      if (flexv) return a.w.rollback;
      break;
    case 0x106:
      if (flexv) return a.a.skip;
      break;
    case 0x107:
      if (flexv) return a.w.skip;
      break;
    case 0x300:
      return a.mstatus;
    case 0x301:
      return 0x40801104;
    case 0x305:
      return a.mtvec;
    case 0x340:
      return a.mscratch;
    case 0x341:
      return a.mepc;
    case 0x342:
      return a.mcause;
    case 0x7b0:
      return a.dcsr;
    case 0x7b1:
      return a.dpc;
    case 0x7b2:
    case 0x7b3:
      return a.dscratch[number - 0x7b2];
    case 0x7c0:
      return a.loop[0].start;
    case 0x7c1:
      return a.loop[0].end;
    case 0x7c2:
      return a.loop[0].count;
    case 0x7c4:
      return a.loop[1].start;
    case 0x7c5:
      return a.loop[1].end;
    case 0x7c6:
      return a.loop[1].count;
    case 0x7e0:
    case 0xcc0:
      return a.pcer;
    case 0x7e1:
    case 0xcc1:
      return a.pcmr;
    case 0xc10:
      return 3;
    case 0xf11:
    case 0xf12:
    case 0xf13:
      return 0;
    default:
      break;
  }
  if (number >= 0x780 && number <= 0x79e) {
    const int i = static_cast<int>(number - 0x780);
    if (i >= kPcCount) return 0;
    u64 value = h.pccr[i];
    if ((a.pcmr & 1) && (a.pcer >> i & 1)) {
      const u64 seen = pc_events(h, i, i == kPcCycles ? c - 2 : c);
      value += seen > h.pc_base[i] ? seen - h.pc_base[i] : 0;
    } else if (c == h.pc_changed + 1) {
      value -= h.pc_tail >> i & 1;
    }
    return (a.pcmr & 2) && value > ~u32{0} ? ~u32{0} : static_cast<u32>(value);
  }
  if (number == 0x79f || (number >= 0x3a0 && number <= 0x3bf)) return 0;
  known = false;
  return 0;
}

void Cluster::csr_write(Hart& h, u32 number, u32 value, u64 c) {
  Arch& a = h.a;
  const bool flexv = !is_fc(h) && config_.profile == kFlexV;
  const bool formats = !is_fc(h) && (config_.profile == kFlexV || config_.profile == kMpic);
  if (formats && is_mpc_csr(number)) {
    switch (number) {
      case 0x00d:
        a.simd_fmt = value & 15;
        return;
      case 0x00e:
        a.mix_cycle = value & 7;
        return;
      case 0x00f:
        a.mix_skip = value & 31;
        return;
      default:
        a.sb_legacy = value & 1;
        return;
    }
  }
  if (flexv && number >= 0x100 && number <= 0x107) {
    Walker& w = (number & 1) ? a.w : a.a;
    switch (number >> 1 & 3) {
      case 0:
        w.addr = value;
        w.count = 0;
        return;
      case 1:
        w.stride = value;
        return;
      case 2:
        w.rollback = value;
        return;
      default:
        w.skip = value;
        return;
    }
  }
  switch (number) {
    case 0x300:
      a.mstatus = (value & (kMstatusMie | kMstatusMpie | 0x11)) | kMstatusMpp;
      update_interruptible(h);
      return;
    case 0x305:
      if (is_fc(h)) {
        a.mtvec = (value & ~0xffu) | 1;
      } else {
        lint(Lint::kMtvecIgnored, h, a.pc, c,
             "mtvec of a cluster hart is fixed to its boot address; the write is ignored");
      }
      return;
    case 0x340:
      a.mscratch = value;
      return;
    case 0x341:
      a.mepc = value & ~1u;
      return;
    case 0x342:
      a.mcause = value & 0x8000001f;
      return;
    case 0x7b0:
      a.dcsr = value | 0x40000003;
      return;
    case 0x7b1:
      a.dpc = value & ~1u;
      return;
    case 0x7b2:
    case 0x7b3:
      a.dscratch[number - 0x7b2] = value;
      return;
    case 0x7c0:
      a.loop[0].start = value;
      return;
    case 0x7c1:
      a.loop[0].end = value;
      mark_loop_end(h);
      return;
    case 0x7c2:
      a.loop[0].count = value;
      return;
    case 0x7c4:
      a.loop[1].start = value;
      return;
    case 0x7c5:
      a.loop[1].end = value;
      mark_loop_end(h);
      return;
    case 0x7c6:
      a.loop[1].count = value;
      return;
    case 0x7e0:
    case 0xcc0:
      h.pc_tail = 0;
      pc_fold(h, c);
      h.pc_pending = true;
      a.pcer = value & kPcerMask;
      return;
    case 0x7e1:
    case 0xcc1:
      h.pc_tail = 0;
      pc_fold(h, c);
      h.pc_pending = true;
      a.pcmr = value & 3;
      return;
    default:
      break;
  }
  if (number >= 0x780 && number <= 0x79f) {
    for (int i = 0; i < 32; ++i) {
      if (number != 0x79f && number != 0x780u + static_cast<u32>(i)) continue;
      h.pccr[i] = value;
      h.pc_tail &= ~(1u << i);
      if (i < kPcCount)
        h.pc_base[i] = pc_events(h, i, c - (i == kPcCycles ? 1 : 0)) + (i == kPcInstr ? 1 : 0);
    }
    return;
  }
  if (number <= 0x006 || (number >= 0x3a0 && number <= 0x3bf) || number == 0x301 || number == 0xf14) return;
  lint(Lint::kCsrIgnored, h, a.pc, c, "write to a CSR that this core does not have");
}

template <int M>
bool Cluster::csr_op(Hart& h, const Decoded& d, u64 c) {
  const u32 number = static_cast<u32>(d.imm) & 0xfff;
  const bool immediate = d.op == isa::kOp_csrrwi || d.op == isa::kOp_csrrsi || d.op == isa::kOp_csrrci;
  const u32 operand = immediate ? d.aux : h.a.x[d.rs1];
  const bool plain_write = d.op == isa::kOp_csrrw || d.op == isa::kOp_csrrwi;
  const bool named = immediate ? d.aux != 0 : d.rs1 != 0;
  const bool writes = plain_write || named;
  bool known = false;
  const u32 old = csr_read(h, number, c, known);
  u32 value = operand;
  if (d.op == isa::kOp_csrrs || d.op == isa::kOp_csrrsi) value = old | operand;
  if (d.op == isa::kOp_csrrc || d.op == isa::kOp_csrrci) {
    value = old & ~operand;
    const bool counter =
        (number >= 0x780 && number <= 0x79f) || (number & ~1u) == 0x7e0 || (number & ~1u) == 0xcc0;
    if (counter && named) {
      // The real core computes operand & ~old for these.
      if (config_.quirks_rtl) {
        value = operand & ~old;
      } else if (value != (operand & ~old)) {
        lint(Lint::kCounterClear, h, h.a.pc, c,
             "clearing bits of a counter CSR: the real core writes operand & ~old");
      }
    }
  }
  if (!writes && (number == 0x100 || number == 0x101) && known) pointer_read(h, number, c);
  if (writes) {
    csr_write(h, number, value, c);
  }
  if (is_mpc_csr(number) && (writes || config_.quirks_rtl)) mpc_csr_written(h, d, number, old, value, c);
  h.a.x[d.rd] = old;
  if (flushes_pipeline(number)) {
    h.a.x[0] = 0;
    ++h.instret;
    if constexpr (M == kModeTraced) trace_retire(h, d, c);
    u32 npc = h.a.pc + d.len;
    Flow flow;
    if (d.flags & kFlagLoopEnd) loop_back(h, npc, c, flow);
    h.prev = &d;
    h.resume_from = npc;
    h.resume_not_before = 0;
    h.wb_ready = std::max(h.wb_ready, c);
    resume_after(h, npc, c + 2, Cause::kCsrFlush, c);
    if (h.interruptible && h.irq_line && h.mode == HartMode::kFast) try_interrupt(h, h.id_from);
    return false;
  }
  return true;
}

template bool Cluster::csr_op<0>(Hart&, const Decoded&, u64);
template bool Cluster::csr_op<1>(Hart&, const Decoded&, u64);
template bool Cluster::csr_op<2>(Hart&, const Decoded&, u64);

bool Cluster::semihosting(Hart& h, u64 c) {
  const auto word = [&](u32 pc) { return peek_half(pc, is_fc(h)) | peek_half(pc + 2, is_fc(h)) << 16; };
  if (h.next->len != 4 || word(h.a.pc - 4) != kSemihostBefore || word(h.a.pc + 4) != kSemihostAfter)
    return false;
  struct Bus {
    Cluster& cluster;
    u64 cycle;
    bool read(u32 address, u8* dst, u32 size) { return cluster.read_memory(address, dst, size); }
    bool write(u32 address, const u8* src, u32 size) {
      return cluster.store_unseen(address, src, size, cycle);
    }
  } bus{*this, c};
  SemihostReply r = s_.semihost.call(h.a.x[10], h.a.x[11], bus);
  h.a.x[10] = r.result;
  if (!r.output.empty()) output_.emplace_back(h.index, r.output);
  if (!r.complaint.empty()) lint_text(Lint::kDevice, h, h.a.pc, c, "semihosting: " + r.complaint);
  switch (r.counters) {
    case CounterRequest::kNone:
      break;
    case CounterRequest::kSetEvents:
      csr_write(h, 0x7e0, r.operand, c);
      break;
    case CounterRequest::kClear:
      csr_write(h, 0x79f, 0, c);
      break;
    case CounterRequest::kStart:
      csr_write(h, 0x7e1, 1, c);
      break;
    case CounterRequest::kStop:
      csr_write(h, 0x7e1, 0, c);
      break;
    case CounterRequest::kRead: {
      bool known;
      h.a.x[10] = csr_read(h, 0x780 + (r.operand & 31), c, known);
      break;
    }
  }
  if (r.exit) {
    s_.exited = true;
    s_.exit_status = r.status;
    StopEvent e;
    e.reason = StopReason::kExit;
    e.hart = h.index;
    e.pc = h.a.pc;
    e.cycle = c;
    e.code = r.status;
    stop(std::move(e));
  }
  return true;
}

}  // namespace flexdbg
