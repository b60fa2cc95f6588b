// The cluster's event unit: events, interrupts, barriers, mutexes, dispatch FIFO and sleeping harts.
//
// Cycle-exact after pulp-platform/event_unit_flex:rtl for the private (demux) view of each hart. A value
// type: a copy is a snapshot. Nothing happens between next_event() and the next call, so an idle unit
// costs nothing.
//
// One cycle c of the loop:
//   if (c >= next_event()) advance(c);           registers of cycle c become visible
//   for every hart in grants(c): complete(h, c)  sleepers that are granted in c
//   access(h, ..., c) in ascending order         requests in their first EX cycle
//   bus_access, raise, push_soc_event            in any order
#pragma once

#include <string>
#include <vector>

#include "config.hpp"
#include "event_unit_parts.hpp"
#include "types.hpp"

namespace flexdbg {

// Event lines (pulp-platform/pulp_cluster:rtl/cluster_event_map.sv). Lines 0..7 are software events.
enum EventLine : u8 {
  kLineDmaEvent = 8,
  kLineDmaIrq = 9,
  kLineTimerLo = 10,
  kLineTimerHi = 11,
  kLineBarrier = 16,
  kLineMutex = 17,
  kLineDispatch = 18,
  kLineCluster0 = 22,
  kLineCluster1 = 23,
  kLineSocFifo = 27,
};

class EventUnit {
 public:
  struct Reply {
    bool granted;
    u32 data;
  };

  enum class WaitKind : u8 {
    kNone,
    kEvent,    // EVENT_WAIT, EVENT_WAIT_CLEAR
    kSwEvent,  // trigger and wait
    kBarrier,
    kMutex,
    kDispatch,
    kHeld,       // a register access that is repeated in the next cycle
    kUndecoded,  // an offset that never answers
  };
  struct Wait {
    WaitKind kind = WaitKind::kNone;
    u8 index = 0;  // barrier, mutex or software event
    u64 since = 0;
  };

  // A misuse that the hardware does not report. Fatal: an answer that never comes, or a value that is lost.
  struct Complaint {
    int hart;
    bool fatal;
    std::string text;
  };

  // All registers, for display.
  struct CoreView {
    u32 mask, irq_mask, buffer, sw_mask;
    bool clock_on, irq_line, side_effects_armed;
    Wait wait;
  };
  struct BarrierView {
    u32 trigger_mask, target_mask, status;
  };
  struct MutexView {
    bool locked;
    int owner;  // -1: nobody
    u32 waiting, message;
  };
  struct DispatchView {
    u32 team, write_pointer;
    std::vector<u32> values, unread;  // by entry
    std::vector<u32> read_pointers;   // by hart
    u32 waiting;
  };
  struct View {
    std::vector<CoreView> cores;
    std::vector<BarrierView> barriers;
    std::vector<MutexView> mutexes;
    DispatchView dispatch;
    std::vector<u8> soc_events;  // oldest first
  };

  explicit EventUnit(const Config& config);

  // Time.
  u64 next_event() const { return next_; }
  void advance(u64 cycle);

  // Private view of a hart, offset within 0x400. Called once, in the first cycle the request is in EX. If it
  // is not granted the hart is a waiter from now on. `data` is what the registers hold in this cycle;
  // answer() adds the events asserted in the grant cycle itself, as the hardware's answer does.
  Reply access(int hart, u32 offset, bool write, u32 wdata, u64 cycle);
  u32 grants(u64 cycle) const { return granted_cycle_ == cycle ? granted_ : 0; }
  Reply complete(int hart, u64 cycle);
  // The exact answer to the last granted read, valid from the cycle after its grant.
  u32 answer(int hart) const { return cores_[hart].answer; }
  // The hart gives up its request (reset, or the debugger moved its pc); nothing of it stays pending.
  void cancel(int hart, u64 cycle);

  // Bus view at 0x1020_0800, offset within 0x800. Not granted: a hart writes the same unit in this cycle;
  // try again in the next one. `hart` is only used to name the culprit of a misuse.
  Reply bus_access(u32 offset, bool write, u32 wdata, u64 cycle, int hart = -1);

  // Events asserted during `cycle`.
  void raise(u32 lines, u32 harts, u64 cycle);
  bool push_soc_event(u8 id, u64 cycle);  // false: FIFO full, the source has to wait

  // Interrupts. The request line of a hart follows buffer & IRQ_MASK one cycle later.
  u32 irq_lines() const { return irq_lines_; }
  u32 take_irq_changes();      // harts whose line rose or fell since the last call
  int irq_id(int hart) const;  // highest pending line; 0 if none
  void acknowledge(int hart, int id, u64 cycle);

  // Views.
  Wait waiting(int hart) const { return cores_[hart].wait; }
  u32 waiting_harts() const { return waiting_; }
  bool clock_on(int hart, u64 cycle) const;
  u32 peek(int hart, u32 offset) const;  // private view, no side effects
  u32 peek_bus(u32 offset) const;
  std::string describe(int hart) const;
  View view(u64 cycle) const;

  bool has_complaints() const { return !complaints_.empty(); }
  std::vector<Complaint> take_complaints();

 private:
  enum class Unit : u8 { kCore, kDispatch, kMutex, kSwTrigger, kSwWait, kSwWaitClear, kBarrier, kReserved };
  struct Register {
    Unit unit;
    u8 index;
    u8 reg;
    bool sleeps() const;
    bool clears() const;
  };
  struct Core {
    u32 mask = 0, irq_mask = 0, buffer = 0, sw_mask = 0;
    u32 acknowledged = 0;  // interrupt bits that the next edge clears
    u32 answer = 0;
    u32 answer_offset = 0;
    // the request of a waiter
    Wait wait;
    u32 offset = 0, wdata = 0;
    bool write = false;
    // Side effects of sleeping reads fire when armed: not again while waiting, nor in the replay after an
    // interrupt.
    bool armed = true;
    bool irq_while_sleep = false;
    u32 replay_offset = 0;  // of the read that the interrupt ended
    u64 irq_since = 0;
  };
  struct Delivery {
    u64 cycle;
    u32 lines;
    u32 harts;
  };

  Register decode(u32 offset) const;
  u32 read(int hart, const Register& r) const;
  u32 read_core(const Core& core, u32 reg) const;
  u32 read_barrier(const EuBarrier& barrier, u32 reg) const;
  Reply load(int hart, u32 offset, const Register& r, u64 cycle);
  Reply store(int hart, u32 offset, const Register& r, u32 wdata, u64 cycle);
  bool write_core(int target, u32 reg, u32 wdata, int culprit);
  bool write_barrier(u32 index, u32 reg, u32 wdata, int culprit);
  void fire(int hart, const Register& r, u64 cycle);
  void trigger(u32 barrier, u32 harts, int culprit);
  void push(int hart, u32 value);
  void unlock(int hart, u32 index, u32 message);
  Reply hold(int hart, WaitKind kind, u32 offset, bool write, u32 wdata, u64 cycle);
  Reply finish(int hart, const Register& r, u64 cycle);
  void stamp(u64 cycle);
  bool claim_barrier(u32 index, u64 cycle);
  bool grantable(int hart, u64 cycle);
  void post(u64 cycle, u32 lines, u32 harts);
  void deliver(u64 cycle);
  void step(u64 cycle);
  void step_parts(u64 cycle);
  void schedule(u64 cycle);
  void wake_at(u64 cycle) { next_ = cycle < next_ ? cycle : next_; }
  u32 level_lines(int hart) const;

  void complain(int hart, std::string text) { complaints_.push_back({hart, false, std::move(text)}); }
  void refuse(int hart, std::string text) { complaints_.push_back({hart, true, std::move(text)}); }
  void check_sleep(int hart, u32 offset, const Register& r);
  void check_wake(int hart, const Register& r);

  u32 harts_, all_, barrier_count_, mutex_count_, sw_count_;
  u32 event_delay_, barrier_delay_;

  Core cores_[kMaxHarts];
  EuBarrier barriers_[16];
  EuMutex mutexes_[16];
  EuDispatch dispatch_;
  EuSocFifo soc_;
  std::vector<Delivery> deliveries_;
  std::vector<Complaint> complaints_;

  u64 next_ = kNever;
  u64 granted_cycle_ = kNever;
  u64 used_cycle_ = kNever;  // of the two masks below
  u32 written_cores_ = 0, claimed_barriers_ = 0;
  u32 granted_ = 0;
  u32 waiting_ = 0;
  u32 busy_barriers_ = 0, busy_mutexes_ = 0;  // to be stepped at the next edge
  bool busy_dispatch_ = false;
  u32 clear_next_ = 0, clearing_ = 0;  // clears of wait-and-clear reads: grant + 1, and their effect
  u32 touched_ = 0;                    // harts whose buffer lost bits by a write
  u32 latch_ = 0;                      // harts whose answer is taken at the next edge
  u32 acknowledging_ = 0;
  u32 irq_pending_ = 0, irq_lines_ = 0, irq_changed_ = 0;
};

}  // namespace flexdbg
