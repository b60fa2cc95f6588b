// The private instructions and branches by operation number.
#pragma once

#include <array>

#include "decoded.hpp"
#include "isa_gen.hpp"

namespace flexdbg {

struct Arch;

// What a private instruction does. One call through a table keeps the cycle loop small: a switch over all of
// them in its midst would cost it its registers.
using Operation = void (*)(Arch&, const Decoded&);
using Predicate = bool (*)(const Arch&, const Decoded&);
struct Operations {
  std::array<Operation, isa::kOpCount> clean{}, rtl{};
  std::array<Predicate, isa::kOpCount> branch{};
  std::array<bool, isa::kOpCount> quirk{};  // the two differ
};

extern const Operations kOperations;

}  // namespace flexdbg
