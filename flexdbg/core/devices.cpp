#include "devices.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace flexdbg {

namespace {

constexpr u32 kExitBit = 0x80000000, kStatusMask = 0x7fffffff;
constexpr u32 kCoreStatus = 0xa0, kCoreStatusCopy = 0xc0;
constexpr u32 kClusterTimerLines = 10;  // event line of the low half; the high half is the next
constexpr u32 kFcTimerLines = 10, kFcTimer2Lines = 12;
constexpr u32 kIcacheNothing = 0xdeadca5e;  // what the cache control unit answers elsewhere

u64 hertz(const Config& config) {
  return std::max<u64>(1, static_cast<u64>(std::llround(config.clock_mhz * 1e6)));
}

struct Absent {
  u32 base, size;
  const char* name;
  const char* why;
};

constexpr Absent kAbsent[] = {
    {0x1000, 0x1000, "GPIO", "pads are not modelled"},
    {0x2000, 0x2000, "uDMA",
     "I/O peripherals (UART, SPI, I2C, I2S, camera, HyperBus) are not modelled. To print, build the program "
     "without io=uart: the default prints through the stdout device at 0x1a10f000"},
    {0x5000, 0x1000, "advanced timer", "not modelled; the FC timer is at 0x1a10b000"},
    {0x7000, 0x1000, "power management", "clock and power domains are always on"},
    {0x8000, 0x1000, "real-time clock", "not modelled"},
    {0xc000, 0x3000, "FC accelerator or debug window", "not modelled"},
};

struct Register {
  u32 offset;
  const char* name;
};
constexpr Register kUdmaRegisters[] = {{0x00, "RX_SADDR"}, {0x04, "RX_SIZE"}, {0x08, "RX_CFG"},
                                       {0x10, "TX_SADDR"}, {0x14, "TX_SIZE"}, {0x18, "TX_CFG"},
                                       {0x20, "STATUS"},   {0x24, "SETUP"}};

std::string udma_register(u32 offset) {
  if (offset < 0x80) return "configuration register " + std::to_string(offset);
  const u32 channel = (offset - 0x80) / 0x80, reg = offset % 0x80;
  std::string text = channel == 0 ? "UART0 " : "channel " + std::to_string(channel) + " ";
  for (const Register& r : kUdmaRegisters) {
    if (r.offset == reg) return text + r.name;
  }
  return text + "register " + std::to_string(reg);
}

std::string absent(u32 offset) {
  for (const Absent& device : kAbsent) {
    if (offset - device.base >= device.size) continue;
    const std::string reg = device.base == 0x2000 ? udma_register(offset - 0x2000)
                                                  : "register " + std::to_string(offset - device.base);
    return std::string(device.name) + ", " + reg + ": " + device.why;
  }
  return "no SoC peripheral here";
}

}  // namespace

// --- FC interrupt controller ---------------------------------------------------------------------

int FcInterrupts::id() const {
  const u32 lines = status_ & mask_;
  return lines == 0 ? 0 : 31 - std::countl_zero(lines);
}

void FcInterrupts::acknowledge(int id) {
  status_ &= ~(1u << id);
  acknowledged_ |= 1u << id;
}

bool FcInterrupts::read(u32 offset, u32& value) const {
  switch (offset) {
    case 0x00:
      value = mask_;
      return true;
    case 0x0c:
      value = status_;
      return true;
    case 0x18:
      value = acknowledged_;
      return true;
    case 0x24:  // event FIFO: nothing in this machine produces SoC events
    case 0x04:
    case 0x08:
    case 0x10:
    case 0x14:
    case 0x1c:
    case 0x20:
      value = 0;
      return true;
    default:
      return false;
  }
}

bool FcInterrupts::write(u32 offset, u32 value) {
  u32* const registers[] = {&mask_, &status_, &acknowledged_};
  if (offset >= 0x24) return false;
  u32& reg = *registers[offset / 12];
  switch (offset / 4 % 3) {
    case 0:
      reg = value;
      break;
    case 1:
      reg |= value;
      break;
    default:
      reg &= ~value;
      break;
  }
  return true;
}

// --- register files ------------------------------------------------------------------------------

u32 Devices::Scratch::read(u32 offset) const {
  for (const auto& [at, value] : words_) {
    if (at == offset) return value;
  }
  return 0;
}

void Devices::Scratch::write(u32 offset, u32 value) {
  for (auto& [at, word] : words_) {
    if (at == offset) {
      word = value;
      return;
    }
  }
  words_.emplace_back(offset, value);
}

Devices::Devices(const Config& config)
    : harts_(config.harts),
      fc_(config.fc),
      exit_on_eoc_(config.boot != Boot::kFc),
      cluster_timer_(hertz(config)),
      fc_timer_(hertz(config)),
      fc_timer2_(hertz(config)),
      config_(config) {
  control_.boot_address.fill(config.l2_base);
  // Locked, divider 1: start-up code then leaves the FLL alone and derives the frequency from it.
  const u32 multiplier = static_cast<u32>(std::min<u64>(hertz(config) / 32768, 0xffff));
  for (u32 i = 0; i < 3; ++i) fll_[i * 4 + 1] = 1u << 31 | 1u << 26 | multiplier;
}

u64 Devices::next_event() const {
  return std::min({cluster_timer_.next_event(), fc_timer_.next_event(), fc_timer2_.next_event()});
}

Devices::Lines Devices::advance(u64 cycle) {
  Lines lines;
  if (cluster_timer_.next_event() <= cycle)
    lines.cluster = cluster_timer_.advance(cycle) << kClusterTimerLines;
  if (fc_timer_.next_event() <= cycle) lines.fc |= fc_timer_.advance(cycle) << kFcTimerLines;
  if (fc_timer2_.next_event() <= cycle) lines.fc |= fc_timer2_.advance(cycle) << kFcTimer2Lines;
  interrupts_.raise(lines.fc);
  return lines;
}

Access Devices::access(const Target& target, u32 hart, u32 size, bool write, u32 value, u64 cycle) {
  Access access;
  const u32 offset = target.offset & ~3u;
  if (target.region != Region::kStdout && target.region != Region::kUnmapped && size != 4) {
    access.warning =
        std::to_string(size) + "-byte access to a device register: the hardware moves the whole word";
    if (write) value <<= 8 * (target.offset & 3);
  }
  switch (target.region) {
    case Region::kClusterCtrl:
      if (write) {
        control_write(offset, value, access);
      } else {
        if (!control_read(offset, access.value)) {
          access.warning = "cluster control unit: no readable register at offset " + std::to_string(offset);
        }
      }
      break;
    case Region::kClusterTimer:
      if (write) {
        access.warning = cluster_timer_.write(offset, value, cycle);
      } else {
        access.value = cluster_timer_.read(offset, cycle);
        if (!Timer::readable(offset)) {
          access.warning = "cluster timer: no readable register at offset " + std::to_string(offset);
        }
      }
      break;
    case Region::kIcacheCtrl:
      if (write) {
        icache_write(offset, value, access);
      } else {
        icache_read(offset, access);
      }
      break;
    case Region::kSocDevice:
      soc_access(offset, write, value, cycle, access);
      break;
    case Region::kStdout:
      if (write) stdout_write(target.offset, value, access);
      break;
    default:
      access.error = unmapped_reason(target.offset, fc_ != 0 && hart == harts_, config_);
      break;
  }
  if (!access.error.empty()) access.value = kBadAccess;
  if (!write && size != 4) access.value >>= 8 * (target.offset & 3);
  return access;
}

bool Devices::peek(const Target& target, u64 cycle, u32& value) const {
  const u32 offset = target.offset & ~3u;
  switch (target.region) {
    case Region::kClusterCtrl:
      control_read(offset, value);
      return true;
    case Region::kClusterTimer:
      value = cluster_timer_.read(offset, cycle);
      return true;
    case Region::kIcacheCtrl: {
      Access access;
      icache_read(offset, access);
      value = access.value;
      return access.action_count == 0;
    }
    case Region::kSocDevice:
      return soc_read(offset, cycle, value);
    case Region::kStdout:
      value = 0;
      return true;
    default:
      return false;
  }
}

// --- cluster control unit ------------------------------------------------------------------------

bool Devices::control_read(u32 offset, u32& value) const {
  if (offset >= 0x40 && offset < 0x80) {
    value = control_.boot_address[(offset - 0x40) / 4];
    return true;
  }
  value = 0;
  switch (offset & ~7u) {
    case 0x00:
      value = control_.end_of_computation;
      return true;
    case 0x08:
      value = control_.fetch_enable;
      return true;
    case 0x18:
      value = control_.config;
      return true;
    case 0x20:
      value = control_.clock_gate;
      return true;
    case 0x28:
      value = control_.halted;
      return true;
    case 0x38:
      value = control_.halt_mask;
      return true;
    case 0x80:
      value = control_.arbiter_policy[0];
      return true;
    case 0x88:
      value = control_.arbiter_policy[1];
      return true;
    case 0x100:
      value = control_.result;
      return true;
    case 0x10:
      return true;
    default:
      return false;
  }
}

void Devices::start_and_stop(u32 value, Access& access) {
  const u32 all = (1u << harts_) - 1;
  // All ones is how "everything" is written; any other bit beyond the cluster means a larger machine.
  if ((value & ~all) != 0 && value != ~0u) {
    access.error = "FETCH_EN = " + hex32(value) + " starts hart " +
                   std::to_string(31 - std::countl_zero(value)) + ", the cluster has " +
                   std::to_string(harts_) +
                   " harts (the program was built for another number, or for a cluster controller hart)";
    return;
  }
  value &= all;
  const u32 start = value & ~control_.fetch_enable, stop = control_.fetch_enable & ~value;
  control_.fetch_enable = value;
  if (start != 0) access.act({ActionKind::kStartHarts, IcacheAction::kNone, start, 0});
  if (stop != 0) access.act({ActionKind::kStopHarts, IcacheAction::kNone, stop, 0});
}

void Devices::control_write(u32 offset, u32 value, Access& access) {
  if (offset >= 0x40 && offset < 0x80) {
    control_.boot_address[(offset - 0x40) / 4] = value;
    return;
  }
  switch (offset & ~7u) {
    case 0x00:
      control_.end_of_computation = value & 1;
      if ((value & 1) != 0 && exit_on_eoc_) {
        access.act({ActionKind::kExit, IcacheAction::kNone, control_.result & kStatusMask, 0});
      }
      break;
    case 0x08:
      start_and_stop(value, access);
      break;
    case 0x10:  // EVENT: drives nothing in the cluster
      break;
    case 0x18:
      control_.config = value;
      if ((value & 1u << 11) != 0)
        access.warning = "cluster CFG enables the accelerator, which is not modelled";
      break;
    case 0x20:
      control_.clock_gate = value & 1;
      break;
    case 0x28:
      access.act({ActionKind::kResumeHarts, IcacheAction::kNone, value & ((1u << harts_) - 1), 0});
      break;
    case 0x38:
      control_.halt_mask = value & ((1u << harts_) - 1);
      break;
    case 0x80:
    case 0x88: {
      const u32 channel = offset >> 3 & 1;
      control_.arbiter_policy[channel] = value & 1;
      access.act({ActionKind::kArbiterPolicy, IcacheAction::kNone, channel, value & 1});
      break;
    }
    case 0x100:
      control_.result = value;
      break;
    default:
      access.warning = "cluster control unit: no register at offset " + std::to_string(offset);
      break;
  }
}

// --- instruction-cache control -------------------------------------------------------------------
// pulp-platform/hier-icache@master:CTRL_UNIT/hier_icache_ctrl_unit.sv

void Devices::icache_read(u32 offset, Access& access) const {
  const auto counter = [&](u32 which, u32 scope) {
    access.act({ActionKind::kIcache, IcacheAction::kReadCounter, which, scope});
  };
  if (offset == 0x00) {
    access.value = icache_enable_;
  } else if (offset == 0x14) {
    access.value = icache_counting_;
  } else if (offset == 0x1c) {
    access.value = icache_prefetch_;
  } else if (offset >= 0x30 && offset < 0x40) {
    counter((offset - 0x30) / 4, kIcacheAllPrivate);
  } else if (offset >= 0x40 && offset < 0x4c) {
    counter((offset - 0x40) / 4, kIcacheAllShared);
  } else if (offset >= 0x50 && (offset - 0x50) / 16 < std::min<u32>(harts_, 8)) {
    counter((offset - 0x50) / 4 % 4, (offset - 0x50) / 16);
  } else if (offset >= 0xd0 && (offset - 0xd0) / 12 < config_.icache_shared_banks) {
    counter((offset - 0xd0) / 4 % 3, kIcacheBank + (offset - 0xd0) / 12);
  } else {
    access.value = kIcacheNothing;
  }
}

void Devices::icache_write(u32 offset, u32 value, Access& access) {
  const auto act = [&](IcacheAction action, u32 operand = 0) {
    access.act({ActionKind::kIcache, action, operand, 0});
  };
  switch (offset) {
    case 0x00:
      icache_enable_ = value;
      act(value != 0 ? IcacheAction::kEnable : IcacheAction::kDisable);
      break;
    case 0x04:
      act(IcacheAction::kFlush);
      break;
    case 0x08:
      // Older caches have the selective flush here, and pulp-runtime's header still says so.
      if (value > 0xffff) {
        access.warning = "write of " + hex32(value) +
                         " to the private-cache flush at 0x08: for a selective flush by address use 0x0c";
      }
      act(IcacheAction::kFlushPrivate);
      break;
    case 0x0c:
      act(IcacheAction::kFlushSelected, value);
      break;
    case 0x10:
      act(IcacheAction::kClearCounters);
      break;
    case 0x14:
      icache_counting_ = value != 0;
      act(IcacheAction::kEnableCounters, icache_counting_);
      break;
    case 0x1c:
      icache_prefetch_ = value;
      act(IcacheAction::kPrefetch, value & ((1u << harts_) - 1));
      break;
    default:
      access.warning = "instruction-cache control: no writable register at offset " + std::to_string(offset);
      break;
  }
}

// --- SoC peripherals -----------------------------------------------------------------------------

bool Devices::soc_read(u32 offset, u64 cycle, u32& value) const {
  if (offset < 0x30) {
    // STATUS is the measured multiplier: locked at once.
    value = offset % 16 == 0 ? fll_[offset / 16 * 4 + 1] & 0xffff : fll_[offset / 4];
    return true;
  }
  if (offset - 0x4000 < 0x1000) {
    const u32 reg = offset - 0x4000;
    value = reg == 0 ? harts_ << 16 | 1 : soc_control_.read(reg == kCoreStatusCopy ? kCoreStatus : reg);
    return true;
  }
  if (offset - 0x6000 < 0x1000) {
    value = event_masks_.read(offset - 0x6000);
    return true;
  }
  if (offset - 0x9800 < 0x800) return interrupts_.read(offset - 0x9800, value);
  if (offset - 0xb000 < 0x1000) {
    value = (offset < 0xb800 ? fc_timer_ : fc_timer2_).read(offset % 0x800, cycle);
    return true;
  }
  return false;
}

void Devices::soc_write(u32 offset, u32 value, u64 cycle, Access& access) {
  if (offset < 0x30) {
    if (offset % 16 != 0) fll_[offset / 4] = value;
  } else if (offset - 0x4000 < 0x1000) {
    soc_control_write(offset - 0x4000, value, access);
  } else if (offset - 0x6000 < 0x1000) {
    if (offset == 0x6000) {
      access.error = "SoC event generator, EVENT: triggering SoC events is not modelled, only its masks are";
    } else {
      event_masks_.write(offset - 0x6000, value);
    }
  } else if (offset - 0x9800 < 0x800) {
    if (interrupts_.write(offset - 0x9800, value)) {
      access.act({ActionKind::kFcInterrupts, IcacheAction::kNone, 0, 0});
    } else {
      access.warning =
          "FC interrupt controller: no writable register at offset " + std::to_string(offset - 0x9800);
    }
  } else if (offset - 0xb000 < 0x1000) {
    access.warning = (offset < 0xb800 ? fc_timer_ : fc_timer2_).write(offset % 0x800, value, cycle);
  } else {
    access.error = absent(offset);
  }
}

void Devices::soc_control_write(u32 offset, u32 value, Access& access) {
  if (offset == kCoreStatusCopy || offset == 0) {
    access.warning = "SoC control: write to a read-only register at offset " + std::to_string(offset);
    return;
  }
  soc_control_.write(offset, value);
  if (offset == kCoreStatus && (value & kExitBit) != 0) {
    access.act({ActionKind::kExit, IcacheAction::kNone, value & kStatusMask, 0});
  }
}

void Devices::soc_access(u32 offset, bool write, u32 value, u64 cycle, Access& access) {
  if (write) {
    soc_write(offset, value, cycle, access);
  } else if (soc_read(offset, cycle, access.value)) {
    if (offset >= 0xb000 && !Timer::readable(offset % 0x800)) {
      access.warning = "FC timer: no readable register at offset " + std::to_string(offset % 0x800);
    }
  } else {
    access.error =
        offset - 0x9800 < 0x800 ? "FC interrupt controller: no register at this offset" : absent(offset);
  }
}

void Devices::stdout_write(u32 offset, u32 value, Access& access) {
  const u32 hart = offset >> 3 & 0xf, cluster = offset >> 7 & 0x1f;
  if (console_.put(hart, cluster, static_cast<char>(value & 0xff), access.text)) {
    access.act({ActionKind::kConsole, IcacheAction::kNone, hart, cluster});
  }
}

}  // namespace flexdbg
