// Any instruction, and what follows it, by the full rules: loop.cpp leaves to these whatever is not common.
#include <algorithm>

#include "loop.hpp"
#include "operations.hpp"
#include "semantics/xflexv.hpp"

namespace flexdbg {

using isa::kOps;

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

template bool Cluster::execute_general<0>(Hart&, const Decoded&, u64);
template bool Cluster::follow<0>(Hart&, const Decoded&, const Decoded*, u64, const Effects&, Flow&);
template void Cluster::charge_stall<0>(Hart&, const Decoded&, const Decoded&, u64, u32, Cause);
template bool Cluster::execute_general<1>(Hart&, const Decoded&, u64);
template bool Cluster::follow<1>(Hart&, const Decoded&, const Decoded*, u64, const Effects&, Flow&);
template void Cluster::charge_stall<1>(Hart&, const Decoded&, const Decoded&, u64, u32, Cause);
template bool Cluster::execute_general<2>(Hart&, const Decoded&, u64);
template bool Cluster::follow<2>(Hart&, const Decoded&, const Decoded*, u64, const Effects&, Flow&);
template void Cluster::charge_stall<2>(Hart&, const Decoded&, const Decoded&, u64, u32, Cause);

}  // namespace flexdbg
