// The machine: harts, memories, devices, and the cycle loop that moves them.
//
// Order inside a cycle c:
//   1. devices whose next event is due become visible (event unit, DMA, timers, interrupts)
//   2. sleeping harts that the event unit grants take their answer
//   3. TCDM requests presented in c are arbitrated; one grant a bank
//   4. harts whose instruction executes in c, or whose request was granted, execute in ascending order
//   5. fetch units that are stepped cycle by cycle act, then the instruction cache
// At most one port is granted a bank and private instructions touch only their hart, so nothing but this
// order can be observed: that is the determinism argument.
#pragma once

#include <array>
#include <atomic>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "address_map.hpp"
#include "arbiter.hpp"
#include "code.hpp"
#include "config.hpp"
#include "devices.hpp"
#include "dma.hpp"
#include "event_unit.hpp"
#include "fetch_port.hpp"
#include "hart.hpp"
#include "icache.hpp"
#include "macload_stream.hpp"
#include "memory.hpp"
#include "operations.hpp"
#include "semihost.hpp"
#include "stop.hpp"
#include "trace.hpp"
#include "triggers.hpp"
#include "types.hpp"

namespace flexdbg {

namespace isa {
struct OpInfo;
}

constexpr int kPortFc = 16;   // arbiter request bit of the FC
constexpr int kPortDma = 20;  // first of the four DMA ports
constexpr u32 kWheelSize = 64;
constexpr u64 kCheckpointInterval = 16384;  // cycles, at least
constexpr u64 kLongestCheckpointInterval = 131072;
constexpr u8 kNoBank = BankArbiter::kMaxBanks;

// What a conformance run adds to the machine.
struct Harness {
  bool active = false;
  bool stop_at_self_jump = true;  // `j .` halts a hart
  bool instr_script = false, data_script = false;
  bool exact = false;            // step every fetch unit cycle by cycle, always
  std::vector<InstrPort> instr;  // per hart
  std::vector<DataPort> data;
  struct Irq {
    u64 cycle;
    u32 id;
  };
  std::vector<Irq> irqs;  // hart 0
  struct Event {
    u64 cycle;
    u32 lines;
  };
  std::vector<Event> events;  // relative to the first issue of the cluster
  struct Control {
    u64 cycle;
    u8 op;
    u32 address;
  };
  std::vector<Control> controls;  // icache pins
  std::vector<u32> start_delay, entries;
};

// How the next instruction follows when it is not the one behind.
struct Flow {
  bool taken = false;  // only then do the others count
  Cause cause = Cause::kBranch;
  u64 at = 0;          // cycle of the redirect
  u64 not_before = 0;  // nothing moves to ID before this cycle
  u64 shadow = 0;      // cycles of a wrong-path division behind a taken branch
  void redirect(u64 cycle, Cause why) {
    taken = true;
    at = cycle;
    cause = why;
  }
};

// What an executed instruction means for the next one.
struct Effects {
  u32 npc = 0;
  u32 extra = 0;      // further cycles in EX
  u32 load_mask = 0;  // register that answers in the next cycle
  u8 nn_mask = 0;     // NN-RF register that does
  bool branch = false;
};

// Everything that a snapshot copies.
struct State {
  explicit State(const Config& config)
      : arbiter(config), eu(config), icache(config), dma(config), devices(config) {
    std::fill_n(bank, kMaxPorts, kNoBank);
  }

  u64 cycle = 0;
  Hart harts[kMaxPorts];
  // What happens in one cycle of the wheel. `twice` may name too many.
  struct Slot {
    u64 used = 0, twice = 0;  // banks that its harts ask for, and those asked for more than once
    u32 harts = 0;
  };
  Slot wheel[kWheelSize];
  u8 bank[kMaxPorts];  // of the posted TCDM request, or kNoBank
  u32 far = 0;         // harts in the wheel whose wake lies beyond it
  u32 denied = 0;      // harts that lost arbitration, or have to ask again
  u32 exact = 0;       // harts whose fetch unit is stepped
  u32 asleep = 0;      // harts waiting for the event unit or in wfi
  u32 off = 0;         // fetch disabled
  u32 halted = 0;      // harness: reached the final `j .`
  u32 elw_fix = 0;     // harts whose event-unit answer is completed in the next cycle
  u32 skips = 0;       // harts that have seen the breakpoint named by Hart::skip_at
  u32 stopping = 0;    // harts whose fetch is disabled from the next cycle on
  u32 acks = 0;        // harts whose interrupt is acknowledged at Hart::ack_at
  u32 deciding = 0;    // harts with a pending interrupt and an access that may be waiting in EX
  bool tas_pending = false;
  BankArbiter arbiter;
  EventUnit eu;
  ICache icache;
  Dma dma;
  Devices devices;
  u64 device_due = 0;  // earliest event of any device
  u64 bus_free = 0;    // next cycle in which the peripheral and L2 port accepts a request
  u64 first_issue = kNever;
  u64 bank_access[BankArbiter::kMaxBanks + 1] = {}, bank_conflict[64] = {};
  u32 last_winner[64] = {};
  u64 conflicts[kMaxPorts + 4][kMaxPorts + 4] = {};  // [loser][winner]; DMA ports behind the harts
  u64 dma_refused = 0;
  u64 tas_busy[64] = {};  // bank busy until this cycle: second half of a test-and-set
  bool exited = false;
  u32 exit_status = 0;
  size_t irq_next = 0, event_next = 0, control_next = 0;
  Harness::Irq irq_now{};
  u64 irq_raised = kNever, irq_acked = kNever;
  std::vector<InstrPort> instr_ports;
  std::vector<DataPort> data_ports;
  Semihost semihost;
};

const char* profile_name(Profile p);

class Cluster {
 public:
  Cluster(const Config& config, const Harness& harness);

  const Config& config() const { return config_; }
  u64 cycle() const { return s_.cycle; }
  int hart_count() const { return ports_; }

  // Program and control.
  void reset();  // clears memory too
  void load(u32 address, const u8* data, size_t size);
  void set_entry(u32 entry);
  // Runs until a stop or the cycle limit. Fast mode lets private instructions run ahead.
  std::vector<StopEvent> run(u64 limit, bool fast);
  std::vector<StopEvent> run_held(u64 limit, u32 held);  // a run in which some harts stand still
  std::vector<StopEvent> step(int hart, u64 count, u32 held, u64 limit, bool go_on);
  std::vector<StopEvent> step_cycles(u64 count);
  void interrupt() { interrupt_.store(true, std::memory_order_relaxed); }
  // Called about every 50 ms while running; true asks the run to stop.
  void set_poll(bool (*poll)(void*), void* context) { poll_ = poll, poll_context_ = context; }

  // State.
  u32 read_register(int hart, u32 number) const;
  static u32 pc_of(const Hart& h);
  void write_register(int hart, u32 number, u32 value);
  bool read_memory(u32 address, u8* out, size_t size) const;
  bool write_memory(u32 address, const u8* data, size_t size);
  std::string hart_state(int hart) const;
  std::string hart_wait(int hart) const;
  const State& state() const { return s_; }
  const Memory& memory() const { return memory_; }

  // Triggers.
  u32 add_breakpoint(u32 address, u32 harts, u64 ignore, Condition condition = {});
  u32 add_watchpoint(u32 address, u32 size, u8 access, u32 harts);
  u32 add_event(EventTrigger trigger);
  std::optional<i64> condition_value(const Condition& condition, int hart) const;
  bool remove(u32 id);
  // A store by a device or the host: no time passes, watchpoints and decoded code see it.
  // `port` is kPortDma, or the hart on whose call the host does it.
  bool store_unseen(u32 address, const u8* data, u32 size, u64 c, int port);
  bool read_unseen(u32 address, u8* out, u32 size, u64 c, int port);
  const std::vector<Breakpoint>& breakpoints() const { return breakpoints_; }

  // Accounting.
  void ledger(int hart, u64 out[static_cast<int>(Cause::kCount)]) const;
  u64 pc_value(const Hart& h, int event, u64 c) const;  // cumulative count of a performance-counter event
  std::vector<std::pair<int, std::string>> take_output();
  std::vector<Warning> take_warnings();
  bool exited() const { return s_.exited; }
  u32 exit_status() const { return s_.exit_status; }

  // History.
  u32 snapshot();
  bool restore(u32 id);
  void drop_snapshot(u32 id);
  bool goto_cycle(u64 cycle, std::vector<StopEvent>& stops);
  // Between the two the machine may go anywhere in the recorded run; nothing of that shows later.
  void leave();
  void come_back();
  bool is_away() const { return away_; }
  // Questions about the recorded run that leave the machine where it is. False: interrupted.
  struct StepRecord {
    u64 cycle, count;
    u32 pc;  // of the next instruction
  };
  bool steps(int hart, u64 first, u64 last, std::vector<StepRecord>& out);
  bool scan(u64 first, u64 last, std::vector<StopEvent>& out);
  bool record(u64 first, u64 last, u32 kinds, u32 harts, u64 capacity, std::vector<TraceRecord>& out);
  u64 step_count(int hart) const;
  StepRecord first_step(int hart) const;  // at the first recorded cycle
  u64 checkpoint_cycle_before(u64 cycle) const;
  size_t checkpoint_count() const { return history_.size(); }
  u64 history_bytes() const { return history_bytes_; }
  std::pair<u64, u64> history_bounds() const;
  void set_history_budget(u64 bytes);
  u64 state_digest() const;

  TraceRing trace;

 private:
  struct Checkpoint {
    u64 cycle = 0;
    std::unique_ptr<State> state;
    std::vector<PageImage> images;  // pages written between it and the next one, see timeline.cpp
    size_t output_mark = 0;         // pieces of output made before it
    size_t input_next = 0;
    u64 bytes = 0;
    bool scratch = false;  // made while looking at the past
    bool pinned = false;   // somebody comes back to it
  };
  static constexpr u64 kPreciseAfterHit = 1 << 16;  // cycles
  enum Mode { kModeFast, kModePrecise, kModeTraced };

  // loop.cpp
  template <int M>
  void loop(u64 limit);
  template <int M>
  void execute(Hart& h, u64 c, u64 horizon);
  template <int M>
  u64 plain_run(Hart& h, u64 c, u64 horizon);
  template <int M>
  static u64 run_plain(Cluster& self, Hart& h, u64 c, u64 horizon);
  template <int M>
  u64 succeed(Hart& h, const Decoded& d, const Decoded& nd, u64 wake, u32 stall, u32 link, u64 horizon);
  template <int M>
  bool run_general(Hart& h, u64& c, u64 horizon);
  template <int M>
  bool schedule(Hart& h, u64& c, u64 horizon);
  template <int M>
  bool execute_general(Hart& h, const Decoded& d, u64 c);
  template <int M>
  bool depart(Hart& h, const Decoded& d, const Decoded* nd, u32 npc, Flow& flow, u64 c);
  const Decoded* entry_near(Hart& h, const Decoded& d, u32 pc);
  bool post_direct(Hart& h, const Decoded& nd, u64 x);
  void post_word(Hart& h, u32 address, u64 x);
  template <int M>
  bool follow(Hart& h, const Decoded& d, const Decoded* nd, u64 c, const Effects& e, Flow& flow);
  template <int M, typename T>
  bool load(Hart& h, const Decoded& d, u64 c);
  template <int M, typename T>
  bool store(Hart& h, const Decoded& d, u64 c);
  template <int M>
  bool macload_dot(Hart& h, const Decoded& d, u64 c, u32 denied);
  template <int M>
  bool macload_word(Hart& h, const Decoded& d, u64 c);
  void choose_operations();
  [[gnu::noinline]] void warn_operation(const Hart& h, const Decoded& d, u64 c);
  template <int M>
  void charge_stall(Hart& h, const Decoded& d, const Decoded& nd, u64 c, u32 stall, Cause cause);
  template <int M>
  bool memory_op(Hart& h, const Decoded& d, const isa::OpInfo& info, u64 c, u32& load_mask);
  template <int M>
  bool macload(Hart& h, const Decoded& d, const isa::OpInfo& info, u64 c, u8& nn_mask);
  void macload_result(Hart& h, const Decoded& d, const isa::OpInfo& info, u32 fmt, u32 act, u32 wgt,
                      u32 slice, u64 c);
  u32 requesting(u32 ready) const;
  u32 arbitrate_harts(u32 ready, u64 twice, u64 c);
  template <int M>
  u32 arbitrate(u32 ready, u32 requests, u64 c);
  u32 sort_far(u32 ready, u64 c);
  u32 due_now(u64 c) const;
  u32 hold_frozen(u32 ready, u64 c);
  bool at_breakpoint(u32 ready);
  bool skip_idle(u64 limit);
  bool poll_interrupt();
  void check_step();
  void advance_devices(u64 c);
  void update_device_due();
  void stop(StopEvent event) { stops_.push_back(std::move(event)); }
  void hit(StopEvent event);
  void wheel_add(Hart& h, u64 wake) {
    const u32 bit = h.bit;
    u64 slot = wake;
    if (wake - s_.cycle >= kWheelSize) [[unlikely]] {
      slot = s_.cycle + kWheelSize - 1;
      s_.far |= bit;
    }
    State::Slot& at = s_.wheel[slot & (kWheelSize - 1)];
    at.harts |= bit;
    if (s_.bank[h.index] != kNoBank) {
      const u64 bank = u64{1} << s_.bank[h.index];
      at.twice |= at.used & bank;
      at.used |= bank;
    }
  }
  void wheel_remove(Hart& h);

  // macload_run.cpp
  template <int M, u32 F>
  static u64 run_word(Cluster& self, Hart& h, u64 c, u64 horizon);
  template <int M, u32 F>
  static u64 run_dots(Cluster& self, Hart& h, u64 c, u64 horizon);
  template <int M, u32 F>
  static u64 run_loop_end(Cluster& self, Hart& h, u64 c, u64 horizon);
  template <int M, u32 F>
  static u64 follow_macload(Cluster& self, Hart& h, const Decoded& d, const Decoded& nd, u64 c, u32 link,
                            u64 horizon);
  HwLoop* plain_loop(Hart& h, const Decoded& d);
  template <int M>
  [[gnu::noinline]] u64 succeed_rare(Hart& h, u64 c, u32 link, u64 horizon);
  using MacloadRun = u64 (*)(Cluster&, Hart&, u64, u64);
  using MacloadRuns = std::array<std::array<MacloadRun, 64>, 6>;
  template <int M, u32... F>
  static constexpr MacloadRuns macload_runs(std::integer_sequence<u32, F...>);
  static const std::array<MacloadRuns, 2> kMacloadRuns;  // by mode, kind, and format and signs

  // macload_stream.cpp
  bool describe_loop(MacloadStream& s, const Hart& h, const Decoded& first, const Decoded& last);
  void foresee_requests(MacloadStream& s, const Hart& h, u32 most);
  bool begin_stream(Hart& h, const Decoded& last, const Decoded& first, const HwLoop& loop, u64 c, u32 format,
                    MacloadStream::Replay replay);
  void post_stream(u32 hart, MacloadStream::Request request, u64 c);
  bool move_stream(u32 hart, u64 c);
  bool end_stream(Hart& h, u64 cycle);
  void end_stream_before(Hart& h, u64 cycle);
  void end_streams(u64 cycle);
  void recall(int from, u64 c);
  u32 recall_due(int from, u64 c) {
    resync_ = false;
    recall(from, c);
    return std::exchange(recalled_, 0);
  }
  void replay_loads();
  static void settle_fetch(Hart& h, const MacloadStream& s, u32 number, u64 at);
  u32 refused_slice(Hart& h, const MacloadStream& s, u32 place, u32 access, u32 slice, u32 last);
  template <u32 F>
  static void replay_macloads(Cluster& self, Hart& h, MacloadStream& s, u32 until);
  template <u32... F>
  static constexpr std::array<MacloadStream::Replay, 64> make_replays(std::integer_sequence<u32, F...>);
  static const std::array<MacloadStream::Replay, 64> kReplays;  // by format and signs

  // pipeline.cpp: decoding, hazards and the fast model of instruction fetch
  bool forget_code(int region, u32 offset, u32 size);
  std::unique_ptr<State> copy_state() const;
  const Decoded* decode_at(Hart& h, u32 pc);
  bool redirects_early(u32 pc, bool fc) const;
  [[gnu::noinline]] void decode_entry(Hart& h, Decoded& d, u32 pc);
  void prepare(Decoded& d, bool fc) const;
  static void link(const Decoded& d, const Decoded& nd);
  void post(Hart& h, u64 x);
  void settle(Hart& h, const Decoded& d, u64 c, u32 extra, u32 load_mask, u8 nn_mask, bool branch);
  u32 general_stall(Hart& h, const Decoded& d, const Decoded& nd, u64 c, u64 from, u32 extra, u32 load_mask,
                    u8 nn_mask, Cause& cause);
  u64 redirected(Hart& h, const Decoded& d, const Decoded& nd, u32 npc, u64 c, const Flow& flow);
  void note_loop_end(Hart& h, u64 idle);
  void loop_back(Hart& h, u32& npc, u64 c, Flow& flow);
  void hwloop_setup(Hart& h, const Decoded& d);
  void mark_loop_end(Hart& h);
  u64 shadow_division(Hart& h, const Decoded* nd, u64 c);
  bool fetch_is_fast(Hart& h, const Decoded& nd, u32 npc, u64 c, u64 left, bool waits, const Flow& flow);
  bool find_window(Hart& h, u32 pc, u32 end);
  bool in_window(const Hart& h, u32 pc) const { return pc - h.win_lo < h.win_len; }
  bool will_loop_again(const Hart& h, u32 end, u32& start) const;
  bool will_loop(const Hart& h, u32 end, u32& start) const;
  // Nothing redirects fetching to outside the window while the instruction at `pc`, a loop end or one shortly
  // before one, is in ID.
  bool stays_in_window(const Hart& h, const Decoded& d, u32 pc) const {
    if (d.kind <= Kind::kBranch) return false;
    if ((d.flags & kFlagMem) != 0 && behind(d).kind <= Kind::kJal) return false;  // perhaps a jump
    return loops_stay(h, pc);
  }
  bool loops_stay(const Hart& h, u32 pc) const {
    for (const HwLoop& loop : h.a.loop) {
      if (loop.end - pc <= 8 && loop.count > 1 && !in_window(h, loop.start)) return false;
    }
    return true;
  }
  bool ideal_fetch(const Hart& h) const { return h.win_len == ~u32{0}; }
  void refresh_special(u32 loop_end);
  void reschedule(Hart& h, u32 pc);
  void settle_ledger(Hart& h);

  // frontend.cpp: the fetch unit and ID stage, cycle by cycle
  template <int M>
  void step_frontends(u64 c);
  template <int M>
  void step_frontend(Hart& h, u64 c);
  bool after_exact(Hart& h, u32 npc, u64 c, const Flow& flow);
  bool loop_end_asked(Hart& h, u8 moved, u64 c, u64 left);
  void leave_fast(Hart& h, const Decoded* nd, u32 npc, u64 c, u64 left, const Flow& flow);
  bool step_behind_access(Hart& h, u64 c);
  bool leave_id(Hart& h, const Decoded& nd, u64 c, Cause& cause);
  bool fetch_request(Hart& h, u32 address, u64 c);
  bool fetch_arrives(Hart& h, u64 c);
  u32 peek_half(u32 pc, bool from_fc) const;
  void enter_exact(Hart& h) {
    h.mode = HartMode::kExact;
    s_.exact |= hart_bit(h);
  }

  // system.cpp: CSRs, traps, interrupts, sleep, and breaks of the flow
  template <int M>
  void system_op(Hart& h, u64 c);
  template <int M>
  void format_trap(Hart& h, u64 c);
  template <int M>
  bool csr_op(Hart& h, const Decoded& d, u64 c);
  template <int M>
  void finish_elw(Hart& h, const Decoded& d, u64 c);
  void resume_at(Hart& h, u32 pc, u64 at, Cause cause, u64 c);
  void resume_after(Hart& h, u32 npc, u64 moved, Cause cause, u64 c);
  void schedule(Hart& h, u64 x, Cause cause, u64 c);
  void start_hart(Hart& h, u32 pc, u64 c);
  void stop_hart(Hart& h, u64 c);
  void hold(Hart& h, u64 c);
  u32 csr_read(const Hart& h, u32 number, u64 c, bool& known) const;
  void csr_write(Hart& h, u32 number, u32 value, u64 c);
  void take_trap(Hart& h, u32 cause, u64 c);
  void kill_elw(Hart& h, u64 c);
  bool try_interrupt(Hart& h, u64 first);
  void decide_interrupts(u64 c);
  void save_for_handler(Hart& h, u32 pc);
  void enter_handler(Hart& h, u64 acknowledge, u64 redirect, u64 last);
  void interrupt_in_id(Hart& h, u64 c);
  void withdraw(Hart& h);
  void acknowledge_interrupts(u64 c);
  void update_fc_interrupt(u64 c);
  void update_interruptible(Hart& h);
  void raise_irq(Hart& h, bool line, u32 id, u64 c);
  void harness_events(u64 c);
  u64 next_harness_event() const;
  bool semihosting(Hart& h, u64 c);
  u64 pc_events(const Hart& h, int event, u64 last) const;
  void pc_fold(Hart& h, u64 c);

  // stall_counters.cpp
  u32 reads_at(const Hart& h, u32 pc) const;
  u32 seen_behind(const Hart& h, const Decoded& access, const Decoded& nd, u32 npc) const;
  void count_first_in_id(Hart& h, const Decoded& d, const Decoded& nd, u32 npc, u64 first, u64 c,
                         const Effects& e);
  void count_in_id(Hart& h, const Decoded& d, const Decoded& nd, u32 npc, u64 first, u64 c, const Effects& e);
  void count_stepped(Hart& h, const Decoded& nd, bool killed, u64 c);
  void count_killed(Hart& h, u32 pc, u64 c);
  void count_shown(Hart& h, const Decoded& d);
  void pc_next_left(Hart& h);

  // access.cpp: everything but a plain TCDM access
  enum class Answer : u8 { kDone, kWait, kAsleep, kFault };
  template <int M>
  bool uncommon_access(Hart& h, const Decoded& d, const isa::OpInfo& info, u64 c, u32& load_mask);
  template <int M>
  bool uncommon_load(Hart& h, u32 size, u64 c, u32& word);
  Answer scripted_access(Hart& h, bool write, u32 size, u64 c, u32& data);
  Answer beside_memory(Hart& h, bool write, u32 size, u64 c, u32& data);
  Answer split_access(Hart& h, bool write, u32 size, u64 c, u32& data);
  Answer slow_access(Hart& h, bool write, u32 size, bool elw, u64 c, u32& data);
  Answer fault(Hart& h, bool write, u32 size, const std::string& why, u64 c);
  void post_uncommon(Hart& h, u32 size);
  void ask_again(Hart& h, u64 cycle);
  void ram_part(Hart& h, Ram& ram, int region, bool write, u32 address, u32 size, u32 shift, u64 c,
                u32& data);
  void guarded_store(const Hart& h, int region, u32 offset, u32 size, u32 value, u64 c, int port = -1);
  void deny(u32 losers, int bank, int winner, u64 c);
  void apply_actions(const Access& access, Hart& h, u64 c, u32& data);
  void icache_action(const Action& action, u64 c, u32& data);
  void wake_sleepers(u32 harts, u64 c);
  void watch(const Hart& h, u32 address, u32 size, bool write, u32 old_value, u32 new_value, u64 c,
             int port = -1);
  void refresh_watch_pages();
  void error_stop(const Hart& h, u32 address, u8 access, u8 size, std::string message);
  void lint(Lint kind, const Hart& h, u32 pc, u64 c, const char* message);
  void lint_text(Lint kind, const Hart& h, u32 pc, u64 c, const std::string& message);
  void drain_complaints(u64 c);

  // quirks.cpp
  void lint_format(const Hart& h, const Decoded& d, u64 c);
  void lint_result(const Hart& h, const Decoded& d, u64 c);
  void lint_foreign(Hart& h, u64 c);
  void late_result(Hart& h, const Decoded& d);
  u32 stalled_slice(Hart& h, u32 fmt, u32 slice, u64 c);
  void destroyed_pointer(Hart& h, const Decoded& d, u64 c);
  void macload_late(Hart& h, const Decoded& d, u32 value, u64 c);
  void stalled_dotp(Hart& h, u32 pc, u64 c);
  void pointer_read(Hart& h, u32 number, u64 c);
  void mpc_csr_written(Hart& h, const Decoded& d, u32 number, u32 old, u32 value, u64 c);

  // condition.cpp
  bool holds(const Condition& condition, int hart, const TraceRecord* record) const;
  i64 value_of(const Condition& all, size_t index, int hart, const TraceRecord* record, bool& failed) const;
  u64 event_variable(EventVariable name, const TraceRecord* record, bool& failed) const;

  // events.cpp
  bool observes(TraceKind kind) const;
  void note(const TraceRecord& record);
  void match_events(const TraceRecord& record);
  void judge_events();
  StopEvent event_of(const TraceRecord& record, u64 cycle) const;
  void refresh_events();
  void begin_tracing();
  void trace_dma(bool write, u32 address, u32 value, u32 size, u64 c);
  void trace_state(const Hart& h, const Decoded& d, u64 c);
  void trace_reads(const Hart& h, const Decoded& d, const Arch& was, u64 c);
  void trace_csr_reads(const Hart& h, const Decoded& d, const Arch& was, u64 c);
  void trace_walkers(const Hart& h, const Decoded& d, const Arch& was, u64 c);
  void trace_csrs(const Hart& h, const Decoded& d, const Arch& was, u64 c);
  void trace_charges();
  void trace_loop(const Hart& h, int loop, u64 c);
  void trace_retire(const Hart& h, const Decoded& d, u64 c);
  void trace_stall(const Hart& h, Cause cause, u32 cycles, u64 c);
  void trace_access(const Hart& h, TraceKind kind, u32 address, u32 value, u32 size, u64 c);
  void trace_event(const Hart& h, TraceKind kind, u32 a, u32 b, u64 c);

  // timeline.cpp
  u64 checkpoint_due() const;
  void weigh(Checkpoint& x);
  Checkpoint make_checkpoint() const;
  void take_checkpoint();
  void close_interval();
  void insert_checkpoint(bool scratch);
  void remove_base();
  void merge_checkpoint(Checkpoint& before, Checkpoint& gone, bool behind_base);
  template <typename Keep>
  void filter_history(Keep keep);
  void thin_history();
  void drop_scratch();
  void move_base(size_t index);
  void exchange_pages(Checkpoint& x);
  void restore_page(const PageImage& image);
  size_t checkpoint_before(u64 cycle) const;
  void restore_checkpoint(size_t index);
  void forget_checkpoints_ahead();
  void restart_history();

  // scan.cpp
  template <typename F>
  bool elsewhere(F&& look);
  bool watch_to(u64 cycle, Mode mode);
  void log_step();

  // history.cpp
  bool travel_to(u64 cycle);
  bool replay_to(u64 cycle);
  void apply_inputs();
  u64 until_input(u64 limit) const;
  void advance(u64 until, Mode mode);
  bool nobody_ahead() const;
  void rewind();
  void forget_future();
  // Debugger writes and other input from outside, applied again on replay.
  struct Input {
    u64 cycle = 0;
    bool memory = false;
    int hart = 0;     // -1: which harts are held
    u32 address = 0;  // or register number, or the harts held
    std::vector<u8> data;
  };
  void record_input(Input input);
  void record_freeze(u32 harts);
  void apply_input(const Input& input);

  // cluster.cpp
  void start_over();
  void reset_hart(Hart& h, int index);
  void halt_hart(Hart& h, const Decoded& d, u64 c);
  void repost(Hart& h);
  void renew_patched(u32 due, u64 c);
  void refresh_break_flags(u32 address);
  bool report_breakpoint(Hart& h, u32 pc);
  void pass_breakpoint(Hart& h, u32 pc);
  bool passes_breakpoint(const Hart& h, u32 pc) const;
  void mark_resumed();
  void output(int hart, std::string text);

  void charge(Hart& h, Cause cause, u64 cycles) { h.ledger[static_cast<int>(cause)] += cycles; }
  u8 bank_of(u32 tcdm_offset) const {
    const u32 word = tcdm_offset / 4;
    return static_cast<u8>(bank_mask_ != 0 ? word & bank_mask_ : word % config_.tcdm_banks);
  }
  u32 hart_bit(const Hart& h) const { return h.bit; }
  bool is_fc(const Hart& h) const { return h.index == static_cast<int>(config_.harts); }

  Config config_;
  Harness harness_;
  int ports_ = 0;  // harts and the FC
  u32 entry_ = 0x1c008080;
  State s_;
  std::array<Hart*, kMaxPorts> hart_at_{};  // into s_
  Memory memory_;
  CodeCache code_[2];  // cluster profile, FC profile
  std::unordered_set<u32> loop_ends_;
  std::vector<Breakpoint> breakpoints_;
  std::vector<Watchpoint> watchpoints_;
  std::vector<EventTrigger> events_;
  // Matches of this cycle that are judged behind it: the record, and the trigger's place in events_.
  struct PendingEvent {
    TraceRecord record;
    u64 cycle;
    size_t trigger;
  };
  std::vector<PendingEvent> pending_;
  u32 event_kinds_ = 0;     // trace kinds that some trigger matches
  u32 watched_causes_ = 0;  // of kCharge triggers
  // Registers whose reads triggers ask for.
  struct WatchedReads {
    u32 words = 0;  // x registers
    bool nn = false, csrs = false;
    void add(u32 first, u32 last) {
      for (u32 number = first; number < 32 && number <= last; ++number) words |= 1u << number;
      nn |= first < 39 && last > 32;
      csrs |= last > 38;
    }
  };
  WatchedReads watched_reads_;
  bool watches_moving_ = false;       // triggers ask for what dot products and Mac&Loads move on
  bool tracing_ = false;              // the traced loop runs
  std::array<Arch, kMaxPorts> seen_;  // what the traced loop knows the harts hold
  std::array<u64, kMaxPorts> seen_traps_{};
  std::array<std::array<u64, static_cast<int>(Cause::kCount)>, kMaxPorts> charged_{};
  u64 charged_until_ = kNever;
  std::array<u32, kMaxPorts> charging_{};  // causes of the cycle before
  u32 next_id_ = 1;
  std::vector<StopEvent> stops_;
  bool break_decoded_ = false;  // a decoded entry has, or had, a breakpoint
  u32 frozen_ = 0;              // harts held while another steps alone
  int step_hart_ = -1;          // stop when this hart has executed step_target_ instructions
  bool holding_ = false;        // a run in which harts are held is under way
  u64 precise_until_ = 0;       // a breakpoint was hit a short time ago
  u64 step_target_ = 0;
  std::vector<std::pair<int, std::string>> output_;
  size_t output_made_ = 0;   // pieces made up to now
  size_t output_given_ = 0;  // and up to the furthest cycle
  std::unordered_map<u64, Warning> warnings_;
  std::atomic<bool> interrupt_{false};
  bool (*poll_)(void*) = nullptr;
  void* poll_context_ = nullptr;
  const Operation* operations_ = nullptr;  // private instructions by number, with defects or without
  u32 bank_mask_ = 0;                      // banks - 1 where that selects a bank
  // While the loop runs, and never behind it:
  std::array<MacloadStream, kMaxPorts> streams_{};
  u32 streaming_ = 0;       // harts in a stream of Mac&Loads
  u32 recalled_ = 0;        // those that have left it and go on in this very cycle
  u64 stream_limit_ = 0;    // cycle in which all streams end
  bool in_step_ = false;    // kModePrecise runs
  bool slow_data_ = false;  // all data accesses go through the scripted port

  u64 history_budget_ = 0;
  u64 history_bytes_ = 0;
  u64 next_checkpoint_ = 0;
  u64 checkpoint_interval_ = kCheckpointInterval;
  std::deque<Checkpoint> history_;
  size_t base_ = 0;              // the checkpoint before now
  bool away_ = false;            // looking at another cycle, and about to come back
  std::vector<StopEvent> hits_;  // what a scan found
  size_t hits_at_base_ = 0;
  bool scanning_ = false;
  TraceRing away_trace_;
  std::vector<StepRecord>* step_log_ = nullptr;
  u64 step_first_ = 0, step_seen_ = 0;
  bool step_found_ = false;
  u64 last_cycle_ = 0;  // furthest cycle reached
  bool replaying_ = false;
  bool patched_ = false;  // the guest has written code since the last renew_patched()
  bool resync_ = false;   // harts that ran ahead have missed something: replay in step
  struct Snapshot {
    std::unique_ptr<State> state;
    std::vector<u8> memory;
  };
  std::unordered_map<u32, Snapshot> snapshots_;
  u32 next_snapshot_ = 1;
  std::vector<Input> inputs_;
  size_t input_next_ = 0;
};

}  // namespace flexdbg
