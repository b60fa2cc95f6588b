// Register-level models of everything at a peripheral address but the event unit and the DMA.
// A device decides what an access means; what it causes outside itself comes back as actions.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "address_map.hpp"
#include "config.hpp"
#include "console.hpp"
#include "timer.hpp"
#include "types.hpp"

namespace flexdbg {

enum class IcacheAction : u8 {
  kNone,
  kEnable,  // both levels, invalidates first
  kDisable,
  kFlush,  // both levels
  kFlushPrivate,
  kFlushSelected,  // a: address
  kClearCounters,
  kEnableCounters,  // a: 0 or 1
  kPrefetch,        // a: hart mask with next-line prefetch
  kReadCounter,     // a: IcacheCounter, b: IcacheScope; the value of the access is the counter's
};
enum class IcacheCounter : u32 { kHits, kTransactions, kMisses, kCongestion };
constexpr u32 kIcacheAllPrivate = 0x100, kIcacheAllShared = 0x200;  // b below 0x100: hart
constexpr u32 kIcacheBank = 0x300;                                  // b = kIcacheBank + bank

enum class ActionKind : u8 {
  kStartHarts,     // a: mask; each starts at boot_address(hart)
  kStopHarts,      // a: mask
  kResumeHarts,    // a: mask; debug resume
  kExit,           // a: status
  kConsole,        // a: hart, b: cluster; Access::text is the line
  kFcInterrupts,   // pending or masked FC interrupts changed
  kIcache,         // icache, a, b; blocks the access until the cache is done
  kArbiterPolicy,  // a: 0 harts, 1 DMA and external; b: 1 = last winner first
};

struct Action {
  ActionKind kind = ActionKind::kFcInterrupts;
  IcacheAction icache = IcacheAction::kNone;
  u32 a = 0, b = 0;
};

struct Access {
  u32 value = 0;  // of a read
  u8 action_count = 0;
  std::array<Action, 2> actions{};
  std::string text;     // kConsole
  std::string error;    // not modelled: stop, or go on with value = kBadAccess if unmapped_rtl
  std::string warning;  // works as the hardware does, but hardly as meant

  void act(Action action) { actions[action_count++] = action; }
};

constexpr u32 kBadAccess = 0xbadacce5;  // what the SoC answers where nothing is
constexpr u32 kFcCluster = 31;

// FC interrupt controller: pulp-platform/apb_interrupt_cntrl@master:apb_interrupt_cntrl.sv.
class FcInterrupts {
 public:
  void raise(u32 lines) { status_ |= lines; }
  bool pending() const { return (status_ & mask_) != 0; }
  int id() const;  // highest pending line, 0 if none
  void acknowledge(int id);
  bool read(u32 offset, u32& value) const;
  bool write(u32 offset, u32 value);

 private:
  u32 mask_ = 0, status_ = 0, acknowledged_ = 0;
};

// Cluster control unit: pulp-platform/cluster_peripherals@master:cluster_control_unit.
struct ClusterControl {
  u32 end_of_computation = 0, fetch_enable = 0, config = 0, clock_gate = 0, halt_mask = 0, result = 0;
  u32 halted = 0;  // kept by the loop: harts in debug halt
  std::array<u32, 2> arbiter_policy{};
  std::array<u32, kMaxHarts> boot_address{};
};

class Devices {
 public:
  // Lines that rise in one cycle.
  struct Lines {
    u32 cluster = 0;  // event-unit lines, to all harts
    u32 fc = 0;       // already raised in interrupts()
  };

  explicit Devices(const Config& config);

  // One access to kClusterCtrl, kClusterTimer, kIcacheCtrl, kSocDevice, kStdout or kUnmapped. `value` holds
  // the data in the low `size` bytes. The FC is hart number config.harts.
  Access access(const Target& target, u32 hart, u32 size, bool write, u32 value, u64 cycle);
  // The word at a register without side effects; false: nothing readable there.
  bool peek(const Target& target, u64 cycle, u32& value) const;

  u64 next_event() const;
  Lines advance(u64 cycle);

  u32 boot_address(u32 hart) const { return control_.boot_address[hart] & ~1u; }
  // Cluster-only boot: what the test bench does before it raises fetch enable.
  void boot_cluster(u32 entry) {
    control_.boot_address.fill(entry);
    control_.fetch_enable = (1u << harts_) - 1;
  }
  u32 halt_group() const { return control_.halt_mask; }
  void set_halted(u32 mask) { control_.halted = mask; }
  const ClusterControl& control() const { return control_; }

  FcInterrupts& interrupts() { return interrupts_; }
  const FcInterrupts& interrupts() const { return interrupts_; }
  Console& console() { return console_; }

 private:
  // Registers that only keep what was written.
  class Scratch {
   public:
    u32 read(u32 offset) const;
    void write(u32 offset, u32 value);

   private:
    std::vector<std::pair<u32, u32>> words_;
  };

  void control_write(u32 offset, u32 value, Access& access);
  bool control_read(u32 offset, u32& value) const;
  void start_and_stop(u32 value, Access& access);
  void icache_read(u32 offset, Access& access) const;
  void icache_write(u32 offset, u32 value, Access& access);
  void soc_access(u32 offset, bool write, u32 value, u64 cycle, Access& access);
  bool soc_read(u32 offset, u64 cycle, u32& value) const;
  void soc_write(u32 offset, u32 value, u64 cycle, Access& access);
  void soc_control_write(u32 offset, u32 value, Access& access);
  void stdout_write(u32 offset, u32 value, Access& access);

  u32 harts_, fc_;
  bool exit_on_eoc_;
  ClusterControl control_;
  Timer cluster_timer_, fc_timer_, fc_timer2_;
  FcInterrupts interrupts_;
  Console console_;
  u32 icache_enable_ = 0, icache_prefetch_ = 0, icache_counting_ = 0;
  std::array<u32, 12> fll_{};  // SoC, peripherals, cluster: STATUS, CONF1, CONF2, INTEGRATOR
  Scratch soc_control_, event_masks_;
  Config config_;
};

}  // namespace flexdbg
