// Evaluates conditions of triggers. One that cannot be evaluated holds: the debugger, which evaluates it
// again, says what is wrong with it.
#include "condition.hpp"

#include <cstring>

#include "cluster.hpp"

namespace flexdbg {

const char* const kConditionNames[static_cast<int>(ConditionOp::kCount)] = {
    "constant", "register", "hart", "cycle", "event", "memory", "field", "negate", "invert", "!",
    "&&",       "||",       "|",    "^",     "&",     "==",     "!=",    "<",      "<=",     ">",
    ">=",       "<<",       ">>",   "+",     "-",     "*",      "/",     "%"};

const char* const kEventVariableNames[static_cast<int>(EventVariable::kCount)] = {
    "address", "bank", "winner", "cause", "value", "old", "dma"};

namespace {

i64 cut(u64 number, const ConditionNode& n) {
  const u32 spare = 64 - n.bits;
  const u64 high = number << spare;
  return n.is_signed ? static_cast<i64>(high) >> spare : static_cast<i64>(high >> spare);
}

i64 calculate(const ConditionNode& n, i64 x, i64 y, bool& failed) {
  const u64 a = static_cast<u64>(x), b = static_cast<u64>(y);
  switch (n.op) {
    case ConditionOp::kBitOr:
      return cut(a | b, n);
    case ConditionOp::kBitXor:
      return cut(a ^ b, n);
    case ConditionOp::kBitAnd:
      return cut(a & b, n);
    case ConditionOp::kEqual:
      return x == y;
    case ConditionOp::kNotEqual:
      return x != y;
    case ConditionOp::kLess:
      return x < y;
    case ConditionOp::kLessEqual:
      return x <= y;
    case ConditionOp::kGreater:
      return x > y;
    case ConditionOp::kGreaterEqual:
      return x >= y;
    case ConditionOp::kShiftLeft:
      return cut(a << (b & 31), n);
    case ConditionOp::kShiftRight:
      return cut(static_cast<u64>(x >> (b & 31)), n);
    case ConditionOp::kAdd:
      return cut(a + b, n);
    case ConditionOp::kSubtract:
      return cut(a - b, n);
    case ConditionOp::kMultiply:
      return cut(a * b, n);
    case ConditionOp::kDivide:
    case ConditionOp::kRemainder:
      // Operands are words: the quotient of the most negative number and -1 fits in 64 bits.
      failed |= y == 0;
      if (failed) return 0;
      return cut(static_cast<u64>(n.op == ConditionOp::kDivide ? x / y : x % y), n);
    default:
      failed = true;
      return 0;
  }
}

}  // namespace

bool Cluster::holds(const Condition& condition, int hart, const TraceRecord* record) const {
  bool failed = false;
  const i64 value = value_of(condition, condition.size() - 1, hart, record, failed);
  return failed || value != 0;
}

std::optional<i64> Cluster::condition_value(const Condition& condition, int hart) const {
  bool failed = false;
  const i64 value = value_of(condition, condition.size() - 1, hart, nullptr, failed);
  return failed ? std::nullopt : std::optional<i64>(value);
}

i64 Cluster::value_of(const Condition& all, size_t index, int hart, const TraceRecord* record,
                      bool& failed) const {
  const ConditionNode& n = all[index];
  const auto left = [&] { return value_of(all, n.left, hart, record, failed); };
  const auto right = [&] { return value_of(all, n.right, hart, record, failed); };
  switch (n.op) {
    case ConditionOp::kConstant:
      return cut(n.value, n);
    case ConditionOp::kRegister:
      failed |= hart < 0;
      return failed ? 0 : cut(read_register(hart, n.value), n);
    case ConditionOp::kHart:
      failed |= hart < 0;  // the debugger takes the current one for the DMA
      return hart;
    case ConditionOp::kCycle:
      return cut(s_.cycle, n);
    case ConditionOp::kEvent:
      return cut(event_variable(static_cast<EventVariable>(n.value), record, failed), n);
    case ConditionOp::kMemory: {
      u8 bytes[4] = {};
      const u32 address = static_cast<u32>(left());
      failed |= failed || !read_memory(address, bytes, n.bits / 8);
      u32 word;
      std::memcpy(&word, bytes, 4);
      return cut(word, n);
    }
    case ConditionOp::kField:
      return cut(static_cast<u64>(left()) >> n.value, n);
    case ConditionOp::kNegate:
      return cut(-static_cast<u64>(left()), n);
    case ConditionOp::kInvert:
      return cut(~static_cast<u64>(left()), n);
    case ConditionOp::kNot:
      return left() == 0;
    case ConditionOp::kAnd:
      return left() != 0 && !failed && right() != 0;
    case ConditionOp::kOr:
      return left() != 0 || failed || right() != 0;
    default: {
      i64 x = left(), y = right();
      if (n.wide) {
        x = static_cast<u32>(x);
        y = static_cast<u32>(y);
      }
      return calculate(n, x, y, failed);
    }
  }
}

u64 Cluster::event_variable(EventVariable name, const TraceRecord* record, bool& failed) const {
  if (record == nullptr) {
    failed = true;
    return 0;
  }
  const TraceRecord& r = *record;
  switch (name) {
    case EventVariable::kAddress:
      return r.a;
    case EventVariable::kBank: {
      const u32 offset = r.a - config_.tcdm_base;
      failed |= offset >= config_.tcdm_size;
      return failed ? 0 : bank_of(offset);
    }
    case EventVariable::kWinner:
      failed |= r.kind != TraceKind::kDenied;
      return r.b;
    case EventVariable::kCause:
      failed |= r.kind != TraceKind::kCharge && r.kind != TraceKind::kSleep && r.kind != TraceKind::kWake;
      return r.a;
    case EventVariable::kValue:
      return r.b;
    case EventVariable::kOld:
      return r.old;
    case EventVariable::kDma:
      return r.hart == kTraceDma;
    default:
      failed = true;
      return 0;
  }
}

}  // namespace flexdbg
