// A hardware loop of nothing but Mac&Loads, executed by one hart as a stream of memory accesses.
//
// The MLC makes the addresses without looking at data, so the banks that a hart will ask for are known in
// advance. In the cycle loop such a hart is only a list of banks and of the cycles between them; what its
// Mac&Loads compute is made up for later, in one go, when somebody may see it (docs/architecture.md, "One
// instruction").
#pragma once

#include <array>

#include "decoded.hpp"
#include "types.hpp"

namespace flexdbg {

class Cluster;
struct Hart;

struct MacloadStream {
  static constexpr u32 kMostOps = 64;  // Mac&Loads of a loop body
  static constexpr u32 kFewestOps = 4;
  static constexpr u32 kMostAccesses = 512;  // of a stream
  static constexpr u32 kMostRefused = 255;   // cycles of one access
  static constexpr u8 kNoRefill = 255, kNoAccess = 255;

  struct Op {
    u8 rd;
    u8 a, w;    // operands, as numbers of Arch::nn()
    u8 refill;  // register that is refilled, or kNoRefill
  };
  struct Request {
    u8 bank;
    u8 gap;  // cycles from the grant before to its first presentation
  };
  using Replay = void (*)(Cluster&, Hart&, MacloadStream&, u32);

  // The loop body.
  const Decoded* first = nullptr;
  u32 start = 0, length = 0;
  int loop = 0;  // hardware loop
  u32 format = 0;
  Replay replay = nullptr;
  std::array<Op, kMostOps> ops{};
  std::array<u8, kMostOps> place{}, walker{}, gap{};  // of each access
  std::array<u8, kMostOps> access_of{};               // number of an op's access, or kNoAccess
  std::array<u8, kMostOps + 1> dots_before{};         // counted dot products before an instruction
  u32 accesses = 0;                                   // of one pass
  u8 late_access = kNoAccess;  // access of the Mac&Load two before the loop end, by its number in a pass

  // Accesses of the stream. In the cycle in which the last one is granted, the hart leaves the stream.
  std::array<Request, kMostAccesses> requests{};
  std::array<u8, kMostAccesses> refused{};  // cycles
  u32 total = 0;
  u32 granted = 0;
  u64 granted_at = 0;  // cycle of the latest grant, or the one before the stream
  u32 replayed = 0;    // Mac&Loads
  u32 loaded = 0;      // accesses among them

  // The hart at the start of the stream.
  u64 begin = 0;  // cycle
  u64 id_from = 0, loop_from = 0;
  u32 count = 0;  // of the loop
  u32 denied = 0, prev_denied = 0;
  u8 fq = 0;
  bool loop_full = false;

  // Number of the Mac&Load behind the one whose access was granted last.
  u32 behind_granted() const {
    return granted == 0 ? 0 : (granted - 1) / accesses * length + place[(granted - 1) % accesses] + 1;
  }
  // Number of the Mac&Load that waits for its grant.
  u32 waiting() const { return granted / accesses * length + place[granted % accesses]; }
  u64 refused_between(u32 from, u32 to) const {
    u64 sum = 0;
    for (u32 i = from; i < to; ++i) sum += refused[i];
    return sum;
  }
  u32 dots(u32 ops_executed) const {
    return ops_executed / length * dots_before[length] + dots_before[ops_executed % length];
  }
};

}  // namespace flexdbg
