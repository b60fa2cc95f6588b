// Every data access but a plain one to a TCDM bank: split accesses, L2, devices, sleep, scripted ports.
#include "loop.hpp"

namespace flexdbg {

// What a device or the host reads is seen by watchpoints.
bool Cluster::read_unseen(u32 address, u8* out, u32 size, u64 c, int port) {
  if (!read_memory(address, out, size)) return false;
  const bool dma = port == kPortDma;
  for (u32 i = 0; i < size;) {
    const u32 at = address + i;
    const u32 length = std::min(size - i, 4 - (at & 3));
    u32 word = 0;
    std::memcpy(&word, out + i, length);
    const Target t = decode(at, false, config_);
    const int region = t.region == Region::kTcdm ? Memory::kTcdm : t.region == Region::kL2 ? Memory::kL2 : -1;
    if (region >= 0 && (memory_.regions[region].attr[t.offset >> kPageShift] & kAttrWatch) != 0) {
      watch(s_.harts[dma ? 0 : port], memory_.regions[region].base + t.offset, length, false, word, word, c,
            port);
    }
    if (dma) trace_dma(false, at, word, length, c);
    i += length;
  }
  return true;
}

bool Cluster::store_unseen(u32 address, const u8* data, u32 size, u64 c, int port) {
  const Target t = decode(address, false, config_);
  const int region = t.region == Region::kTcdm ? Memory::kTcdm : t.region == Region::kL2 ? Memory::kL2 : -1;
  if (region < 0 || u64{t.offset} + size > memory_.regions[region].size) return false;
  for (u32 i = 0; i < size;) {
    const u32 at = t.offset + i;
    const u32 length = std::min(size - i, 4 - (at & 3));
    u32 word = 0;
    std::memcpy(&word, data + i, length);
    guarded_store(s_.harts[port == kPortDma ? 0 : port], region, at, length, word, c, port);
    if (port == kPortDma) trace_dma(true, address + i, word, length, c);
    i += length;
  }
  return true;
}

// Up to four bytes that need a look at the attributes of their pages.
void Cluster::guarded_store(const Hart& h, int region, u32 offset, u32 size, u32 value, u64 c, int port) {
  Ram& ram = memory_.regions[region];
  const u32 first = offset >> kPageShift, last = (offset + size - 1) >> kPageShift;
  for (u32 page = first; page <= last; ++page) {
    if (ram.attr[page] & kAttrShared) memory_.save_page(region, page);
  }
  const u32 address = ram.base + offset;
  u8* p = ram.bytes.data() + offset;
  if ((ram.attr[first] | ram.attr[last]) & kAttrWatch) {
    u32 before = 0, after = 0;
    std::memcpy(&before, p, size);
    std::memcpy(&after, &value, size);
    watch(h, address, size, true, before, after, c, port);
  }
  if (((ram.attr[first] | ram.attr[last]) & kAttrStream) != 0) {
    replay_loads();
    if (streaming_ == 0) ram.attr[first] &= static_cast<u8>(~kAttrStream);
  }
  std::memcpy(p, &value, size);
  if ((ram.attr[first] | ram.attr[last]) & kAttrCode) {
    if (in_step_ && streaming_ != 0) {
      recall(port == kPortDma ? -1 : h.index, c);
      resync_ = true;
    }
    // A hart that has run ahead may have executed what was there before.
    const Decoded* storing = port < 0 ? h.next : nullptr;
    const Decoded store = storing != nullptr ? *storing : Decoded{};
    if (forget_code(region, offset, size)) resync_ = patched_ = true;
    if (storing != nullptr && storing->op != store.op) {
      Hart& own = s_.harts[h.index];
      own.kept = store;
      own.kept_from = storing;
      own.over_itself = true;
    }
  }
}

void Cluster::watch(const Hart& h, u32 address, u32 size, bool write, u32 old_value, u32 new_value, u64 c,
                    int port) {
  for (const Watchpoint& w : watchpoints_) {
    if (address + size <= w.address || address >= w.address + w.size) continue;
    if (!(w.access & (write ? 2 : 1))) continue;
    const bool dma = port == kPortDma;
    if (!(w.harts >> (dma ? 31 : h.index) & 1)) continue;
    StopEvent e;
    e.reason = StopReason::kWatchpoint;
    e.hart = dma ? -1 : h.index;
    e.pc = dma ? 0 : h.a.pc;
    e.cycle = c;
    e.address = address;
    e.access = write ? 2 : 1;
    e.size = static_cast<u8>(size);
    e.old_value = old_value;
    e.new_value = new_value;
    e.ids.push_back(w.id);
    if (dma) {
      e.message = write ? "written by the DMA" : "read by the DMA";
    } else if (port >= 0) {
      e.message =
          write ? "written by the host, on a semihosting call" : "read by the host, on a semihosting call";
    }
    hit(std::move(e));
  }
}

void Cluster::error_stop(const Hart& h, u32 address, u8 access, u8 size, std::string message) {
  StopEvent e;
  e.reason = StopReason::kError;
  e.hart = h.index;
  e.pc = h.a.pc;
  e.cycle = s_.cycle;
  e.address = address;
  e.access = access;
  e.size = size;
  e.message = std::move(message);
  stop(std::move(e));
}

namespace {
constexpr const char* kBeyondTcdm = "the access ends beyond the TCDM";

std::string access_text(const Hart& h, bool write, u32 size) {
  return std::string(write ? "store" : "load") + " of " + std::to_string(size) +
         (size == 1 ? " byte" : " bytes") + " at " + hex32(h.req_addr) + ": ";
}

Cause cause_of(Region region) {
  switch (region) {
    case Region::kL2:
      return Cause::kL2;
    case Region::kDmaDemux:
    case Region::kDmaCluster:
    case Region::kDmaFc:
      return Cause::kDma;
    default:
      return Cause::kPeripheral;
  }
}
}  // namespace

// Where a request goes that is no aligned access of a cluster hart to the TCDM proper.
void Cluster::post_uncommon(Hart& h, u32 size) {
  h.post = Post::kSlow;
  if (slow_data_) return;
  const Target t = decode(h.req_addr, is_fc(h), config_);
  h.req_target = t;
  h.wait_cause = cause_of(t.region);
  const bool tcdm = t.region == Region::kTcdm || t.region == Region::kTcdmTas;
  if (t.wrapped) {
    lint(Lint::kTcdmWrap, h, h.a.pc, s_.cycle, "TCDM address beyond the memory: it wraps");
  }
  if (is_fc(h)) return;
  const bool elw = timing_of(*h.next) == Timing::kElw;
  if (tcdm) {
    h.req_addr = memory_.tcdm().base + t.offset;
    const bool aligned = (t.offset & 3) + size <= 4 && t.offset + size <= config_.tcdm_size;
    if (t.region == Region::kTcdmTas) {
      h.post = Post::kSplit;
      h.half = 2;
    } else {
      h.post = aligned && !elw ? Post::kTcdm : Post::kSplit;
    }
    s_.bank[h.index] = static_cast<u8>(t.offset / 4 % config_.tcdm_banks);
  }
}

namespace {
constexpr u32 kBenchNothing = 0xdeadbeef;

// Bytes of an access that lie in its first word.
u32 first_part(u32 address, u32 size) { return std::min(size, 4 - (address & 3)); }
}  // namespace

void Cluster::ram_part(Hart& h, Ram& ram, int region, bool write, u32 address, u32 size, u32 shift, u64 c,
                       u32& data) {
  if (harness_.active && !ram.contains(address)) {
    // What the recorded test bench answered beside its memories.
    if (!write)
      data |= (kBenchNothing >> (8 * (address & 3)) & (size == 4 ? ~u32{0} : (1u << (8 * size)) - 1))
              << shift;
    return;
  }
  const u32 offset = (address - ram.base) % ram.size;
  for (u32 i = 0; i < size;) {
    const u32 at = (offset + i) % ram.size;
    const u32 length = std::min(size - i, ram.size - at);
    if (write) {
      guarded_store(h, region, at, length, data >> (shift + 8 * i), c);
    } else {
      u32 part = 0;
      std::memcpy(&part, ram.bytes.data() + at, length);
      if ((ram.attr[at >> kPageShift] | ram.attr[(at + length - 1) >> kPageShift]) & kAttrWatch) {
        watch(h, ram.base + at, length, false, part, part, c);
      }
      data |= part << (shift + 8 * i);
    }
    i += length;
  }
}

Cluster::Answer Cluster::scripted_access(Hart& h, bool write, u32 size, u64 c, u32& data) {
  DataPort& port = s_.data_ports[h.index];
  const i64 relative = s_.first_issue == kNever ? -1 : static_cast<i64>(c - s_.first_issue);
  const u32 address = h.half == 1 ? (h.req_addr & ~3u) + 4 : h.req_addr;
  // Presented only when WB was free.
  if (h.half == 0 && c == h.first_present) charge(h, Cause::kSlowData, h.first_present - h.issued - 1);
  if (!port.request(relative, address)) {
    ++h.denied;
    charge(h, Cause::kSlowData, 1);
    ask_again(h, c + 1);
    return Answer::kWait;
  }
  const int region = memory_.l2().contains(h.req_addr) ? Memory::kL2 : Memory::kTcdm;
  Ram& ram = memory_.regions[region];
  const u32 head = first_part(h.req_addr, size);
  h.wb_ready = c + port.latency();
  if (h.wb_ready > c + 1) h.slow = true;
  if (h.half == 0 && head < size) {
    h.half_data = write ? data : 0;
    ram_part(h, ram, region, write, h.req_addr, head, 0, c, h.half_data);
    h.half = 1;
    if (tracing_)
      trace_access(h, write ? TraceKind::kStore : TraceKind::kLoad, h.req_addr, h.half_data, head, c);
    charge(h, Cause::kMisaligned, h.wb_ready - c);
    ask_again(h, h.wb_ready);
    return Answer::kWait;
  }
  if (h.half == 1) {
    u32 value = write ? data : h.half_data;
    ram_part(h, ram, region, write, address, size - head, 8 * head, c, value);
    data = value;
    h.half = 0;
  } else {
    u32 value = write ? data : 0;
    ram_part(h, ram, region, write, h.req_addr, size, 0, c, value);
    data = value;
  }
  return Answer::kDone;
}

// A harness access beside the memories, with the requests and answers of any other.
Cluster::Answer Cluster::beside_memory(Hart& h, bool write, u32 size, u64 c, u32& data) {
  const u32 head = first_part(h.req_addr, size);
  const auto part = [&](u32 address, u32 bytes, u32 shift, u32& value) {
    Ram& ram = memory_.tcdm();
    ram_part(h, ram, Memory::kTcdm, write, address, bytes, shift, c, value);
  };
  if (h.half == 0 && head < size) {
    h.half_data = write ? data : 0;
    part(h.req_addr, head, 0, h.half_data);
    h.half = 1;
    if (tracing_)
      trace_access(h, write ? TraceKind::kStore : TraceKind::kLoad, h.req_addr, h.half_data, head, c);
    charge(h, Cause::kMisaligned, 1);
    ++h.denied;
    ask_again(h, c + 1);
    return Answer::kWait;
  }
  u32 value = write ? data : h.half == 1 ? h.half_data : 0;
  const bool second = h.half == 1;
  part(second ? (h.req_addr & ~3u) + 4 : h.req_addr, second ? size - head : size, second ? 8 * head : 0,
       value);
  data = value;
  h.half = 0;
  h.wb_ready = c + 1;
  return Answer::kDone;
}

// One half of a misaligned access, or a test-and-set, that its bank has granted.
Cluster::Answer Cluster::split_access(Hart& h, bool write, u32 size, u64 c, u32& data) {
  Ram& ram = memory_.tcdm();
  ++h.tcdm_accesses;
  h.wb_ready = c + 1;
  if (h.half == 2) {
    u32 value = write ? data : 0;
    ram_part(h, ram, Memory::kTcdm, write, h.req_addr, size, 0, c, value);
    data = value;
    if (!write) {
      u32 ones = ~u32{0};
      ram_part(h, ram, Memory::kTcdm, true, h.req_addr, size, 0, c, ones);
      const u32 bank = bank_of(h.req_addr - config_.tcdm_base);
      s_.tas_busy[bank] = c + config_.tas_extra_bank_cycles;
      s_.tas_pending = true;
    }
    h.half = 0;
    return Answer::kDone;
  }
  const u32 head = first_part(h.req_addr, size);
  if (h.half == 0 && head < size) {
    if ((h.req_addr & ~3u) + 4 - config_.tcdm_base == config_.tcdm_size && !harness_.active) {
      if (!config_.tcdm_wrap) return fault(h, write, size, kBeyondTcdm, c);
      lint(Lint::kTcdmWrap, h, h.a.pc, c, "access that ends beyond the TCDM: it wraps");
    }
    h.half_data = write ? data : 0;
    ram_part(h, ram, Memory::kTcdm, write, h.req_addr, head, 0, c, h.half_data);
    h.half = 1;
    if (tracing_)
      trace_access(h, write ? TraceKind::kStore : TraceKind::kLoad, h.req_addr, h.half_data, head, c);
    s_.bank[h.index] = static_cast<u8>((bank_of(h.req_addr - config_.tcdm_base) + 1u) % config_.tcdm_banks);
    s_.denied |= hart_bit(h);
    charge(h, Cause::kMisaligned, 1);
    return Answer::kWait;
  }
  u32 value = write ? data : h.half == 1 ? h.half_data : 0;
  const u32 address = h.half == 1 ? (h.req_addr & ~3u) + 4 : h.req_addr;
  ram_part(h, ram, Memory::kTcdm, write, address, h.half == 1 ? size - head : size,
           h.half == 1 ? 8 * head : 0, c, value);
  data = value;
  h.half = 0;
  return Answer::kDone;
}

void Cluster::ask_again(Hart& h, u64 cycle) {
  if (cycle == s_.cycle + 1) {
    s_.denied |= hart_bit(h);
  } else {
    wheel_add(h, cycle);
  }
  h.wake = std::max(h.wake, cycle);
}

namespace {
Cause sleep_cause(EventUnit::WaitKind kind) {
  switch (kind) {
    case EventUnit::WaitKind::kBarrier:
      return Cause::kBarrier;
    case EventUnit::WaitKind::kMutex:
      return Cause::kMutex;
    case EventUnit::WaitKind::kDispatch:
      return Cause::kDispatch;
    case EventUnit::WaitKind::kHeld:
      return Cause::kPeripheral;
    default:
      return Cause::kEvent;
  }
}
}  // namespace

// An access over the peripheral bus or to L2: accepted one a cycle, granted with its answer.
Cluster::Answer Cluster::slow_access(Hart& h, bool write, u32 size, bool elw, u64 c, u32& data) {
  const Target& t = h.req_target;
  if (h.half == 3) {  // the event unit has answered
    h.half = 0;
    data = h.half_data;
    h.wb_ready = c + 1;
    if (!elw) h.pc_raw[kPcLdExtCyc] += c - h.first_present + 1;
    return Answer::kDone;
  }
  const bool fc = is_fc(h);
  if (t.region == Region::kEuDemux) {
    if (size != 4 || (h.req_addr & 3) != 0) {
      return fault(h, write, size, "the event unit answers aligned words only", c);
    }
    ++h.periph_accesses;
    const EventUnit::Reply r = s_.eu.access(h.index, t.offset & 0x3ff, write, data, c);
    update_device_due();
    if (write) update_interruptible(h);  // its interrupt mask may have changed
    if (s_.eu.has_complaints()) drain_complaints(c);
    h.wb_ready = c + 1;
    ++h.pc_raw[write ? kPcStExt : kPcLdExt];
    if (r.granted) {
      if (!elw) h.pc_raw[write ? kPcStExtCyc : kPcLdExtCyc] += c - h.first_present + 1;
      data = r.data;
      if (!write) s_.elw_fix |= hart_bit(h);
      return Answer::kDone;
    }
    h.asleep = true;
    s_.asleep |= hart_bit(h);
    h.wait_cause = sleep_cause(s_.eu.waiting(h.index).kind);
    h.wait_since = c;
    if (tracing_) trace_event(h, TraceKind::kSleep, static_cast<u32>(h.wait_cause), 0, c);
    return Answer::kAsleep;
  }
  const u32 cycles = latency(t.latency, write, config_);
  if (h.slow_grant == kNever && cycles > 1) {
    u64 accepted = c;
    if (!fc) {
      accepted = std::max(c, s_.bus_free);
      s_.bus_free = accepted + 1;
    }
    h.slow_grant = accepted + cycles - 1;
    h.wait_cause = cause_of(t.region);
    ask_again(h, h.slow_grant);
    return Answer::kWait;
  }
  h.wb_ready = c + 1;
  switch (t.region) {
    case Region::kTcdm:
    case Region::kTcdmTas:
    case Region::kL2: {
      const int region = t.region == Region::kL2 ? Memory::kL2 : Memory::kTcdm;
      Ram& ram = memory_.regions[region];
      if (region == Memory::kL2) ++h.l2_accesses;
      if (u64{t.offset} + size > ram.size) {
        return fault(h, write, size, region == Memory::kL2 ? "the access ends beyond the L2" : kBeyondTcdm,
                     c);
      }
      if (!write && !((ram.attr[t.offset >> kPageShift]) & kAttrWatch)) {
        data = load_bytes(ram.bytes.data() + t.offset, size, false);
      } else if (write) {
        guarded_store(h, region, t.offset, size, data, c);
      } else {
        data = load_bytes(ram.bytes.data() + t.offset, size, false);
        watch(h, ram.base + t.offset, size, false, data, data, c);
      }
      if (t.region == Region::kTcdmTas && !write) {
        guarded_store(h, region, t.offset, size, ~u32{0}, c);
      }
      return Answer::kDone;
    }
    default:
      break;
  }
  ++h.periph_accesses;
  ++h.pc_raw[write ? kPcStExt : kPcLdExt];
  h.pc_raw[write ? kPcStExtCyc : kPcLdExtCyc] += c - h.first_present + 1;
  if (t.region == Region::kDmaDemux || t.region == Region::kDmaCluster || t.region == Region::kDmaFc) {
    if (size != 4) return fault(h, write, size, "the DMA's command port takes words only", c);
    const int port = t.region == Region::kDmaDemux     ? h.index
                     : t.region == Region::kDmaCluster ? s_.dma.cluster_port()
                                                       : s_.dma.fc_port();
    const Dma::Reply r = s_.dma.access(port, t.offset, write, data, c);
    drain_complaints(c);
    update_device_due();
    if (!r.granted) {
      h.wait_cause = Cause::kDma;
      ask_again(h, c + 1);
      return Answer::kWait;
    }
    data = r.data;
    return Answer::kDone;
  }
  if (t.region == Region::kEuBus) {
    const EventUnit::Reply r = s_.eu.bus_access(t.offset, write, data, c, h.index);
    update_device_due();
    drain_complaints(c);
    if (!r.granted) {
      ask_again(h, c + 1);
      return Answer::kWait;
    }
    data = r.data;
    return Answer::kDone;
  }
  if (t.region == Region::kUnmapped && harness_.active) {
    // Both halves of a misaligned access are requests of their own.
    return beside_memory(h, write, size, c, data);
  }
  if (t.region == Region::kUnmapped) {
    const std::string why = unmapped_reason(h.req_addr, fc, config_);
    if (!config_.unmapped_rtl) return fault(h, write, size, why, c);
    lint_text(Lint::kDevice, h, h.a.pc, c, access_text(h, write, size) + why);
    data = kBadAccess;
    return Answer::kDone;
  }
  Access a = s_.devices.access(t, h.index, size, write, data, c);
  update_device_due();
  if (!a.error.empty()) {
    if (!config_.unmapped_rtl) return fault(h, write, size, a.error, c);
    lint_text(Lint::kDevice, h, h.a.pc, c, access_text(h, write, size) + a.error);
    a.value = kBadAccess;
  }
  if (!a.warning.empty()) lint_text(Lint::kDevice, h, h.a.pc, c, a.warning);
  if (!write) data = a.value;
  apply_actions(a, h, c, data);
  (void)elw;
  return Answer::kDone;
}

Cluster::Answer Cluster::fault(Hart& h, bool write, u32 size, const std::string& why, u64 c) {
  error_stop(h, h.req_addr, write ? 2 : 1, static_cast<u8>(size), access_text(h, write, size) + why);
  h.slow_grant = kNever;
  h.half = 0;
  ask_again(h, c + 1);
  return Answer::kFault;
}

// --- the common tail of loads and stores ---

template <int M>
bool Cluster::uncommon_access(Hart& h, const Decoded& d, const isa::OpInfo& info, u64 c, u32& load_mask) {
  const bool write = info.timing == Timing::kStore;
  const bool elw = info.timing == Timing::kElw;
  const u32 size = elw ? 4 : info.size;
  u32 data = write ? h.a.x[d.rs2] : 0;
  const u64 granted_late = c - h.first_present - h.denied;
  const bool second = h.half == 1;
  const u64 free = h.wb_ready;
  const Answer answer = slow_data_               ? scripted_access(h, write, size, c, data)
                        : h.post == Post::kSplit ? split_access(h, write, size, c, data)
                                                 : slow_access(h, write, size, elw, c, data);
  if (answer != Answer::kDone) {
    if (h.post == Post::kSlow && !slow_data_) h.wb_ready = free;  // nothing is in WB yet
    return false;
  }
  if (h.post == Post::kSlow && !slow_data_ && granted_late != 0) charge(h, h.wait_cause, granted_late);
  if constexpr (M == kModeTraced) {
    const u32 at = second ? (h.req_addr & ~3u) + 4 : h.req_addr;
    trace_access(h, write ? TraceKind::kStore : TraceKind::kLoad, at, data, size, c);
  }
  h.pc_raw[write ? kPcSt : kPcLd] += second ? 1 : 0;
  if (write) {
    ++h.stores;
    if (info.traits & isa::kPost) {
      h.a.x[d.rs1] += (info.traits & isa::kRegOffset) ? h.a.x[d.rd] : static_cast<u32>(d.imm);
    }
  } else {
    ++h.loads;
    if (info.traits & isa::kPost) {
      h.a.x[d.rs1] += (info.traits & isa::kRegOffset) ? h.a.x[d.rs2] : static_cast<u32>(d.imm);
    }
    if (size < 4 && (info.traits & isa::kSigned)) {
      data = size == 2 ? static_cast<u32>(static_cast<i32>(static_cast<i16>(data)))
                       : static_cast<u32>(static_cast<i32>(static_cast<i8>(data)));
    }
    h.elw_old = h.a.x[d.rd];
    h.a.x[d.rd] = data;
    h.fix_rd = d.rd;
    load_mask = 1u << d.rd;
    h.jr_mask = load_mask;
    h.jr_ready = h.wb_ready + 1;
  }
  if (elw) {
    finish_elw<M>(h, d, c);
    return false;
  }
  return true;
}

template <int M>
bool Cluster::uncommon_load(Hart& h, u32 size, u64 c, u32& word) {
  const u64 granted_late = c - h.first_present - h.denied;
  const bool second = h.half == 1;
  const u64 free = h.wb_ready;
  const Answer answer = slow_data_               ? scripted_access(h, false, size, c, word)
                        : h.post == Post::kSplit ? split_access(h, false, size, c, word)
                                                 : slow_access(h, false, size, false, c, word);
  if (answer != Answer::kDone) {
    if (h.post == Post::kSlow && !slow_data_) h.wb_ready = free;  // nothing is in WB yet
    return false;
  }
  if (h.post == Post::kSlow && !slow_data_ && granted_late != 0) charge(h, h.wait_cause, granted_late);
  h.pc_raw[kPcLd] += second ? 1 : 0;
  return true;
}

template bool Cluster::uncommon_access<0>(Hart&, const Decoded&, const isa::OpInfo&, u64, u32&);
template bool Cluster::uncommon_access<1>(Hart&, const Decoded&, const isa::OpInfo&, u64, u32&);
template bool Cluster::uncommon_access<2>(Hart&, const Decoded&, const isa::OpInfo&, u64, u32&);
template bool Cluster::uncommon_load<0>(Hart&, u32, u64, u32&);
template bool Cluster::uncommon_load<1>(Hart&, u32, u64, u32&);
template bool Cluster::uncommon_load<2>(Hart&, u32, u64, u32&);

}  // namespace flexdbg
