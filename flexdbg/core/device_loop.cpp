// Devices in the cycle loop: their time, their events, and what an access to them causes.
#include <algorithm>
#include <bit>

#include "loop.hpp"

namespace flexdbg {

// The data side of devices that move memory themselves: no time, no arbitration.
struct ClusterBus {
  Cluster& cluster;
  u64 cycle;
  bool read(u32 address, u8* dst, u32 size) {
    return cluster.read_unseen(address, dst, size, cycle, kPortDma);
  }
  bool write(u32 address, const u8* src, u32 size) {
    return cluster.store_unseen(address, src, size, cycle, kPortDma);
  }
};

void Cluster::apply_actions(const Access& access, Hart& h, u64 c, u32& data) {
  for (int i = 0; i < access.action_count; ++i) {
    const Action& action = access.actions[i];
    switch (action.kind) {
      case ActionKind::kStartHarts:
        for (u32 m = action.a; m != 0; m &= m - 1) {
          const int n = std::countr_zero(m);
          Hart& started = s_.harts[n];
          if (started.mode == HartMode::kOff)
            start_hart(started, s_.devices.boot_address(static_cast<u32>(n)), c);
        }
        break;
      case ActionKind::kStopHarts:
        // They finish this cycle, whatever their number.
        resync_ = true;
        s_.stopping |= action.a;
        update_device_due();
        break;
      case ActionKind::kResumeHarts:
        break;
      case ActionKind::kExit: {
        s_.exited = true;
        s_.exit_status = action.a;
        StopEvent e;
        e.reason = StopReason::kExit;
        e.hart = h.index;
        e.pc = h.a.pc;
        e.cycle = c;
        e.code = action.a;
        stop(std::move(e));
        break;
      }
      case ActionKind::kConsole:
        output(action.b == kFcCluster ? static_cast<int>(config_.harts) : static_cast<int>(action.a),
               access.text);
        break;
      case ActionKind::kFcInterrupts:
        update_fc_interrupt(c);
        break;
      case ActionKind::kIcache:
        icache_action(action, c, data);
        break;
      case ActionKind::kArbiterPolicy:
        s_.arbiter.set_last_winner(static_cast<int>(action.a), action.b != 0);
        break;
    }
  }
}

void Cluster::icache_action(const Action& action, u64 c, u32& data) {
  // Whatever the fast model knew of the caches is void, also where a hart has run ahead with it.
  if (config_.fetch == FetchModel::kIcache) resync_ = true;
  for (int i = 0; i < static_cast<int>(config_.harts); ++i) {
    Hart& h = s_.harts[i];
    if (h.mode == HartMode::kFast && config_.fetch == FetchModel::kIcache) h.win_len = h.held_hi = 0;
  }
  ICache& cache = s_.icache;
  switch (action.icache) {
    case IcacheAction::kNone:
      break;
    case IcacheAction::kEnable:
      if (!cache.enabled()) cache.control(ICache::Op::kEnable, 0, c);
      break;
    case IcacheAction::kDisable:
      cache.control(ICache::Op::kDisable, 0, c);
      break;
    case IcacheAction::kFlush:
      cache.control(ICache::Op::kFlush, 0, c);
      break;
    case IcacheAction::kFlushPrivate:
      cache.control(ICache::Op::kFlushPrivate, 0, c);
      break;
    case IcacheAction::kFlushSelected:
      cache.control(ICache::Op::kFlushSelected, action.a, c);
      break;
    case IcacheAction::kClearCounters:
      cache.clear_counters();
      break;
    case IcacheAction::kEnableCounters:
      cache.set_counting(action.a != 0);
      break;
    case IcacheAction::kPrefetch:
      for (int i = 0; i < static_cast<int>(config_.harts); ++i)
        cache.set_prefetch(i, (action.a >> i & 1) != 0, c);
      break;
    case IcacheAction::kReadCounter: {
      const auto which = static_cast<IcacheCounter>(action.a);
      u64 sum = 0;
      const auto add_private = [&](int i) {
        const ICache::PrivateCounters& p = cache.counters(i);
        sum += which == IcacheCounter::kHits           ? p.hits
               : which == IcacheCounter::kTransactions ? p.transactions
               : which == IcacheCounter::kMisses       ? p.misses
                                                       : p.congestion;
      };
      const auto add_bank = [&](int i) {
        const ICache::SharedCounters& b = cache.bank_counters(i);
        sum += which == IcacheCounter::kHits           ? b.hits
               : which == IcacheCounter::kTransactions ? b.transactions
                                                       : b.misses;
      };
      if (action.b == kIcacheAllPrivate) {
        for (int i = 0; i < static_cast<int>(config_.harts); ++i) add_private(i);
      } else if (action.b == kIcacheAllShared) {
        for (int i = 0; i < cache.banks(); ++i) add_bank(i);
      } else if (action.b >= kIcacheBank) {
        add_bank(static_cast<int>(action.b - kIcacheBank));
      } else {
        add_private(static_cast<int>(action.b));
      }
      data = static_cast<u32>(sum);
      break;
    }
  }
}

void Cluster::drain_complaints(u64 c) {
  if (s_.eu.has_complaints()) {
    for (EventUnit::Complaint& x : s_.eu.take_complaints()) {
      const Hart& h = s_.harts[x.hart];
      if (x.fatal && !config_.unmapped_rtl) {
        error_stop(h, 0, 0, 0, x.text);
      } else {
        lint_text(Lint::kDevice, h, h.a.pc, c, x.text);
      }
    }
  }
  if (s_.dma.has_complaints()) {
    for (DmaComplaint& x : s_.dma.take_complaints()) {
      const Hart& h = s_.harts[x.port < ports_ ? x.port : 0];
      if (x.fatal && !config_.unmapped_rtl) {
        error_stop(h, 0, 0, 0, "DMA: " + x.text);
      } else {
        lint_text(Lint::kDevice, h, h.a.pc, c, "DMA: " + x.text);
      }
    }
  }
}

void Cluster::advance_devices(u64 c) {
  for (; s_.stopping != 0; s_.stopping &= s_.stopping - 1) {
    Hart& h = s_.harts[std::countr_zero(s_.stopping)];
    if (h.mode == HartMode::kOff) continue;
    end_stream_before(h, c);
    settle_ledger(h);
    stop_hart(h, c - 1);
  }
  if (s_.elw_fix != 0) {
    if (s_.eu.next_event() <= c) s_.eu.advance(c);
    for (u32 m = s_.elw_fix; m != 0; m &= m - 1) {
      Hart& h = s_.harts[std::countr_zero(m)];
      if (h.fix_rd != 0) h.a.x[h.fix_rd] = s_.eu.answer(h.index);
    }
    s_.elw_fix = 0;
  }
  if (c >= s_.dma.next_event()) {
    ClusterBus bus{*this, c};
    s_.dma.advance(c, bus);
    for (DmaEvent e = s_.dma.take_event(); e.lines != 0; e = s_.dma.take_event()) {
      s_.eu.raise(e.lines, e.harts & ((1u << config_.harts) - 1), c);
      if (e.harts >> config_.harts & 1) {
        s_.devices.interrupts().raise(e.lines);
        update_fc_interrupt(c);
      }
    }
    drain_complaints(c);
  }
  if (c >= s_.devices.next_event()) {
    const Devices::Lines lines = s_.devices.advance(c);
    if (lines.cluster != 0) s_.eu.raise(lines.cluster, (1u << config_.harts) - 1, c);
    if (lines.fc != 0) update_fc_interrupt(c);
  }
  harness_events(c);
  if (c >= s_.eu.next_event()) s_.eu.advance(c);
  wake_sleepers(s_.eu.grants(c), c);
  const u32 changed = s_.eu.take_irq_changes();
  for (u32 m = changed; m != 0; m &= m - 1) {
    const int i = std::countr_zero(m);
    raise_irq(s_.harts[i], (s_.eu.irq_lines() >> i & 1) != 0, static_cast<u32>(s_.eu.irq_id(i)), c);
  }
  if (s_.deciding != 0) decide_interrupts(c);
  if (s_.acks != 0) acknowledge_interrupts(c);
  if (s_.eu.has_complaints()) drain_complaints(c);
  update_device_due();
}

void Cluster::update_device_due() {
  u64 due = std::min(s_.eu.next_event(), s_.devices.next_event());
  due = std::min(due, s_.dma.next_event());
  if ((s_.elw_fix | s_.stopping | s_.deciding) != 0) due = std::min(due, s_.cycle + 1);
  if (s_.acks != 0) {
    for (u32 m = s_.acks; m != 0; m &= m - 1) due = std::min(due, s_.harts[std::countr_zero(m)].ack_at);
  }
  due = std::min(due, next_harness_event());
  s_.device_due = due;
}

void Cluster::wake_sleepers(u32 harts, u64 c) {
  for (u32 m = harts & s_.asleep; m != 0; m &= m - 1) {
    Hart& h = s_.harts[std::countr_zero(m)];
    if (h.wfi) continue;
    const EventUnit::Reply r = s_.eu.complete(h.index, c);
    if (!r.granted) continue;
    h.half_data = r.data;
    h.half = 3;
    h.asleep = false;
    s_.asleep &= ~hart_bit(h);
    s_.elw_fix |= hart_bit(h);
    s_.denied |= hart_bit(h);
    if (h.mode == HartMode::kExact) s_.exact |= hart_bit(h);
    const u64 waited = c - h.wait_since;
    if (tracing_) {
      trace_event(h, TraceKind::kWake, static_cast<u32>(h.wait_cause), static_cast<u32>(waited), c);
    }
    if (waited > 5) h.clock_off += waited - 5;
  }
}

}  // namespace flexdbg
