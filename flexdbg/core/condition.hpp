// Conditions of triggers, as the debugger compiles them: a tree that is evaluated on one hart.
#pragma once

#include <vector>

#include "types.hpp"

namespace flexdbg {

enum class ConditionOp : u8 {
  kConstant,
  kRegister,  // value: its number, as in read_register
  kHart,
  kCycle,
  kEvent,   // value: an EventVariable
  kMemory,  // at the address on the left
  kField,   // the left side shifted right by value
  kNegate,
  kInvert,
  kNot,
  kAnd,  // as in C, the right side only where it decides
  kOr,
  kBitOr,
  kBitXor,
  kBitAnd,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kShiftLeft,
  kShiftRight,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kRemainder,
  kCount
};
extern const char* const kConditionNames[static_cast<int>(ConditionOp::kCount)];

enum class EventVariable : u8 { kAddress, kBank, kWinner, kCause, kValue, kOld, kDma, kCount };
extern const char* const kEventVariableNames[static_cast<int>(EventVariable::kCount)];

// The result is cut to `bits` and extended as `is_signed` says; `wide`: operands are unsigned words.
struct ConditionNode {
  ConditionOp op = ConditionOp::kConstant;
  u8 bits = 32;
  bool is_signed = true;
  bool wide = false;
  u32 value = 0;
  u16 left = 0, right = 0;  // numbers of nodes before this one
};

// The last node is the whole condition; without nodes there is none.
using Condition = std::vector<ConditionNode>;

}  // namespace flexdbg
