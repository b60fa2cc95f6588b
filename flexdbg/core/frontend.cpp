// The fetch unit and the ID stage, one cycle at a time (docs/fetch-model.md, rules 1 to 7).
#include <algorithm>

#include "loop.hpp"

namespace flexdbg {

namespace {

bool stored_has(const FrontEnd& f, u32 word) {
  for (int i = 0; i < f.stored; ++i) {
    if (f.words[i] == word) return true;
  }
  return false;
}

void pop_word(FrontEnd& f) {
  for (int i = 1; i < f.stored; ++i) f.words[i - 1] = f.words[i];
  if (f.stored > 0) --f.stored;
}

}  // namespace

bool Cluster::fetch_request(Hart& h, u32 address, u64 c) {
  FrontEnd& f = h.fe;
  if (harness_.instr_script) {
    InstrPort& port = s_.instr_ports[h.index];
    const i64 relative = s_.first_issue == kNever ? -1 : static_cast<i64>(c - s_.first_issue);
    if (!port.request(relative, address)) return false;
    f.arrives = c + port.latency();
  } else if (config_.fetch == FetchModel::kIcache && !is_fc(h)) {
    if (!s_.icache.request(h.index, address, c)) return false;
    f.arrives = kNever;
  } else {
    f.arrives = c + (is_fc(h) ? config_.fc_fetch_latency : 1);
  }
  f.inflight_addr = address & ~3u;
  f.inflight = true;
  return true;
}

// As will_loop(), with the loop ends counted down that are on their way to execution.
bool Cluster::will_loop_again(const Hart& h, u32 end, u32& start) const {
  const FrontEnd& f = h.fe;
  const u32 on_the_way =
      (h.posted && h.loops && h.a.pc == end ? 1 : 0) + (f.id_valid && f.id_loops && f.id_pc == end ? 1 : 0);
  for (const HwLoop& loop : h.a.loop) {
    if (loop.end == end && loop.count > 1 + on_the_way) {
      start = loop.start;
      return true;
    }
  }
  return false;
}

bool Cluster::fetch_arrives(Hart& h, u64 c) {
  return h.fe.arrives != kNever ? h.fe.arrives == c : s_.icache.arrival(h.index, c);
}

// Whether the instruction in ID may leave it in this cycle; `cause` says what holds it.
bool Cluster::leave_id(Hart& h, const Decoded& nd, u64 c, Cause& cause) {
  if (c < h.load_ready) {
    if (nd.src & h.load_mask) {
      cause = Cause::kLoadUse;
      if (timing_of(nd) == Timing::kDotp && h.last_exec == c && timing_of(*h.prev) == Timing::kLoad)
        stalled_dotp(h, h.fe.id_pc, c);
      return false;
    }
    if (nd.nn_reads & h.nn_mask) {
      cause = Cause::kMacloadHazard;
      return false;
    }
  }
  if (nd.op == isa::kOp_jalr && !h.fe.jump_done) {
    cause = Cause::kJumpRegister;
    return false;
  }
  if (c != h.ex_slot && c < h.ex_ready) {
    cause = c < h.wb_ready ? Cause::kSlowData : Cause::kMultiCycle;
    return false;
  }
  return true;
}

template <int M>
void Cluster::step_frontend(Hart& h, u64 c) {
  FrontEnd& f = h.fe;
  bool arrived = false;
  u32 arrived_word = 0;
  if (f.inflight && fetch_arrives(h, c)) {
    f.inflight = false;
    if (f.drop) {
      f.drop = false;
    } else {
      arrived = true;
      arrived_word = f.inflight_addr;
    }
  }
  const int stored_before = f.stored + f.ghosts;

  const bool frozen = (frozen_ & hart_bit(h)) != 0;  // held by the debugger: fetches, but nothing leaves ID

  // Accounting of this cycle.
  const bool in_ex = h.posted && h.issued < c;
  if (h.last_exec != c && !in_ex && !h.asleep && c >= h.off_since) {
    const Cause cause = frozen ? Cause::kStopped : h.id_cause;
    charge(h, cause, 1);
    if constexpr (M == kModeTraced) trace_stall(h, cause, 1, c);
  }

  if (f.id_valid && c == f.id_since + 1) {
    if (f.redirect_at == c && f.flow_cause == Cause::kBranch) {
      count_killed(h, f.id_pc, c);
    } else {
      count_stepped(h, *decode_at(h, f.id_pc), h.irq_line && h.interruptible && c > h.irq_since, c);
    }
  } else if (!f.id_valid && h.prev != nullptr && (h.last_exec == c || h.posted)) {
    const Decoded& shown = h.posted ? *h.next : *h.prev;
    if (((shown.flags & kFlagMem) != 0 ? h.issued : h.last_exec - 1) == c - 1) count_shown(h, shown);
  }

  bool redirect = f.redirect_at == c;
  u32 target = f.redirect_to;
  const bool ex_free = !h.posted && (c == h.ex_slot || c >= h.ex_ready);
  bool left = false;
  Cause held = Cause::kFetch;
  if (redirect) {
    f.id_valid = false;
    f.redirect_at = kNever;
  } else if (frozen) {
    held = Cause::kStopped;
  } else if (f.id_valid && c > f.id_since) {
    const Decoded* nd = decode_at(h, f.id_pc);
    if (h.irq_line && h.interruptible && c > h.irq_since) {
      held = Cause::kTrap;
      interrupt_in_id(h, c);
    } else {
      if ((nd->op == isa::kOp_jal || nd->op == isa::kOp_jalr) && !f.jump_done) {
        u64 ready = 0;
        if (nd->op == isa::kOp_jalr && nd->rs1 != 0) {
          if (h.posted) {
            const bool loads = (h.next->flags & kFlagMem) && timing_of(*h.next) != Timing::kStore;
            if ((h.next->writes >> nd->rs1 & 1) || (loads && h.next->rd == nd->rs1)) ready = kNever;
          } else if (h.alu_mask >> nd->rs1 & 1) {
            ready = h.alu_ready;
          }
          if (h.jr_mask >> nd->rs1 & 1) ready = std::max(ready, h.jr_ready);
        }
        if (c >= ready) {
          f.jump_done = true;
          redirect = true;
          f.flow_cause = Cause::kJump;
          target = nd->op == isa::kOp_jal ? f.id_pc + static_cast<u32>(nd->imm)
                                          : (h.a.x[nd->rs1] + static_cast<u32>(nd->imm)) & ~1u;
        }
      }
      if (!h.posted && leave_id(h, *nd, c, held)) {
        left = true;
        f.id_valid = false;
        h.next = nd;
        h.a.pc = f.id_pc;
        h.id_from = f.id_since + 1;
        h.loops = f.id_loops;
        h.loops_to = f.loop_start;
        h.posted = true;
        post(h, c + 1);
        wheel_add(h, h.wake);
        h.ex_slot = kNever;
        h.ex_ready = kNever;
        // These hold ID until they are done.
        const bool flushes = timing_of(*nd) == Timing::kCsr && flushes_pipeline(static_cast<u32>(nd->imm));
        if (timing_of(*nd) == Timing::kElw || flushes ||
            ((nd->flags & kFlagSystem) && timing_of(*nd) != Timing::kCsr)) {
          f.block = kNever;
        }
        if (s_.first_issue == kNever) s_.first_issue = c;
      }
    }
  }

  if (redirect) {
    f.stopped = false;
    f.stored = 0;
    f.ghosts = 0;
    f.loop_done = false;
    arrived = false;
    f.head_pc = target;
    f.redirected = c;
    if (f.waiting) {
      f.wait_addr = target;
    } else {
      if (f.inflight) f.drop = true;
      f.want = true;
      f.want_addr = target;
    }
    if (config_.fetch == FetchModel::kIcache && f.inflight) s_.icache.aim(h.index, target);
  }

  // The head of the queue.
  bool complete = false;
  const Decoded* head = nullptr;
  if (!redirect) {
    const u32 word = f.head_pc & ~3u;
    const auto there = [&](u32 w) { return stored_has(f, w) || (arrived && arrived_word == w); };
    if (there(word)) {
      head = decode_at(h, f.head_pc);
      complete = (f.head_pc & 2) == 0 || head->len == 2 || there(word + 4);
    }
    u32 start = 0;
    const bool again = f.looped_pc == f.head_pc;  // a loop of one instruction goes back once
    if (complete && !f.loop_done && !again && (head->flags & kFlagLoopEnd) &&
        will_loop_again(h, f.head_pc, start)) {
      // Words behind the loop end are discarded and the loop start is fetched.
      const u32 last = (f.head_pc + head->len - 1) & ~3u;
      int kept = 0;
      for (int i = 0; i < f.stored; ++i) {
        if (f.words[i] == word || f.words[i] == last) f.words[kept++] = f.words[i];
      }
      f.ghosts = static_cast<i8>(f.ghosts + f.stored - kept);
      f.stored = static_cast<u8>(kept);
      if (arrived && arrived_word != word && arrived_word != last) {
        arrived = false;
        ++f.ghosts;
      }
      f.loop_done = true;
      f.loop_start = start;
      if (f.waiting) {
        f.wait_addr = start;
      } else {
        if (f.inflight) f.drop = true;
        f.want = true;
        f.want_addr = start;
      }
    }
    // An emptied ID still shows the old instruction: a load into its own source, or a jalr into its base,
    // looks like a hazard and holds the next instruction back.
    bool stale = false;
    if (!f.id_valid && !left && h.prev != nullptr) {
      const Decoded& p = *h.prev;
      if (h.posted) {
        stale = (h.next->flags & kFlagMem) && timing_of(*h.next) == Timing::kLoad &&
                (h.next->src >> h.next->rd & 1);
      } else if (timing_of(p) == Timing::kLoad) {
        stale = (p.src >> p.rd & 1) != 0 && c < h.load_ready && p.rd != 0;
      } else if (p.op == isa::kOp_jalr) {
        stale = p.rd == p.rs1 && p.rd != 0 && h.last_exec == c;
      }
    }
    const bool ex_ok = left || ex_free;
    const bool shown = h.div_shown;
    const bool divided = !left && !f.id_valid && h.div_restart != 0 && !h.posted && c == h.ex_ready;
    const bool in_time = c >= f.block && (c >= f.shadow_end || c == f.shadow_slot);
    if (complete && !f.id_valid && ex_ok && in_time && !stale && f.redirect_at == kNever) {
      if (c < f.shadow_end) h.ex_ready = std::max(h.ex_ready, f.shadow_end + 1);
      f.id_valid = true;
      f.id_pc = f.head_pc;
      f.id_since = c;
      f.jump_done = false;
      h.div_shown = false;
      f.id_loops = f.loop_done;
      f.looped_pc = f.loop_done ? f.head_pc : 1;
      const auto consume = [&] {
        if (f.stored > 0) {
          pop_word(f);
        } else {
          arrived = false;
        }
      };
      if (f.loop_done) {
        // All words of the loop end go; what follows them in the queue belongs to the loop start.
        consume();
        if (((f.head_pc + head->len - 1) & ~3u) != word) consume();
        f.head_pc = f.loop_start;
        f.ghosts = 0;
        f.loop_done = false;
      } else {
        if (head->flags & kFlagWord) consume();
        f.head_pc += head->len;
      }
    }
    if (divided && shown) {
      // The division ends with ID empty and still shown there: it is started again for nothing.
      h.ex_ready = c + h.div_restart;
      h.ex_slot = kNever;
    }
  }

  // Requests: one at a time; a new one may start in the cycle in which the answer arrives.
  if (!f.inflight) {
    if (!f.waiting) {
      if (f.want) {
        f.wait_addr = f.want_addr;
        f.want = false;
        f.waiting = true;
        f.asked_since = c;
      } else if (stored_before <= 2 && !f.stopped) {
        f.wait_addr = f.next_addr;
        f.waiting = true;
        f.asked_since = c;
      }
    }
    if (f.waiting && fetch_request(h, f.wait_addr, c)) {
      f.waiting = false;
      f.next_addr = (f.wait_addr & ~3u) + 4;
      if constexpr (M == kModeTraced) trace_event(h, TraceKind::kFetch, f.wait_addr, 0, c);
    }
  }
  if (arrived) {
    f.words[f.stored++] = arrived_word;
    if (f.loop_done && arrived_word == (f.loop_start & ~3u)) {
      f.ghosts = ((f.head_pc + 3) & ~3u) != (f.head_pc & ~3u) && decode_at(h, f.head_pc)->len == 4 ? -1 : 0;
    }
  }

  if (!left) {
    if (f.id_valid && f.id_since < c) {
      h.id_cause = held;
    } else if (h.div_restart != 0 && !h.posted && c < h.ex_ready) {
      h.id_cause = Cause::kMultiCycle;
    } else if (f.redirect_at != kNever) {
      h.id_cause = f.flow_cause;
    } else if (c < f.redirected + 2) {
      h.id_cause = f.flow_cause;
    } else if (c < f.block) {
      h.id_cause = f.flow_cause;
    } else if (!complete && (f.waiting || f.inflight) && c > f.asked_since + 1) {
      h.id_cause = Cause::kIcache;
    } else {
      h.id_cause = Cause::kFetch;
    }
  }
  if (h.pc_pending) {
    h.pc_pending = false;
    if (left) pc_next_left(h);
  }
  if (!complete && !redirect && (h.instret != 0 || h.posted)) ++h.pc_raw[kPcImiss];
  // A sleeping hart whose queue is full has nothing to do until it is woken.
  if (h.asleep && !f.waiting && !f.inflight && !f.want && f.redirect_at == kNever) s_.exact &= ~hart_bit(h);
}

template <int M>
void Cluster::step_frontends(u64 c) {
  for (u32 m = s_.exact; m != 0; m &= m - 1) {
    Hart& h = s_.harts[std::countr_zero(m)];
    if (c >= h.fe.from) step_frontend<M>(h, c);
  }
  if (c >= s_.icache.next_event()) s_.icache.tick(c);
}

template void Cluster::step_frontends<Cluster::kModeFast>(u64);
template void Cluster::step_frontends<Cluster::kModePrecise>(u64);
template void Cluster::step_frontends<Cluster::kModeTraced>(u64);

// An instruction of a stepped hart has executed in cycle c. True: the fast model holds from here on.
bool Cluster::after_exact(Hart& h, u32 npc, u64 c, const Flow& flow) {
  FrontEnd& f = h.fe;
  h.posted = false;
  h.a.pc = npc;
  if (flow.taken) {
    if (flow.cause == Cause::kBranch) {
      f.redirect_at = c;
      f.redirect_to = npc;
      f.flow_cause = flow.cause;
      f.shadow_end = flow.shadow == 0 ? 0 : c + flow.shadow;
      f.shadow_slot = c + 1;
    }
    return false;
  }
  if (harness_.exact) return false;
  if (!f.id_valid || f.id_since != c - 1 || f.id_pc != npc || f.jump_done) return false;
  if (f.waiting || f.want || f.drop || f.loop_done || f.ghosts != 0 || f.redirect_at != kNever || c < f.block)
    return false;
  if (f.inflight && !fetch_arrives(h, c)) return false;
  const Decoded* nd = decode_at(h, npc);
  if (nd->flags & kFlagLoopEnd) return false;
  h.fq = static_cast<u8>(f.stored * 2 + (f.inflight ? 1 : 0));
  h.id_from = c;
  if (is_fc(h) && config_.fc_fetch_latency != 1) return false;
  const bool ideal = config_.fetch != FetchModel::kIcache || is_fc(h);
  if (ideal) {
    h.win_lo = 0;
    h.win_len = ~u32{0};
  } else {
    h.win_len = h.held_hi = 0;
    const u32 end = ((npc + nd->len) & ~3u) + 4 * std::min<u32>(6, f.stored + 3u);
    if (!find_window(h, npc, end) || !fetch_is_fast(h, *nd, npc, c, c - 1, true, flow)) return false;
  }
  h.next = nd;
  h.mode = HartMode::kFast;
  s_.exact &= ~hart_bit(h);
  return true;
}

// The head is a loop end that goes back: what followed it was discarded, and the loop start asked for, in the
// cycle after the instruction in ID moved there. `moved`: the queue at the start of that cycle.
bool Cluster::loop_end_asked(Hart& h, u8 moved, u64 c, u64 left) {
  FrontEnd& f = h.fe;
  const Decoded* end = decode_at(h, f.head_pc);
  u32 start = 0;
  if (!(end->flags & kFlagLoopEnd) || !will_loop(h, f.head_pc, start)) return false;
  const u64 asked = left + 1;
  const u32 word = f.head_pc & ~3u, last = (f.head_pc + end->len - 1) & ~3u;
  const int own = last == word ? 1 : 2;
  const int before =
      queue_step(moved, 0) >> 1;  // stored at the start of asked + 1, the discarded ones included
  f.loop_done = true;
  f.loop_start = start;
  f.words[0] = word;
  f.words[1] = last;
  f.stored = static_cast<u8>(own);
  u32 next = start & ~3u;
  f.asked_since = asked;
  if (c == asked + 1) {
    f.ghosts = static_cast<i8>(before > own ? before - own : 0);
    f.inflight = true;
  } else {
    // From the first word's arrival on the loop end counts as one word.
    const u8 waiting = static_cast<u8>(4 + (before >= 3 ? 0 : 1));
    const u8 fq = kQueue.idle[waiting * 8u + std::min<u64>(7, c - asked - 2)];
    f.ghosts = static_cast<i8>(1 - own);
    for (int i = 1; i < fq >> 1; ++i, next += 4) f.words[f.stored++] = next;
    f.inflight = (fq & 1) != 0;
  }
  if (f.inflight) {
    f.inflight_addr = next;
    f.arrives = c;
    next += 4;
  }
  f.next_addr = next;
  if (config_.fetch == FetchModel::kIcache) s_.icache.aim(h.index, next);
  return true;
}

// The instruction executed in cycle c is the last one for which the fast model holds: lay out the fetch unit
// and ID as they are at the start of cycle c.
// It left ID, and the next one in sequence moved there, in cycle `left`.
void Cluster::leave_fast(Hart& h, const Decoded* nd, u32 npc, u64 c, u64 left, const Flow& flow) {
  FrontEnd& f = h.fe;
  f = FrontEnd{};
  f.from = c;
  h.a.pc = npc;
  h.next = nd;
  h.posted = false;
  enter_exact(h);
  h.wake = kNever;
  h.ahead = 0;
  h.id_cause = flow.taken ? flow.cause : Cause::kFetch;
  if (flow.taken) {
    f.redirect_at = std::max(flow.at, c);
    f.redirect_to = npc;
    f.flow_cause = flow.cause;
    f.shadow_end = flow.shadow == 0 ? 0 : c + flow.shadow;
    f.shadow_slot = c + 1;
    f.next_addr = (npc & ~3u) + 4;
    return;
  }
  f.id_valid = true;
  f.id_pc = npc;
  f.id_since = left;
  const u8 moved = queue_after(h.fq, left - h.id_from, (nd->flags & kFlagWord) != 0);
  u8 fq = kQueue.idle[moved * 8u + std::min<u64>(7, c - 1 - left)];
  f.head_pc = npc + nd->len;
  u32 start = 0;
  if ((nd->flags & kFlagLoopEnd) && will_loop(h, npc, start)) {
    // The loop start was asked for when this instruction became the head.
    const u64 asked = h.id_from;
    f.head_pc = start;
    f.loop_start = start;
    f.id_loops = true;
    const bool full = left > asked && (queue_step(h.fq, 0) >> 1) >= 3;
    const QueueAt behind = queue_behind_loop_end(asked, left, full);
    fq = kQueue.idle[behind.state * 8u + std::min<u64>(7, c > behind.cycle ? c - behind.cycle : 0)];
  }
  u32 word = f.head_pc & ~3u;
  if (!f.id_loops && c > left + 1 && loop_end_asked(h, moved, c, left)) return;
  f.stored = fq >> 1;
  for (int i = 0; i < f.stored; ++i, word += 4) f.words[i] = word;
  if (fq & 1) {
    f.inflight = true;
    f.inflight_addr = word;
    f.arrives = c;
    f.asked_since = c - 1;
    word += 4;
  }
  f.next_addr = word;
  if (config_.fetch == FetchModel::kIcache) s_.icache.aim(h.index, word);
}

// At the start of cycle c an access waits in EX and the fast model holds: from here on the fetch unit is
// stepped. False: the instruction behind the access, a loop start of two words, is not in ID yet.
bool Cluster::step_behind_access(Hart& h, u64 c) {
  const Decoded& d = *h.next;
  const u32 pc = h.a.pc;
  const u64 wake = h.wake;
  u64 moved = h.issued;  // cycle in which the instruction behind moved to ID
  u32 npc = pc + d.len;
  const bool loops = (d.flags & kFlagLoopEnd) != 0 && will_loop(h, pc, npc);
  const Decoded* nd = decode_at(h, npc);
  if (loops) {
    if (nd->len == 4 && (npc & 2) != 0) moved = std::max(moved, h.loop_from + 2 + (h.loop_full ? 1 : 0));
    if (c <= moved) return false;
    const QueueAt behind = queue_behind_loop_end(h.loop_from, h.id_from - 1, h.loop_full);
    h.fq = behind.state;
    h.id_from = behind.cycle;
  }
  leave_fast(h, nd, npc, c, moved, Flow{});
  h.next = &d;
  h.a.pc = pc;
  h.wake = wake;
  h.posted = true;
  h.loops = loops;
  h.loops_to = loops ? npc : 0;
  h.ex_slot = kNever;
  h.ex_ready = kNever;
  return true;
}

}  // namespace flexdbg
