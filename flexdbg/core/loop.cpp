// The cycle loop and the execution of one instruction: the hot part of the core.
#include "loop.hpp"

#include <bit>

#include "semantics/rv32.hpp"
#include "semantics/simd.hpp"
#include "semantics/xflexv.hpp"
#include "semantics/xpulpv2.hpp"

namespace flexdbg {

using isa::kOps;

namespace {

constexpr u64 kRunAhead = 48;  // cycles a hart may be ahead of the others; less than the wheel

}  // namespace

template <int M>
void Cluster::execute(Hart& h, u64 c, u64 horizon) {
  for (;;) {
    const Decoded* d = h.next;
    u32 npc = h.a.pc + d->len;
    const Decoded* nd = d + (d->len >> 1);
    u32 extra = 0;      // further cycles in EX
    u32 load_mask = 0;  // register that answers in the next cycle
    u8 nn_mask = 0;     // NN-RF register that does
    bool branch = false;
    bool resumed = false;  // the fast model takes over from the stepped fetch unit
    Flow flow;

    switch (d->op) {
#define FLEXDBG_CASE(op, fn)                                                                  \
  case isa::op:                                                                               \
    if constexpr (kOps[isa::op].timing == Timing::kMulh) extra = 4;                           \
    if constexpr (kOps[isa::op].timing == Timing::kDiv) extra = division_cycles(h.a, *d) - 1; \
    if constexpr ((kOps[isa::op].traits & isa::kWarnForeign) != 0) lint_foreign(h, c);        \
    sem::fn(h.a, *d);                                                                         \
    break;
      FLEXDBG_PRIVATE_OPS(FLEXDBG_CASE)
#undef FLEXDBG_CASE
#define FLEXDBG_CASE(op, clean, rtl)                                                     \
  case isa::op:                                                                          \
    if (config_.quirks_rtl) {                                                            \
      sem::rtl(h.a, *d);                                                                 \
    } else {                                                                             \
      if constexpr ((kOps[isa::op].traits & isa::kWarnForeign) != 0) lint_foreign(h, c); \
      sem::clean(h.a, *d);                                                               \
      if (h.a.sb_legacy == 0 && h.a.simd_fmt >= 3) [[unlikely]]                          \
        lint_simd(h, *d, c);                                                             \
    }                                                                                    \
    break;
      FLEXDBG_QUIRK_OPS(FLEXDBG_CASE)
#undef FLEXDBG_CASE
#define FLEXDBG_CASE(op, fn)                     \
  case isa::op:                                  \
    branch = true;                               \
    ++h.pc_raw[kPcBranch];                       \
    if (sem::fn(h.a, *d)) {                      \
      npc = h.a.pc + static_cast<u32>(d->imm);   \
      flow.redirect(c, Cause::kBranch);          \
      ++h.pc_raw[kPcTaken];                      \
      if (d->flags & kFlagSpecial) [[unlikely]]  \
        flow.shadow = shadow_division(h, nd, c); \
    }                                            \
    break;
      FLEXDBG_BRANCH_OPS(FLEXDBG_CASE)
#undef FLEXDBG_CASE
      case isa::kOp_jal:
        if (d->imm == 0 && harness_.active) [[unlikely]] {
          if (M == kModeFast && c > s_.cycle) {  // ends in global order
            wheel_add(h, c);
            return;
          }
          halt_hart(h, *d, c);
          return;
        }
        h.a.x[d->rd] = npc;
        npc = h.a.pc + static_cast<u32>(d->imm);
        ++h.pc_raw[kPcJump];
        flow.redirect(h.id_from, Cause::kJump);
        break;
      case isa::kOp_jalr: {
        const u32 target = (h.a.x[d->rs1] + static_cast<u32>(d->imm)) & ~1u;
        h.a.x[d->rd] = npc;
        npc = target;
        h.pc_raw[kPcJump] += h.jump_hidden ? 0 : 1;
        h.jump_hidden = false;
        flow.redirect(h.jump_at, Cause::kJump);
        break;
      }
      case isa::kOpUndecoded:
        // Invalidated after it was scheduled, or the end of a page: decode and present it anew.
        h.next = decode_at(h, h.a.pc);
        post(h, c);
        if (h.post == Post::kPrivate) continue;
        wheel_add(h, c);
        return;
      default: {
        const isa::OpInfo& info = kOps[d->op];
        if (d->flags & kFlagMacload) {
          if (!macload<M>(h, *d, info, c, nn_mask)) return;
        } else if (d->flags & kFlagMem) {
          if (!memory_op<M>(h, *d, info, c, load_mask)) return;
        } else if (info.timing == Timing::kHwloop) {
          hwloop_setup(h, *d);
        } else if (info.timing == Timing::kCsr) {
          if (!csr_op<M>(h, *d, c)) return;
        } else {
          system_op<M>(h, c);
          return;
        }
      }
    }
    h.a.x[0] = 0;
    if (h.a.attention) [[unlikely]] {
      if (h.a.attention & kAttnFormat) {
        h.a.attention &= static_cast<u8>(~kAttnFormat);
        format_trap<M>(h, c);
        return;
      }
      late_result(h, *d);
    }
    ++h.instret;
    h.pc_raw[kPcRvc] += d->len == 2;
    if constexpr (M == kModeTraced) trace_retire(h, *d, c);
    if (d->flags & kFlagLoopEnd) [[unlikely]] {
      if (!flow.taken) loop_back(h, npc, c, flow);
      if (npc != h.a.pc + d->len) nd = nullptr;
    }
    h.prev = d;
    if (flow.taken) nd = nullptr;

    if (h.mode != HartMode::kFast || h.slow) [[unlikely]] {
      settle(h, *d, c, extra, load_mask, nn_mask, branch);
      if (h.mode == HartMode::kExact) {
        if (!after_exact(h, npc, c, flow)) return;
        nd = h.next;
        resumed = true;
      }
    }
    if (nd == nullptr || nd->op == isa::kOpUndecoded) [[unlikely]]
      nd = decode_at(h, npc);

    // Cycle in which this instruction left ID, and the next one moved there.
    const u64 left = (d->flags & kFlagMem) ? h.issued : c - 1;
    u64 from = left + 1;  // first cycle of the next instruction in ID
    u32 stall = extra;
    Cause cause = Cause::kMultiCycle;
    if ((npc - h.win_lo >= h.win_len || (nd->flags & kFlagSpecial) != 0) && !resumed) [[unlikely]] {
      if (!fetch_is_fast(h, *nd, npc, c, left, extra != 0 || h.slow, flow)) {
        if (!h.slow) settle(h, *d, c, extra, load_mask, nn_mask, branch);
        leave_fast(h, nd, npc, c, left, flow);
        return;
      }
    }
    h.a.pc = npc;
    h.next = nd;
    if (!flow.taken) {
      if (!resumed) [[likely]] {
        const u64 idle = left - h.id_from;
        if (nd->flags & kFlagLoopEnd) [[unlikely]]
          note_loop_end(h, idle);
        h.fq = queue_after(h.fq, idle, (nd->flags & kFlagWord) != 0);
        h.loop_from = h.id_from;
      }
      if ((nd->src & load_mask) != 0 && stall == 0) {
        stall = 1;
        cause = Cause::kLoadUse;
        if (timing_of(*nd) == Timing::kDotp && !h.slow) stalled_dotp(h, c);
      }
    } else {
      from = redirected(h, *d, *nd, npc, c, flow);
      stall = static_cast<u32>(std::max(from, c) - c);
      if (flow.shadow != 0 && c + flow.shadow + 1 > from) stall = static_cast<u32>(flow.shadow + 1);
      cause = flow.cause;
    }
    h.id_from = from;
    if (h.slow || nn_mask != 0 || nd->op == isa::kOp_jalr) [[unlikely]] {
      stall = general_stall(h, *d, *nd, c, from, extra, load_mask, nn_mask, cause);
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
      return;
    }
    if (nd->flags & (kFlagMem | kFlagSystem)) {
      post(h, wake);
      wheel_add(h, h.wake);
      return;
    }
    h.post = Post::kPrivate;
    s_.tcdm_posted &= ~(1u << h.index);
    if (M != kModeFast || wake >= horizon) {
      wheel_add(h, wake);
      return;
    }
    c = wake;
  }
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
    if (attr & (kAttrShared | kAttrCode | kAttrWatch)) [[unlikely]] {
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
    if (load && h.denied != 0) [[unlikely]]
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
  u64 poll_at = s_.cycle + 65536;
  while (s_.cycle < limit && stops_.empty()) {
    if (M == kModeFast && resync_) [[unlikely]]
      break;
    const u64 c = s_.cycle;
    // What may end the run here comes before anything of this cycle has happened.
    if (c >= next_checkpoint_) [[unlikely]]
      take_checkpoint();
    if (c >= poll_at) [[unlikely]] {
      poll_at = c + 65536;
      if (poll_interrupt()) break;
    }
    if constexpr (M != kModeFast) {
      if (!breakpoints_.empty() && at_breakpoint(due_now(c))) break;
    }
    if (c >= s_.device_due) [[unlikely]]
      advance_devices(c);
    u32 ready = s_.wheel[c & (kWheelSize - 1)];
    s_.wheel[c & (kWheelSize - 1)] = 0;
    if (ready & s_.far) [[unlikely]]
      ready = sort_far(ready, c);
    ready |= s_.denied;
    s_.denied = 0;
    if (ready == 0 && s_.exact == 0 && !s_.dma.active()) [[unlikely]] {
      if (!skip_idle(limit)) break;
      continue;
    }
    if constexpr (M != kModeFast) {
      if (frozen_ != 0) ready = hold_frozen(ready, c);
    }
    const u32 requests = ready & s_.tcdm_posted;
    u32 granted = ready;
    if (requests != 0 || s_.dma.active()) {
      u64 used = 0, twice = 0;
      for (u32 m = requests; m != 0; m &= m - 1) {
        const u64 bank = u64{1} << s_.bank[std::countr_zero(m)];
        twice |= used & bank;
        used |= bank;
      }
      if (twice == 0 && !s_.dma.active() && !s_.tas_pending) [[likely]] {
        for (u32 m = requests; m != 0; m &= m - 1) {
          const int i = std::countr_zero(m);
          s_.arbiter.single(s_.bank[i], i);
          ++s_.bank_access[s_.bank[i]];
        }
      } else {
        granted = arbitrate<M>(ready, requests, c);
      }
    }
    const u64 horizon = std::min({limit, c + kRunAhead, next_checkpoint_});
    for (u32 m = granted; m != 0; m &= m - 1) {
      execute<M>(s_.harts[std::countr_zero(m)], c, horizon);
    }
    if (s_.exact != 0 || c >= s_.icache.next_event()) [[unlikely]]
      step_frontends<M>(c);
    s_.cycle = c + 1;
    if constexpr (M != kModeFast) {
      if (step_hart_ >= 0) check_step();
    }
  }
}

template void Cluster::loop<Cluster::kModeFast>(u64);
template void Cluster::loop<Cluster::kModePrecise>(u64);
template void Cluster::loop<Cluster::kModeTraced>(u64);

}  // namespace flexdbg
