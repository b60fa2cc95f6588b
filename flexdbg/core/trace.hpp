// Trace ring: plain records of what happened, kept only while tracing is on.
#pragma once

#include <algorithm>
#include <vector>

#include "types.hpp"

namespace flexdbg {

enum class TraceKind : u8 {
  kRetire,    // a = instruction word's address again, b = 0; cycle = the one in which it left ID
  kRegister,  // a = register number, old and b = values before and after; cycle = EX
  kLoad,      // a = address, b = data; cycle = grant
  kStore,     // a = address, b = data
  kDenied,    // a = address, b = winner (port)
  kStall,     // a = cause, b = cycles
  kFetch,     // a = address
  kIrqAck,    // a = id
  kElw,       // a = first EX cycle (low half), b = grant cycle (low half)
  kNn,        // the same of an NN-RF register, by the number of read_register
  kCsr,       // the same of a CSR: 0x1000 + its number
  kMlc,       // a = address given out, b = next one, old = updates before; size = walker (1: weights) + 2 *
              // rollback
  kClip,      // saturation: a = operand, b = result
  kDmaRead,   // a = address, b = data; hart = kTraceDma
  kDmaWrite,
  kSleep,         // a = cause
  kWake,          // a = cause, b = cycles slept
  kCharge,        // a = cause: first of several cycles charged to it; only for triggers
  kRegisterRead,  // a = register number, b and old = what it held; cycle = EX
  kCount
};
constexpr u8 kTraceDma = 255;  // in place of a hart
extern const char* const kTraceNames[static_cast<int>(TraceKind::kCount)];

struct TraceRecord {
  u64 cycle;
  u32 pc;
  u32 a, b, old;
  u8 hart;
  TraceKind kind;
  u8 size;  // bytes of an access
  u8 pad;
};
static_assert(sizeof(TraceRecord) == 32);

class TraceRing {
 public:
  void start(u32 kinds, u32 harts, u64 capacity) {
    kinds_ = kinds;
    harts_ = harts;
    capacity_ = capacity;
    ring_.clear();
    written_ = 0;
  }
  void stop() { kinds_ = 0; }
  bool on() const { return kinds_ != 0; }
  u32 kinds() const { return kinds_; }
  bool wants(TraceKind kind, int hart) const {
    return (kinds_ >> static_cast<int>(kind) & 1) != 0 && (harts_ >> std::min(hart, 31) & 1) != 0;
  }
  void add(const TraceRecord& record) {
    if (ring_.size() < capacity_) {
      ring_.push_back(record);
    } else {
      ring_[written_ % capacity_] = record;
    }
    ++written_;
  }
  u64 written() const { return written_; }
  // Records still held, oldest first.
  std::vector<TraceRecord> take() {
    std::vector<TraceRecord> out;
    const u64 held = std::min<u64>(written_, ring_.size());
    out.reserve(held);
    for (u64 i = written_ - held; i < written_; ++i) out.push_back(ring_[i % ring_.size()]);
    written_ = 0;
    ring_.clear();
    return out;
  }

 private:
  u32 kinds_ = 0, harts_ = 0;
  u64 capacity_ = 0;
  std::vector<TraceRecord> ring_;
  u64 written_ = 0;
};

}  // namespace flexdbg
