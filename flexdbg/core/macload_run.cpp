// Mac&Loads, the bulk of every mixed-precision kernel, where nothing rare can happen: one function for each
// format and pair of signs.
#include <algorithm>
#include <array>
#include <utility>

#include "loop.hpp"
#include "semantics/xflexv.hpp"

namespace flexdbg {

namespace {

constexpr size_t kForms = 64;  // as sem::xflexv::kDots

constexpr bool kMixed(u32 form) { return sem::xflexv::kSlices[form & 15] > 1; }

bool has_word(const Decoded& d) {
  return (static_cast<u32>(d.kind) - static_cast<u32>(Kind::kMacloadRun)) % 2 != 0;
}

// What has been computed is in memory, so that the next part of a function has the registers for itself.
[[gnu::always_inline]] inline void settled() { asm volatile("" ::: "memory"); }

// Another one without refill, with the same signs.
bool goes_on(const Decoded& d, const Decoded& nd) {
  return nd.kind == Kind::kMacloadRun && nd.detail == d.detail;
}

template <u32 F>
[[gnu::always_inline]] inline void accumulate(Arch& a, const Decoded& d, u32 slice) {
  a.x[d.rd] += sem::xflexv::dot_form<F>(a.nn(d.nn.a), a.nn(d.nn.w), slice);
}

// The MPC behind one dot product.
template <u32 F>
[[gnu::always_inline]] inline void count_one(Arch& a, u32 slice) {
  a.last_slice = static_cast<u8>(slice);
  ++a.dotps;
  a.macs += sem::xflexv::kLanes[F & 15];
  const u32 skip = a.skip_count + 1;
  const bool step = skip >= a.mix_skip;
  a.skip_count = step ? 0 : skip;
  if constexpr (kMixed(F)) a.mix_cycle = step ? sem::xflexv::next_slice(F & 15, slice) : slice;
}

}  // namespace

// The hardware loop that goes back behind the Mac&Load `d` at h.a.pc, if what follows is as plain as the run
// itself: the start is in the fetch window, decoded, and does not see the result. Else null.
[[gnu::always_inline]] inline HwLoop* Cluster::plain_loop(Hart& h, const Decoded& d) {
  if (h.prev == nullptr || timing_of(*h.prev) == Timing::kHwloop)
    return nullptr;  // its write may come too late
  for (HwLoop& loop : h.a.loop) {
    if (loop.end != h.a.pc || loop.count <= 1) continue;
    const u32 start = loop.start;
    if (((start ^ h.a.pc) >> kPageShift) != 0 || start == loop.end || !in_window(h, start)) return nullptr;
    const Decoded& nd = near_entry(d, h.a.pc, start);
    const bool free = d.rd == 0 || (nd.src >> d.rd & 1) == 0;
    if (!free || nd.op == isa::kOpUndecoded || (nd.flags & (kFlagSpecial | kFlagLoopEnd)) != 0)
      return nullptr;
    if (nd.len == 4 && (start & 2) != 0) return nullptr;
    return &loop;
  }
  return nullptr;
}

// The Mac&Load `d`, executed in cycle c, has `nd` behind it: what follows is as in succeed().
template <int M, u32 F>
[[gnu::always_inline]] inline u64 Cluster::follow_macload(Cluster& self, Hart& h, const Decoded& d,
                                                          const Decoded& nd, u64 c, u32 link, u64 horizon) {
  h.prev = &d;
  h.next = &nd;
  if ((link & kLinkStall) != 0 ||
      ((link & kLinkShared) != 0 && !(nd.kind >= Kind::kMacloadRun && nd.nn_loads != 0))) [[unlikely]]
    return self.succeed_rare<M>(h, c, link, horizon);
  const u64 wake = c + 1;
  if ((link & kLinkShared) == 0) {
    if (M == kModeFast && wake < horizon) {
      self.s_.bank[h.index] = kNoBank;
      h.post = Post::kPrivate;
      return goes_on(d, nd) ? run_dots<M, F>(self, h, wake, horizon) : wake;
    }
    h.ahead = 0;
    h.wake = wake;
    h.issued = c;
    self.s_.bank[h.index] = kNoBank;
    h.post = Post::kPrivate;
    self.s_.wheel[wake & (kWheelSize - 1)].harts |= h.bit;
    return kNever;
  }
  const u32 address = h.a.walker(nd.nn.walker).addr;
  const u32 offset = address - self.config_.tcdm_base;
  if (offset >= self.config_.tcdm_size || (address & 3) != 0) [[unlikely]]
    return self.succeed_rare<M>(h, c, link, horizon);
  h.ahead = 0;
  h.wake = wake;
  self.post_word(h, address, wake);
  return kNever;
}

// A Mac&Load with refill, kind kMacloadWordRun or kMacloadWordNear, whose request has been granted. Same
// contract as run_plain(), to which everything rare is left.
template <int M, u32 F>
u64 Cluster::run_word(Cluster& self, Hart& h, u64 c, u64 horizon) {
  Arch& a = h.a;
  const Decoded& d = *h.next;
  const u32 npc = a.pc + 4;
  if (npc - h.win_lo >= h.win_len || h.post != Post::kTcdm || (kMixed(F) && h.denied != 0) ||
      !self.watchpoints_.empty()) [[unlikely]]
    return run_plain<M>(self, h, c, horizon);
  const Decoded& nd = *(&d + 2);
  const u64 left = h.issued, from = h.id_from;
  if (d.kind == Kind::kMacloadWordNear) {
    if (!self.loops_stay(h, npc)) [[unlikely]]
      return run_plain<M>(self, h, c, horizon);
    if (nd.flags & kFlagLoopEnd) h.loop_full = loop_end_full(h.fq, left - from);
  }
  const u32 link = d.link;
  const bool consumes = (link & kLinkWord) != 0;
  h.fq = left == from ? queue_next(h.fq, consumes) : queue_after(h.fq, left - from, consumes);
  h.loop_from = from;
  h.id_from = left + 1;
  a.pc = npc;
  settled();
  u32 word;
  const Ram& ram = self.memory_.tcdm();
  std::memcpy(&word, ram.bytes.data() + (h.req_addr - ram.base), 4);
  if (d.rd != 0) [[likely]] {
    const u32 slice = a.mix_cycle;
    accumulate<F>(a, d, slice);
    count_one<F>(a, slice);
  }
  a.nn(d.nn.refill) = word;
  settled();
  a.walker(d.nn.walker).step();
  ++h.tcdm_accesses;
  ++h.loads;
  ++h.instret;
  settled();
  return follow_macload<M, F>(self, h, d, *(&d + 2), c, d.link, horizon);
}

// Mac&Loads without refill in a row, kind kMacloadRun or one kMacloadNear.
template <int M, u32 F>
u64 Cluster::run_dots(Cluster& self, Hart& h, u64 c, u64 horizon) {
  Arch& a = h.a;
  const Decoded* d = h.next;
  u32 npc = a.pc + 4;
  const u32 within = npc - h.win_lo;
  if (within >= h.win_len) [[unlikely]]
    return run_plain<M>(self, h, c, horizon);
  u64 from = h.id_from, left = c - 1;
  u32 fq = h.fq;
  if (d->kind == Kind::kMacloadNear) {
    if (!self.loops_stay(h, npc)) [[unlikely]]
      return run_plain<M>(self, h, c, horizon);
    if (d[2].flags & kFlagLoopEnd) h.loop_full = loop_end_full(h.fq, left - from);
  }
  if (M == kModeFast && d->kind == Kind::kMacloadRun && goes_on(*d, d[2])) {
    u32 slice = a.mix_cycle, last, skip = a.skip_count;
    const Decoded* const first = d;
    const u64 most = std::min<u64>(horizon - c - 1, (h.win_len - within - 1) / 4);
    const Decoded* const end = d + 2 * most;
    for (;;) {
      last = slice;
      accumulate<F>(a, *d, slice);
      if constexpr (kMixed(F)) {
        if (++skip >= a.mix_skip) {
          skip = 0;
          slice = sem::xflexv::next_slice(F & 15, slice);
        }
      }
      if (d == end || !goes_on(*d, d[2])) break;
      d += 2;
    }
    const u32 more = static_cast<u32>(d - first) / 2;
    if (more != 0) {  // one word is consumed in each cycle
      fq = kQueue.taken[queue_after(static_cast<u8>(fq), left - from, true) * 8u + std::min(more - 1, 7u)];
      c += more;
      left = from = c - 1;
      npc += 4 * more;
    }
    a.last_slice = static_cast<u8>(last);
    a.dotps += more + 1;
    a.macs += (more + 1) * sem::xflexv::kLanes[F & 15];
    a.skip_count = kMixed(F) ? skip : sem::xflexv::skip_after(skip, a.mix_skip, more + 1);
    if constexpr (kMixed(F)) a.mix_cycle = slice;
    h.instret += more + 1;
  } else {
    const u32 slice = a.mix_cycle;
    accumulate<F>(a, *d, slice);
    count_one<F>(a, slice);
    ++h.instret;
  }
  const u32 link = d->link;
  const bool consumes = (link & kLinkWord) != 0;
  h.fq = left == from ? queue_next(static_cast<u8>(fq), consumes)
                      : queue_after(static_cast<u8>(fq), left - from, consumes);
  h.loop_from = from;
  h.id_from = left + 1;
  a.pc = npc;
  return follow_macload<M, F>(self, h, *d, d[2], c, link, horizon);
}

// A Mac&Load at the end of a hardware loop, kind kMacloadEnd or kMacloadWordEnd.
template <int M, u32 F>
u64 Cluster::run_loop_end(Cluster& self, Hart& h, u64 c, u64 horizon) {
  Arch& a = h.a;
  const Decoded& d = *h.next;
  const bool load = has_word(d);
  if (a.pc + 4 - h.win_lo >= h.win_len ||
      (load && (h.post != Post::kTcdm || (kMixed(F) && h.denied != 0) || !self.watchpoints_.empty())))
      [[unlikely]]
    return run_plain<M>(self, h, c, horizon);
  HwLoop* const loop = self.plain_loop(h, d);
  if (loop == nullptr) [[unlikely]]
    return run_plain<M>(self, h, c, horizon);
  u32 word = 0;
  if (load) {
    const Ram& ram = self.memory_.tcdm();
    std::memcpy(&word, ram.bytes.data() + (h.req_addr - ram.base), 4);
  }
  if (d.rd != 0) [[likely]] {
    const u32 slice = a.mix_cycle;
    accumulate<F>(a, d, slice);
    count_one<F>(a, slice);
  }
  u64 left = c - 1;
  if (load) {
    a.nn(d.nn.refill) = word;
    a.walker(d.nn.walker).step();
    ++h.tcdm_accesses;
    ++h.loads;
    left = h.issued;
  }
  ++h.instret;
  --loop->count;
  const QueueAt queue = queue_behind_loop_end(h.loop_from, h.id_from - 1, h.loop_full);
  const Decoded& nd = near_entry(d, a.pc, loop->start);
  const u32 link = links_to(d, nd);
  h.fq = queue_after(queue.state, left - queue.cycle, (link & kLinkWord) != 0);
  h.loop_from = queue.cycle;
  h.id_from = left + 1;
  a.pc = loop->start;
  if (self.begin_stream(h, d, nd, *loop, c, F, kReplays[F])) return kNever;
  return follow_macload<M, F>(self, h, d, nd, c, link, horizon);
}

// By kind from kMacloadRun on: a function for each format and pair of signs.
template <int M, u32... F>
constexpr Cluster::MacloadRuns Cluster::macload_runs(std::integer_sequence<u32, F...>) {
  const auto choose = []<u32 N>(std::integral_constant<u32, N>) -> std::array<MacloadRun, 3> {
    if constexpr (sem::xflexv::kLanes[N & 15] == 0) {
      return {&Cluster::run_plain<M>, &Cluster::run_plain<M>, &Cluster::run_plain<M>};
    } else {
      return {&Cluster::run_dots<M, N>, &Cluster::run_word<M, N>, &Cluster::run_loop_end<M, N>};
    }
  };
  MacloadRuns runs{};
  const std::array<std::array<MacloadRun, 3>, kForms> all{choose(std::integral_constant<u32, F>{})...};
  for (size_t f = 0; f < kForms; ++f)
    runs[0][f] = runs[2][f] = all[f][0], runs[1][f] = runs[3][f] = all[f][1],
    runs[4][f] = runs[5][f] = all[f][2];
  return runs;
}

constinit const std::array<Cluster::MacloadRuns, 2> Cluster::kMacloadRuns = {
    macload_runs<kModeFast>(std::make_integer_sequence<u32, kForms>{}),
    macload_runs<kModePrecise>(std::make_integer_sequence<u32, kForms>{}),
};

}  // namespace flexdbg
