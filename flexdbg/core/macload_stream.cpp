// Streams of Mac&Loads: see macload_stream.hpp.
#include "macload_stream.hpp"

#include <algorithm>
#include <utility>

#include "loop.hpp"
#include "semantics/mac_unit.hpp"

namespace flexdbg {

namespace {

constexpr u32 kLongestGap = 32;   // cycles between two accesses; with kRunAhead less than the wheel
constexpr u64 kShortestRun = 48;  // cycles; a stream must be worth its start

bool in_body(Kind kind) {
  return kind == Kind::kMacloadRun || kind == Kind::kMacloadWordRun || kind == Kind::kMacloadNear ||
         kind == Kind::kMacloadWordNear;
}

bool waits_for_special(Kind kind) { return kind == Kind::kMacloadNear || kind == Kind::kMacloadWordNear; }

}  // namespace

// What one pass of the loop from `first` to the loop end `last` does. False: more than Mac&Loads of one kind
// without stalls.
bool Cluster::describe_loop(MacloadStream& s, const Hart& h, const Decoded& first, const Decoded& last) {
  const u32 length = static_cast<u32>(&last - &first) / 2 + 1;
  if (length < MacloadStream::kFewestOps || length > MacloadStream::kMostOps) return false;
  u32 accesses = 0, dots = 0, before = 0;
  s.late_access = MacloadStream::kNoAccess;
  for (u32 i = 0; i < length; ++i) {
    const Decoded& d = (&first)[u64{2} * i];
    if (i + 1 < length) {
      if (!in_body(d.kind) || d.detail != last.detail || (d.link & kLinkStall) != 0) return false;
      if (waits_for_special(d.kind) && !loops_stay(h, s.start + 4 * (i + 1))) return false;
    }
    const bool load = d.nn_loads != 0;
    s.ops[i] = {d.rd, d.nn.a, d.nn.w, load ? d.nn.refill : MacloadStream::kNoRefill};
    s.dots_before[i] = static_cast<u8>(dots);
    dots += d.rd != 0 ? 1 : 0;
    s.access_of[i] = load ? static_cast<u8>(accesses) : MacloadStream::kNoAccess;
    if (!load) continue;
    if (i + 3 == length) s.late_access = static_cast<u8>(accesses);
    s.place[accesses] = static_cast<u8>(i);
    s.walker[accesses] = d.nn.walker;
    s.gap[accesses] = static_cast<u8>(i - before);
    before = i;
    ++accesses;
  }
  if (accesses == 0) return false;
  s.dots_before[length] = static_cast<u8>(dots);
  s.gap[0] = static_cast<u8>(s.place[0] + length - before);
  s.length = length;
  s.accesses = accesses;
  return *std::max_element(s.gap.begin(), s.gap.begin() + accesses) <= kLongestGap;
}

// The banks of up to `most` accesses; fewer if one is not a plain access to the TCDM.
void Cluster::foresee_requests(MacloadStream& s, const Hart& h, u32 most) {
  Walker walkers[2] = {h.a.a, h.a.w};
  Ram& ram = memory_.tcdm();
  // Bytes may be written anywhere, so what they cannot change is kept here.
  u8* const attributes = ram.attr.data();
  const u32 base = ram.base, size = ram.size, banks = bank_mask_, accesses = s.accesses;
  u32 in_pass = 0, n = 0;
  for (; n < most; ++n) {
    Walker& walker = walkers[s.walker[in_pass]];
    const u32 offset = walker.addr - base;
    if (offset >= size || (offset & 3) != 0) break;
    u8& attribute = attributes[offset >> kPageShift];
    if ((attribute & kAttrStream) == 0) attribute |= kAttrStream;
    s.requests[n] = {static_cast<u8>(offset >> 2 & banks), s.gap[in_pass]};
    walker.step();
    if (++in_pass == accesses) in_pass = 0;
  }
  s.total = n;
  s.requests[0].gap = static_cast<u8>(s.place[0] + 1);
}

// A hart has gone back to the start of a hardware loop, behind the loop end `last` executed in cycle c. True:
// it goes on as a stream, and is in the wheel.
bool Cluster::begin_stream(Hart& h, const Decoded& last, const Decoded& first, const HwLoop& loop, u64 c,
                           u32 format, MacloadStream::Replay replay) {
  const u64 here = c + 1;
  if (loop.count < 2 || here + kShortestRun > stream_limit_ || frozen_ != 0 || step_hart_ >= 0 ||
      !watchpoints_.empty() || (links_to(last, first) & kLinkStall) != 0)
    return false;
  if (h.a.pc - h.win_lo >= h.win_len || loop.end + 4 - h.win_lo >= h.win_len) return false;
  MacloadStream& s = streams_[h.index];
  s.start = loop.start;
  if (!describe_loop(s, h, first, last)) return false;
  const u64 passes = std::min<u64>(loop.count, (stream_limit_ - here) / s.length + 2);
  foresee_requests(s, h, static_cast<u32>(std::min<u64>(passes * s.accesses, MacloadStream::kMostAccesses)));
  if (s.total < 2 || s.place[0] + here - s_.cycle >= kWheelSize) return false;
  s.first = &first;
  s.loop = static_cast<int>(&loop - h.a.loop);
  s.format = format & 15;
  s.replay = replay;
  s.granted = s.replayed = s.loaded = 0;
  s.granted_at = c;
  s.begin = here;
  s.id_from = h.id_from;
  s.loop_from = h.loop_from;
  s.count = loop.count;
  s.denied = h.denied;
  s.prev_denied = h.prev_denied;
  s.fq = h.fq;
  s.loop_full = h.loop_full;
  h.prev = &last;
  h.next = &first;
  h.ahead = 0;
  h.denied = 0;
  h.post = Post::kTcdm;
  streaming_ |= h.bit;
  post_stream(h.index, s.requests[0], c);
  return true;
}

// --- what the Mac&Loads compute ---

// Those before number `until`, whose accesses have been granted.
template <u32 F>
void Cluster::replay_macloads(Cluster& self, Hart& h, MacloadStream& s, u32 until) {
  constexpr u32 kFormat = F & 15;
  constexpr bool kMixed = sem::xflexv::kSlices[kFormat] > 1;
  Arch& a = h.a;
  const Ram& ram = self.memory_.tcdm();
  const u8* const bytes = ram.bytes.data();
  u32 slice = a.mix_cycle, last = a.last_slice, skip = a.skip_count;
  sem::xflexv::MacUnit<F> unit(a, slice);
  u32 loaded = s.loaded;
  u32 at = s.replayed % s.length;
  for (u32 left = until - s.replayed; left != 0;) {
    const u32 n = std::min(left, s.length - at);
    for (u32 i = at; i < at + n; ++i) {
      const MacloadStream::Op op = s.ops[i];
      if (op.refill == MacloadStream::kNoRefill) {
        unit.accumulate(op.rd, op.a, op.w);
        last = slice;
      } else {
        Walker& walker = a.walker(op.refill < 4 ? 1 : 0);
        u32 word;
        std::memcpy(&word, bytes + (walker.addr - ram.base), 4);
        walker.step();
        if (op.rd != 0) {
          u32 used = slice;
          if (kMixed && s.refused[loaded] != 0 && last != slice) [[unlikely]]
            used = self.refused_slice(h, s, i, loaded, slice, last);
          if (!kMixed || used == slice) {
            unit.accumulate(op.rd, op.a, op.w);
          } else {
            a.x[op.rd] += sem::xflexv::dot_form<F>(a.nn(op.a), a.nn(op.w), used);
          }
          last = slice;
        }
        unit.refill(op.refill, word);
        ++loaded;
        if (op.rd == 0) continue;
      }
      if (kMixed && ++skip >= a.mix_skip) {
        skip = 0;
        slice = sem::xflexv::next_slice(kFormat, slice);
        unit.select(slice);
      }
    }
    left -= n;
    at = at + n == s.length ? 0 : at + n;
  }
  unit.finish();
  const u32 dots = s.dots(until) - s.dots(s.replayed);
  a.dotps += dots;
  a.macs += u64{dots} * sem::xflexv::kLanes[kFormat];
  a.mix_cycle = slice;
  a.last_slice = static_cast<u8>(last);
  a.skip_count = kMixed ? skip : sem::xflexv::skip_after(skip, a.mix_skip, dots);
  s.replayed = until;
  s.loaded = loaded;
}

// Slice of a mixed format that a Mac&Load uses whose access, number `access` of the stream, has been refused.
u32 Cluster::refused_slice(Hart& h, const MacloadStream& s, u32 place, u32 access, u32 slice, u32 last) {
  const u32 number = access / s.accesses * s.length + place;
  const auto refused = [&](u32 i) { return i == 0 ? s.denied : u32{s.refused[i - 1]}; };
  h.prev = number == 0 ? h.prev : &s.first[u64{2} * (place == 0 ? s.length - 1 : place - 1)];
  h.prev_denied = refused(access);
  h.a.pc = s.start + 4 * place;
  h.a.last_slice = static_cast<u8>(last);
  return stalled_slice(h, s.format, slice, s.begin + number + s.refused_between(0, access + 1));
}

// --- the hart as it is in a cycle ---

namespace {

// The fetch queue, as follow_macload() and run_loop_end() leave it behind each instruction.
struct Fetch {
  u8 fq;
  u64 id_from, loop_from;
  bool loop_full;

  // Mac&Load `place` of the body, in EX from cycle `at` on, has executed.
  void advance(u32 place, u32 length, u64 at) {
    const u64 left = at - 1;
    if (place + 1 == length) {
      const QueueAt queue = queue_behind_loop_end(loop_from, id_from - 1, loop_full);
      fq = queue_after(queue.state, left - queue.cycle, true);
      loop_from = queue.cycle;
    } else {
      if (place + 2 == length) loop_full = loop_end_full(fq, left - id_from);
      fq = queue_after(fq, left - id_from, true);
      loop_from = id_from;
    }
    id_from = at;
  }
};

}  // namespace

// The fetch queue of a stream before its Mac&Load number `number`, in EX from cycle `at` on.
void Cluster::settle_fetch(Hart& h, const MacloadStream& s, u32 number, u64 at) {
  const u32 n = s.length;
  const auto refused = [&s, n](u32 i) -> u64 {  // Mac&Load i of the stream
    const u32 own = s.access_of[i % n];
    return own == MacloadStream::kNoAccess ? 0 : s.refused[i / n * s.accesses + own];
  };
  // Where the Mac&Load two before a loop end was not refused, the queue behind the loop end does not depend
  // on what was before.
  u32 pass = number / n;
  while (pass > 0 && s.late_access != MacloadStream::kNoAccess &&
         s.refused[(pass - 1) * s.accesses + s.late_access] != 0)
    --pass;
  u64 x = at;  // cycle in which Mac&Load i is in EX first
  for (u32 i = number; i > pass * n; --i) x -= 1 + refused(i - 1);
  Fetch fetch{s.fq, s.id_from, s.loop_from, s.loop_full};
  if (pass > 0) {
    const u64 end = x - 1 - refused(pass * n - 1);
    const u64 asked = end - 2 - refused(pass * n - 2);
    fetch = {queue_after(kQueueRedirected, end - 1 - (asked + 1), true), end, asked + 1, false};
  }
  for (u32 i = pass * n; i < number; ++i) {
    fetch.advance(i % n, n, x);
    x += 1 + refused(i);
  }
  h.fq = fetch.fq;
  h.id_from = fetch.id_from;
  h.loop_from = fetch.loop_from;
  h.loop_full = fetch.loop_full;
}

// Ends the stream of a hart with the hart as it is at the start of `cycle`, before any of whose accesses has
// been granted. True: it then goes on with a private instruction in that cycle, and is not in the wheel.
bool Cluster::end_stream(Hart& h, u64 cycle) {
  MacloadStream& s = streams_[h.index];
  streaming_ &= ~h.bit;
  const u32 behind = s.behind_granted(), waiting = s.waiting();
  const u64 present = s.granted_at + 1 + (waiting - behind);  // of the access that waits
  const u64 now = std::max(cycle, s.begin);
  const bool dot = now < present;
  const u32 number = dot ? behind + static_cast<u32>(now - s.granted_at - 1) : waiting;
  const u64 at = dot ? now : present;
  const u32 posted = h.denied;
  s.replay(*this, h, s, number);
  settle_fetch(h, s, number, at);
  const u32 place = number % s.length;
  const auto refused = [&](u32 back) {  // of the access so many before the one that waits
    if (back <= s.granted) return u32{s.refused[s.granted - back]};
    return back == s.granted + 1 ? s.denied : s.prev_denied;
  };
  h.next = s.first + u64{2} * place;
  if (number != 0) h.prev = s.first + u64{2} * (place == 0 ? s.length - 1 : place - 1);
  h.a.pc = s.start + 4 * place;
  h.a.loop[s.loop].count = s.count - number / s.length;
  h.instret += number;
  h.loads += s.granted;
  h.tcdm_accesses += s.granted;
  h.wake = at;
  h.issued = at - 1;
  if (!dot) {
    h.denied = posted;
    h.prev_denied = refused(1);
    h.req_addr = h.a.walker(h.next->nn.walker).addr;
    return false;
  }
  h.denied = refused(1);
  h.prev_denied = refused(2);
  h.post = Post::kPrivate;
  s_.bank[h.index] = kNoBank;
  s_.wheel[present & (kWheelSize - 1)].harts &= ~h.bit;
  return true;
}

// The same for a hart that goes on by the general rules from `cycle` on.
void Cluster::end_stream_before(Hart& h, u64 cycle) {
  if ((streaming_ & h.bit) != 0 && end_stream(h, cycle)) wheel_add(h, h.wake);
}

void Cluster::end_streams(u64 cycle) {
  for (u32 m = streaming_; m != 0; m &= m - 1) end_stream_before(*hart_at_[std::countr_zero(m)], cycle);
}

// Something happens in cycle c that harts must see, those above number `from` still in that cycle.
void Cluster::recall(int from, u64 c) {
  for (u32 m = streaming_; m != 0; m &= m - 1) {
    Hart& h = *hart_at_[std::countr_zero(m)];
    if (h.index < from) {
      end_stream_before(h, c + 1);
    } else if (end_stream(h, c)) {
      recalled_ |= h.bit;
    }
  }
}

// What streams have loaded so far was in memory up to now.
void Cluster::replay_loads() {
  for (u32 m = streaming_; m != 0; m &= m - 1) {
    const int i = std::countr_zero(m);
    MacloadStream& s = streams_[i];
    const u32 behind = s.behind_granted();
    if (behind > s.replayed) s.replay(*this, *hart_at_[i], s, behind);
  }
}

// The function that replays each format and pair of signs.
template <u32... F>
constexpr std::array<MacloadStream::Replay, 64> Cluster::make_replays(std::integer_sequence<u32, F...>) {
  const auto choose = []<u32 N>(std::integral_constant<u32, N>) -> MacloadStream::Replay {
    if constexpr (sem::xflexv::kLanes[N & 15] == 0) {
      return nullptr;
    } else {
      return &Cluster::replay_macloads<N>;
    }
  };
  return {choose(std::integral_constant<u32, F>{})...};
}

constinit const std::array<MacloadStream::Replay, 64> Cluster::kReplays =
    make_replays(std::make_integer_sequence<u32, 64>{});

}  // namespace flexdbg
