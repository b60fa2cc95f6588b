// The cycle loop and the execution of one instruction: the hot part of the core.
#include "loop.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "operations.hpp"
#include "semantics/xflexv.hpp"

namespace flexdbg {

using isa::kOps;

namespace {

constexpr u64 kRunAhead = 48;  // cycles a hart may be ahead of the others; less than the wheel

}  // namespace

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
