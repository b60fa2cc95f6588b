// Instructions that execute in global order: traps, event loads, sleep, semihosting.
#include <algorithm>

#include "loop.hpp"

namespace flexdbg {

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
  // The clock of a sleeping hart stops after five cycles; a scripted port has no event unit that stops it.
  const u64 waited = slow_data_ ? c - h.issued - 1 : std::min<u64>(c - h.first_present, 5);
  h.pc_raw[kPcElw] += 3 + waited;
  if (!slow_data_) h.pc_raw[kPcLdExtCyc] += waited + 1;
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

bool Cluster::semihosting(Hart& h, u64 c) {
  const auto word = [&](u32 pc) { return peek_half(pc, is_fc(h)) | peek_half(pc + 2, is_fc(h)) << 16; };
  if (h.next->len != 4 || word(h.a.pc - 4) != kSemihostBefore || word(h.a.pc + 4) != kSemihostAfter)
    return false;
  struct Bus {
    Cluster& cluster;
    u64 cycle;
    int hart;
    bool read(u32 address, u8* dst, u32 size) { return cluster.read_unseen(address, dst, size, cycle, hart); }
    bool write(u32 address, const u8* src, u32 size) {
      return cluster.store_unseen(address, src, size, cycle, hart);
    }
  } bus{*this, c, h.index};
  SemihostReply r = s_.semihost.call(h.a.x[10], h.a.x[11], bus);
  h.a.x[10] = r.result;
  if (!r.output.empty()) output(h.index, r.output);
  if (!r.complaint.empty()) lint_text(Lint::kDevice, h, h.a.pc, c, r.complaint);
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
