// Shared small types of the simulator core.
#pragma once

#include <cstddef>
#include <cstdint>

namespace flexdbg {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using i8 = std::int8_t;
using i16 = std::int16_t;
using i32 = std::int32_t;
using i64 = std::int64_t;

constexpr int kMaxHarts = 16;             // cluster harts
constexpr int kMaxPorts = kMaxHarts + 1;  // plus the fabric controller
constexpr u64 kNever = ~u64{0};

// ISA profiles, as bits so that a table row can name several.
enum Profile : u8 { kRi5cy = 1, kXpulpNN = 2, kMpic = 4, kFlexV = 8 };

// How an instruction occupies the pipeline; every row of the ISA tables names one.
enum class Timing : u8 {
  kAlu,      // one cycle, forwarded
  kMul,      // mul, mac: one cycle, forwarded
  kDotp,     // (s)dotp: one cycle, counted by the MPC
  kMulh,     // five cycles
  kDiv,      // 2..35 cycles, depends on the divisor
  kLoad,     // data port, also post-increment and register offset
  kStore,    // data port
  kElw,      // event load: may sleep
  kMacload,  // Mac&Load, with or without a refill
  kBranch,
  kJal,
  kJalr,
  kCsr,
  kHwloop,
  kFence,
  kEcall,
  kEbreak,
  kMret,
  kWfi,
  kDret,
  kIllegal,
};

}  // namespace flexdbg
