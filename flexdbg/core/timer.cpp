#include "timer.hpp"

#include <algorithm>

namespace flexdbg {

namespace {

__extension__ typedef unsigned __int128 u128;  // NOLINT(modernize-use-using): -Wpedantic

constexpr u64 kReferenceHz = 32768;
constexpr u32 kEnable = 1, kReset = 2, kIrq = 4, kInputEvent = 8, kClearOnMatch = 16, kOneShot = 32;
constexpr u32 kPrescaler = 64, kReference = 128;

u32 divider(u32 cfg) { return (cfg & kPrescaler) != 0 ? (cfg >> 8 & 0xff) + 1 : 1; }

}  // namespace

u64 Timer::compare(const Half& half) const {
  return cascaded() ? u64{half_[1].cmp} << 32 | half_[0].cmp : half.cmp;
}

u64 Timer::wrap() const { return cascaded() ? ~u64{0} : 0xffffffffu; }

u64 Timer::edges(u64 cycle) const { return static_cast<u64>(u128{cycle} * kReferenceHz / clock_hz_); }

u64 Timer::source_ticks(const Half& half, u64 from, u64 to) const {
  return (half.cfg & kReference) != 0 ? edges(to) - edges(from) : to - from;
}

// Counts that are more than a cycle apart: a clear on match then does not swallow a tick.
bool Timer::spaced(const Half& half) { return (half.cfg & kReference) != 0 || divider(half.cfg) > 1; }

// A match is the count becoming equal to the compare value, so at least one tick; 0: never again.
u64 Timer::ticks_to_match(const Half& half) const {
  if (half.clear) return compare(half) + 1;
  return (compare(half) - half.count) & wrap();
}

u64 Timer::match_cycle(const Half& half) const {
  if ((half.cfg & kEnable) == 0) return kNever;
  u128 ticks = ticks_to_match(half);
  if (ticks == 0) ticks = u128{wrap()} + 1;
  const u128 source = ticks * divider(half.cfg) - half.prescale;
  const u128 at = (half.cfg & kReference) != 0
                      ? ((edges(half.base) + source) * clock_hz_ + kReferenceHz - 1) / kReferenceHz
                      : half.base + source;
  return at < u128{kNever} ? static_cast<u64>(at) : kNever;
}

void Timer::count(Half& half, u64 ticks) const {
  const u64 cmp = compare(half);
  if (half.clear && ticks > 0) {
    half.clear = false;
    half.count = 0;
    --ticks;
  }
  u64 distance = ticks_to_match(half);
  if (distance == 0) distance = cascaded() ? ~u64{0} : u64{1} << 32;
  if (ticks < distance) {
    half.count = (half.count + ticks) & wrap();
    return;
  }
  if ((half.cfg & kOneShot) != 0) {
    half.cfg &= ~kEnable;
    half.prescale = 0;
    half.count = (half.cfg & kClearOnMatch) != 0 ? 0 : cmp;
  } else if ((half.cfg & kClearOnMatch) != 0 && cmp != 0) {
    const u64 rest = ticks - distance;
    if (spaced(half)) {
      half.count = rest % cmp;
    } else if (const u64 phase = cmp == ~u64{0} ? rest : rest % (cmp + 1); phase == 0) {
      half.count = cmp;
      half.clear = true;
    } else {
      half.count = phase - 1;
    }
  } else {
    half.count = (half.count + ticks) & wrap();
  }
}

void Timer::sync(Half& half, u64 cycle) const {
  if (cycle <= half.base) return;
  if ((half.cfg & kEnable) != 0) {
    const u64 match = match_cycle(half);
    if (match <= cycle && (half.cfg & kIrq) != 0) half.irq_at = match + 1;
    const u64 total = half.prescale + source_ticks(half, half.base, cycle);
    half.prescale = static_cast<u32>(total % divider(half.cfg));
    count(half, total / divider(half.cfg));
  }
  half.base = cycle;
}

u32 Timer::read(u32 offset, u64 cycle) const {
  Half lo = half_[0], hi = half_[1];
  sync(lo, cycle);
  if (!cascaded()) sync(hi, cycle);
  switch (offset & ~3u) {
    case 0x00:
      return lo.cfg;
    case 0x04:
      return hi.cfg;
    case 0x08:
      return static_cast<u32>(lo.count);
    case 0x0c:
      return static_cast<u32>(cascaded() ? lo.count >> 32 : hi.count);
    case 0x10:
      return lo.cmp;
    case 0x14:
      return hi.cmp;
    default:
      return 0;  // the triggers are write-only
  }
}

void Timer::set_count(u32 index, u32 value) {
  Half& half = half_[cascaded() ? 0 : index];
  half.clear = false;
  if (cascaded()) {
    const u32 shift = index * 32;
    half.count = (half.count & ~(u64{0xffffffff} << shift)) | u64{value} << shift;
  } else {
    half.count = value;
  }
}

void Timer::write_config(u32 index, u32 value) {
  const bool was = cascaded();
  Half& half = half_[index];
  half.cfg = value & ~kReset;
  // The RTL would count the prescaler through 2^32 if a smaller divider overtakes it; here it starts over.
  half.prescale %= divider(half.cfg);
  if (was && !cascaded()) {
    half_[1].count = half_[0].count >> 32;
    half_[0].count &= 0xffffffffu;
  } else if (!was && cascaded()) {
    half_[0].count |= half_[1].count << 32;
    half_[1].irq_at = kNever;  // the high half has no line of its own any more
    half_[1].clear = false;
  }
  if ((value & kReset) != 0) {
    half.prescale = 0;
    set_count(index, 0);
  }
}

std::string Timer::write(u32 offset, u32 value, u64 cycle) {
  sync(half_[0], cycle);
  if (cascaded()) {
    half_[1].base = cycle;
  } else {
    sync(half_[1], cycle);
  }
  std::string warning;
  const u32 index = offset >> 2 & 1;
  switch (offset & ~7u) {
    case 0x00:
      write_config(index, value);
      if ((value & kInputEvent) != 0)
        warning = "timer start by input event: no event is connected to the input";
      break;
    case 0x08:
      set_count(index, value);
      break;
    case 0x10:
      half_[index].cmp = value;
      break;
    case 0x18:
      half_[index].cfg |= kEnable;
      break;
    case 0x20:
      half_[index].prescale = 0;
      set_count(index, 0);
      break;
    default:
      warning = "timer: no register at offset " + std::to_string(offset);
      break;
  }
  update_next();
  return warning;
}

u32 Timer::advance(u64 cycle) {
  u32 lines = 0;
  const u32 count = cascaded() ? 1 : 2;
  for (u32 i = 0; i < count; ++i) {
    sync(half_[i], cycle);
    if (half_[i].irq_at <= cycle) {
      half_[i].irq_at = kNever;
      lines |= i == 0 ? kLo : kHi;
    }
  }
  update_next();
  return lines;
}

void Timer::update_next() {
  next_ = kNever;
  const u32 count = cascaded() ? 1 : 2;
  for (u32 i = 0; i < count; ++i) {
    const Half& half = half_[i];
    next_ = std::min(next_, half.irq_at);
    if ((half.cfg & kIrq) == 0) continue;
    const u64 match = match_cycle(half);
    if (match != kNever) next_ = std::min(next_, match + 1);
  }
}

}  // namespace flexdbg
