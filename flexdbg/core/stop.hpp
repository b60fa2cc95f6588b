// Why the machine stopped, and what it noticed on the way.
#pragma once

#include <string>
#include <vector>

#include "trace.hpp"
#include "types.hpp"

namespace flexdbg {

enum class StopReason : u8 {
  kBreakpoint,  // before the cycle in which the hart would execute the instruction
  kWatchpoint,  // after the cycle of the access
  kStep,        // the hart executed the number of instructions asked for
  kCycles,      // the number of cycles asked for is over
  kEbreak,      // at an ebreak that is no semihosting call
  kTrap,        // at an instruction that raises an exception the machine is told to stop on
  kExit,        // the program reported its result
  kDeadlock,    // every hart sleeps and nothing can wake one
  kInterrupted,
  kError,   // an access no device answers, misuse of a device
  kHalted,  // harness: every hart reached its final `j .`
  kHistoryStart,
  kEvent,  // after the cycle of the event
};
extern const char* const kStopNames[];

struct StopEvent {
  StopReason reason = StopReason::kCycles;
  int hart = 0;
  u32 pc = 0;
  u64 cycle = 0;
  u32 address = 0;
  u8 access = 0;  // 0 none, 1 read, 2 write
  u8 size = 0;
  TraceKind kind = TraceKind::kRetire;  // of an event
  u32 old_value = 0, new_value = 0;
  u32 code = 0;
  std::vector<u32> ids;
  std::string message;
};

// A place where the real core would have behaved otherwise, or where a program leans on luck.
enum class Lint : u8 {
  kMacloadResultRead,    // rd of a Mac&Load read by the next instruction
  kMacloadPointer,       // rs1 of a loading Mac&Load is destroyed
  kMacloadStalledSlice,  // withheld grant behind another dot product of a mixed format
  kMlcCounterReset,      // csrr of an address CSR resets the update counter
  kMpcStalledDotp,       // a dot product that waits for a load counts twice
  kMpcCsrHazard,         // dot product directly behind a write to its control CSR
  kSimdFormat,           // CSR-driven operation with a defect in this format, or no meaning
  kForeignWord,          // XpulpNN word run as .h or .b
  kShortLoop,            // hardware loop of one instruction
  kClipBound,            // p.clipr or p.clipur whose sum overflows, or with a negative bound
  kCsrIgnored,           // write to a CSR that this core does not implement
  kTcdmWrap,             // TCDM address beyond the memory
  kMtvecIgnored,
  kCounterClear,  // csrrc on a performance-counter CSR
  kDevice,        // misuse reported by a device
  kCount
};
extern const char* const kLintNames[];

struct Warning {
  Lint kind = Lint::kDevice;
  int hart = 0;
  u32 pc = 0;
  u64 cycle = 0;  // first time
  u64 count = 0;
  std::string message;
};

}  // namespace flexdbg
