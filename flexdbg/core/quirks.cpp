// Where the real core has accidents: reproduced with quirks = rtl, reported otherwise.
// Sources: AlSaqr-platform/riscv_nn@shaheen:rtl, and runs of pulp-platform/flex-v@main:rtl.
#include "loop.hpp"
#include "semantics/xflexv.hpp"

namespace flexdbg {

const char* const kLintNames[] = {
    "macload-result-read", "macload-pointer",  "macload-stalled-slice",
    "mlc-counter-reset",   "mpc-stalled-dotp", "mpc-csr-hazard",
    "simd-format",         "foreign-word",     "short-loop",
    "clip-bound",          "csr-ignored",      "tcdm-wrap",
    "mtvec-ignored",       "counter-clear",    "device",
};
static_assert(sizeof(kLintNames) / sizeof(kLintNames[0]) == static_cast<size_t>(Lint::kCount));

void Cluster::lint(Lint kind, const Hart& h, u32 pc, u64 c, const char* message) {
  if (replaying_ || c < last_cycle_) return;  // counted when it first happened
  u16 text = 0;                               // an access may be wrong in several ways
  for (const char* m = message; *m != 0; ++m) text = static_cast<u16>(text * 31 + static_cast<u8>(*m));
  const u64 key = u64{text} << 48 | u64{pc} << 16 | static_cast<u64>(h.index) << 8 | static_cast<u64>(kind);
  const auto it = warnings_.find(key);
  if (it != warnings_.end()) {
    ++it->second.count;
    return;
  }
  warnings_.emplace(key, Warning{kind, h.index, pc, c, 1, message});
}

void Cluster::lint_text(Lint kind, const Hart& h, u32 pc, u64 c, const std::string& message) {
  lint(kind, h, pc, c, message.c_str());
}

// A CSR-driven operation other than a dot product, in a format other than 16- and 8-bit lanes.
void Cluster::lint_format(const Hart& h, const Decoded& d, u64 c) {
  if (isa::kOps[d.op].traits & isa::kWide) {
    lint(Lint::kSimdFormat, h, h.a.pc, c,
         "moves 16- or 8-bit lanes, and simd_fmt says neither: the result is undefined");
  } else if (h.a.simd_fmt < 3 || h.a.simd_fmt > 4) {
    lint(Lint::kSimdFormat, h, h.a.pc, c,
         "simd_fmt has no lane width for it: it works on the word as one 32-bit lane");
  }
}

void Cluster::lint_result(const Hart& h, const Decoded& d, u64 c) {
  if (isa::kOps[d.op].traits & isa::kVirtual) {
    lint(Lint::kSimdFormat, h, h.a.pc, c,
         "the real core computes something else: this operation has defects in 4- and 2-bit formats");
  } else {
    lint(Lint::kClipBound, h, h.a.pc, c,
         "the real core computes something else: rs1 + rs2 + 1 overflows, or the bound is negative");
  }
}

void Cluster::lint_foreign(Hart& h, u64 c) {
  lint(Lint::kForeignWord, h, h.a.pc, c,
       "a 4- or 2-bit XpulpNN instruction: this core runs the word on 16- or 8-bit lanes");
}

// A Mac&Load writes rd one stage late: the instruction directly behind it still reads the old value.
void Cluster::macload_late(Hart& h, const Decoded& d, u32 value, u64 c) {
  Arch& a = h.a;
  u32 npc = a.pc + d.len, start = 0;
  if ((d.flags & kFlagLoopEnd) && will_loop(h, a.pc, start)) npc = start;
  const Decoded* nd = entry_near(h, d, npc);
  if (!(nd->src >> d.rd & 1)) {
    a.x[d.rd] = value;
    return;
  }
  if (!config_.quirks_rtl) {
    a.x[d.rd] = value;
    // Registers read, without the destination bits that the load-use test adds.
    const u32 word = peek_half(npc, is_fc(h)) | peek_half(npc + 2, is_fc(h)) << 16;
    if (isa::decode(word, config_.profile).src >> d.rd & 1) {
      lint(Lint::kMacloadResultRead, h, npc, c,
           "reads the result of the Mac&Load just before: the real core reads the old value");
    }
    return;
  }
  h.new_late_rd = d.rd;
  h.new_late_value = value;
  a.attention |= kAttnLate;
}

// Runs behind the retire of the Mac&Load itself, then of the instruction that must not see its result.
void Cluster::late_result(Hart& h, const Decoded& d) {
  Arch& a = h.a;
  if (a.attention & kAttnLateNext) {
    a.attention &= static_cast<u8>(~kAttnLateNext);
    const bool own = (d.writes >> h.late_rd & 1) != 0 ||
                     (d.rd == h.late_rd && (timing_of(d) == Timing::kLoad || (d.flags & kFlagMacload)));
    if (!own) a.x[h.late_rd] = h.late_value;
    a.x[0] = 0;
  }
  if (a.attention & kAttnLate) {
    a.attention &= static_cast<u8>(~kAttnLate);
    a.attention |= kAttnLateNext;
    h.late_rd = h.new_late_rd;
    h.late_value = h.new_late_value;
  }
  const bool counted = timing_of(d) == Timing::kDotp || ((d.flags & kFlagMacload) && d.rd != 0);
  if (a.attention & kAttnDefer) {
    a.attention &= static_cast<u8>(~kAttnDefer);
    (h.deferred_csr == 0x00f ? a.mix_skip : a.sb_legacy) = h.deferred_value;
    sem::xflexv::choose_format(a);
  }
  if ((a.attention & kAttnMpc) && counted && a.skip_count == 0) {
    // The successor slice came from the wrong place; the slice of this instruction itself was right. It is
    // kept until the counter lets the slice advance.
    a.attention &= static_cast<u8>(~kAttnMpc);
    const u32 slices = sem::xflexv::kSlices[a.simd_fmt & 15];
    if (slices > 1) a.mix_cycle = h.mpc_successor + 1 >= slices ? 0 : h.mpc_successor + 1;
  }
  if (a.attention & kAttnArm) {
    a.attention &= static_cast<u8>(~kAttnArm);
    a.attention |= h.armed;
  }
}

// A loading Mac&Load of a mixed format that stays in EX for more than a cycle, having left ID in the cycle
// behind another dot product, computes with that one's slice: from its second cycle in EX on it takes the
// slice that was current when it left ID, before the other one had stepped it.
u32 Cluster::stalled_slice(Hart& h, u32 fmt, u32 slice, u64 c) {
  if (!sem::xflexv::mixed(fmt) || h.prev == nullptr) return slice;
  const bool follows = h.mode == HartMode::kExact
                           ? h.issued == h.prev_issue + 1
                           : h.ahead == 0 && !((h.prev->flags & kFlagMem) && h.prev_denied != 0);
  if (!follows) return slice;
  const bool dot = timing_of(*h.prev) == Timing::kDotp || ((h.prev->flags & kFlagMacload) && h.prev->rd != 0);
  if (!dot || h.a.last_slice == slice) return slice;
  if (config_.quirks_rtl) return h.a.last_slice;
  lint(Lint::kMacloadStalledSlice, h, h.a.pc, c,
       "its grant was withheld behind another dot product: the real core uses that one's weight slice");
  return slice;
}

void Cluster::destroyed_pointer(Hart& h, const Decoded& d, u64 c) {
  if (!config_.quirks_rtl) {
    lint(Lint::kMacloadPointer, h, h.a.pc, c, "the real core destroys rs1 of a loading Mac&Load; use x0");
    return;
  }
  // What the ALU holds then is the result of the last instruction that used it.
  if (h.prev != nullptr && h.prev->rd != 0 && timing_of(*h.prev) == Timing::kAlu)
    h.a.x[d.rs1] = h.a.x[h.prev->rd];
}

// A dot product at `pc` that waits in ID for the load just before clocks the skip counter once more.
void Cluster::stalled_dotp(Hart& h, u32 pc, u64 c) {
  Arch& a = h.a;
  if (a.mix_skip < 2) return;
  if (config_.quirks_rtl) {
    a.skip_count = a.skip_count + 1 >= a.mix_skip ? 0 : a.skip_count + 1;
    return;
  }
  lint(Lint::kMpcStalledDotp, h, pc, c,
       "waits for the load just before: the real core counts this dot product twice");
}

void Cluster::pointer_read(Hart& h, u32 number, u64 c) {
  Walker& w = number == 0x100 ? h.a.a : h.a.w;
  if (config_.quirks_rtl) {
    w.count = 0;
    return;
  }
  if (w.count != 0) {
    lint(Lint::kMlcCounterReset, h, h.a.pc, c,
         "the real core resets the update counter when its address CSR is read");
  }
}

void Cluster::mpc_csr_written(Hart& h, const Decoded& d, u32 number, u32 old, u32 value, u64 c) {
  if (number == 0x00e) h.a.attention &= static_cast<u8>(~kAttnMpc);
  const Decoded* nd = decode_at(h, h.a.pc + d.len);
  if (timing_of(*nd) != Timing::kDotp) return;
  if (!config_.quirks_rtl) {
    lint(Lint::kMpcCsrHazard, h, h.a.pc + d.len, c,
         "dot product directly behind a write to its control CSR: the real core may use old slice state");
    return;
  }
  Arch& a = h.a;
  a.attention |= kAttnArm;  // from the next instruction on
  if (number == 0x00d || number == 0x00e) {
    h.mpc_successor = number == 0x00d ? value & 7 : old;
    h.armed = kAttnMpc;
    return;
  }
  // The next instruction is decoded and counted with the old value.
  h.deferred_csr = number;
  h.deferred_value = number == 0x00f ? value & 31 : value & 1;
  (number == 0x00f ? a.mix_skip : a.sb_legacy) = old;
  sem::xflexv::choose_format(a);
  h.armed = kAttnDefer;
}

}  // namespace flexdbg
