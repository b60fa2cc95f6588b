// The clocked parts of the event unit: barriers, mutexes, the dispatch FIFO and the SoC event FIFO.
// Each collects the requests of one cycle; step() is the clock edge at its end. Rules:
// pulp-platform/event_unit_flex:rtl/{hw_barrier_unit,hw_mutex_unit,hw_dispatch,soc_periph_fifo}.sv
#pragma once

#include <bit>
#include <vector>

#include "types.hpp"

namespace flexdbg {

struct EuBarrier {
  u32 trigger_mask = 0;
  u32 target_mask = 0;
  u32 status = 0;
  u32 triggers = 0;      // requested in this cycle
  bool matched = false;  // in this cycle; a trigger that comes now is lost

  // Returns the harts whose barrier event is asserted in the new cycle.
  u32 step() {
    status = matched ? 0 : status | triggers;
    triggers = 0;
    matched = trigger_mask != 0 && status == trigger_mask;
    return matched ? target_mask : 0;
  }
};

struct EuMutex {
  bool locked = false;
  i8 owner = -1;
  u32 waiting = 0;
  u32 message = 0;
  u32 lock_requests = 0;
  u32 unlock_message = 0;
  bool unlock_request = false;

  // Returns the hart that got the mutex in the cycle that ends, as a mask. The lowest number wins.
  u32 step() {
    u32 candidates = waiting | lock_requests;
    u32 winner = 0;
    if (locked ? unlock_request : lock_requests != 0) {
      winner = candidates & -candidates;
      locked = winner != 0;
      owner = static_cast<i8>(winner ? std::countr_zero(winner) : -1);
    }
    waiting = candidates & ~winner;
    if (unlock_request) message = unlock_message;
    lock_requests = 0;
    unlock_message = 0;
    unlock_request = false;
    return winner;
  }
};

// Every hart has its own read pointer and skips entries of other teams, one a cycle.
struct EuDispatch {
  std::vector<u32> value;
  std::vector<u32> unread;  // harts that have not read the entry yet
  u32 team = 0;
  u32 write = 0;
  u32 read[kMaxHarts] = {};
  u32 popping = 0;    // harts with a request in progress
  u32 signalled = 0;  // of these, harts whose event is asserted
  u32 bump = 0;       // read pointers that move on with the next edge
  // requests of this cycle
  u32 requests = 0;
  u32 acknowledged = 0;
  u32 pushers = 0;
  u32 push_value = 0;
  u32 new_team = 0;
  bool write_team = false;

  explicit EuDispatch(u32 depth) : value(depth), unread(depth) {}

  u32 after(u32 pointer) const { return pointer + 1 == value.size() ? 0 : pointer + 1; }
  bool has_value(int hart) const { return unread[read[hart]] >> hart & 1; }

  // Returns the harts whose dispatch event was newly asserted in the cycle that ends.
  u32 step() {
    u32 fresh = 0;
    const u32 done = popping & acknowledged;
    for (u32 m = popping | requests | bump; m; m &= m - 1) {
      const int h = std::countr_zero(m);
      const u32 bit = 1u << h;
      const u32 old = read[h];
      if ((popping | requests) & bit) {
        if (has_value(h)) {
          fresh |= bit & ~signalled;
        } else {
          signalled &= ~bit;  // an overflow took the entry away
          if (old != write) read[h] = after(old);
        }
      }
      if (done & bit) unread[old] &= ~bit;
      if (bump & bit) read[h] = after(old);
    }
    popping = (popping | requests) & ~done;
    signalled = (signalled | fresh) & popping;
    bump = done;
    if (pushers) {
      value[write] = push_value;
      unread[write] = team;
      write = after(write);
    }
    if (write_team) team = new_team;
    requests = acknowledged = pushers = push_value = new_team = 0;
    write_team = false;
    return fresh;
  }

  // Whether the next edge changes something without a new request.
  bool moving() const {
    if (bump) return true;
    for (u32 m = popping; m; m &= m - 1) {
      const int h = std::countr_zero(m);
      if (has_value(h) ? !(signalled >> h & 1) : read[h] != write) return true;
    }
    return false;
  }
};

struct EuSocFifo {
  static constexpr u32 kDepth = 8;
  u8 id[kDepth] = {};
  u32 count = 0;
  u32 first = 0;

  bool push(u8 value) {
    if (count == kDepth) return false;
    id[(first + count++) % kDepth] = value;
    return true;
  }
  u32 front() const { return id[first] | (count ? 1u << 31 : 0u); }
  void pop() {
    if (count == 0) return;
    first = (first + 1) % kDepth;
    --count;
  }
};

}  // namespace flexdbg
