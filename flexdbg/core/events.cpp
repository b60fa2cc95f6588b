// What the traced loop sees: trace records, and the event triggers that match them.
#include <algorithm>

#include "loop.hpp"

namespace flexdbg {

namespace {

// Numbers of read_register.
constexpr u32 kPc = 32, kNn = 33, kHidden = 39, kCsr = 0x1000;

constexpr bool is_clip(u16 op) {
  return op == isa::kOp_p_clip || op == isa::kOp_p_clipu || op == isa::kOp_p_clipr || op == isa::kOp_p_clipur;
}

constexpr u32 bit_of(TraceKind kind) { return 1u << static_cast<int>(kind); }

constexpr u32 kStateKinds = bit_of(TraceKind::kRegister) | bit_of(TraceKind::kNn) | bit_of(TraceKind::kCsr) |
                            bit_of(TraceKind::kMlc) | bit_of(TraceKind::kClip) |
                            bit_of(TraceKind::kRegisterRead);

// It writes no NN register and no CSR; traps aside, and hardware loops, which tell it themselves. Dot
// products and Mac&Loads move some CSRs on: the slice, the addresses and the hidden counters.
bool leaves_csrs(const Decoded& d, bool moving) {
  if (d.kind >= Kind::kMacload || d.kind == Kind::kDotp) return !moving;
  return d.kind >= Kind::kJal;
}

bool moves(const EventTrigger& t) {
  const auto meets = [&](u32 first, u32 last) { return t.a_first <= last && t.a_last >= first; };
  return meets(kHidden, kHidden + 2) || meets(kCsr + 0x00e, kCsr + 0x00e) ||
         meets(kCsr + 0x100, kCsr + 0x101);
}

}  // namespace

// Somebody wants records of this kind.
bool Cluster::observes(TraceKind kind) const { return ((trace.kinds() | event_kinds_) & bit_of(kind)) != 0; }

void Cluster::note(const TraceRecord& r) {
  if (trace.wants(r.kind, r.hart)) trace.add(r);
  if ((event_kinds_ & bit_of(r.kind)) != 0) match_events(r);
}

void Cluster::match_events(const TraceRecord& r) {
  std::vector<u32> ids;
  for (size_t i = 0; i < events_.size(); ++i) {
    const EventTrigger& t = events_[i];
    if (t.kind != r.kind || !(t.harts >> std::min<u32>(r.hart, 31) & 1)) continue;
    if (r.a < t.a_first || r.a > t.a_last || r.b < t.b_first || r.b > t.b_last) continue;
    if ((r.size & t.size_mask) != t.size_value || (t.changed != 0 && ((r.old ^ r.b) & t.changed) == 0))
      continue;
    if (t.bank >= 0 && bank_of(r.a - config_.tcdm_base) != t.bank) continue;
    if (t.pc || !t.condition.empty()) {
      if (!replaying_ || scanning_) pending_.push_back({r, s_.cycle, i});
    } else {
      ids.push_back(t.id);
    }
  }
  if (ids.empty()) return;
  StopEvent e = event_of(r, s_.cycle);
  e.ids = std::move(ids);
  hit(std::move(e));
}

// What waited for the end of its cycle: conditions, and pcs that have moved.
void Cluster::judge_events() {
  for (PendingEvent& p : pending_) {
    const EventTrigger& t = events_[p.trigger];
    const int hart = p.record.hart == kTraceDma ? -1 : p.record.hart;
    if (t.pc) {
      p.record.kind = TraceKind::kRegister;
      p.record.a = kPc;
      p.record.old = p.record.pc;
      p.record.b = read_register(hart, kPc);
      if (p.record.b == p.record.old) continue;
    }
    if (!t.condition.empty() && !holds(t.condition, hart, &p.record)) continue;
    StopEvent e = event_of(p.record, p.cycle);
    e.ids = {t.id};
    hit(std::move(e));
  }
  pending_.clear();
}

StopEvent Cluster::event_of(const TraceRecord& r, u64 cycle) const {
  StopEvent e;
  e.reason = StopReason::kEvent;
  e.kind = r.kind;
  e.hart = r.hart == kTraceDma ? -1 : r.hart;
  e.pc = r.pc;
  e.cycle = r.kind == TraceKind::kCharge ? r.cycle : cycle;
  e.access = r.kind == TraceKind::kRegisterRead ? 1 : 0;
  e.address = r.a;
  e.size = r.size;
  e.old_value = r.old;
  e.new_value = r.b;
  return e;
}

u32 Cluster::add_event(EventTrigger trigger) {
  const u32 id = trigger.id = next_id_++;
  events_.push_back(std::move(trigger));
  refresh_events();
  return id;
}

void Cluster::refresh_events() {
  event_kinds_ = 0;
  watched_causes_ = 0;
  watched_reads_ = {};
  watches_moving_ = false;
  for (const EventTrigger& t : events_) {
    if (t.kind == TraceKind::kCharge) {
      watched_causes_ |= 1u << t.a_first;
    }
    watches_moving_ |=
        t.kind == TraceKind::kNn || t.kind == TraceKind::kMlc || (t.kind == TraceKind::kCsr && moves(t));
    if (t.kind == TraceKind::kRegisterRead) watched_reads_.add(t.a_first, t.a_last);
    event_kinds_ |= bit_of(t.kind);
  }
}

// The traced loop begins here: what harts hold now is no news.
void Cluster::begin_tracing() {
  pending_.clear();
  for (int i = 0; i < ports_; ++i) {
    seen_[i] = s_.harts[i].a;
    seen_traps_[i] = s_.harts[i].traps;
  }
  if (watched_causes_ == 0) return;
  if (charged_until_ != s_.cycle) {
    charging_.fill(0);
    if (!away_ && s_.cycle > history_.front().cycle) {
      // What the harts were charged to in the cycle before.
      const u64 here = s_.cycle;
      leave();
      travel_to(here - 1);
      watch_to(here, kModeTraced);
      come_back();
    }
  }
  for (int i = 0; i < ports_; ++i) ledger(i, charged_[i].data());
}

// --- instructions ---

void Cluster::trace_retire(const Hart& h, const Decoded& d, u64 c) {
  if (observes(TraceKind::kRetire)) {
    const u64 left = (d.flags & kFlagMem) ? h.issued : c - 1;
    note({left, h.a.pc, h.a.pc, 0, 0, h.index, TraceKind::kRetire, d.len, 0});
  }
  if (((trace.kinds() | event_kinds_) & kStateKinds) != 0) trace_state(h, d, c);
}

void Cluster::trace_stall(const Hart& h, Cause cause, u32 cycles, u64 c) {
  if (!observes(TraceKind::kStall)) return;
  note({c, h.a.pc, static_cast<u32>(cause), cycles, 0, h.index, TraceKind::kStall, 0, 0});
}

void Cluster::trace_access(const Hart& h, TraceKind kind, u32 address, u32 value, u32 size, u64 c) {
  if (!observes(kind)) return;
  note({c, h.a.pc, address, value, 0, h.index, kind, static_cast<u8>(size), 0});
}

void Cluster::trace_event(const Hart& h, TraceKind kind, u32 a, u32 b, u64 c) {
  if (!observes(kind)) return;
  note({c, h.a.pc, a, b, 0, h.index, kind, 0, 0});
}

// A word that the DMA moves, on either side.
void Cluster::trace_dma(bool write, u32 address, u32 value, u32 size, u64 c) {
  const TraceKind kind = write ? TraceKind::kDmaWrite : TraceKind::kDmaRead;
  if (!tracing_ || !observes(kind)) return;
  note({c, 0, address, value, 0, kTraceDma, kind, static_cast<u8>(size), 0});
}

// What an instruction has written: the registers it names, and whatever else is not what it was.
void Cluster::trace_state(const Hart& h, const Decoded& d, u64 c) {
  constexpr u32 kWords =
      bit_of(TraceKind::kRegister) | bit_of(TraceKind::kClip) | bit_of(TraceKind::kRegisterRead);
  const bool words = ((trace.kinds() | event_kinds_) & kWords) != 0;
  const bool moving = watches_moving_ || (trace.kinds() & kStateKinds) != 0;
  if (!words && leaves_csrs(d, moving) && h.traps == seen_traps_[h.index]) return;
  seen_traps_[h.index] = h.traps;
  Arch& was = seen_[h.index];
  const Arch& now = h.a;
  const auto say = [&](TraceKind kind, u32 number, u32 before, u32 after, u8 size = 4) {
    note({c, now.pc, number, after, before, h.index, kind, size, 0});
  };
  if (observes(TraceKind::kRegisterRead)) trace_reads(h, d, was, c);
  u32 written = alu_writes(d);
  if (timing_of(d) == Timing::kLoad || timing_of(d) == Timing::kElw || (d.flags & kFlagMacload) != 0) {
    written |= 1u << d.rd;
  }
  if (is_clip(d.op) && was.x[d.rs1] != now.x[d.rd]) say(TraceKind::kClip, was.x[d.rs1], 0, now.x[d.rd]);
  for (u32 i = 1; i < 32; ++i) {
    if ((written >> i & 1) != 0 || was.x[i] != now.x[i]) say(TraceKind::kRegister, i, was.x[i], now.x[i]);
  }
  for (u32 i = 0; i < 6; ++i) {
    const u32 before = *(was.nn_w + i), after = *(now.nn_w + i);
    if ((d.nn_loads >> i & 1) != 0 || before != after) say(TraceKind::kNn, kNn + i, before, after);
  }
  trace_walkers(h, d, was, c);
  if (observes(TraceKind::kCsr)) trace_csrs(h, d, was, c);
  was = now;
}

// What an instruction has read, by what its row in the tables says: before it wrote anything.
void Cluster::trace_reads(const Hart& h, const Decoded& d, const Arch& was, u64 c) {
  const auto say = [&](u32 number, u32 value) {
    note({c, h.a.pc, number, value, value, h.index, TraceKind::kRegisterRead, 4, 0});
  };
  const WatchedReads all{~0u, true, true};
  const WatchedReads& wanted = (trace.kinds() & bit_of(TraceKind::kRegisterRead)) != 0 ? all : watched_reads_;
  if (wanted.csrs) trace_csr_reads(h, d, was, c);
  if (wanted.nn && (d.flags & kFlagMacload) != 0) {
    if ((isa::kOps[d.op].traits & isa::kMlV2) != 0) {
      say(kNn + (d.aux & 3), was.nn_w[d.aux & 3]);
    } else if (d.rd != 0) {
      say(kNn + d.nn.w, *(was.nn_w + d.nn.w));
      say(kNn + d.nn.a, *(was.nn_w + d.nn.a));
    }
  }
  if ((d.src & wanted.words) == 0) return;
  // The entry's own mask includes registers that the load-use test takes for read.
  const bool fc = is_fc(h);
  const u32 word = peek_half(h.a.pc, fc) | (d.len == 4 ? peek_half(h.a.pc + 2, fc) << 16 : 0);
  const u32 reads = isa::decode(word, fc ? kRi5cy : config_.profile).src;
  for (u32 m = reads & ~1u; m != 0; m &= m - 1) {
    const u32 number = static_cast<u32>(std::countr_zero(m));
    say(number, was.x[number]);
  }
}

// CSRs: those that instructions name, and those that decide what instructions do.
void Cluster::trace_csr_reads(const Hart& h, const Decoded& d, const Arch& was, u64 c) {
  const auto say = [&](u32 number, u32 value) {
    note({c, h.a.pc, kCsr + number, value, value, h.index, TraceKind::kRegisterRead, 4, 0});
  };
  const isa::OpInfo& info = isa::kOps[d.op];
  if (info.timing == Timing::kCsr) {
    const u32 named = static_cast<u32>(d.imm) & 0xfff;
    const bool plain = d.op == isa::kOp_csrrw || d.op == isa::kOp_csrrwi;
    // csrrw to x0 does not read. The value is in rd; the CSR itself has been written already.
    if (d.rd != 0) {
      say(named, h.a.x[d.rd]);
    } else if (!plain) {
      say(named, read_register(h.index, kCsr + named));
    }
    return;
  }
  if (info.timing == Timing::kMret) {
    say(0x300, was.mstatus);
    say(0x341, was.mepc);
    return;
  }
  const bool flexv = config_.profile == kFlexV && !is_fc(h);
  if (!flexv && (config_.profile != kMpic || is_fc(h))) return;
  const bool walks = (d.flags & kFlagMacload) != 0 && (info.traits & isa::kMlV2) == 0;
  if ((info.traits & isa::kVirtual) != 0 || walks) {
    say(0x010, was.sb_legacy);
    if (was.sb_legacy == 0) say(0x00d, was.simd_fmt);
  }
  if (was.sb_legacy == 0 && (info.timing == Timing::kDotp || (walks && d.rd != 0))) {
    say(0x00e, was.mix_cycle);
    say(0x00f, was.mix_skip);
  }
  if (!flexv || !walks || d.nn_loads == 0 || was.sb_legacy != 0) return;
  const u32 weights = d.aux >> 4 & 1;
  const Walker& from = weights ? was.w : was.a;
  say(0x100 + weights, from.addr);
  say(0x102 + weights, from.stride);
  say(0x104 + weights, from.rollback);
  say(0x106 + weights, from.skip);
}

// A step of the MLC: the address it gave out and the next one; size is the walker, plus 2 where it rolled
// back.
void Cluster::trace_walkers(const Hart& h, const Decoded& d, const Arch& was, u64 c) {
  if (d.nn_loads == 0 || was.sb_legacy != 0) return;
  const u32 weights = d.aux >> 4 & 1;
  const Walker& before = weights ? was.w : was.a;
  const Walker& after = weights ? h.a.w : h.a.a;
  const bool rolled = before.count >= before.skip;
  note({c, h.a.pc, before.addr, after.addr, before.count, h.index, TraceKind::kMlc,
        static_cast<u8>(weights | (rolled ? 2 : 0)), 0});
}

void Cluster::trace_csrs(const Hart& h, const Decoded& d, const Arch& was, u64 c) {
  const Arch& now = h.a;
  const u32 named = timing_of(d) == Timing::kCsr ? static_cast<u32>(d.imm) & 0xfff : ~u32{0};
  const bool plain = d.op == isa::kOp_csrrw || d.op == isa::kOp_csrrwi;
  const bool immediate = d.op == isa::kOp_csrrwi || d.op == isa::kOp_csrrsi || d.op == isa::kOp_csrrci;
  const bool writes = named != ~u32{0} && (plain || (immediate ? d.aux : d.rs1) != 0);
  bool listed = false;
  const auto compare = [&](u32 number, u32 before, u32 after) {
    listed |= number == named;
    if (before == after && !(writes && number == named)) return;
    note({c, now.pc, kCsr + number, after, before, h.index, TraceKind::kCsr, 4, 0});
  };
  const u32 old_counts[] = {was.skip_count, was.a.count, was.w.count};
  const u32 new_counts[] = {now.skip_count, now.a.count, now.w.count};
  for (u32 i = 0; i < 3; ++i) {
    if (old_counts[i] != new_counts[i])
      note({c, now.pc, kHidden + i, new_counts[i], old_counts[i], h.index, TraceKind::kCsr, 4, 0});
  }
  compare(0x00d, was.simd_fmt, now.simd_fmt);
  compare(0x00e, was.mix_cycle, now.mix_cycle);
  compare(0x00f, was.mix_skip, now.mix_skip);
  compare(0x010, was.sb_legacy, now.sb_legacy);
  const Walker *old_walker[] = {&was.a, &was.w}, *new_walker[] = {&now.a, &now.w};
  for (u32 i = 0; i < 2; ++i) {
    const Walker &x = *old_walker[i], &y = *new_walker[i];
    compare(0x100 + i, x.addr, y.addr);
    compare(0x102 + i, x.stride, y.stride);
    compare(0x104 + i, x.rollback, y.rollback);
    compare(0x106 + i, x.skip, y.skip);
  }
  for (u32 i = 0; i < 2; ++i) {
    compare(0x7c0 + 4 * i, was.loop[i].start, now.loop[i].start);
    compare(0x7c1 + 4 * i, was.loop[i].end, now.loop[i].end);
    compare(0x7c2 + 4 * i, was.loop[i].count, now.loop[i].count);
  }
  compare(0x300, was.mstatus, now.mstatus);
  compare(0x305, was.mtvec, now.mtvec);
  compare(0x340, was.mscratch, now.mscratch);
  compare(0x341, was.mepc, now.mepc);
  compare(0x342, was.mcause, now.mcause);
  compare(0x7e0, was.pcer, now.pcer);
  compare(0x7e1, was.pcmr, now.pcmr);
  if (writes && !listed) {
    // A counter, an alias, or one that holds nothing: what it held is known if it was read.
    const u32 after = read_register(h.index, kCsr + named);
    note({c, now.pc, kCsr + named, after, d.rd != 0 ? now.x[d.rd] : after, h.index, TraceKind::kCsr, 4, 0});
  }
}

// A hardware loop went round: its count is written by the instruction that ends it.
void Cluster::trace_loop(const Hart& h, int loop, u64 c) {
  if (!observes(TraceKind::kCsr)) return;
  u32& before = seen_[h.index].loop[loop].count;
  const u32 after = h.a.loop[loop].count;
  if (before != after) {
    note({c, h.a.pc, kCsr + 0x7c2 + 4 * static_cast<u32>(loop), after, before, h.index, TraceKind::kCsr, 4,
          0});
  }
  before = after;
}

// --- cycles ---

// Harts for which this cycle is the first of several charged to a watched cause.
void Cluster::trace_charges() {
  for (int i = 0; i < ports_; ++i) {
    std::array<u64, static_cast<int>(Cause::kCount)> now{};
    ledger(i, now.data());
    const u32 before = charging_[i];
    charging_[i] = 0;
    for (u32 m = watched_causes_; m != 0; m &= m - 1) {
      const u32 cause = static_cast<u32>(std::countr_zero(m));
      if (now[cause] <= charged_[i][cause]) continue;
      charging_[i] |= 1u << cause;
      if ((before >> cause & 1) != 0) continue;
      const Hart& h = s_.harts[i];
      note({s_.cycle - 1, pc_of(h), cause, 1, 0, h.index, TraceKind::kCharge, 0, 0});
    }
    charged_[i] = now;
  }
  charged_until_ = s_.cycle;
}

}  // namespace flexdbg
