// Performance counters of stalls and jumps. The core counts them only in a cycle behind one in which ID was
// ready: in the first cycle of an instruction in ID, however long it waits there.
// Source: AlSaqr-platform/riscv_nn@shaheen:rtl (riscv_cs_registers.sv, riscv_controller.sv).
#include <algorithm>

#include "loop.hpp"

namespace flexdbg {

namespace {

bool is_jump(const Decoded& d) { return d.op == isa::kOp_jal || d.op == isa::kOp_jalr; }

// A load whose address depends on the register it loads.
bool loads_own_base(const Decoded& d) {
  if (timing_of(d) != Timing::kLoad || d.rd == 0) return false;
  return d.rs1 == d.rd || ((isa::kOps[d.op].traits & isa::kRegOffset) != 0 && d.rs2 == d.rd);
}

bool links_to_own_base(const Decoded& d) { return d.op == isa::kOp_jalr && d.rd == d.rs1 && d.rd != 0; }

}  // namespace

// The registers that the instruction at `pc` reads; Decoded::src also has those it overwrites.
u32 Cluster::reads_at(const Hart& h, u32 pc) const {
  const u32 low = peek_half(pc, is_fc(h)), high = peek_half(pc + 2, is_fc(h));
  const u32 word = (low & 3) == 3 && high <= 0xffff ? low | high << 16 : low;
  return isa::decode(word, is_fc(h) ? kRi5cy : config_.profile).src;
}

// Registers that the access in EX holds back in its first cycle: while it is to be split, what is overwritten
// is not seen.
u32 Cluster::seen_behind(const Hart& h, const Decoded& access, const Decoded& nd, u32 npc) const {
  const bool split = (h.req_addr & 3) + isa::kOps[access.op].size > 4;
  return split && timing_of(access) == Timing::kLoad ? reads_at(h, npc) : nd.src;
}

// The fast model: `d` has executed in cycle c and `nd`, behind it, is in ID from cycle `first` on.
void Cluster::count_first_in_id(Hart& h, const Decoded& d, const Decoded& nd, u32 npc, u64 first, u64 c,
                                const Effects& e) {
  const u64 answer = h.slow ? h.load_ready : c + 1;
  const u32 loads = h.slow ? h.load_mask : e.load_mask;
  bool load = false;
  if (first < answer && (nd.src & loads) != 0) {
    const bool in_ex = (d.flags & kFlagMem) != 0 && first == h.issued + 1;
    load = ((in_ex ? seen_behind(h, d, nd, npc) : nd.src) & loads) != 0;
  }
  if ((nd.nn_reads & e.nn_mask) != 0 && first <= c) load = true;
  bool base = false;
  if (nd.op == isa::kOp_jalr && nd.rs1 != 0) {
    base = ((d.writes >> nd.rs1 & 1) != 0 && first <= c + e.extra) ||
           ((h.jr_mask >> nd.rs1 & 1) != 0 && first < h.jr_ready);
  }
  h.pc_raw[kPcLdStall] += load ? 1 : 0;
  h.pc_raw[kPcJrStall] += base ? 1 : 0;
  h.jump_hidden = load || base;
}

// The same where the fast model ends and stepping begins only behind that cycle.
void Cluster::count_in_id(Hart& h, const Decoded& d, const Decoded& nd, u32 npc, u64 first, u64 c,
                          const Effects& e) {
  count_first_in_id(h, d, nd, npc, first, c, e);
  if (is_jump(nd) && !h.jump_hidden) ++h.pc_raw[kPcJump];
  h.jump_hidden = true;
}

// A stepped hart in cycle c, in which the instruction in ID is there for the first time.
void Cluster::count_stepped(Hart& h, const Decoded& nd, bool killed, u64 c) {
  const u32 npc = h.fe.id_pc;
  bool load = false, base = false;
  if (h.posted) {
    const Decoded& d = *h.next;
    if ((d.flags & kFlagMem) != 0) {
      load = (nd.nn_reads & d.nn_loads) != 0 ||
             (timing_of(d) == Timing::kLoad && (seen_behind(h, d, nd, npc) >> d.rd & 1) != 0);
    }
    if (nd.op == isa::kOp_jalr && nd.rs1 != 0) {
      base = (d.writes >> nd.rs1 & 1) != 0 || (timing_of(d) == Timing::kLoad && d.rd == nd.rs1);
    }
  } else {
    load = (c < h.load_ready && (nd.src & h.load_mask) != 0) ||
           (h.last_exec == c && (nd.nn_reads & h.prev->nn_loads) != 0);
    if (nd.op == isa::kOp_jalr && nd.rs1 != 0) base = (h.alu_mask >> nd.rs1 & 1) != 0 && c < h.alu_ready;
  }
  if (nd.op == isa::kOp_jalr && nd.rs1 != 0) base |= (h.jr_mask >> nd.rs1 & 1) != 0 && c < h.jr_ready;
  h.pc_raw[kPcLdStall] += load ? 1 : 0;
  h.pc_raw[kPcJrStall] += base ? 1 : 0;
  if (is_jump(nd) && !load && !base && !killed) ++h.pc_raw[kPcJump];
  h.jump_hidden = true;
}

// The instruction at `pc` is in ID for the first time when a taken branch kills it, in cycle c.
void Cluster::count_killed(Hart& h, u32 pc, u64 c) {
  const u64 answer = h.slow || h.mode == HartMode::kExact ? h.load_ready : 0;
  if (c >= std::max(answer, h.jr_ready)) return;
  const Decoded& nd = *decode_at(h, pc);
  if (c < answer && (reads_at(h, pc) & h.load_mask) != 0) ++h.pc_raw[kPcLdStall];
  if (nd.op == isa::kOp_jalr && nd.rs1 != 0 && (h.jr_mask >> nd.rs1 & 1) != 0 && c < h.jr_ready)
    ++h.pc_raw[kPcJrStall];
}

// ID is empty in the cycle behind `d` and still shows it: it looks like waiting for itself.
void Cluster::count_shown(Hart& h, const Decoded& d) {
  if (loads_own_base(d)) ++h.pc_raw[kPcLdStall];
  if (links_to_own_base(d)) ++h.pc_raw[kPcJrStall];
}

}  // namespace flexdbg
