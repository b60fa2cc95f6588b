// Decoding, hazards, and instruction fetch where every word is known to arrive in the next cycle.
#include <algorithm>
#include <bit>

#include "loop.hpp"
#include "semantics/xflexv.hpp"

namespace flexdbg {

const char* const kCauseNames[] = {
    "issue",         "load_use",   "macload_hazard", "branch",        "jump",
    "jump_register", "fetch",      "icache",         "bank_conflict", "l2",
    "peripheral",    "misaligned", "multi_cycle",    "csr_flush",     "trap",
    "elw",           "barrier",    "event",          "mutex",         "dispatch",
    "wfi",           "dma",        "slow_data",      "stopped",
};
static_assert(sizeof(kCauseNames) / sizeof(kCauseNames[0]) == static_cast<size_t>(Cause::kCount));

u32 Cluster::peek_half(u32 pc, bool from_fc) const {
  const Target t = decode(pc, from_fc, config_);
  const Ram* ram = t.region == Region::kTcdm ? &memory_.tcdm()
                   : t.region == Region::kL2 ? &memory_.l2()
                                             : nullptr;
  if (ram == nullptr || t.offset + 2 > ram->size) return ~u32{0};
  return load_bytes(ram->bytes.data() + t.offset, 2, false);
}

void Cluster::decode_entry(Hart& h, Decoded& entry, u32 pc) {
  const bool fc = is_fc(h);
  const u32 low = peek_half(pc, fc);
  u32 word = low;
  bool fault = low > 0xffff;
  if (!fault && (low & 3) == 3) {
    const u32 high = peek_half(pc + 2, fc);
    fault = high > 0xffff;
    word = low | high << 16;
  }
  Decoded d;
  if (fault) {
    d.op = isa::kOpIllegal;
    d.aux = 1;  // nothing to fetch there
    d.len = 4;
  } else {
    d = isa::decode(word, fc ? kRi5cy : config_.profile);
    const Target t = decode(pc, fc, config_);
    Ram& ram = t.region == Region::kTcdm ? memory_.tcdm() : memory_.l2();
    ram.attr[t.offset >> kPageShift] |= kAttrCode;
    ram.attr[(std::min(t.offset + kDecodedBytes, ram.size) - 1) >> kPageShift] |= kAttrCode;
  }
  const isa::OpInfo& info = isa::kOps[d.op];
  d.writes = alu_writes(d);
  d.src |= d.writes;
  u8 flags = 0;
  u32 bits = word >> 7 & 31;
  switch (info.timing) {
    case Timing::kLoad:
    case Timing::kStore:
    case Timing::kElw:
      flags |= kFlagMem;
      if (d.len == 2 && info.timing == Timing::kStore) bits = static_cast<u32>(d.imm) & 31;
      break;
    case Timing::kMacload:
      flags |= kFlagMacload;
      if ((info.traits & isa::kMlV2) || (d.aux & 0x18)) flags |= kFlagMem;
      break;
    case Timing::kJal:
    case Timing::kJalr:
      flags |= kFlagSpecial;
      break;
    case Timing::kBranch: {
      if (d.len == 2) bits = (static_cast<u32>(d.imm) & 0x1e) | (static_cast<u32>(d.imm) >> 11 & 1);
      const u32 next = peek_half(pc + d.len, fc);
      const u32 high = peek_half(pc + d.len + 2, fc);
      if (next <= 0xffff && ((next & 3) != 3 || high <= 0xffff)) {
        const u32 both = (next & 3) == 3 ? next | high << 16 : next;
        const Timing behind = timing_of(isa::decode(both, fc ? kRi5cy : config_.profile));
        if (behind == Timing::kDiv || behind == Timing::kJalr) flags |= kFlagSpecial;
      }
      break;
    }
    case Timing::kCsr:
    case Timing::kFence:
    case Timing::kEcall:
    case Timing::kEbreak:
    case Timing::kMret:
    case Timing::kWfi:
    case Timing::kDret:
    case Timing::kIllegal:
      flags |= kFlagSystem;
      break;
    default:
      break;
  }
  if (d.len == 2 && info.timing != Timing::kStore && info.timing != Timing::kBranch) bits = d.rd;
  if (bits != 0) flags |= kFlagNnBits;
  if (d.len == 4 || (pc & 2) != 0) flags |= kFlagWord;
  if (loop_ends_.contains(pc)) flags |= kFlagLoopEnd;
  if (loop_ends_.contains(pc + d.len)) flags |= kFlagSpecial;
  if ((flags & kFlagMem) != 0 && redirects_early(pc + d.len, fc)) flags |= kFlagSpecial;
  for (const Breakpoint& b : breakpoints_) {
    if (b.address != pc) continue;
    flags |= kFlagBreak;
    break_decoded_ = true;
  }
  d.flags = flags;
  prepare(d, fc);
  entry = d;
}

// What the cycle loop would otherwise work out each time.
void Cluster::prepare(Decoded& d, bool fc) const {
  const isa::OpInfo& info = isa::kOps[d.op];
  const bool macload = info.timing == Timing::kMacload, v2 = (info.traits & isa::kMlV2) != 0;
  const bool store = info.timing == Timing::kStore, offset = (info.traits & isa::kRegOffset) != 0;
  const bool banks = std::has_single_bit(config_.tcdm_banks);  // selected by bank_mask_
  const bool direct = (d.flags & kFlagMem) != 0 && info.timing != Timing::kElw && !fc && !slow_data_ && banks;
  d.nn_reads = nn_names(d);
  d.behind = static_cast<u8>(sizeof(Decoded) * (d.len / 2));
  if (direct) d.size = info.size;
  if (macload && !v2) {
    d.kind = Kind::kMacload;
    d.nn = {static_cast<u8>(4 + (d.aux & 1)), static_cast<u8>(d.aux >> 1 & 3), 0,
            static_cast<u8>(d.aux >> 4 & 1)};
    d.nn.refill = d.nn.walker != 0 ? d.nn.w : d.nn.a;
    d.detail =
        static_cast<u8>((info.lanes == 0 ? 0 : sem::xflexv::fmt_of_lanes(info.lanes)) |
                        (info.traits & isa::kActSigned ? 16 : 0) | (info.traits & isa::kWgtSigned ? 32 : 0));
    if (d.flags & kFlagMem) {
      d.kind = direct ? Kind::kMacloadWord : Kind::kOther;
      d.nn_loads = static_cast<u8>((d.aux & 16) ? 1u << (d.aux >> 1 & 3) : 16u << (d.aux & 1));
    }
    return;
  }
  if (info.timing == Timing::kLoad || store) {
    if (info.traits & isa::kPost) {
      d.detail = !offset ? kStepImm : store ? kStepRd : kStepRs2;
    } else if (offset) {
      d.index = store ? d.rd : d.rs2;
    } else {
      d.disp = d.imm;
    }
    if (!direct) return;
    const bool sign = (info.traits & isa::kSigned) != 0;
    if (store) {
      d.kind = info.size == 4 ? Kind::kStoreWord : info.size == 2 ? Kind::kStoreHalf : Kind::kStoreByte;
    } else if (info.size == 4) {
      d.kind = Kind::kLoadWord;
    } else if (info.size == 2) {
      d.kind = sign ? Kind::kLoadHalfSigned : Kind::kLoadHalf;
    } else {
      d.kind = sign ? Kind::kLoadByteSigned : Kind::kLoadByte;
    }
    return;
  }
  if (info.timing == Timing::kElw) d.disp = d.imm;
  // `j .` ends a harness run.
  if (info.timing == Timing::kJal && (d.imm != 0 || !harness_.active)) d.kind = Kind::kJal;
  if (info.timing == Timing::kJal) return;
  if (!(info.traits & isa::kWarnForeign)) d.kind = kind_of(d.op);
}

// Two entries that follow each other, the first one just executed.
void Cluster::link(const Decoded& d, const Decoded& nd) {
  Decoded& entry = const_cast<Decoded&>(d);
  const bool word = d.kind == Kind::kMacloadWord && d.rs1 == 0;
  const bool macload = (word || (d.kind == Kind::kMacload && d.rd != 0)) && (d.flags & kFlagBreak) == 0;
  if (macload && (d.flags & kFlagLoopEnd) != 0) entry.kind = word ? Kind::kMacloadWordEnd : Kind::kMacloadEnd;
  if (nd.op == isa::kOpUndecoded || (d.flags & kFlagLoopEnd) != 0) return;
  u8 link = kLinkSeen | links_to(d, nd);
  if (d.rd == 0 || (nd.src >> d.rd & 1) == 0) link |= kLinkFree;
  if ((nd.flags & (kFlagSpecial | kFlagLoopEnd)) == 0) link |= kLinkKnown;
  entry.link = link;
  if (!macload || (link & kLinkFree) == 0) return;
  if ((link & kLinkKnown) != 0) {
    entry.kind = word ? Kind::kMacloadWordRun : Kind::kMacloadRun;
  } else if (nd.kind >= Kind::kMacload && ((nd.flags & kFlagMem) == 0 || behind(nd).kind > Kind::kJal)) {
    // Special, but no jump: it depends on the loops only.
    entry.kind = word ? Kind::kMacloadWordNear : Kind::kMacloadNear;
  } else if (nd.kind >= Kind::kMacload && behind(nd).kind == Kind::kOther) {
    entry.link &= static_cast<u8>(~kLinkSeen);  // perhaps more is known the next time
  }
}

// Whether fetching may be redirected while the instruction at `pc` waits in ID: a jump, or one before a loop
// end.
bool Cluster::redirects_early(u32 pc, bool fc) const {
  const u32 low = peek_half(pc, fc), high = peek_half(pc + 2, fc);
  if (low > 0xffff) return false;
  const u32 word = (low & 3) == 3 && high <= 0xffff ? low | high << 16 : low;
  const Decoded d = isa::decode(word, fc ? kRi5cy : config_.profile);
  return d.op == isa::kOp_jal || d.op == isa::kOp_jalr || loop_ends_.contains(pc + d.len);
}

const Decoded* Cluster::decode_at(Hart& h, u32 pc) {
  Decoded* entry = code_[is_fc(h) ? 1 : 0].entry(pc);
  if (entry->op == isa::kOpUndecoded) decode_entry(h, *entry, pc);
  return entry;
}

// --- the general rules: one scoreboard for EX, WB and the operands ---

void Cluster::settle(Hart& h, const Decoded& d, u64 c, u32 extra, u32 load_mask, u8 nn_mask, bool branch) {
  if (d.flags & kFlagMem) {
    h.ex_slot = c;
    h.ex_ready = h.wb_ready;
    h.load_ready = h.wb_ready;
    h.load_mask = load_mask;
    h.nn_mask = nn_mask;
  } else {
    if (c >= h.load_ready) {
      h.load_mask = 0;
      h.nn_mask = 0;
    }
    // A branch leaves EX whether or not WB is free.
    h.ex_slot = branch ? c : kNever;
    h.ex_ready = std::max(branch ? c : c + extra, h.wb_ready);
  }
  h.alu_mask = d.writes;
  h.alu_ready = c + extra + 1;
  h.last_exec = c;
  h.prev_issue = (d.flags & kFlagMem) ? h.issued : c - 1;
  h.slow = h.wb_ready > ((d.flags & kFlagMem) ? c + 1 : c);
  h.div_restart = timing_of(d) == Timing::kDiv ? extra + 1 : 0;
  h.div_shown = h.div_restart != 0 && !h.fe.id_valid;
}

u32 Cluster::general_stall(Hart& h, const Decoded& d, const Decoded& nd, u64 c, u64 from, u32 extra,
                           u32 load_mask, u8 nn_mask, Cause& cause) {
  const u64 answer = h.slow ? h.load_ready : c + 1;
  const u32 loads = h.slow ? h.load_mask : load_mask;
  const u8 refills = h.slow ? h.nn_mask : nn_mask;
  u64 leave = std::max(from, c);
  if ((nd.src & loads) != 0 && leave < answer) {
    leave = answer;
    cause = Cause::kLoadUse;
    if (h.slow && timing_of(nd) == Timing::kDotp && timing_of(d) == Timing::kLoad) stalled_dotp(h, h.a.pc, c);
  }
  if ((nd.nn_reads & refills) != 0 && leave < answer) {
    leave = answer;
    cause = Cause::kMacloadHazard;
  }
  if (nd.op == isa::kOp_jalr) {
    u64 ready = from;
    if (nd.rs1 != 0) {
      if (d.writes >> nd.rs1 & 1) ready = std::max(ready, c + extra + 1);
      if (h.jr_mask >> nd.rs1 & 1) ready = std::max(ready, h.jr_ready);
    }
    h.jump_at = ready;
    if (ready > leave) {
      leave = ready;
      cause = Cause::kJumpRegister;
    }
  }
  if (h.slow) {
    if (leave <= h.ex_slot && h.ex_slot != kNever) {
      leave = h.ex_slot;
    } else if (leave < h.ex_ready) {
      leave = h.ex_ready;
      cause = Cause::kSlowData;
    }
  } else if (leave < c + extra) {
    leave = c + extra;
    cause = Cause::kMultiCycle;
  }
  return static_cast<u32>(leave - c);
}

u64 Cluster::redirected(Hart& h, const Decoded& d, const Decoded& nd, u32 npc, u64 c, const Flow& flow) {
  const u64 there = flow.at + 1 + (nd.len == 4 && (npc & 2) != 0 ? 1 : 0);
  u64 moved = std::max(there, flow.not_before);
  if (flow.shadow != 0 && there != flow.at + 1) moved = std::max(moved, flow.at + flow.shadow);
  if (flow.cause != Cause::kBranch) {
    // ID is free in the cycle in which the jump leaves it. Emptied, it still shows a jalr whose base
    // register is being written, and holds the target back for that cycle.
    if (moved < c - 1) moved = c - 1;
    if (moved == c && d.op == isa::kOp_jalr && d.rd == d.rs1 && d.rd != 0) moved = c + 1;
    if (moved >= c) count_shown(h, d);
  }
  // In the cycle in which a jump leaves ID, EX is ready.
  const bool leaves_now = flow.cause != Cause::kBranch && moved == c - 1;
  if (h.slow && !leaves_now && moved != h.ex_slot && moved < h.ex_ready) moved = h.ex_ready;
  const bool looped = flow.cause == Cause::kFetch;  // loop_back() has set the queue up
  const u8 queue = looped ? h.fq : kQueueRedirected;
  const u64 head = looped ? h.id_from : flow.at + 1;  // first cycle in which it is the queue's head
  h.fq = queue_after(queue, moved - head, (nd.flags & kFlagWord) != 0);
  const u64 complete = looped ? flow.not_before : there;
  h.pc_raw[kPcImiss] += complete > head ? complete - head : 0;
  h.loop_from = there;
  h.loop_full = false;
  return moved + 1;
}

// --- hardware loops ---

bool Cluster::will_loop(const Hart& h, u32 end, u32& start) const {
  for (const HwLoop& loop : h.a.loop) {
    if (loop.end == end && loop.count > 1) {
      start = loop.start;
      return true;
    }
  }
  return false;
}

void Cluster::note_loop_end(Hart& h, u64 idle) { h.loop_full = loop_end_full(h.fq, idle); }

void Cluster::loop_back(Hart& h, u32& npc, u64 c, Flow& flow) {
  // The decision falls while the loop end is the queue's head: it does not see what the instruction directly
  // before it writes to the loop registers.
  const bool late_write = h.prev != nullptr && timing_of(*h.prev) == Timing::kHwloop;
  for (int i = 0; i < 2; ++i) {
    HwLoop& loop = h.a.loop[i];
    if (loop.start == loop.end && loop.end == h.a.pc && loop.count > 1) {
      lint(Lint::kShortLoop, h, h.a.pc, c,
           "a hardware loop of one instruction runs at most twice, whatever its count");
    }
    if (h.mode == HartMode::kExact) {
      if (!h.loops || loop.end != h.a.pc || loop.start != h.loops_to) continue;
    } else {
      const HwLoop& seen =
          late_write && (config_.quirks_rtl || loop.start == loop.end) ? h.loop_before[i] : loop;
      if (seen.end != h.a.pc || seen.count <= 1) continue;
      if (seen.start == seen.end && h.repeats()) continue;
    }
    if (loop.count > 0) --loop.count;
    if (tracing_) [[unlikely]]
      trace_loop(h, i, c);
    npc = loop.start;
    if (h.mode == HartMode::kExact) return;
    // The first word was requested when the last instruction became the queue's head.
    const u64 asked = h.loop_from;
    const QueueAt behind = queue_behind_loop_end(asked, h.id_from - 1, h.loop_full);
    h.fq = behind.state;
    h.id_from = behind.cycle;
    if ((npc & 2) != 0 && decode_at(h, npc)->len == 4) {
      flow.redirect(asked, Cause::kFetch);
      flow.not_before = asked + 2 + (h.loop_full ? 1 : 0);
    }
    return;
  }
}

void Cluster::refresh_special(u32 loop_end) {
  for (CodeCache& code : code_) {
    code.unlink(loop_end - 12, 14);
    if (Decoded* e = code.find(loop_end)) e->flags |= kFlagLoopEnd;
    for (const u32 length : {2u, 4u}) {
      Decoded* before = code.find(loop_end - length);
      if (before == nullptr || before->op == isa::kOpUndecoded || before->len != length) continue;
      before->flags |= kFlagSpecial;
      for (const u32 more : {2u, 4u}) {
        Decoded* mem = code.find(loop_end - length - more);
        if (mem != nullptr && mem->op != isa::kOpUndecoded && mem->len == more && (mem->flags & kFlagMem))
          mem->flags |= kFlagSpecial;
      }
    }
  }
}

void Cluster::mark_loop_end(Hart& h) {
  for (const HwLoop& loop : h.a.loop) {
    if (loop.end != 0 && loop_ends_.insert(loop.end).second) refresh_special(loop.end);
  }
}

void Cluster::hwloop_setup(Hart& h, const Decoded& d) {
  h.loop_before[0] = h.a.loop[0];
  h.loop_before[1] = h.a.loop[1];
  HwLoop& loop = h.a.loop[d.aux & 1];
  const u32 pc = h.a.pc;
  switch (d.op) {
    case isa::kOp_lp_starti:
      loop.start = pc + static_cast<u32>(d.imm);
      break;
    case isa::kOp_lp_endi:
      loop.end = pc + static_cast<u32>(d.imm);
      break;
    case isa::kOp_lp_count:
      loop.count = h.a.x[d.rs1];
      break;
    case isa::kOp_lp_counti:
      loop.count = static_cast<u32>(d.imm);
      break;
    case isa::kOp_lp_setup:
      loop = {pc + 4, pc + static_cast<u32>(d.imm), h.a.x[d.rs1]};
      break;
    default:  // lp.setupi: the end distance is in the register field
      loop = {pc + 4, pc + d.rs2, static_cast<u32>(d.imm)};
      break;
  }
  mark_loop_end(h);
}

// A division behind a taken branch that has reached ID runs in EX for nothing.
u64 Cluster::shadow_division(Hart& h, const Decoded* nd, u64 c) {
  const u32 pc = h.a.pc + h.next->len;
  if (nd->op == isa::kOpUndecoded) nd = decode_at(h, pc);
  if (timing_of(*nd) != Timing::kDiv) return 0;
  if (h.mode == HartMode::kExact && !(h.fe.id_valid && h.fe.id_pc == pc && h.fe.id_since < c)) return 0;
  return division_cycles(h.a, *nd);
}

// --- the fast model's validity ---

bool Cluster::find_window(Hart& h, u32 pc, u32 end) {
  const u32 line = config_.icache_line;
  const u32 version = s_.icache.version(h.index);
  if (pc < h.held_lo || end > h.held_hi || version != h.held_version) {
    if (s_.icache.prefetch(h.index) || !s_.icache.hit_line(h.index, pc)) return false;
    const u32 lo = pc & ~(line - 1);
    u32 hi = lo;
    while (hi < end) {
      if (!s_.icache.resident(h.index, hi)) return false;
      hi += line;
    }
    while (hi - lo < config_.icache_private_size && s_.icache.resident(h.index, hi)) hi += line;
    h.held_lo = lo;
    h.held_hi = hi;
    h.held_version = version;
  }
  constexpr u32 kMargin = 24;  // the fetch unit is at most this far ahead
  const u32 length = h.held_hi - h.held_lo;
  h.win_lo = h.held_lo;
  h.win_len = length > kMargin ? length - kMargin : 0;
  return true;
}

// Whether everything the fetch unit asks for up to the next instruction's execution is there.
// `left`: cycle in which the instruction in sequence moved to ID; `waits`: it may stay there.
bool Cluster::fetch_is_fast(Hart& h, const Decoded& nd, u32 npc, u64 c, u64 left, bool waits,
                            const Flow& flow) {
  if (ideal_fetch(h)) return true;
  if (s_.icache.prefetch(h.index) || !s_.icache.enabled()) return false;
  u32 start = 0, next_start = 0;
  const bool ends = (nd.flags & kFlagLoopEnd) != 0 && will_loop(h, npc, start);
  // The loop end directly behind becomes the head at once, and sequential fetching ends with it.
  const bool stops = !flow.taken && (nd.flags & kFlagSpecial) != 0 && will_loop(h, npc + nd.len, next_start);
  if (!in_window(h, npc)) {
    u32 end;
    if (flow.taken) {
      end = (npc & ~3u) + 24;
    } else if (ends) {
      end = npc + nd.len;
    } else if (stops) {
      end = npc + nd.len + 4;
    } else {
      u32 ahead = 5;
      if (!waits && !(nd.flags & kFlagMem)) {
        const u8 moved = queue_after(h.fq, left - h.id_from, (nd.flags & kFlagWord) != 0);
        const u8 fq = kQueue.idle[moved * 8u + std::min<u64>(7, c - 1 - left)];
        ahead = std::min<u32>(5u, (fq >> 1) + (fq & 1) + 2u);
      }
      end = ((npc + nd.len) & ~3u) + 4 * ahead;
    }
    if (!find_window(h, npc, end)) return false;
  }
  if (ends && !in_window(h, start) && !find_window(h, start, (start & ~3u) + 24)) return false;
  if (nd.flags & kFlagSpecial) {
    // An access may be held up in EX while the instruction behind it redirects fetching from ID.
    const bool ahead = (nd.flags & kFlagMem) != 0 && !ends;
    const u32 pc = ahead ? npc + nd.len : npc;
    const Decoded& d = ahead ? *decode_at(h, pc) : nd;
    u32 target = 0;
    bool away = true;
    if (d.op == isa::kOp_jal) {
      target = pc + static_cast<u32>(d.imm);
    } else if (d.op == isa::kOp_jalr) {
      if (ahead) return false;  // its base may be what the access loads
      target = (h.a.x[d.rs1] + static_cast<u32>(d.imm)) & ~1u;
    } else {
      away = will_loop(h, pc + d.len, target) || will_loop(h, npc + nd.len, target);
    }
    if (away && !in_window(h, target) && !find_window(h, target, (target & ~3u) + 24)) return false;
  }
  return true;
}

}  // namespace flexdbg
