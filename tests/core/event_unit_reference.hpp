// A slow event unit that evaluates every signal in every cycle, for comparison with the event-driven one.
// Written from the behaviour of pulp-platform/event_unit_flex:rtl: 8 harts, one clock edge per tick().
#pragma once

#include <bit>
#include <vector>

#include "../../flexdbg/core/types.hpp"

namespace reference {

using namespace flexdbg;

constexpr int kHarts = 8;
constexpr u32 kAll = 0xff;

struct Request {
  bool active = false;
  bool write = false;
  u32 offset = 0;
  u32 data = 0;
  u64 since = 0;
};

struct Outcome {
  bool granted = false;
  bool by_irq = false;
};

struct Unit {
  enum State { kActive, kSleep, kIrqWhileSleep };
  struct Core {
    u32 mask = 0, irq_mask = 0, buffer = 0, sw_mask = 0;
    State state = kActive;
    bool armed = true, clearing = false, irq_line = false;
    u32 answer_offset = 0;
    bool answering = false;
  };
  struct Barrier {
    u32 trigger_mask = 0, target_mask = 0, status = 0;
  };
  struct Mutex {
    bool locked = false;
    u32 waiting = 0, message = 0;
  };

  Core core[kHarts];
  Barrier barrier[8];
  Mutex mutex[8];
  u32 fifo[8] = {}, team_of[8] = {};
  u32 team = 0, write_pointer = 0, read_pointer[kHarts] = {};
  bool popping[kHarts] = {}, bump[kHarts] = {};
  u32 answers[kHarts] = {};

  static bool is_barrier(u32 o) { return o >= 0x200; }
  static bool sleeps(u32 o) {
    if (is_barrier(o)) return (o & 0x1f) >= 0x18;
    if (o < 0x40) return o >= 0x38;
    return o == 0x80 || (o >= 0xc0 && o < 0x100) || (o >= 0x140 && o < 0x1c0);
  }
  static bool clears(u32 o) {
    if (is_barrier(o)) return (o & 0x1f) == 0x1c;
    return o == 0x3c || o == 0x80 || (o >= 0xc0 && o < 0x100) || (o >= 0x180 && o < 0x1c0);
  }
  bool pending(int h) const { return (core[h].buffer & core[h].irq_mask) != 0; }
  int irq_id(int h) const {
    const u32 m = core[h].buffer & core[h].irq_mask;
    return m ? 31 - std::countl_zero(m) : 0;
  }

  u32 value(int h, u32 o) const {
    const Core& c = core[h];
    if (is_barrier(o)) {
      const Barrier& b = barrier[o >> 5 & 7];
      const u32 regs[8] = {b.trigger_mask, b.status, 0, b.target_mask, 0, 0, 0, 0};
      return (o & 0x1f) >= 0x14 ? c.buffer & c.mask : regs[o >> 2 & 7];
    }
    if (o == 0x80) return fifo[read_pointer[h]];
    if (o >= 0xc0 && o < 0x100) return mutex[o >> 2 & 7].message;
    switch (o) {
      case 0x00:
        return c.mask;
      case 0x0c:
        return c.irq_mask;
      case 0x18:
        return 1;
      case 0x1c:
        return c.buffer;
      case 0x24:
        return c.buffer & c.irq_mask;
      case 0x2c:
        return c.sw_mask;
      default:
        return o == 0x20 || sleeps(o) ? c.buffer & c.mask : 0;
    }
  }

  // Everything that happens in `cycle`, and the clock edge behind it.
  void tick(u64 cycle, const Request (&requests)[kHarts], const u32 (&external)[kHarts],
            const int (&ack)[kHarts], Outcome (&outcome)[kHarts]) {
    for (int h = 0; h < kHarts; ++h) {
      if (core[h].answering) answers[h] = value(h, core[h].answer_offset);
    }
    Unit next = *this;
    u32 lines[kHarts], lock[8] = {}, unlock[8] = {}, message[8] = {}, triggers[8] = {};
    bool pop[kHarts] = {}, ack_pop[kHarts] = {}, push = false, set_team = false;
    u32 push_value = 0, new_team = 0;
    for (int h = 0; h < kHarts; ++h) lines[h] = external[h];
    const auto sw_event = [&](u32 line, u32 harts) {
      for (int h = 0; h < kHarts; ++h) lines[h] |= (harts >> h & 1) << line;
    };
    for (int h = 0; h < kHarts; ++h) {
      const Request& r = requests[h];
      const Core& c = core[h];
      Core& n = next.core[h];
      outcome[h] = {};
      n.clearing = n.answering = false;
      if (!r.active) continue;
      const u32 o = r.offset;
      const u32 index = is_barrier(o) ? o >> 5 & 7 : o >> 2 & 7;
      if (r.write) {
        outcome[h].granted = true;
        if (is_barrier(o)) {
          if ((o & 0x1f) == 0x00) next.barrier[index].trigger_mask = r.data & kAll;
          if ((o & 0x1f) == 0x0c) next.barrier[index].target_mask = r.data & kAll;
          if ((o & 0x1f) == 0x10) triggers[index] |= r.data & kAll;
        } else if (o == 0x80) {
          push = true;
          push_value |= r.data;
        } else if (o == 0x84) {
          set_team = true;
          new_team |= r.data & kAll;
        } else if (o >= 0xc0 && o < 0x100) {
          unlock[index] = 1;
          message[index] |= r.data;
        } else if (o >= 0x100) {
          sw_event(index, r.data & kAll ? r.data & kAll : kAll);
        } else if (o == 0x00) {
          n.mask = r.data;
        } else if (o == 0x04) {
          n.mask &= ~r.data;
        } else if (o == 0x08) {
          n.mask |= r.data;
        } else if (o == 0x0c) {
          n.irq_mask = r.data;
        } else if (o == 0x2c) {
          n.sw_mask = r.data & kAll;
        }
        continue;
      }
      const bool self = is_barrier(o) && (o & 0x1f) == 0x14;
      if (c.armed && (sleeps(o) || self)) {
        if (is_barrier(o)) triggers[index] |= 1u << h;
        if (o == 0x80) pop[h] = true;
        if (o >= 0xc0 && o < 0x100) lock[index] |= 1u << h;
        if (o >= 0x140 && o < 0x1c0) sw_event(index, c.sw_mask ? c.sw_mask : kAll);
      }
      n.answer_offset = o;
      if (!sleeps(o)) {
        outcome[h].granted = n.answering = true;
        continue;
      }
      const bool event = (c.buffer & c.mask) != 0;
      const bool idle = cycle >= r.since + 4;  // the core reports not busy
      bool woken = false;
      if (c.state == kIrqWhileSleep) {
        if (pending(h)) {
          outcome[h].granted = outcome[h].by_irq = true;
        } else if (event) {
          woken = true;
        } else if (idle) {
          n.state = kSleep;
        }
      } else if (pending(h)) {
        n.armed = false;
        n.state = kIrqWhileSleep;
      } else if (event) {
        woken = true;
      } else {
        n.armed = false;
        if (idle) n.state = kSleep;
      }
      if (woken) {
        outcome[h].granted = true;
        n.armed = true;
        n.state = kActive;
        n.clearing = clears(o);
        ack_pop[h] = true;
      }
      n.answering = outcome[h].granted;
    }
    for (int i = 0; i < 8; ++i) {
      const Barrier& b = barrier[i];
      const bool matched = b.trigger_mask && b.status == b.trigger_mask;
      next.barrier[i].status = matched ? 0 : b.status | triggers[i];
      if (matched) {
        for (int h = 0; h < kHarts; ++h) lines[h] |= (b.target_mask >> h & 1) << 16;
      }
      Mutex& m = next.mutex[i];
      u32 winner = 0;
      const u32 all = mutex[i].waiting | lock[i];
      if (mutex[i].locked ? unlock[i] != 0 : lock[i] != 0) {
        winner = all & -all;
        m.locked = winner != 0;
      }
      if (winner) lines[std::countr_zero(winner)] |= 1u << 17;
      m.waiting = all & ~winner;
      if (unlock[i]) m.message = message[i];
    }
    for (int h = 0; h < kHarts; ++h) {
      const u32 rp = read_pointer[h];
      if (pop[h] || popping[h]) {
        next.popping[h] = true;
        if (team_of[rp] >> h & 1) {
          lines[h] |= 1u << 18;
        } else if (rp != write_pointer) {
          next.read_pointer[h] = (rp + 1) % 8;
        }
      }
      next.bump[h] = popping[h] && ack_pop[h];
      if (next.bump[h]) {
        next.popping[h] = false;
        next.team_of[rp] &= ~(1u << h);
      }
      if (bump[h]) next.read_pointer[h] = (rp + 1) % 8;
    }
    if (push) {
      next.fifo[write_pointer] = push_value;
      next.team_of[write_pointer] = team;
      next.write_pointer = (write_pointer + 1) % 8;
    }
    if (set_team) next.team = new_team;
    for (int h = 0; h < kHarts; ++h) {
      const Core& c = core[h];
      const Request& r = requests[h];
      u32 kept = c.buffer;
      if (c.clearing) {
        kept &= ~c.mask;
      } else if (r.active && r.write && r.offset == 0x28) {
        kept &= ~r.data;
      }
      const u32 acknowledged = ack[h] < 0 ? 0 : 1u << ack[h];
      next.core[h].buffer = (kept | lines[h]) & ~acknowledged;
      next.core[h].irq_line = pending(h);
    }
    *this = next;
  }
};

}  // namespace reference
