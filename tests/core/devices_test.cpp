// Address map, register models and semihosting against the facts of the platform.
#include "../../flexdbg/core/devices.hpp"

#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <vector>

#include "../../flexdbg/core/semihost.hpp"
#include "check.hpp"

using namespace flexdbg;

namespace {

bool contains(const std::string& text, const char* part) {
  if (text.find(part) != std::string::npos) return true;
  std::cerr << "  not in text: " << part << "\n  text: " << text << "\n";
  return false;
}

// --- address map ---------------------------------------------------------------------------------

void test_address_map() {
  const Config c;
  struct Case {
    u32 address;
    bool fc;
    Region region;
    u32 offset;
    u32 cycles;
  };
  for (const Case& k : {
           Case{0x10000000, false, Region::kTcdm, 0, 1},
           Case{0x1001fffc, false, Region::kTcdm, 0x1fffc, 1},
           Case{0x00000010, false, Region::kTcdm, 0x10, 1},
           Case{0x10100010, false, Region::kTcdmTas, 0x10, 1},
           Case{0x00100010, false, Region::kTcdmTas, 0x10, 1},
           Case{0x1003fff0, false, Region::kTcdm, 0x1fff0, 1},  // the flag of pulp-runtime without FC
           Case{0x10080000, false, Region::kTcdm, 0, 1},        // the same flag in a later pulp-runtime
           Case{0x10200008, false, Region::kClusterCtrl, 8, 4},
           Case{0x00200008, false, Region::kClusterCtrl, 8, 4},
           Case{0x10200408, false, Region::kClusterTimer, 8, 4},
           Case{0x10200c00, false, Region::kEuBus, 0x400, 4},
           Case{0x10201400, false, Region::kIcacheCtrl, 0, 4},
           Case{0x10201804, false, Region::kDmaCluster, 4, 4},
           Case{0x00201804, false, Region::kDmaCluster, 4, 4},
           Case{0x10201c00, false, Region::kDmaFc, 0, 4},
           Case{0x10204038, false, Region::kEuDemux, 0x38, 1},
           Case{0x0020403c, false, Region::kEuDemux, 0x3c, 1},
           Case{0x10204404, false, Region::kDmaDemux, 4, 1},
           Case{0x1c000000, false, Region::kL2, 0, 15},
           Case{0x1c18ffff, false, Region::kL2, 0x18ffff, 15},
           Case{0x1a1040a0, false, Region::kSocDevice, 0x40a0, 23},
           Case{0x1a10ff80, false, Region::kStdout, 0xf80, 23},
           Case{0x00000010, true, Region::kL2, 0x10, 1},
           Case{0x00007ffc, true, Region::kL2, 0x7ffc, 1},
           Case{0x10000010, true, Region::kTcdm, 0x10, 15},
           Case{0x10200008, true, Region::kClusterCtrl, 8, 15},
           Case{0x1c000000, true, Region::kL2, 0, 1},
           Case{0x1a109810, true, Region::kSocDevice, 0x9810, 9},
       }) {
    const Target t = decode(k.address, k.fc, c);
    if (t.region != k.region) std::cerr << hex32(k.address) << "\n";
    CHECK_EQ(static_cast<int>(t.region), static_cast<int>(k.region));
    CHECK_EQ(t.offset, k.offset);
    CHECK_EQ(latency(t.latency, false, c), k.cycles);
  }
  CHECK(decode(0x1003fff0, false, c).wrapped && !decode(0x10000000, false, c).wrapped);

  for (u32 address :
       {0x10201000u, 0x10202000u, 0x10204800u, 0x10300000u, 0x10400000u, 0x1a000000u, 0x1a110000u,
        0x1c190000u, 0x20000000u, 0x40000000u, 0x80000000u, 0x50000000u, 0xffffffffu}) {
    CHECK(decode(address, false, c).region == Region::kUnmapped);
    CHECK(!unmapped_reason(address, false, c).empty());
  }
  // The private views exist at cluster harts only, the cluster aliases too.
  CHECK(decode(0x10204000, true, c).region == Region::kUnmapped);
  CHECK(decode(0x00200000, true, c).region == Region::kUnmapped);
  CHECK(decode(0x00008000, true, c).region == Region::kUnmapped);
  CHECK(contains(unmapped_reason(0x00201000, false, c), "HWPE"));
  CHECK(contains(unmapped_reason(0x10205000, false, c), "hangs"));
  CHECK(contains(unmapped_reason(0x10204000, true, c), "0x10200800"));
  CHECK(contains(unmapped_reason(0x1c190000, false, c), "l2_size"));
  CHECK(contains(unmapped_reason(0x10400000, false, c), "cluster 1"));
  CHECK(contains(unmapped_reason(0x40000000, false, c), "boot"));

  Config alone;
  alone.boot = Boot::kCluster;
  alone.tcdm_wrap = false;
  alone.tcdm_tas = false;
  CHECK(decode(0x40000038, false, alone).region == Region::kStdout);
  CHECK(decode(0x1003fff0, false, alone).region == Region::kUnmapped);
  CHECK(decode(0x10100000, false, alone).region == Region::kTcdm);
  CHECK(contains(unmapped_reason(0x1003fff0, false, alone), "tcdm_wrap"));
}

// --- timers --------------------------------------------------------------------------------------

// The same timer, one cycle at a time and without any of the arithmetic of the model.
struct SlowTimer {
  u32 cfg[2] = {0, 0}, cmp[2] = {0, 0};
  u64 count[2] = {0, 0};
  u32 prescale[2] = {0, 0};
  bool clear[2] = {false, false};
  u64 irq_at[2] = {kNever, kNever};
  u64 hz;
  u64 now = 0;

  explicit SlowTimer(u64 clock_hz) : hz(clock_hz) {}
  bool wide() const { return cfg[0] >> 31; }

  void step() {
    ++now;
    for (int i = 0; i < (wide() ? 1 : 2); ++i) {
      if (!(cfg[i] & 1)) continue;
      const bool reference = cfg[i] & 128;
      const bool source = !reference || now * 32768 / hz != (now - 1) * 32768 / hz;
      if (!source) continue;
      const u32 divide = cfg[i] & 64 ? (cfg[i] >> 8 & 255) + 1 : 1;
      if (++prescale[i] < divide) continue;
      prescale[i] = 0;
      const u64 limit = wide() ? ~u64{0} : 0xffffffff;
      const u64 compare = wide() ? u64{cmp[1]} << 32 | cmp[0] : cmp[i];
      count[i] = clear[i] ? 0 : (count[i] + 1) & limit;
      if (clear[i]) {
        clear[i] = false;
        continue;
      }
      if (count[i] != compare) continue;
      if (cfg[i] & 4) irq_at[i] = now + 1;
      if (cfg[i] & 32) {
        cfg[i] &= ~1u;
        if (cfg[i] & 16) count[i] = 0;
      } else if ((cfg[i] & 16) && compare != 0) {
        if (reference || divide > 1) {
          count[i] = 0;
        } else {
          clear[i] = true;
        }
      }
    }
  }
  u32 lines() {
    u32 out = 0;
    for (int i = 0; i < 2; ++i) {
      if (irq_at[i] != now) continue;
      out |= 1u << i;
      irq_at[i] = kNever;
    }
    return out;
  }
  u32 read(u32 offset) const {
    switch (offset) {
      case 0x00:
        return cfg[0];
      case 0x04:
        return cfg[1];
      case 0x08:
        return static_cast<u32>(count[0]);
      case 0x0c:
        return static_cast<u32>(wide() ? count[0] >> 32 : count[1]);
      case 0x10:
        return cmp[0];
      default:
        return cmp[1];
    }
  }
  void set(u32 i, u32 value) {
    if (wide()) {
      clear[0] = false;
      count[0] = i ? (count[0] & 0xffffffff) | u64{value} << 32 : (count[0] & ~u64{0xffffffff}) | value;
    } else {
      clear[i] = false;
      count[i] = value;
    }
  }
  void write(u32 offset, u32 value) {
    const u32 i = offset >> 2 & 1;
    switch (offset & ~7u) {
      case 0x00: {
        const bool was = wide();
        cfg[i] = value & ~2u;
        prescale[i] %= cfg[i] & 64 ? (cfg[i] >> 8 & 255) + 1 : 1;
        if (was && !wide()) {
          count[1] = count[0] >> 32;
          count[0] &= 0xffffffff;
        } else if (!was && wide()) {
          count[0] |= count[1] << 32;
          irq_at[1] = kNever;
          clear[1] = false;
        }
        if (value & 2) {
          prescale[i] = 0;
          set(i, 0);
        }
        break;
      }
      case 0x08:
        set(i, value);
        break;
      case 0x10:
        cmp[i] = value;
        break;
      case 0x18:
        cfg[i] |= 1;
        break;
      case 0x20:
        prescale[i] = 0;
        set(i, 0);
        break;
    }
  }
};

void test_timer_against_a_stepped_one() {
  check::Random random;
  for (int round = 0; round < 400; ++round) {
    const u64 hz = random.below(2) ? 250000000 : 200000;
    Timer timer(hz);
    SlowTimer slow(hz);
    for (u64 cycle = 0; cycle < 400; ++cycle) {
      if (cycle > 0) slow.step();
      const u32 expected = slow.lines();
      u32 lines = 0;
      if (timer.next_event() <= cycle) lines = timer.advance(cycle);
      CHECK_EQ(lines, expected);
      if (lines != expected) return;
      if (random.below(12) == 0) {
        const u32 offset = 4 * random.below(10);
        u32 value = random.below(12);
        if (offset < 8) {
          value = (random.next() & 0x77) | random.below(4) << 8;
          if (random.below(3) == 0) value |= 0x80;
          if (offset == 0 && random.below(6) == 0) value |= 0x80000000u;
          value |= random.below(4) != 0;
        }
        if (offset >= 8 && offset < 0x10 && random.below(4) == 0) value = 0xfffffffe;
        timer.write(offset, value, cycle);
        slow.write(offset, value);
      }
      if (random.below(3) == 0) {
        const u32 offset = 4 * random.below(6);
        CHECK_EQ(timer.read(offset, cycle), slow.read(offset));
        if (timer.read(offset, cycle) != slow.read(offset)) {
          std::cerr << "  round " << round << " cycle " << cycle << " offset " << offset << "\n";
          return;
        }
      }
    }
  }
}

void test_timer_counts_cycles() {
  Timer timer(250000000);
  timer.write(0x1c, 0, 100);
  CHECK_EQ(timer.read(0x0c, 1100), 1000u);
  CHECK_EQ(timer.read(0x08, 1100), 0u);
  timer.write(0x24, 0, 2000);
  CHECK_EQ(timer.read(0x0c, 2007), 7u);
  timer.write(0x04, 0, 2010);
  CHECK_EQ(timer.read(0x0c, 5000), 10u);
  CHECK_EQ(timer.next_event(), kNever);
  // 64 bits, far ahead: exact without stepping.
  Timer wide(250000000);
  wide.write(0x00, 0x80000001, 0);
  const u64 later = 5'000'000'000'123;
  CHECK_EQ(wide.read(0x08, later), static_cast<u32>(later));
  CHECK_EQ(wide.read(0x0c, later), static_cast<u32>(later >> 32));
  // A match interrupt names its cycle at once.
  Timer match(250000000);
  match.write(0x10, 50, 0);
  match.write(0x00, 1 | 4 | 16, 10);
  CHECK_EQ(match.next_event(), 61u);
  CHECK_EQ(match.advance(61), Timer::kLo);
  CHECK_EQ(match.next_event(), 61u + 51);
  // One second of the reference clock.
  Timer reference(250000000);
  reference.write(0x00, 0x81, 0);
  CHECK_EQ(reference.read(0x08, 250000000), 32768u);
}

// --- devices -------------------------------------------------------------------------------------

struct Machine {
  Config config;
  Devices devices;
  u64 cycle = 0;
  explicit Machine(Config c = {}) : config(c), devices(config) {}

  Access access(u32 address, bool write, u32 value, u32 hart = 0, u32 size = 4) {
    const Target target = decode(address, hart == config.harts, config);
    return devices.access(target, hart, size, write, value, cycle);
  }
  u32 read(u32 address, u32 hart = 0) {
    const Access a = access(address, false, 0, hart);
    CHECK(a.error.empty());
    return a.value;
  }
  Access write(u32 address, u32 value, u32 hart = 0) {
    Access a = access(address, true, value, hart);
    CHECK(a.error.empty());
    return a;
  }
};

void test_cluster_control() {
  Machine m;
  CHECK_EQ(m.devices.boot_address(0), 0x1c000000u);
  for (u32 i = 0; i < 8; ++i) m.write(0x10200040 + 4 * i, 0x1c008081 + 16 * i, 8);
  CHECK_EQ(m.devices.boot_address(3), 0x1c0080b0u);
  Access start = m.write(0x10200008, 0x0f, 8);
  CHECK_EQ(start.action_count, 1);
  CHECK(start.actions[0].kind == ActionKind::kStartHarts && start.actions[0].a == 0x0f);
  start = m.write(0x10200008, 0xfe, 8);
  CHECK_EQ(start.action_count, 2);
  CHECK(start.actions[0].a == 0xf0 && start.actions[1].kind == ActionKind::kStopHarts &&
        start.actions[1].a == 1);
  CHECK_EQ(m.read(0x10200008), 0xfeu);
  CHECK(contains(m.access(0x10200008, true, 0x1ff).error, "starts hart 8"));
  CHECK_EQ(m.write(0x10200008, 0xffffffff).actions[0].a, 1u);

  const Access policy = m.write(0x00200088, 1);
  CHECK(policy.actions[0].kind == ActionKind::kArbiterPolicy && policy.actions[0].a == 1 &&
        policy.actions[0].b == 1);
  m.write(0x10200020, 1);
  CHECK_EQ(m.read(0x10200020), 1u);
  m.write(0x10200038, 0xff);
  CHECK_EQ(m.devices.halt_group(), 0xffu);
  m.devices.set_halted(0x12);
  CHECK_EQ(m.read(0x10200028), 0x12u);

  // With an FC the end of computation is only a register; alone it ends the run with RETURN.
  m.write(0x10200100, 0x80000005);
  CHECK_EQ(m.write(0x10200000, 1).action_count, 0);
  Config alone;
  alone.boot = Boot::kCluster;
  Machine cluster(alone);
  cluster.devices.boot_cluster(0x1c008080);
  CHECK_EQ(cluster.read(0x10200008), 0xffu);
  cluster.write(0x10200100, 0x80000005);
  const Access end = cluster.write(0x10200000, 1);
  CHECK(end.actions[0].kind == ActionKind::kExit && end.actions[0].a == 5);
}

void test_icache_control() {
  Machine m;
  const auto op = [&](u32 offset, u32 value) { return m.write(0x10201400 + offset, value).actions[0]; };
  CHECK(op(0x00, ~0u).icache == IcacheAction::kEnable);
  CHECK(op(0x00, 0).icache == IcacheAction::kDisable);
  CHECK(op(0x04, 1).icache == IcacheAction::kFlush);
  CHECK(op(0x08, 1).icache == IcacheAction::kFlushPrivate);
  CHECK(op(0x0c, 0x1c008000).icache == IcacheAction::kFlushSelected && op(0x0c, 0x1c008000).a == 0x1c008000);
  CHECK(op(0x10, 1).icache == IcacheAction::kClearCounters);
  CHECK(op(0x14, 1).icache == IcacheAction::kEnableCounters);
  CHECK(op(0x1c, 0xffff).icache == IcacheAction::kPrefetch && op(0x1c, 0xffff).a == 0xff);
  CHECK(!m.write(0x10201408, 0x1c008000).warning.empty());
  const auto counter = [&](u32 offset) { return m.access(0x10201400 + offset, false, 0).actions[0]; };
  CHECK(counter(0x38).a == 2 && counter(0x38).b == kIcacheAllPrivate);
  CHECK(counter(0x44).a == 1 && counter(0x44).b == kIcacheAllShared);
  CHECK(counter(0x50 + 16 * 7 + 12).a == 3 && counter(0x50 + 16 * 7 + 12).b == 7);
  CHECK(counter(0xd0 + 12 + 4).a == 1 && counter(0xd0 + 12 + 4).b == kIcacheBank + 1);
  CHECK_EQ(m.read(0x10201420), 0xdeadca5eu);
}

void test_soc_peripherals() {
  Machine m;
  // The frequency wait loop compares STATUS with the multiplier; the FLL is locked at reset.
  const u32 conf = m.read(0x1a100004, 8);
  CHECK_EQ(conf & 0xffff, 250000000u / 32768);
  CHECK(conf >> 31 == 1 && (conf >> 26 & 15) == 1);
  m.write(0x1a100024, 0x84001234, 8);
  CHECK_EQ(m.read(0x1a100020, 8), 0x1234u);
  CHECK_EQ(m.read(0x1a104000), 8u << 16 | 1);
  m.write(0x1a104074, 0xabcd);
  CHECK_EQ(m.read(0x1a104074), 0xabcdu);
  CHECK_EQ(m.write(0x1a1040a0, 5).action_count, 0);
  const Access exit = m.write(0x1a1040a0, 0x80000000u | 42);
  CHECK(exit.actions[0].kind == ActionKind::kExit && exit.actions[0].a == 42);
  CHECK_EQ(m.read(0x1a1040c0), 0x8000002au);
  CHECK_EQ(m.write(0x1a1040a0, 0xffffffff).actions[0].a, 0x7fffffffu);
  m.write(0x1a106004, 0xf0);
  CHECK_EQ(m.read(0x1a106004), 0xf0u);
  CHECK(contains(m.access(0x1a106000, true, 1).error, "SoC event generator"));
  CHECK(contains(m.access(0x1a102090, true, 1).error, "uDMA, UART0 TX_SADDR"));
  CHECK(contains(m.access(0x1a101000, false, 0).error, "GPIO"));
  CHECK_EQ(m.access(0x1a101000, false, 0).value, kBadAccess);
  CHECK(contains(m.access(0x10201000, false, 0).error, "HWPE"));
  // bench.h uses the high half of the FC timer, from cluster harts too.
  m.cycle = 10;
  m.write(0x1a10b01c, 1);
  m.cycle = 510;
  CHECK_EQ(m.read(0x1a10b00c), 500u);
  // Narrow accesses move the whole word.
  const Access narrow = m.access(0x1a104002, false, 0, 0, 2);
  CHECK(narrow.value == 8 && !narrow.warning.empty());
}

void test_fc_interrupts() {
  Machine m;
  FcInterrupts& itc = m.devices.interrupts();
  const Access set = m.write(0x1a109810, 1u << 3);  // STATUS_SET, as a cluster hart notifies the FC
  CHECK(set.actions[0].kind == ActionKind::kFcInterrupts);
  CHECK(!itc.pending());
  m.write(0x1a109804, 1u << 3 | 1u << 11, 8);
  CHECK(itc.pending() && itc.id() == 3);
  m.write(0x1a10b014, 20, 8);
  m.write(0x1a10b004, 1 | 4, 8);
  CHECK_EQ(m.devices.next_event(), 21u);
  CHECK_EQ(m.devices.advance(21).fc, 1u << 11);
  CHECK_EQ(itc.id(), 11);
  itc.acknowledge(11);
  CHECK_EQ(m.read(0x1a10980c, 8), 1u << 3);
  CHECK_EQ(m.read(0x1a109818, 8), 1u << 11);
  m.write(0x1a109814, 1u << 3, 8);
  CHECK(!itc.pending());
  m.write(0x1a109808, ~0u, 8);
  CHECK_EQ(m.read(0x1a109800, 8), 0u);
  // Cluster timer: lines 10 and 11 of the event unit.
  m.write(0x10200414, 5);
  m.write(0x10200404, 1 | 4);
  CHECK_EQ(m.devices.advance(m.devices.next_event()).cluster, 1u << 11);
}

void test_stdout() {
  Machine m;
  const auto print = [&](u32 hart, u32 cluster, const char* text) {
    std::string out;
    for (; *text != 0; ++text) {
      const Access a = m.write(0x1a10f000 + (hart << 3) + (cluster << 7), static_cast<u8>(*text));
      if (a.action_count == 0) continue;
      CHECK(a.actions[0].kind == ActionKind::kConsole && a.actions[0].a == hart && a.actions[0].b == cluster);
      out += a.text;
    }
    return out;
  };
  CHECK(print(0, 0, "hel") == "" && print(1, 0, "other\n") == "other\n" && print(0, 0, "lo\n") == "hello\n");
  CHECK(print(0, kFcCluster, "fc\n") == "fc\n");
  CHECK_EQ(print(2, 0, std::string(1030, 'x').c_str()).size(), 1024u);
  const auto rest = m.devices.console().flush();
  CHECK(rest.size() == 1 && rest[0].hart == 2 && rest[0].text == "xxxxxx");
  CHECK(m.devices.console().flush().empty());
}

void test_peek_has_no_side_effects() {
  Machine m;
  u32 value = 1;
  CHECK(m.devices.peek(decode(0x1a10980c, false, m.config), 0, value) && value == 0);
  CHECK(!m.devices.peek(decode(0x10201430, false, m.config), 0, value));
  CHECK(!m.devices.peek(decode(0x1a102000, false, m.config), 0, value));
}

// --- semihosting ---------------------------------------------------------------------------------

struct Ram {
  std::vector<u8> bytes = std::vector<u8>(0x2000);
  static constexpr u32 kBase = 0x1c000000;
  bool read(u32 a, u8* dst, u32 n) {
    if (a < kBase || a - kBase + n > bytes.size()) return false;
    std::memcpy(dst, &bytes[a - kBase], n);
    return true;
  }
  bool write(u32 a, const u8* src, u32 n) {
    if (a < kBase || a - kBase + n > bytes.size()) return false;
    std::memcpy(&bytes[a - kBase], src, n);
    return true;
  }
  void text(u32 a, const std::string& s) { std::memcpy(&bytes[a - kBase], s.c_str(), s.size() + 1); }
  void block(u32 a, std::vector<u32> words) {
    std::memcpy(&bytes[a - kBase], words.data(), 4 * words.size());
  }
};

void test_semihosting() {
  namespace fs = std::filesystem;
  const fs::path directory = fs::temp_directory_path() / ("flexdbg_semihost_" + std::to_string(::getpid()));
  fs::create_directories(directory / "sub");
  std::ofstream(directory / "in.txt") << "0123456789";
  fs::create_symlink("/etc/hostname", directory / "link");

  Ram ram;
  Semihost host;
  constexpr u32 name = Ram::kBase + 0x100, block = Ram::kBase + 0x200, buffer = Ram::kBase + 0x400;
  const auto open = [&](Semihost& h, const std::string& path, u32 mode) {
    ram.text(name, path);
    ram.block(block, {name, mode, static_cast<u32>(path.size())});
    return h.call(1, block, ram);
  };
  // Printing.
  ram.text(buffer, "hello\n");
  CHECK(host.call(4, buffer, ram).output == "hello\n");
  CHECK(host.call(3, buffer, ram).output == "h");
  ram.block(block, {1, buffer, 5});
  const SemihostReply printed = host.call(5, block, ram);
  CHECK(printed.output == "hello" && printed.result == 0);
  // Files: refused without a directory, outside of it, through links; allowed below.
  CHECK(open(host, "in.txt", 0).result == ~0u && contains(open(host, "in.txt", 0).complaint, "no directory"));
  host.set_directory(directory.string());
  for (const char* path : {"/etc/hostname", "../x", "sub/../../x", "link", "missing", ""}) {
    const SemihostReply refused = open(host, path, 0);
    CHECK(refused.result == ~0u && !refused.complaint.empty());
  }
  CHECK_EQ(open(host, "in.txt", 12).result, ~0u);
  const u32 fd = open(host, "sub/../in.txt", 0).result;
  CHECK_EQ(fd, 3u);
  CHECK_EQ(host.call(0x0c, fd, ram).result, 10u);
  ram.block(block, {fd});
  CHECK_EQ(host.call(0x0c, block, ram).result, 10u);
  ram.block(block, {fd, buffer, 4});
  CHECK_EQ(host.call(6, block, ram).result, 0u);
  CHECK(std::memcmp(&ram.bytes[0x400], "0123", 4) == 0);
  ram.block(block, {fd, 8});
  CHECK_EQ(host.call(0x0a, block, ram).result, 0u);
  ram.block(block, {fd, buffer, 4});
  CHECK_EQ(host.call(6, block, ram).result, 2u);
  // A copy of the machine reads what the original read, whatever happens on disk.
  const Semihost snapshot = host;
  std::ofstream(directory / "in.txt") << "changed";
  Semihost replay = snapshot;
  ram.block(block, {fd, 0});
  replay.call(0x0a, block, ram);
  ram.block(block, {fd, buffer, 4});
  replay.call(6, block, ram);
  CHECK(std::memcmp(&ram.bytes[0x400], "0123", 4) == 0);
  // Writing stays in memory.
  const u32 out = open(host, "out.bin", 4).result;
  ram.text(buffer, "abcdef");
  ram.block(block, {out, buffer, 6});
  CHECK_EQ(host.call(5, block, ram).result, 0u);
  CHECK_EQ(host.call(2, out, ram).result, 0u);
  CHECK_EQ(host.call(2, out, ram).result, ~0u);
  CHECK(host.files_written() == (std::map<std::string, std::string>{{"out.bin", "abcdef"}}));
  CHECK(!fs::exists(directory / "out.bin"));
  const u32 append = open(host, "out.bin", 8).result;
  ram.block(block, {append, buffer, 2});
  host.call(5, block, ram);
  CHECK(host.files_written()["out.bin"] == "abcdefab");
  CHECK(host.files_read() == std::vector<std::string>{"in.txt"});
  ram.block(block, {fd, buffer, 2});
  CHECK(contains(host.call(5, block, ram).complaint, "open for reading"));
  // Input, exit, counters, nonsense.
  host.set_input("z");
  CHECK_EQ(host.call(7, 0, ram).result, static_cast<u32>('z'));
  CHECK_EQ(host.call(7, 0, ram).result, ~0u);
  CHECK(host.call(0x18, 0x20026, ram).exit && host.call(0x18, 0x20026, ram).status == 0);
  CHECK_EQ(host.call(0x18, 0x20024, ram).status, 1u);
  ram.block(block, {17});
  CHECK(host.call(0x101, block, ram).counters == CounterRequest::kSetEvents);
  CHECK(host.call(0x105, block, ram).counters == CounterRequest::kRead &&
        host.call(0x105, block, ram).operand == 17);
  CHECK(host.call(0x103, 0, ram).counters == CounterRequest::kStart);
  CHECK(contains(host.call(0x42, 0, ram).complaint, "unknown"));
  CHECK(contains(host.call(5, 0x30000000, ram).complaint, "outside memory"));
  CHECK_EQ(open(host, ":tt", 4).result, 1u);
  fs::remove_all(directory);
}

}  // namespace

int main() {
  test_address_map();
  test_timer_against_a_stepped_one();
  test_timer_counts_cycles();
  test_cluster_control();
  test_icache_control();
  test_soc_peripherals();
  test_fc_interrupts();
  test_stdout();
  test_peek_has_no_side_effects();
  test_semihosting();
  return check::report("devices");
}
