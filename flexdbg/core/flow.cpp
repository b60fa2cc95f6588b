// Starting, stopping and redirecting harts: everything that breaks the flow of instructions.
#include <algorithm>

#include "loop.hpp"

namespace flexdbg {

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
  h.jump_hidden = false;
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
  h.held_hi = 0;
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

}  // namespace flexdbg
