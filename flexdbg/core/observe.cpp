// What the machine tells about itself: ledger, traces, registers, memory, digests.
#include <algorithm>

#include "loop.hpp"

namespace flexdbg {

const char* const kStopNames[] = {"breakpoint", "watchpoint",    "step",     "cycles",      "ebreak",
                                  "trap",       "exit",          "deadlock", "interrupted", "error",
                                  "halted",     "history_start", "event"};
const char* const kTraceNames[static_cast<int>(TraceKind::kCount)] = {
    "retire", "register", "load", "store",    "denied",    "stall", "fetch", "irq_ack", "elw",          "nn",
    "csr",    "mlc",      "clip", "dma_read", "dma_write", "sleep", "wake",  "charge",  "register_read"};

// Causes charged up to the cycle boundary: what was charged ahead is taken back, what a waiting hart has not
// been charged yet is added.
void Cluster::ledger(int hart, u64 out[static_cast<int>(Cause::kCount)]) const {
  const Hart& h = s_.harts[hart];
  for (int i = 0; i < static_cast<int>(Cause::kCount); ++i) out[i] = h.ledger[i];
  out[static_cast<int>(Cause::kIssue)] = h.instret;
  const u64 now = s_.cycle;
  const auto add = [&](Cause cause, i64 cycles) { out[static_cast<int>(cause)] += static_cast<u64>(cycles); };
  if (h.mode == HartMode::kOff) {
    add(Cause::kStopped, static_cast<i64>(now - h.off_since));
    return;
  }
  if (h.wfi && h.asleep) {
    if (now > h.wait_since)
      add(Cause::kWfi, static_cast<i64>(now - h.wait_since));
    else if (now < h.wait_since)
      add(Cause::kWfi, -static_cast<i64>(h.wait_since - now));
    return;
  }
  if (h.off_since > now) add(Cause::kStopped, -static_cast<i64>(h.off_since - now));  // starts in this cycle
  const bool scheduled = h.mode == HartMode::kFast || h.posted;
  if (!scheduled) return;
  const u64 first = (h.next->flags & kFlagMem) ? h.issued + 1 : h.wake;
  if (first > now) {
    add(h.ahead_cause, -static_cast<i64>(std::min<u64>(first - now, h.ahead)));
  } else if (h.post == Post::kSlow && !slow_data_ && now > h.first_present + h.denied) {
    add(h.wait_cause, static_cast<i64>(now - h.first_present - h.denied));
  } else if ((h.next->flags & kFlagMem) && now <= h.first_present) {
    add(Cause::kSlowData, static_cast<i64>(now - h.issued - 1));
  }
}

std::string Cluster::hart_state(int hart) const {
  const Hart& h = s_.harts[hart];
  if (h.mode == HartMode::kOff) return "off";
  if (s_.halted >> hart & 1) return "halted";
  return h.asleep ? "sleeping" : "running";
}

std::string Cluster::hart_wait(int hart) const {
  const Hart& h = s_.harts[hart];
  if (h.mode == HartMode::kOff) return "fetch not enabled";
  if (h.asleep) return h.wfi ? "asleep in wfi" : s_.eu.describe(hart);
  if (h.mode == HartMode::kExact && !h.posted) {
    return std::string("next instruction not there: ") + kCauseNames[static_cast<int>(h.id_cause)];
  }
  if (h.post == Post::kSlow && s_.cycle > h.first_present) {
    return std::string("waits: ") + kCauseNames[static_cast<int>(h.wait_cause)];
  }
  if (h.denied != 0 && (s_.denied >> hart & 1)) {
    const int bank = s_.bank[hart];
    const u32 winner = s_.last_winner[bank];
    std::string who = winner < config_.harts    ? "hart " + std::to_string(winner)
                      : winner == config_.harts ? "the FC"
                      : winner < 255            ? "the DMA"
                                                : "a test-and-set";
    return "waits for bank " + std::to_string(bank) + ", taken by " + who;
  }
  return "";
}

u32 Cluster::pc_of(const Hart& h) {
  return h.mode == HartMode::kExact && !h.posted && h.fe.id_valid ? h.fe.id_pc : h.a.pc;
}

u32 Cluster::read_register(int hart, u32 number) const {
  const Hart& h = s_.harts[hart];
  const Arch& a = h.a;
  if (number < 32) return a.x[number];
  if (number == 32) return pc_of(h);
  if (number < 37) return a.nn_w[number - 33];
  if (number < 39) return a.nn_a[number - 37];
  if (number == 39) return a.skip_count;
  if (number == 40) return a.a.count;
  if (number == 41) return a.w.count;
  bool known;
  return csr_read(h, number - 0x1000, s_.cycle, known);
}

bool Cluster::read_memory(u32 address, u8* out, size_t size) const {
  for (size_t i = 0; i < size;) {
    const u32 at = address + static_cast<u32>(i);
    const Target t = decode(at, false, config_);
    const Ram* ram = t.region == Region::kTcdm || t.region == Region::kTcdmTas ? &memory_.tcdm()
                     : t.region == Region::kL2                                 ? &memory_.l2()
                                                                               : nullptr;
    if (ram != nullptr) {
      const size_t run = std::min<size_t>(size - i, ram->size - t.offset);
      std::memcpy(out + i, ram->bytes.data() + t.offset, run);
      i += run;
      continue;
    }
    u32 word = 0;
    const u32 aligned = at & ~3u;
    const Target w = decode(aligned, false, config_);
    if (w.region == Region::kEuDemux) {
      word = s_.eu.peek(0, w.offset & 0x3ff);
    } else if (w.region == Region::kEuBus) {
      word = s_.eu.peek_bus(w.offset);
    } else if (w.region == Region::kDmaCluster || w.region == Region::kDmaDemux ||
               w.region == Region::kDmaFc) {
      word = s_.dma.peek(w.offset);
    } else if (!s_.devices.peek(w, s_.cycle, word)) {
      return false;
    }
    for (u32 b = at & 3; b < 4 && i < size; ++b, ++i) out[i] = static_cast<u8>(word >> (8 * b));
  }
  return true;
}

namespace {

// FNV-1a over 64-bit words.
struct Digest {
  u64 value = 0xcbf29ce484222325u;
  void word(u64 v) {
    value ^= v;
    value *= 0x100000001b3u;
    value ^= value >> 29;
  }
  void bytes(const u8* p, size_t n) {
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
      u64 v;
      std::memcpy(&v, p + i, 8);
      word(v);
    }
    for (; i < n; ++i) word(p[i]);
  }
};

void digest_arch(Digest& d, const Arch& a) {
  for (const u32 v : a.x) d.word(v);
  d.word(a.pc);
  for (const u32 v : a.nn_w) d.word(v);
  for (const u32 v : a.nn_a) d.word(v);
  for (const Walker* w : {&a.a, &a.w}) {
    for (const u32 v : {w->addr, w->stride, w->rollback, w->skip, w->count}) d.word(v);
  }
  for (const u32 v : {a.simd_fmt, a.mix_cycle, a.mix_skip, a.sb_legacy, a.skip_count}) d.word(v);
  for (const HwLoop& l : a.loop) {
    for (const u32 v : {l.start, l.end, l.count}) d.word(v);
  }
  for (const u32 v : {a.mstatus, a.mtvec, a.mscratch, a.mepc, a.mcause, a.pcer, a.pcmr, a.dcsr, a.dpc})
    d.word(v);
  d.word(a.dotps);
  d.word(a.macs);
}

}  // namespace

// Everything the guest or the debugger can see, and the time at which each hart goes on.
u64 Cluster::state_digest() const {
  Digest d;
  d.word(s_.cycle);
  for (int i = 0; i < ports_; ++i) {
    const Hart& h = s_.harts[i];
    digest_arch(d, h.a);
    d.word(h.instret);
    d.word(static_cast<u64>(h.mode == HartMode::kOff) | static_cast<u64>(h.asleep) << 1);
    u64 causes[static_cast<int>(Cause::kCount)];
    ledger(i, causes);
    for (const u64 v : causes) d.word(v);
    d.word(h.loads);
    d.word(h.stores);
    d.word(h.tcdm_accesses);
    for (const u32 v : h.pccr) d.word(v);
  }
  for (u32 b = 0; b < config_.tcdm_banks; ++b) {
    d.word(s_.bank_access[b]);
    d.word(s_.bank_conflict[b]);
  }
  d.word(s_.dma.bytes_moved());
  d.word(s_.exited);
  for (const Ram& r : memory_.regions) d.bytes(r.bytes.data(), r.bytes.size());
  return d.value;
}

}  // namespace flexdbg
