// TCDM bank arbiters: which of the requesting ports a bank serves in a cycle.
//
// Rules (measured against the RTL of both interconnects):
//   classic    pulp-platform/cluster_interconnect:rtl/low_latency_interco/RequestBlock2CH.sv
//   hci        pulp-platform/hci:rtl/interco/hci_log_interconnect.sv on
//              pulp-platform/common_cells:src/rr_arb_tree.sv with FairArb
// Both pick the requester whose number XOR a pointer is smallest; they differ in how the pointer moves. The
// state changes only in a cycle in which the bank grants, also without competition.
#pragma once

#include <array>
#include <bit>

#include "config.hpp"
#include "types.hpp"

namespace flexdbg {

class BankArbiter {
 public:
  static constexpr int kMaxBanks = 64;
  static constexpr int kExternal = 16, kDma = 20, kPorts = 24;  // first request bits after the harts' 0..15

  explicit BankArbiter(const Config& config)
      : kind_(config.tcdm_arbiter),
        harts_(static_cast<u8>(config.harts)),
        // classic12 has the cluster's four accelerator ports on the cores' channel; they never request
        last0_(static_cast<u8>(config.harts + (kind_ == Arbiter::kClassic12 ? 4 : 0) - 1)) {}

  // Grants one port of `requests` (bits 0..15 harts, 16..19 external, 20..23 DMA) and returns its bit number,
  // or -1 without a request.
  int grant(int bank, u32 requests) {
    if (requests == 0) return -1;
    u8& pointer = pointer_[bank];
    if (kind_ == Arbiter::kHci && (requests & (requests - 1)) == 0) {  // alone: the pointer follows
      const int port = std::countr_zero(ports(requests));
      pointer = static_cast<u8>(port);
      return external(port);
    }
    switch (kind_) {
      case Arbiter::kHci:
        return external(hci(pointer, ports(requests)));
      case Arbiter::kRoundRobin:
        return external(round_robin(pointer, ports(requests)));
      default:
        return classic(pointer, others_[bank], requests);
    }
  }

  // The only request of a bank in this cycle; `port` counts harts first, then external ports.
  void single(int bank, int port) {
    if (kind_ == Arbiter::kHci) [[likely]] {
      follow(static_cast<u32>(bank), port);
    } else {
      grant(bank, 1u << external(port));
    }
  }

  // Whether the pointer of a bank simply follows a port that is alone, so that follow() may stand for
  // single().
  bool follows() const { return kind_ == Arbiter::kHci; }
  void follow(u32 bank, int port) { pointer_[bank] = static_cast<u8>(port); }

  // The cluster control unit's arbitration policy of the classic interconnects: channel 0 cores, 1 the rest.
  void set_last_winner(int channel, bool on) { last_winner_[channel] = on; }
  bool last_winner(int channel) const { return last_winner_[channel]; }

  void reset() {
    pointer_.fill(0);
    others_.fill({});
  }

 private:
  struct Others {    // classic
    u8 pointer = 0;  // of channel 1
    u8 toggle = 0;   // channel that goes first
  };

  // Interconnect port numbers: harts first, then external ports, then DMA.
  u32 ports(u32 requests) const { return (requests & 0xffff) | requests >> kExternal << harts_; }
  int external(int port) const { return port < harts_ ? port : port - harts_ + kExternal; }

  // The i in `set` with the smallest i XOR pointer: mirror the bits as the pointer says, take the lowest.
  static int nearest(u32 set, u32 pointer) {
    if ((set & (set - 1)) == 0) return std::countr_zero(set);
    u32 m = set;
    if (pointer & 1) m = (m >> 1 & 0x55555555) | (m & 0x55555555) << 1;
    if (pointer & 2) m = (m >> 2 & 0x33333333) | (m & 0x33333333) << 2;
    if (pointer & 4) m = (m >> 4 & 0x0f0f0f0f) | (m & 0x0f0f0f0f) << 4;
    if (pointer & 8) m = (m >> 8 & 0x00ff00ff) | (m & 0x00ff00ff) << 8;
    if (pointer & 16) m = m >> 16 | m << 16;
    return std::countr_zero(m) ^ static_cast<int>(pointer);
  }

  // The next pointer is the next requester above the old one, the winner included.
  static int hci(u8& pointer, u32 set) {
    const int winner = nearest(set, pointer);
    const u32 above = set & ~((2u << pointer) - 1);
    pointer = static_cast<u8>(std::countr_zero(above ? above : set));
    return winner;
  }

  int round_robin(u8& pointer, u32 set) const {
    const u32 from_pointer = set & ~((1u << pointer) - 1);
    const int winner = std::countr_zero(from_pointer ? from_pointer : set);
    pointer = static_cast<u8>(winner + 1 == harts_ + 8 ? 0 : winner + 1);
    return winner;
  }

  // The pointers count grants whoever won, unless the policy says last winner first. The toggle between the
  // channels moves with every grant, also when only one channel asked.
  int classic(u8& pointer, Others& b, u32 requests) const {
    const u32 cores = requests & 0xffff, others = requests >> kExternal;
    const bool second = cores && others ? b.toggle : !cores;
    b.toggle ^= 1;
    if (!second) return move(pointer, nearest(cores, pointer), last0_, last_winner_[0]);
    return kExternal + move(b.pointer, nearest(others, b.pointer), 7, last_winner_[1]);
  }

  static int move(u8& pointer, int winner, u8 last, bool last_winner) {
    pointer = static_cast<u8>(last_winner ? winner : pointer == last ? 0 : pointer + 1);
    return winner;
  }

  Arbiter kind_;
  u8 harts_, last0_;
  bool last_winner_[2] = {false, false};
  std::array<u8, kMaxBanks + 1> pointer_{};  // the last one for follow() without a bank
  std::array<Others, kMaxBanks> others_{};
};

}  // namespace flexdbg
