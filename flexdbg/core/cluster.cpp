// The machine's life: construction, reset, runs, steps, triggers, and writes from the debugger.
#include "cluster.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "loop.hpp"

namespace flexdbg {

Cluster::Cluster(const Config& config, const Harness& harness)
    : config_(config), harness_(harness), ports_(static_cast<int>(config.harts + config.fc)), s_(config) {
  history_budget_ = u64{config_.history_mb} << 20;
  slow_data_ = harness_.data_script;
  if ((config_.tcdm_banks & (config_.tcdm_banks - 1)) == 0) bank_mask_ = config_.tcdm_banks - 1;
  for (int i = 0; i < kMaxPorts; ++i) hart_at_[i] = &s_.harts[i];
  choose_operations();
  memory_.init(config_);
  reset();
}

void Cluster::reset_hart(Hart& h, int index) {
  h = Hart{};
  h.index = static_cast<u8>(index);
  h.bit = 1u << index;
  h.mode = HartMode::kOff;
  const bool fc = index == static_cast<int>(config_.harts);
  h.a.mhartid = fc ? 31u << 5 : static_cast<u32>(index);
  h.a.mtvec = (entry_ & ~0xffu) | 1;
  s_.off |= 1u << index;
}

void Cluster::reset() {
  memory_.clear();
  start_over();
}

void Cluster::start_over() {
  s_ = State(config_);
  stops_.clear();
  output_.clear();
  output_made_ = output_given_ = 0;
  warnings_.clear();
  loop_ends_.clear();
  frozen_ = 0;
  step_hart_ = -1;
  for (CodeCache& code : code_) code.clear();
  for (int i = 0; i < ports_; ++i) reset_hart(s_.harts[i], i);
  if (harness_.instr_script) s_.instr_ports = harness_.instr;
  if (harness_.data_script) s_.data_ports = harness_.data;
  if (config_.fetch == FetchModel::kIcache) {
    if (config_.icache_enabled_at_reset || config_.boot == Boot::kCluster) {
      s_.icache.control(ICache::Op::kEnable, 0, 0);
      for (u64 c = 0; s_.icache.control_busy() && c < 4096; ++c) s_.icache.tick(c);
      s_.cycle = 0;
    }
    if (config_.icache_prefetch) {
      for (int i = 0; i < static_cast<int>(config_.harts); ++i) s_.icache.set_prefetch(i, true, 0);
    }
  }
  if (config_.boot == Boot::kFc) {
    start_hart(s_.harts[config_.harts], entry_, 0);
  } else {
    s_.devices.boot_cluster(entry_);
    for (u32 i = 0; i < config_.harts; ++i) {
      const u32 delay = i < harness_.start_delay.size() ? harness_.start_delay[i] : 0;
      const u32 entry = i < harness_.entries.size() ? harness_.entries[i] : entry_;
      s_.harts[i].a.mtvec = (entry & ~0xffu) | 1;
      start_hart(s_.harts[i], entry, delay);
    }
  }
  update_device_due();
  restart_history();
}

// Before the first cycle the harts start over at the new entry; later it counts from the next reset on.
void Cluster::set_entry(u32 entry) {
  entry_ = entry;
  if (s_.cycle == 0) start_over();
}

void Cluster::load(u32 address, const u8* data, size_t size) {
  for (size_t i = 0; i < size;) {
    const u32 at = address + static_cast<u32>(i);
    const Target t = decode(at, config_.fc != 0 && at < kFcL2Alias, config_);
    Ram& r = t.region == Region::kTcdm ? memory_.tcdm() : memory_.l2();
    const size_t run = std::min<size_t>(size - i, r.size - t.offset);
    std::memcpy(r.bytes.data() + t.offset, data + i, run);
    forget_code(t.region == Region::kTcdm ? Memory::kTcdm : Memory::kL2, t.offset, static_cast<u32>(run));
    i += run;
  }
  renew_patched(0, s_.cycle - 1);
  restart_history();
}

// Code in [offset, offset + size) of a memory is decoded again, at every address at which it may have been
// executed. True: some had been decoded.
bool Cluster::forget_code(int region, u32 offset, u32 size) {
  Decoded executed[kMaxPorts];
  for (int i = 0; i < ports_; ++i) {
    if (const Decoded* prev = s_.harts[i].prev; prev != nullptr) executed[i] = *prev;
  }
  bool decoded = false;
  const auto forget = [&](u32 at) {
    for (CodeCache& code : code_) {
      if (code.covers(at, size)) decoded |= code.invalidate(at, size);
    }
  };
  if (region == Memory::kTcdm) {
    forget(config_.tcdm_base + offset);
    for (u32 at = offset; at < kTcdmWindow; at += config_.tcdm_size) {
      forget(tcdm_window_base(config_) + at);
      forget(at);
    }
  } else {
    forget(config_.l2_base + offset);
    if (offset < kFcL2Alias) forget(offset);
  }
  // What a hart has executed stays what it was.
  for (int i = 0; i < ports_; ++i) {
    Hart& h = s_.harts[i];
    if (h.prev == nullptr || h.prev->op == executed[i].op || h.over_itself) continue;
    h.kept_from = h.prev;
    h.kept = executed[i];
    h.prev = &h.kept;
  }
  return decoded;
}

// --- runs ---

namespace {
// Names one execution of one instruction.
u64 execution(const Hart& h, u32 pc) { return (h.instret + h.traps) << 32 | pc; }
}  // namespace

// A breakpoint at `pc`, which the hart executes next, has been seen.
void Cluster::pass_breakpoint(Hart& h, u32 pc) {
  h.skip_at = execution(h, pc);
  s_.skips |= hart_bit(h);
}

bool Cluster::passes_breakpoint(const Hart& h, u32 pc) const {
  return (s_.skips & hart_bit(h)) != 0 && h.skip_at == execution(h, pc);
}

// Harts that would stop before this very cycle: whoever went here knows that they stand on a breakpoint.
void Cluster::mark_resumed() {
  const u32 ready = s_.wheel[s_.cycle & (kWheelSize - 1)].harts | s_.denied;
  for (u32 m = ready & ~s_.far; m != 0; m &= m - 1) {
    Hart& h = s_.harts[std::countr_zero(m)];
    pass_breakpoint(h, h.a.pc);
  }
}

std::vector<StopEvent> Cluster::run(u64 limit, bool fast) {
  stops_.clear();
  while (s_.cycle < limit && stops_.empty()) {
    apply_inputs();
    // Where breakpoints are met often, going back to the cycle of each hit would cost more than running ahead
    // gains.
    const bool met = !breakpoints_.empty() && s_.cycle < precise_until_;
    const bool precise = !fast || met || !watchpoints_.empty() || step_hart_ >= 0;
    advance(until_input(met ? std::min(limit, precise_until_) : limit), trace.on() || !events_.empty()
                                                                            ? kModeTraced
                                                                        : precise ? kModePrecise
                                                                                  : kModeFast);
    for (const StopEvent& e : stops_) {
      if (e.reason == StopReason::kInterrupted) interrupt_.store(false);
    }
  }
  apply_inputs();  // a cycle is what came from outside made it, as in a replay
  last_cycle_ = std::max(last_cycle_, s_.cycle);
  std::vector<StopEvent> out = std::move(stops_);
  stops_.clear();
  if (out.empty()) {
    StopEvent e;
    e.reason = StopReason::kCycles;
    e.cycle = s_.cycle;
    out.push_back(std::move(e));
  }
  return out;
}

std::vector<StopEvent> Cluster::step_cycles(u64 count) { return run(s_.cycle + count, false); }

std::vector<StopEvent> Cluster::run_held(u64 limit, u32 held) {
  holding_ = true;
  record_freeze(held);
  std::vector<StopEvent> out = run(limit, true);
  record_freeze(0);
  holding_ = false;
  return out;
}

// `go_on` completes a step that the limit cut short: its target stays.
std::vector<StopEvent> Cluster::step(int hart, u64 count, u32 held, u64 limit, bool go_on) {
  Hart& h = s_.harts[hart];
  if (h.mode == HartMode::kOff || (s_.halted >> hart & 1)) {
    StopEvent e;
    e.reason = StopReason::kError;
    e.hart = hart;
    e.pc = h.a.pc;
    e.cycle = s_.cycle;
    e.message = "this hart does not run: " + hart_wait(hart);
    return {e};
  }
  step_hart_ = hart;
  if (!go_on) {
    step_target_ = h.instret + h.traps + count;
    pass_breakpoint(h, read_register(hart, 32));
  }
  if (held != 0) record_freeze(held);
  std::vector<StopEvent> out = run(limit, false);
  if (held != 0) record_freeze(0);
  step_hart_ = -1;
  return out;
}

void Cluster::check_step() {
  Hart& h = s_.harts[step_hart_];
  if (step_log_ != nullptr) log_step();
  if (!stops_.empty() || replaying_) return;
  // A wfi is over when it wakes, as an event load is.
  if (h.instret + h.traps < step_target_ || (h.wfi && h.asleep)) {
    const bool nothing_due = std::min(s_.device_due, s_.icache.next_event()) == kNever && !s_.dma.active();
    if (frozen_ == 0 || !(s_.asleep & hart_bit(h)) || !nothing_due) return;
    StopEvent e;
    e.reason = StopReason::kDeadlock;
    e.hart = step_hart_;
    e.pc = read_register(step_hart_, 32);
    e.cycle = s_.cycle;
    e.message =
        "hart " + std::to_string(step_hart_) + ": " + hart_wait(step_hart_) + ", while all others are held";
    stop(std::move(e));
    return;
  }
  const u32 pc = read_register(step_hart_, 32);
  StopEvent e;
  e.reason = StopReason::kStep;
  e.hart = step_hart_;
  e.pc = pc;
  e.cycle = s_.cycle;
  stop(std::move(e));
  report_breakpoint(h, pc);  // the step has brought it there
}

bool Cluster::poll_interrupt() {
  bool asked = interrupt_.load(std::memory_order_relaxed);
  if (!asked && poll_ != nullptr) asked = poll_(poll_context_);
  if (!asked) return false;
  interrupt_.store(true);
  StopEvent e;
  e.reason = StopReason::kInterrupted;
  e.cycle = s_.cycle;
  stop(std::move(e));
  return true;
}

u32 Cluster::sort_far(u32 ready, u64 c) {
  for (u32 m = ready & s_.far; m != 0; m &= m - 1) {
    Hart& h = s_.harts[std::countr_zero(m)];
    const u64 due = h.slow_grant != kNever && h.post == Post::kSlow ? h.slow_grant : h.wake;
    s_.far &= ~hart_bit(h);
    if (due > c) {
      ready &= ~hart_bit(h);
      wheel_add(h, due);
    }
  }
  return ready;
}

// Harts that act in cycle c if nothing of it has happened yet.
u32 Cluster::due_now(u64 c) const {
  u32 ready = s_.wheel[c & (kWheelSize - 1)].harts | s_.denied;
  for (u32 m = ready & s_.far; m != 0; m &= m - 1) {
    const Hart& h = s_.harts[std::countr_zero(m)];
    const u64 due = h.slow_grant != kNever && h.post == Post::kSlow ? h.slow_grant : h.wake;
    if (due > c) ready &= ~hart_bit(h);
  }
  return ready & ~frozen_;
}

u32 Cluster::hold_frozen(u32 ready, u64 c) {
  for (u32 m = ready & frozen_; m != 0; m &= m - 1) {
    Hart& h = s_.harts[std::countr_zero(m)];
    charge(h, Cause::kStopped, 1);
    if (h.denied != 0 || h.post == Post::kSlow) ++h.denied;  // not charged again when it is granted
    h.wake = std::max(h.wake, c + 1);
    s_.denied |= hart_bit(h);
  }
  return ready & ~frozen_;
}

bool Cluster::at_breakpoint(u32 ready) {
  bool hit = false;
  if (replaying_ && !scanning_) {
    // Seen when the run came by here first.
    for (u32 m = ready; m != 0; m &= m - 1) {
      Hart& h = s_.harts[std::countr_zero(m)];
      if (h.next->flags & kFlagBreak) pass_breakpoint(h, h.a.pc);
    }
    return false;
  }
  for (u32 m = ready; m != 0; m &= m - 1) {
    Hart& h = s_.harts[std::countr_zero(m)];
    if ((h.next->flags & kFlagBreak) && !passes_breakpoint(h, h.a.pc)) hit |= report_breakpoint(h, h.a.pc);
  }
  return hit;
}

bool Cluster::report_breakpoint(Hart& h, u32 pc) {
  StopEvent e;
  for (Breakpoint& b : breakpoints_) {
    if (b.address != pc || !(b.harts & hart_bit(h))) continue;
    if (!b.condition.empty() && !holds(b.condition, h.index, nullptr)) continue;
    if (!scanning_) {
      ++b.hits;
      if (b.ignore > 0) {
        --b.ignore;
        continue;
      }
    }
    e.ids.push_back(b.id);
  }
  pass_breakpoint(h, pc);
  if (e.ids.empty()) return false;
  if (!scanning_) precise_until_ = s_.cycle + kPreciseAfterHit;
  e.reason = StopReason::kBreakpoint;
  e.hart = h.index;
  e.pc = pc;
  e.cycle = s_.cycle;
  hit(std::move(e));
  return !scanning_;
}

// A trigger: news for whoever runs or scans, none for a replay.
void Cluster::hit(StopEvent event) {
  if (scanning_) {
    hits_.push_back(std::move(event));
  } else if (!replaying_) {
    stop(std::move(event));
  }
}

// Nothing is ready in this cycle: go to the next one in which something is. False: nothing ever will be.
bool Cluster::skip_idle(u64 limit) {
  const u64 c = s_.cycle;
  if (s_.icache.next_event() <= c) s_.icache.tick(c);
  u64 next = std::min(s_.device_due, s_.icache.next_event());
  if (tracing_ && watched_causes_ != 0 && next != kNever) next = std::min(next, c + 1);
  for (u64 k = 1; k < kWheelSize && c + k < next; ++k) {
    if (s_.wheel[(c + k) & (kWheelSize - 1)].harts != 0) next = c + k;
  }
  if (next == kNever) {
    StopEvent e;
    e.cycle = c;
    if (s_.halted != 0 && (s_.halted | s_.off) == (1u << ports_) - 1) {
      e.reason = StopReason::kHalted;
    } else {
      e.reason = StopReason::kDeadlock;
      for (int i = 0; i < ports_; ++i) {
        const std::string why = hart_wait(i);
        if (why.empty()) continue;
        if (!e.message.empty()) e.message += "; ";
        e.message +=
            (i == static_cast<int>(config_.harts) ? "FC: " : "hart " + std::to_string(i) + ": ") + why;
      }
      for (int i = 0; i < ports_; ++i) {
        if (s_.asleep >> i & 1) {
          e.hart = i;
          e.pc = s_.harts[i].a.pc;
          break;
        }
      }
    }
    stop(std::move(e));
    return false;
  }
  s_.cycle = std::min(next, limit);
  return true;
}

void Cluster::wheel_remove(Hart& h) {
  const u32 keep = ~hart_bit(h);
  for (State::Slot& slot : s_.wheel) slot.harts &= keep;
  s_.denied &= keep;
  s_.far &= keep;
}

// The program's final `j .` in a harness run.
void Cluster::halt_hart(Hart& h, const Decoded& d, u64 c) {
  ++h.instret;
  h.pc_raw[kPcRvc] += d.len == 2;
  h.pc_raw[kPcJump] += h.jump_hidden ? 0 : 1;
  if (h.a.attention != 0) late_result(h, d);
  if (tracing_) trace_retire(h, d, c);
  s_.halted |= hart_bit(h);
  s_.exact &= ~hart_bit(h);
  h.mode = HartMode::kHalted;
  h.post = Post::kPrivate;
  s_.bank[h.index] = kNoBank;
  if ((s_.halted | s_.off) == (1u << ports_) - 1) {
    StopEvent e;
    e.reason = StopReason::kHalted;
    e.hart = h.index;
    e.pc = h.a.pc;
    e.cycle = c;
    stop(std::move(e));
  }
}

// --- writes from the debugger ---

void Cluster::repost(Hart& h) {
  const bool scheduled = h.mode == HartMode::kFast || (h.mode == HartMode::kExact && h.posted);
  const bool under_way = h.half == 1 || h.half == 3;  // one half is done, or the answer is there
  if (!scheduled || h.asleep || under_way || h.next == nullptr || !(h.next->flags & kFlagMem)) return;
  const u32 denied = h.denied, prev_denied = h.prev_denied;
  const bool slow = h.post == Post::kSlow && !slow_data_;
  const u64 since = h.first_present + denied;
  const Cause cause = h.wait_cause;
  wheel_remove(h);
  post(h, h.issued + 1);
  h.denied = denied;
  h.prev_denied = prev_denied;
  // A slow access is charged when it is granted; this one never is.
  if (slow && h.post != Post::kSlow && s_.cycle > since) {
    charge(h, cause, s_.cycle - since);
    h.denied += static_cast<u32>(s_.cycle - since);
  }
  if (h.wake <= s_.cycle) {
    s_.denied |= hart_bit(h);
  } else {
    wheel_add(h, h.wake);
  }
}

// Code has been written up to cycle c: harts whose next instruction it was present the new one, so that no
// state between two cycles depends on what was decoded before. Those that are `due` find out by themselves.
void Cluster::renew_patched(u32 due, u64 c) {
  patched_ = false;
  for (int i = 0; i < ports_; ++i) {
    Hart& h = s_.harts[i];
    if (h.over_itself) {
      h.over_itself = false;
      if (h.prev == h.kept_from) h.prev = &h.kept;
    }
    if ((due & h.bit) != 0 || h.next == nullptr || h.next->op != isa::kOpUndecoded) continue;
    h.next = decode_at(h, h.a.pc);
    const bool scheduled = h.mode == HartMode::kFast || (h.mode == HartMode::kExact && h.posted);
    if (!scheduled || h.asleep || h.half == 1 || h.half == 3) continue;
    const u64 since = h.first_present + h.denied;
    if (h.post == Post::kSlow && !slow_data_ && c + 1 > since) charge(h, h.wait_cause, c + 1 - since);
    wheel_remove(h);
    post(h, std::max(h.wake, c + 1));
    wheel_add(h, h.wake);
  }
}

// Charges everything up to this cycle, and nothing ahead of it.
void Cluster::settle_ledger(Hart& h) {
  u64 causes[static_cast<int>(Cause::kCount)];
  ledger(h.index, causes);
  for (int i = 1; i < static_cast<int>(Cause::kCount); ++i) h.ledger[i] = causes[i];
}

void Cluster::reschedule(Hart& h, u32 pc) {
  if (h.mode == HartMode::kOff || h.mode == HartMode::kHalted) {
    h.a.pc = pc;
    return;
  }
  if (h.asleep && !h.wfi) s_.eu.cancel(h.index, s_.cycle);
  settle_ledger(h);
  h.off_since = std::min(h.off_since, s_.cycle);
  withdraw(h);
  h.asleep = h.wfi = false;
  s_.asleep &= ~hart_bit(h);
  s_.exact &= ~hart_bit(h);
  h.skip_trap = false;
  h.half = 0;
  h.resume_from = pc;
  h.resume_not_before = 0;
  h.wb_ready = std::min(h.wb_ready, s_.cycle);
  if (h.mode == HartMode::kExact && h.fe.inflight && h.fe.arrives == kNever) {
    h.fe.drop = true;  // the cache still answers the old fetch
  }
  resume_at(h, pc, s_.cycle, Cause::kStopped, s_.cycle - 1);
  h.ex_ready = std::min(h.ex_ready, s_.cycle);  // there is no cycle before the first
}

void Cluster::write_register(int hart, u32 number, u32 value) {
  Input input;
  input.cycle = s_.cycle;
  input.hart = hart;
  input.address = number;
  input.data.resize(4);
  std::memcpy(input.data.data(), &value, 4);
  record_input(std::move(input));
  Hart& h = s_.harts[hart];
  Arch& a = h.a;
  if (number == 0) return;
  if (number < 32) {
    a.x[number] = value;
  } else if (number == 32) {
    reschedule(h, value & ~1u);
    return;
  } else if (number < 37) {
    a.nn_w[number - 33] = value;
  } else if (number < 39) {
    a.nn_a[number - 37] = value;
  } else if (number == 39) {
    a.skip_count = value & 31;
  } else if (number == 40) {
    a.a.count = value;
  } else if (number == 41) {
    a.w.count = value;
  } else {
    const u32 csr = number - 0x1000;
    const u32 a_count = a.a.count, w_count = a.w.count;
    csr_write(h, csr, value, s_.cycle);
    // The debugger's write has no side effect on the hidden counters.
    a.a.count = a_count;
    a.w.count = w_count;
  }
  repost(h);
}

bool Cluster::write_memory(u32 address, const u8* data, size_t size) {
  for (size_t i = 0; i < size; ++i) {
    const Target t = decode(address + static_cast<u32>(i), false, config_);
    if (t.region != Region::kTcdm && t.region != Region::kTcdmTas && t.region != Region::kL2) return false;
  }
  Input input;
  input.cycle = s_.cycle;
  input.memory = true;
  input.address = address;
  input.data.assign(data, data + size);
  record_input(std::move(input));
  for (size_t i = 0; i < size;) {
    const Target t = decode(address + static_cast<u32>(i), false, config_);
    const int region = t.region == Region::kL2 ? Memory::kL2 : Memory::kTcdm;
    Ram& r = memory_.regions[region];
    const u32 run = static_cast<u32>(std::min<size_t>(size - i, r.size - t.offset));
    const u32 last = (t.offset + run - 1) >> kPageShift;
    for (u32 page = t.offset >> kPageShift; page <= last; ++page) {
      if (r.attr[page] & kAttrShared) memory_.save_page(region, page);
    }
    std::memcpy(r.bytes.data() + t.offset, data + i, run);
    forget_code(region, t.offset, run);
    i += run;
  }
  renew_patched(0, s_.cycle - 1);
  return true;
}

// --- triggers ---

void Cluster::refresh_break_flags(u32 address) {
  bool armed = false;
  for (const Breakpoint& b : breakpoints_) armed |= b.address == address;
  for (CodeCache& code : code_) {
    if (Decoded* d = code.find(address)) {
      d->flags = static_cast<u8>(armed ? d->flags | kFlagBreak : d->flags & ~kFlagBreak);
      d->unlink();  // not one to be executed ahead
      break_decoded_ |= armed;
    }
    // What stands before it has to look at it anew.
    for (const u32 before : {address - 2, address - 4}) {
      if (Decoded* d = code.find(before)) d->unlink();
    }
  }
  if (breakpoints_.empty()) break_decoded_ = false;
}

u32 Cluster::add_breakpoint(u32 address, u32 harts, u64 ignore, Condition condition) {
  breakpoints_.push_back({next_id_, address, harts, ignore, 0, std::move(condition)});
  refresh_break_flags(address);
  return next_id_++;
}

u32 Cluster::add_watchpoint(u32 address, u32 size, u8 access, u32 harts) {
  watchpoints_.push_back({next_id_, address, size, access, harts});
  refresh_watch_pages();
  return next_id_++;
}

void Cluster::refresh_watch_pages() {
  for (Ram& r : memory_.regions) {
    for (u8& a : r.attr) a &= static_cast<u8>(~kAttrWatch);
    for (const Watchpoint& w : watchpoints_) {
      if (!r.contains(w.address) && !r.contains(w.address + w.size - 1)) continue;
      const u32 first = std::max(w.address, r.base) - r.base;
      const u32 last = std::min(w.address + w.size - 1, r.base + r.size - 1) - r.base;
      for (u32 page = first >> kPageShift; page <= last >> kPageShift; ++page) r.attr[page] |= kAttrWatch;
    }
  }
}

bool Cluster::remove(u32 id) {
  for (size_t i = 0; i < breakpoints_.size(); ++i) {
    if (breakpoints_[i].id != id) continue;
    const u32 address = breakpoints_[i].address;
    breakpoints_.erase(breakpoints_.begin() + static_cast<std::ptrdiff_t>(i));
    refresh_break_flags(address);
    return true;
  }
  for (size_t i = 0; i < events_.size(); ++i) {
    if (events_[i].id != id) continue;
    events_.erase(events_.begin() + static_cast<std::ptrdiff_t>(i));
    refresh_events();
    return true;
  }
  for (size_t i = 0; i < watchpoints_.size(); ++i) {
    if (watchpoints_[i].id != id) continue;
    watchpoints_.erase(watchpoints_.begin() + static_cast<std::ptrdiff_t>(i));
    refresh_watch_pages();
    return true;
  }
  return false;
}

std::vector<std::pair<int, std::string>> Cluster::take_output() { return std::exchange(output_, {}); }

// A replay makes again what has been handed out.
void Cluster::output(int hart, std::string text) {
  if (output_made_++ < output_given_) return;
  output_given_ = output_made_;
  output_.emplace_back(hart, std::move(text));
}

std::vector<Warning> Cluster::take_warnings() {
  std::vector<Warning> out;
  for (const auto& [key, w] : warnings_) out.push_back(w);
  std::sort(out.begin(), out.end(), [](const Warning& a, const Warning& b) {
    return std::tie(a.cycle, a.hart, a.kind, a.pc, a.message) <
           std::tie(b.cycle, b.hart, b.kind, b.pc, b.message);
  });
  return out;
}

}  // namespace flexdbg
