// The cycle loop and the execution of one instruction: the hot part of the core.
#include "loop.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "semantics/rv32.hpp"
#include "semantics/simd.hpp"
#include "semantics/xflexv.hpp"
#include "semantics/xpulpv2.hpp"

namespace flexdbg {

using isa::kOps;

namespace {

constexpr u64 kRunAhead = 48;  // cycles a hart may be ahead of the others; less than the wheel

// The private instructions and branches by operation number. One call through a table keeps the loop small: a
// switch over all of them in its midst would cost it its registers.
using Predicate = bool (*)(const Arch&, const Decoded&);
struct Operations {
  std::array<Operation, isa::kOpCount> clean{}, rtl{};
  std::array<Predicate, isa::kOpCount> branch{};
  std::array<bool, isa::kOpCount> quirk{};  // the two differ
};

constexpr Operations make_operations() {
  Operations t;
#define FLEXDBG_OPERATION(op, fn) \
  t.clean[isa::op] = t.rtl[isa::op] = [](Arch& a, const Decoded& d) { sem::fn(a, d); };
  FLEXDBG_PRIVATE_OPS(FLEXDBG_OPERATION)
#undef FLEXDBG_OPERATION
#define FLEXDBG_OPERATION(op, clean_fn, rtl_fn)                              \
  t.clean[isa::op] = [](Arch& a, const Decoded& d) { sem::clean_fn(a, d); }; \
  t.rtl[isa::op] = [](Arch& a, const Decoded& d) { sem::rtl_fn(a, d); };     \
  t.quirk[isa::op] = true;
  FLEXDBG_QUIRK_OPS(FLEXDBG_OPERATION)
#undef FLEXDBG_OPERATION
#define FLEXDBG_OPERATION(op, fn) \
  t.branch[isa::op] = [](const Arch& a, const Decoded& d) -> bool { return sem::fn(a, d); };
  FLEXDBG_BRANCH_OPS(FLEXDBG_OPERATION)
#undef FLEXDBG_OPERATION
  return t;
}
constexpr Operations kOperations = make_operations();

}  // namespace

Kind kind_of(u16 op) {
  if (kOperations.branch[op] != nullptr) return Kind::kBranch;
  if (kOperations.clean[op] == nullptr) return Kind::kOther;
  if (kOps[op].timing == Timing::kMulh || kOps[op].timing == Timing::kDiv) return Kind::kOther;
  if (kOps[op].timing == Timing::kDotp) return Kind::kDotp;
  if (kOps[op].traits & isa::kVirtual) return Kind::kVirtual;
  return kOperations.quirk[op] ? Kind::kOther : Kind::kPrivate;
}

void Cluster::choose_operations() {
  operations_ = (config_.quirks_rtl ? kOperations.rtl : kOperations.clean).data();
}

// Before an operation that may have a defect in the real core, or no meaning in the present format.
void Cluster::warn_operation(const Hart& h, const Decoded& d, u64 c) {
  const isa::OpInfo& info = kOps[d.op];
  if (config_.quirks_rtl || d.rd == 0 || info.timing == Timing::kDotp) return;
  if (info.traits & isa::kVirtual) {
    if (h.a.sb_legacy != 0 || h.a.simd_fmt == 1 || h.a.simd_fmt == 2) return;
    lint_format(h, d, c);
  }
  if (!kOperations.quirk[d.op]) return;
  Arch clean = h.a, real = h.a;
  kOperations.clean[d.op](clean, d);
  kOperations.rtl[d.op](real, d);
  if (clean.x[d.rd] != real.x[d.rd]) lint_result(h, d, c);
}

// Executes the instruction of a hart that is due in cycle c, and the private ones behind it up to the
// horizon.
template <int M>
[[gnu::always_inline]] inline void Cluster::execute(Hart& h, u64 c, u64 horizon) {
  do {
    if (!h.plain()) [[unlikely]] {
      if (!run_general<M>(h, c, horizon)) return;
    } else if (const Decoded& d = *h.next; M != kModeTraced && d.kind >= Kind::kMacloadRun) {
      const u32 kind = static_cast<u32>(d.kind) - static_cast<u32>(Kind::kMacloadRun);
      c = kMacloadRuns[M][kind][h.a.mac_format | (d.detail & 48)](*this, h, c, horizon);
    } else {
      c = run_plain<M>(*this, h, c, horizon);
    }
  } while (c != kNever);
}

// One instruction by the general rules. True: the hart goes on with a private one, in cycle c.
template <int M>
bool Cluster::run_general(Hart& h, u64& c, u64 horizon) {
  const Decoded& d = *h.next;
  if (d.op == isa::kOpUndecoded) {
    // Invalidated after it was scheduled: decode and present it anew.
    h.next = decode_at(h, h.a.pc);
    const bool late = (h.next->flags & kFlagMem) != 0 && c == s_.cycle;  // for the arbiter
    if (late) charge(h, Cause::kFetch, 1);
    post(h, late ? c + 1 : c);
    if (h.post == Post::kPrivate || (h.post == Post::kSystem && c == s_.cycle)) return true;
    wheel_add(h, h.wake);
    return false;
  }
  return execute_general<M>(h, d, c) && schedule<M>(h, c, horizon);
}

// The next instruction is known and due at Hart::wake. True: it executes now, in cycle c.
template <int M>
bool Cluster::schedule(Hart& h, u64& c, u64 horizon) {
  const u64 wake = h.wake;
  post(h, wake);
  // Who has stopped the machine stays where it is: then there is mostly nothing to go back for.
  const bool may = M == kModeFast && wake < horizon && stops_.empty();
  if (h.post == Post::kPrivate && may && (h.next->flags & kFlagBreak) == 0) {
    c = wake;
    return true;
  }
  wheel_add(h, h.wake);
  return false;
}

// The common instructions of a hart about which nothing rare is known; what they change is kept in local
// variables from one private instruction to the next. The cycle in which the hart goes on, or kNever if it is
// in the wheel.
template <int M>
u64 Cluster::plain_run(Hart& h, u64 c, u64 horizon) {
  Arch& a = h.a;
  const Decoded* d = h.next;
  u8 fq = h.fq;
  u64 from = h.id_from;  // first cycle of *d in ID
  u64 before = h.loop_from;
  for (;;) {
    const Decoded* nd = &behind(*d);
    u32 npc = a.pc + d->len;
    u64 left = c - 1;  // cycle in which *d left ID
    u32 link = 0, stall = 0;
    Cause cause = Cause::kLoadUse;
    bool taken = false;
    bool done = true;
    bool moved_on = false;
    switch (d->kind) {
      case Kind::kPrivate:
        operations_[d->op](a, *d);
        break;
      case Kind::kDotp:
        operations_[d->op](a, *d);
        if (a.attention != 0) [[unlikely]] {
          h.fq = fq, h.id_from = from, h.loop_from = before;
          a.attention &= static_cast<u8>(~kAttnFormat);
          format_trap<M>(h, c);
          return kNever;
        }
        break;
      case Kind::kVirtual:
        if (a.sb_legacy == 0) [[unlikely]]
          warn_operation(h, *d, c);
        operations_[d->op](a, *d);
        break;
      case Kind::kBranch:
        ++h.pc_raw[kPcBranch];
        if (kOperations.branch[d->op](a, *d)) {
          ++h.pc_raw[kPcTaken];
          npc = a.pc + static_cast<u32>(d->imm);
          taken = true;
        }
        break;
      case Kind::kJal:
        h.pc_raw[kPcJump] += h.jump_hidden ? 0 : 1;
        a.x[d->rd] = npc;
        npc = a.pc + static_cast<u32>(d->imm);
        taken = true;
        break;
      case Kind::kLoadByte:
        done = load<M, u8>(h, *d, c);
        left = h.issued;
        break;
      case Kind::kLoadByteSigned:
        done = load<M, i8>(h, *d, c);
        left = h.issued;
        break;
      case Kind::kLoadHalf:
        done = load<M, u16>(h, *d, c);
        left = h.issued;
        break;
      case Kind::kLoadHalfSigned:
        done = load<M, i16>(h, *d, c);
        left = h.issued;
        break;
      case Kind::kLoadWord:
        done = load<M, u32>(h, *d, c);
        left = h.issued;
        break;
      case Kind::kStoreByte:
        done = store<M, u8>(h, *d, c);
        left = h.issued;
        break;
      case Kind::kStoreHalf:
        done = store<M, u16>(h, *d, c);
        left = h.issued;
        break;
      case Kind::kStoreWord:
        done = store<M, u32>(h, *d, c);
        left = h.issued;
        break;
      case Kind::kMacload:
      case Kind::kMacloadRun:
      case Kind::kMacloadNear:
      case Kind::kMacloadEnd:
        done = macload_dot<M>(h, *d, c, 0);
        break;
      case Kind::kMacloadWord:
      case Kind::kMacloadWordRun:
      case Kind::kMacloadWordNear:
      case Kind::kMacloadWordEnd:
        done = macload_word<M>(h, *d, c);
        left = h.issued;
        break;
      default:
        done = false;
        break;
    }
    if (!done) [[unlikely]] {
      h.fq = fq, h.id_from = from, h.loop_from = before;
      return run_general<M>(h, c, horizon) ? c : kNever;
    }
    if (!moved_on) {
      link = d->link;  // a store may have changed what is behind it
      a.x[0] = 0;
      ++h.instret;
      if (d->len == 2) ++h.pc_raw[kPcRvc];
      if constexpr (M == kModeTraced) trace_retire(h, *d, c);
      if (taken || (link & kLinkKnown) == 0 || npc - h.win_lo >= h.win_len || a.attention != 0) [[unlikely]] {
        bool known = !taken && a.attention == 0;
        if (taken && a.attention == 0 && npc - h.win_lo < h.win_len &&
            (d->kind == Kind::kJal || (d->flags & kFlagSpecial) == 0)) {
          // A branch or jump to a place from which fetching is fast.
          nd = entry_near(h, *d, npc);
          if ((nd->flags & (kFlagSpecial | kFlagLoopEnd)) == 0) {
            const bool jump = d->kind == Kind::kJal;
            const u64 at = jump ? from : c;
            const u32 late = nd->len == 4 && (npc & 2) != 0 ? 1 : 0;
            u64 moved = at + 1 + late;
            before = moved;
            if (jump && moved < c - 1) moved = c - 1;
            h.pc_raw[kPcImiss] += late;
            h.loop_full = false;
            fq = queue_after(kQueueRedirected, moved - (at + 1), (nd->flags & kFlagWord) != 0);
            from = moved + 1;
            stall = static_cast<u32>(std::max(from, c) - c);
            cause = jump ? Cause::kJump : Cause::kBranch;
            link = (nd->flags & (kFlagMem | kFlagSystem | kFlagBreak)) != 0 ? kLinkShared : 0;
            known = moved_on = true;
          }
        } else if ((d->flags & kFlagLoopEnd) != 0 && known) {
          if (d->kind == Kind::kMacload || d->kind == Kind::kMacloadWord) Cluster::link(*d, *nd);
          h.fq = fq, h.id_from = from, h.loop_from = before;
          Flow flow;
          loop_back(h, npc, c, flow);
          if (flow.taken) {
            return depart<M>(h, *d, nullptr, npc, flow, c) && schedule<M>(h, c, horizon) ? c : kNever;
          }
          fq = h.fq, from = h.id_from;
          if (npc != a.pc + d->len) nd = entry_near(h, *d, npc);
          link = links_to(*d, *nd);
        } else if (!taken && (link & kLinkSeen) == 0) {
          Cluster::link(*d, *nd);
          link = links_to(*d, *nd);
        }
        known = known && npc - h.win_lo < h.win_len;
        if (!taken && (nd->flags & (kFlagSpecial | kFlagLoopEnd)) != 0) {
          known = known && stays_in_window(h, *nd, npc);
          if (known && (nd->flags & kFlagLoopEnd)) h.loop_full = loop_end_full(fq, left - from);
        }
        if (!known) {
          h.fq = fq, h.id_from = from, h.loop_from = before;
          Flow flow;
          if (taken && d->kind == Kind::kJal) {
            flow.redirect(from, Cause::kJump);
          } else if (taken) {
            flow.redirect(c, Cause::kBranch);
            if (d->flags & kFlagSpecial) flow.shadow = shadow_division(h, nd, c);
          }
          return depart<M>(h, *d, nd, npc, flow, c) && schedule<M>(h, c, horizon) ? c : kNever;
        }
      }
      if (!moved_on) {
        // The next instruction moved to ID when this one left it.
        const bool consumes = (link & kLinkWord) != 0;
        fq = left == from ? queue_next(fq, consumes) : queue_after(fq, left - from, consumes);
        before = from;
        from = left + 1;
        stall = link >> 1 & 1;
      }
    }
    h.prev = d;
    a.pc = npc;
    h.next = nd;
    if (stall != 0) [[unlikely]]
      charge_stall<M>(h, *d, *nd, c, stall, cause);
    const u64 at = succeed<M>(h, *d, *nd, c + 1 + stall, stall, link, horizon);
    if (M != kModeFast || at == kNever || nd->kind >= Kind::kMacloadRun) {
      h.fq = fq, h.id_from = from, h.loop_from = before;
      return at;
    }
    c = at;
    d = nd;
  }
}

template <int M>
u64 Cluster::run_plain(Cluster& self, Hart& h, u64 c, u64 horizon) {
  return self.plain_run<M>(h, c, horizon);
}
template u64 Cluster::run_plain<0>(Cluster&, Hart&, u64, u64);
template u64 Cluster::run_plain<1>(Cluster&, Hart&, u64, u64);
// The instruction h.prev has executed in cycle c, and h.next is linked to it.
template <int M>
u64 Cluster::succeed_rare(Hart& h, u64 c, u32 link, u64 horizon) {
  const u32 stall = link >> 1 & 1;
  if (stall != 0) charge_stall<M>(h, *h.prev, *h.next, c, stall, Cause::kLoadUse);
  return succeed<M>(h, *h.prev, *h.next, c + 1 + stall, stall, link, horizon);
}
template u64 Cluster::succeed_rare<0>(Hart&, u64, u32, u64);
template u64 Cluster::succeed_rare<1>(Hart&, u64, u32, u64);

// A plain instruction has executed and what follows needs the full rules.
template <int M>
bool Cluster::depart(Hart& h, const Decoded& d, const Decoded* nd, u32 npc, Flow& flow, u64 c) {
  if (h.a.attention != 0) {
    late_result(h, d);
    if (d.flags & kFlagLoopEnd) {
      loop_back(h, npc, c, flow);
      if (npc != h.a.pc + d.len) nd = nullptr;
    }
  }
  const u32 load_mask = timing_of(d) == Timing::kLoad ? 1u << d.rd : 0;
  return follow<M>(h, d, nd, c, {npc, 0, load_mask, d.nn_loads, d.kind == Kind::kBranch}, flow);
}

// Any instruction.
template <int M>
bool Cluster::execute_general(Hart& h, const Decoded& d, u64 c) {
  const Decoded* nd = &d + (d.len >> 1);
  Effects e;
  e.npc = h.a.pc + d.len;
  Flow flow;
  switch (d.op) {
    case isa::kOp_jal:
      if (d.imm == 0 && harness_.active) [[unlikely]] {
        if (M == kModeFast && c > s_.cycle) {  // ends in global order
          wheel_add(h, c);
          return false;
        }
        halt_hart(h, d, c);
        return false;
      }
      h.a.x[d.rd] = e.npc;
      e.npc = h.a.pc + static_cast<u32>(d.imm);
      h.pc_raw[kPcJump] += h.jump_hidden ? 0 : 1;
      flow.redirect(h.id_from, Cause::kJump);
      break;
    case isa::kOp_jalr: {
      const u32 target = (h.a.x[d.rs1] + static_cast<u32>(d.imm)) & ~1u;
      h.a.x[d.rd] = e.npc;
      e.npc = target;
      h.pc_raw[kPcJump] += h.jump_hidden ? 0 : 1;
      flow.redirect(h.jump_at, Cause::kJump);
      break;
    }
    default: {
      const isa::OpInfo& info = kOps[d.op];
      if (const Operation run = operations_[d.op]; run != nullptr) {
        if (info.timing == Timing::kMulh) e.extra = 4;
        if (info.timing == Timing::kDiv) e.extra = division_cycles(h.a, d) - 1;
        // With sb_legacy = 0 these words have no width of their own: they are the CSR-driven operation.
        if ((info.traits & isa::kWarnForeign) != 0 && h.a.sb_legacy != 0) lint_foreign(h, c);
        if (h.a.sb_legacy == 0 || kOperations.quirk[d.op]) warn_operation(h, d, c);
        run(h.a, d);
      } else if (const Predicate test = kOperations.branch[d.op]; test != nullptr) {
        e.branch = true;
        ++h.pc_raw[kPcBranch];
        if (test(h.a, d)) {
          e.npc = h.a.pc + static_cast<u32>(d.imm);
          flow.redirect(c, Cause::kBranch);
          ++h.pc_raw[kPcTaken];
          if (d.flags & kFlagSpecial) flow.shadow = shadow_division(h, nd, c);
        }
      } else if (d.flags & kFlagMacload) {
        if (!macload<M>(h, d, info, c, e.nn_mask)) return false;
      } else if (d.flags & kFlagMem) {
        if (!memory_op<M>(h, d, info, c, e.load_mask)) return false;
      } else if (info.timing == Timing::kHwloop) {
        hwloop_setup(h, d);
      } else if (info.timing == Timing::kCsr) {
        if (!csr_op<M>(h, d, c)) return false;
      } else {
        system_op<M>(h, c);
        return false;
      }
    }
  }
  h.a.x[0] = 0;
  if (h.a.attention) [[unlikely]] {
    if (h.a.attention & kAttnFormat) {
      h.a.attention &= static_cast<u8>(~kAttnFormat);
      format_trap<M>(h, c);
      return false;
    }
    late_result(h, d);
  }
  ++h.instret;
  h.pc_raw[kPcRvc] += d.len == 2;
  if constexpr (M == kModeTraced) trace_retire(h, d, c);
  if (d.flags & kFlagLoopEnd) [[unlikely]] {
    if (!flow.taken) loop_back(h, e.npc, c, flow);
    if (e.npc != h.a.pc + d.len) nd = nullptr;
  }
  return follow<M>(h, d, nd, c, e, flow);
}

// What follows an instruction by the full rules. True: the next one executes at Hart::wake, or presents its
// request then.
template <int M>
bool Cluster::follow(Hart& h, const Decoded& d, const Decoded* nd, u64 c, const Effects& e, Flow& flow) {
  h.prev = &d;
  bool resumed = false;  // the fast model takes over from the stepped fetch unit
  if (flow.taken) nd = nullptr;

  if (h.mode != HartMode::kFast || h.slow) [[unlikely]] {
    settle(h, d, c, e.extra, e.load_mask, e.nn_mask, e.branch);
    if (h.mode == HartMode::kExact) {
      if (!after_exact(h, e.npc, c, flow)) return false;
      nd = h.next;
      resumed = true;
    }
  }
  if (nd == nullptr || nd->op == isa::kOpUndecoded) [[unlikely]]
    nd = decode_at(h, e.npc);

  if (flow.taken && flow.cause == Cause::kBranch) {
    u32 killed = h.a.pc + d.len;
    if (d.flags & kFlagLoopEnd) will_loop(h, h.a.pc, killed);
    count_killed(h, killed, c);
  }
  // Cycle in which this instruction left ID, and the next one moved there.
  const u64 left = (d.flags & kFlagMem) ? h.issued : c - 1;
  if ((d.flags & kFlagMem) != 0 && h.post != Post::kTcdm) {
    h.denied = static_cast<u32>(c - left - 1);  // for whatever reason it stayed in EX
  }
  u64 from = left + 1;  // first cycle of the next instruction in ID
  u32 stall = e.extra;
  Cause cause = Cause::kMultiCycle;
  if ((e.npc - h.win_lo >= h.win_len || (nd->flags & kFlagSpecial) != 0) && !resumed) [[unlikely]] {
    if (!fetch_is_fast(h, *nd, e.npc, c, left, e.extra != 0 || h.slow, flow)) {
      if (!h.slow) settle(h, d, c, e.extra, e.load_mask, e.nn_mask, e.branch);
      if (!flow.taken && from < c) count_in_id(h, d, *nd, e.npc, from, c, e);
      leave_fast(h, nd, e.npc, c, left, flow);
      return false;
    }
  }
  h.a.pc = e.npc;
  h.next = nd;
  if (!flow.taken) {
    if (!resumed) [[likely]] {
      const u64 idle = left - h.id_from;
      if (nd->flags & kFlagLoopEnd) [[unlikely]]
        note_loop_end(h, idle);
      h.fq = queue_after(h.fq, idle, (nd->flags & kFlagWord) != 0);
      h.loop_from = h.id_from;
    }
    if ((nd->src & e.load_mask) != 0 && stall == 0) {
      stall = 1;
      cause = Cause::kLoadUse;
      if (timing_of(*nd) == Timing::kDotp && !h.slow) stalled_dotp(h, h.a.pc, c);
    }
  } else {
    from = redirected(h, d, *nd, e.npc, c, flow);
    stall = static_cast<u32>(std::max(from, c) - c);
    if (flow.shadow != 0 && c + flow.shadow + 1 > from) stall = static_cast<u32>(flow.shadow + 1);
    cause = flow.cause;
  }
  h.id_from = from;
  if (flow.taken && flow.cause == Cause::kFetch && from > left + 1) count_shown(h, d);
  const bool jumps = nd->op == isa::kOp_jal || nd->op == isa::kOp_jalr;
  if (h.slow || (nd->src & e.load_mask) != 0 || e.nn_mask != 0 || jumps)
    count_first_in_id(h, d, *nd, e.npc, from, c, e);
  if (h.slow || e.nn_mask != 0 || nd->op == isa::kOp_jalr) [[unlikely]] {
    stall = general_stall(h, d, *nd, c, from, e.extra, e.load_mask, e.nn_mask, cause);
  }
  h.ahead = stall;
  if (stall != 0) {
    h.ahead_cause = cause;
    charge(h, cause, stall);
    if constexpr (M == kModeTraced) trace_stall(h, cause, stall, c + 1);
  }
  const u64 wake = c + 1 + stall;
  h.wake = wake;
  if (h.pc_pending) [[unlikely]] {
    h.pc_pending = false;
    if (stall == 0) pc_next_left(h);
  }
  if (h.interruptible) [[unlikely]] {
    post(h, wake);
    if (!h.irq_line || !try_interrupt(h, from)) wheel_add(h, h.wake);
    return false;
  }
  return true;
}

// The next instruction waits: for what this one loads, or to arrive.
template <int M>
void Cluster::charge_stall(Hart& h, const Decoded& d, const Decoded& nd, u64 c, u32 stall, Cause cause) {
  if (cause == Cause::kLoadUse) {
    ++h.pc_raw[kPcLdStall];
    if (d.flags & kFlagMacload) {
      cause = Cause::kMacloadHazard;
    } else if (timing_of(nd) == Timing::kDotp) {
      stalled_dotp(h, h.a.pc, c);
    }
  }
  h.ahead_cause = cause;
  charge(h, cause, stall);
  if constexpr (M == kModeTraced) trace_stall(h, cause, stall, c + 1);
}

namespace {

inline void step_pointer(Arch& a, const Decoded& d) {
  if (d.detail == kStepNone) return;
  a.x[d.rs1] += d.detail == kStepImm   ? static_cast<u32>(d.imm)
                : d.detail == kStepRs2 ? a.x[d.rs2]
                                       : a.x[d.rd];
}

}  // namespace

// A plain TCDM access that its bank has granted. False: it is not one, or has to be looked at.
template <int M, typename T>
inline bool Cluster::load(Hart& h, const Decoded& d, u64 c) {
  if (h.post != Post::kTcdm) [[unlikely]]
    return false;
  const Ram& ram = memory_.tcdm();
  const u32 offset = h.req_addr - ram.base;
  if (ram.attr[offset >> kPageShift] & kAttrWatch) [[unlikely]]
    return false;
  T value;
  std::memcpy(&value, ram.bytes.data() + offset, sizeof value);
  ++h.tcdm_accesses;
  ++h.loads;
  h.wb_ready = c + 1;
  if constexpr (M == kModeTraced)
    trace_access(h, TraceKind::kLoad, h.req_addr, static_cast<u32>(value), sizeof value, c);
  step_pointer(h.a, d);
  // Sign-extended. Wins over the pointer where both are one register.
  h.a.x[d.rd] = static_cast<u32>(value);  // NOLINT(bugprone-signed-char-misuse)
  h.jr_mask = 1u << d.rd;
  h.jr_ready = c + 2;
  return true;
}

template <int M, typename T>
inline bool Cluster::store(Hart& h, const Decoded& d, u64 c) {
  if (h.post != Post::kTcdm) [[unlikely]]
    return false;
  Ram& ram = memory_.tcdm();
  const u32 offset = h.req_addr - ram.base;
  const u32 value = h.a.x[d.rs2];
  if (ram.attr[offset >> kPageShift] & kAttrGuarded) [[unlikely]] {
    guarded_store(h, memory_.kTcdm, offset, sizeof(T), value, c);
  } else {
    const T part = static_cast<T>(value);
    std::memcpy(ram.bytes.data() + offset, &part, sizeof part);
  }
  ++h.tcdm_accesses;
  ++h.stores;
  h.wb_ready = c + 1;
  if constexpr (M == kModeTraced) trace_access(h, TraceKind::kStore, h.req_addr, value, sizeof(T), c);
  step_pointer(h.a, d);
  return true;
}

// A Mac&Load without refill, and the arithmetic of one with it.
template <int M>
[[gnu::always_inline]] inline bool Cluster::macload_dot(Hart& h, const Decoded& d, u64 c, u32 denied) {
  Arch& a = h.a;
  const u32 fmt = a.simd_fmt, lanes = a.mac_lanes;
  if (lanes == 0) [[unlikely]]
    return false;
  if (d.rd == 0) return true;
  u32 slice = a.mix_cycle;
  if (denied != 0) [[unlikely]]
    slice = stalled_slice(h, fmt, slice, c);
  const u32 sum =
      sem::xflexv::kDots[fmt | (d.detail & 48u)](a.nn_a[d.aux & 1], a.nn_w[d.aux >> 1 & 3], slice);
  const u32 value = a.x[d.rd] + sum;
  a.last_slice = static_cast<u8>(a.mix_cycle);
  ++a.dotps;
  a.macs += lanes;
  sem::xflexv::mpc_step(a);
  // The next instruction does not see the result in hardware; look only where it could matter.
  if ((d.link & kLinkFree) == 0) [[unlikely]] {
    macload_late(h, d, value, c);
  } else {
    a.x[d.rd] = value;
  }
  return true;
}

// The word that a Mac&Load refills its register with. False: nothing has been done.
template <int M>
[[gnu::always_inline]] inline bool Cluster::macload_word(Hart& h, const Decoded& d, u64 c) {
  Arch& a = h.a;
  if (h.post != Post::kTcdm) [[unlikely]]
    return false;
  const Ram& ram = memory_.tcdm();
  const u32 offset = h.req_addr - ram.base;
  if (ram.attr[offset >> kPageShift] & kAttrWatch) [[unlikely]]
    return false;
  u32 word;
  std::memcpy(&word, ram.bytes.data() + offset, 4);
  if (!macload_dot<M>(h, d, c, h.denied)) [[unlikely]]
    return false;
  ++h.tcdm_accesses;
  ++h.loads;
  h.wb_ready = c + 1;
  if constexpr (M == kModeTraced) trace_access(h, TraceKind::kLoad, h.req_addr, word, 4, c);
  const u32 weights = d.aux >> 4 & 1;
  a.nn(weights ? d.aux >> 1 & 3 : 4 + (d.aux & 1)) = word;
  a.walker(weights).step();
  if (d.rs1 != 0) [[unlikely]]
    destroyed_pointer(h, d, c);
  return true;
}

template <int M>
bool Cluster::memory_op(Hart& h, const Decoded& d, const isa::OpInfo& info, u64 c, u32& load_mask) {
  const u32 address = h.req_addr;
  const bool store = info.timing == Timing::kStore;
  if (h.post != Post::kTcdm) [[unlikely]] {
    return uncommon_access<M>(h, d, info, c, load_mask);
  }
  ++h.tcdm_accesses;
  Ram& ram = memory_.tcdm();
  const u32 offset = address - ram.base;
  u8* p = ram.bytes.data() + offset;
  const u8 attr = ram.attr[offset >> kPageShift];
  h.wb_ready = c + 1;
  if (store) {
    const u32 value = h.a.x[d.rs2];
    ++h.stores;
    if (attr & kAttrGuarded) [[unlikely]] {
      guarded_store(h, memory_.kTcdm, offset, info.size, value, c);
    } else {
      store_bytes(p, info.size, value);
    }
    if constexpr (M == kModeTraced) trace_access(h, TraceKind::kStore, address, value, info.size, c);
    if (info.traits & isa::kPost) {
      h.a.x[d.rs1] += (info.traits & isa::kRegOffset) ? h.a.x[d.rd] : static_cast<u32>(d.imm);
    }
  } else {
    const u32 value = load_bytes(p, info.size, (info.traits & isa::kSigned) != 0);
    ++h.loads;
    if (attr & kAttrWatch) [[unlikely]]
      watch(h, address, info.size, false, value, value, c);
    if constexpr (M == kModeTraced) trace_access(h, TraceKind::kLoad, address, value, info.size, c);
    if (info.traits & isa::kPost) {
      h.a.x[d.rs1] += (info.traits & isa::kRegOffset) ? h.a.x[d.rs2] : static_cast<u32>(d.imm);
    }
    h.a.x[d.rd] = value;  // wins over the pointer where both are one register
    load_mask = 1u << d.rd;
    h.jr_mask = load_mask;
    h.jr_ready = c + 2;
  }
  return true;
}

template <int M>
bool Cluster::macload(Hart& h, const Decoded& d, const isa::OpInfo& info, u64 c, u8& nn_mask) {
  Arch& a = h.a;
  const bool v2 = (info.traits & isa::kMlV2) != 0;
  const u32 fmt = v2 ? sem::xflexv::fmt_of_lanes(info.lanes) : sem::xflexv::macload_fmt(a, info.lanes);
  if (sem::xflexv::kLanes[fmt] == 0) [[unlikely]] {
    format_trap<M>(h, c);
    return false;
  }
  const bool load = (d.flags & kFlagMem) != 0;
  u32 word = 0;
  if (load) {
    const u32 at = h.half == 1 ? (h.req_addr & ~3u) + 4 : h.req_addr;
    if (h.post == Post::kTcdm) [[likely]] {
      Ram& ram = memory_.tcdm();
      const u32 offset = h.req_addr - ram.base;
      word = load_bytes(ram.bytes.data() + offset, 4, false);
      if (ram.attr[offset >> kPageShift] & kAttrWatch) [[unlikely]]
        watch(h, h.req_addr, 4, false, word, word, c);
      ++h.tcdm_accesses;
      h.wb_ready = c + 1;
    } else if (!uncommon_load<M>(h, 4, c, word)) {
      return false;
    }
    ++h.loads;
    if constexpr (M == kModeTraced) trace_access(h, TraceKind::kLoad, at, word, 4, c);
  }
  if (v2) {
    const u32 index = d.aux & 3;
    macload_result(h, d, info, fmt, a.nn_w[index], a.x[d.rs2], 0, c);
    a.nn_w[index] = word;
    a.x[d.rs1] += 4;
    return true;
  }
  const u32 w_index = d.aux >> 1 & 3, a_index = d.aux & 1;
  if (d.rd != 0) {
    u32 slice = a.mix_cycle;
    const bool elsewhere = h.post == Post::kSplit || h.post == Post::kSlow;
    if (load && (h.denied != 0 || (elsewhere && c > h.issued + 1))) [[unlikely]]
      slice = stalled_slice(h, fmt, slice, c);
    macload_result(h, d, info, fmt, a.nn_a[a_index], a.nn_w[w_index], slice, c);
  }
  if (load) {
    if (d.aux & 16) {
      a.nn_w[w_index] = word;
      nn_mask = static_cast<u8>(1u << w_index);
      a.w.step();
    } else {
      a.nn_a[a_index] = word;
      nn_mask = static_cast<u8>(16u << a_index);
      a.a.step();
    }
    if (a.sb_legacy) {
      a.x[d.rs1] += 4;
    } else if (d.rs1 != 0) [[unlikely]] {
      destroyed_pointer(h, d, c);
    }
  }
  return true;
}

inline void Cluster::macload_result(Hart& h, const Decoded& d, const isa::OpInfo& info, u32 fmt, u32 act,
                                    u32 wgt, u32 slice, u64 c) {
  Arch& a = h.a;
  const u32 sum = sem::xflexv::macload_dot(fmt, (info.traits & isa::kActSigned) != 0,
                                           (info.traits & isa::kWgtSigned) != 0, act, wgt, slice);
  const u32 value = a.x[d.rd] + sum;
  a.last_slice = static_cast<u8>(a.mix_cycle);
  ++a.dotps;
  a.macs += sem::xflexv::kLanes[fmt];
  sem::xflexv::mpc_step(a);
  // The next instruction does not see the result in hardware; look only where it could matter.
  const Decoded* nd = &d + (d.len >> 1);
  if ((nd->src >> d.rd & 1) != 0 || (d.flags & kFlagLoopEnd) != 0 || nd->op == isa::kOpUndecoded)
      [[unlikely]] {
    macload_late(h, d, value, c);
  } else {
    a.x[d.rd] = value;
  }
}

template <int M>
void Cluster::loop(u64 limit) {
  u64 poll_at = s_.cycle + 8192;
  in_step_ = M == kModePrecise;
  recalled_ = 0;
  stream_limit_ = M == kModeTraced ? 0 : std::min(limit, next_checkpoint_);
  while (s_.cycle < limit && stops_.empty()) {
    if (M == kModeFast && resync_) [[unlikely]]
      break;
    const u64 c = s_.cycle;
    // What may end the run here comes before anything of this cycle has happened.
    if (c >= next_checkpoint_) [[unlikely]] {
      end_streams(c);
      take_checkpoint();
      stream_limit_ = M == kModeTraced ? 0 : std::min(limit, next_checkpoint_);
    }
    if (c >= poll_at) [[unlikely]] {
      poll_at = c + 8192;
      if (poll_interrupt()) break;
    }
    // Nobody runs ahead over a breakpoint, so it is met in its own cycle in every mode.
    if (break_decoded_) [[unlikely]] {
      u8 flags = 0;
      for (u32 m = s_.wheel[c & (kWheelSize - 1)].harts | s_.denied; m != 0; m &= m - 1) {
        flags |= hart_at_[std::countr_zero(m)]->next->flags;
      }
      if ((flags & kFlagBreak) != 0 && at_breakpoint(due_now(c))) break;
    }
    if (c >= s_.device_due) [[unlikely]]
      advance_devices(c);
    State::Slot& now = s_.wheel[c & (kWheelSize - 1)];
    u32 ready = now.harts;
    u64 used = now.used, twice = now.twice;
    now = {};
    if (ready & s_.far) [[unlikely]]
      ready = sort_far(ready, c);
    // Banks asked for by harts that ask again.
    for (u32 m = s_.denied; m != 0; m &= m - 1) {
      const u8 number = s_.bank[std::countr_zero(m)];
      const u64 bank = number == kNoBank ? 0 : u64{1} << number;
      twice |= used & bank;
      used |= bank;
    }
    ready |= s_.denied;
    s_.denied = 0;
    if (M == kModePrecise && resync_) [[unlikely]]
      ready |= recall_due(-1, c);
    if (M != kModeFast && patched_) [[unlikely]]
      renew_patched(ready, c - 1);
    if (ready == 0 && s_.exact == 0 && !s_.dma.active()) [[unlikely]] {
      const bool later = skip_idle(limit);
      if (M == kModeTraced && !pending_.empty()) judge_events();
      if (!later) break;
      continue;
    }
    if constexpr (M != kModeFast) {
      if (frozen_ != 0) ready = hold_frozen(ready, c);
    }
    u32 granted = ready;
    if (twice != 0 || s_.dma.active() || s_.tas_pending || !s_.arbiter.follows()) [[unlikely]] {
      if (s_.dma.active() || s_.tas_pending || !s_.arbiter.follows() || M == kModeTraced) {
        const u32 requests = requesting(ready);
        if (requests != 0 || s_.dma.active()) granted = arbitrate<M>(ready, requests, c);
      } else {
        granted = arbitrate_harts(ready, twice, c);
      }
    }
    if (M == kModePrecise && resync_) [[unlikely]]
      granted |= recall_due(-1, c);  // the DMA has written code
    const u64 horizon = M == kModePrecise && (frozen_ != 0 || step_hart_ >= 0)
                            ? c + 1
                            : std::min({limit, c + kRunAhead, next_checkpoint_});
    for (u32 m = granted; m != 0; m &= m - 1) {
      const int i = std::countr_zero(m);
      // A bank with one request grants it; the others write to a bank that does not exist.
      const u32 bank = s_.bank[i];
      s_.arbiter.follow(bank, i);
      ++s_.bank_access[bank];
      Hart& h = *hart_at_[i];
      if (M != kModeTraced && (streaming_ & 1u << i) != 0) {
        if (move_stream(static_cast<u32>(i), c)) continue;
        end_stream(h, c);
      }
      execute<M>(h, c, horizon);
      if (M == kModePrecise && resync_) [[unlikely]]
        m |= recall_due(i, c);
    }
    if (M != kModeFast && patched_) [[unlikely]]
      renew_patched(0, c);
    if (s_.exact != 0 || c >= s_.icache.next_event()) [[unlikely]]
      step_frontends<M>(c);
    s_.cycle = c + 1;
    if constexpr (M != kModeFast) {
      if (step_hart_ >= 0) check_step();
      if (M == kModeTraced && watched_causes_ != 0) trace_charges();
      if (M == kModeTraced && !pending_.empty()) judge_events();
    }
  }
  end_streams(s_.cycle);
  in_step_ = false;
}

template void Cluster::loop<Cluster::kModeFast>(u64);
template void Cluster::loop<Cluster::kModePrecise>(u64);
template void Cluster::loop<Cluster::kModeTraced>(u64);

}  // namespace flexdbg
