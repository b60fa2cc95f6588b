// CSRs and performance counters.
#include <algorithm>

#include "loop.hpp"
#include "semantics/xflexv.hpp"

namespace flexdbg {

namespace {

constexpr u32 kPcerMask = (1u << kPcCount) - 1;

bool is_mpc_csr(u32 number) { return number >= 0x00d && number <= 0x010; }

}  // namespace

u64 Cluster::pc_value(const Hart& h, int event, u64 c) const {
  switch (event) {
    case kPcCycles:
      return c - h.clock_off;
    case kPcInstr:
      return h.instret;
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
        sem::xflexv::choose_format(a);
        return;
      case 0x00e:
        a.mix_cycle = value & 7;
        return;
      case 0x00f:
        a.mix_skip = value & 31;
        return;
      default:
        a.sb_legacy = value & 1;
        sem::xflexv::choose_format(a);
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

}  // namespace flexdbg
