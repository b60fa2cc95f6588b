// Register numbers and offsets of the event unit (pulp-platform/event_unit_flex:rtl).
#pragma once

#include "types.hpp"

namespace flexdbg::eu {

// Core registers, as word numbers within their 0x40 bytes.
enum CoreReg : u8 {
  kMask,
  kMaskAnd,
  kMaskOr,
  kIrqMask,
  kIrqMaskAnd,
  kIrqMaskOr,
  kStatus,
  kBuffer,
  kBufferMasked,
  kBufferIrqMasked,
  kBufferClear,
  kSwMask,
  kSwMaskAnd,
  kSwMaskOr,
  kEventWait,
  kEventWaitClear,
};

// Barrier registers, as word numbers within their 0x20 bytes.
enum BarrierReg : u8 {
  kTriggerMask,
  kTriggerStatus,
  kStatusSummary,
  kTargetMask,
  kTrigger,
  kTriggerSelf,
  kTriggerWait,
  kTriggerWaitClear,
};

enum DispatchReg : u8 { kDispatchFifo, kTeamConfig };

// Bus view.
constexpr u32 kBusBarriers = 0x400, kBusTriggers = 0x600, kBusSocFifo = 0x700, kBusEnd = 0x780;

constexpr u32 bit(int n) { return 1u << n; }

}  // namespace flexdbg::eu
