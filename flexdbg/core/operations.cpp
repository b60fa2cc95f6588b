// The table of private instructions and branches, and what the cycle loop has to know of each.
#include "operations.hpp"

#include "loop.hpp"
#include "semantics/rv32.hpp"
#include "semantics/simd.hpp"
#include "semantics/xflexv.hpp"
#include "semantics/xpulpv2.hpp"

namespace flexdbg {

using isa::kOps;

namespace {

constexpr Operations make_operations() {
  Operations t;
#define FLEXDBG_OPERATION(op, fn) \
  t.clean[isa::op] = t.rtl[isa::op] = [](Arch& a, const Decoded& d) { sem::fn(a, d); };
  FLEXDBG_PRIVATE_OPS(FLEXDBG_OPERATION)
#undef FLEXDBG_OPERATION
#define FLEXDBG_OPERATION(op, clean_fn, rtl_fn)                              \
  t.clean[isa::op] = [](Arch& a, const Decoded& d) { sem::clean_fn(a, d); }; \
  t.rtl[isa::op] = [](Arch& a, const Decoded& d) { sem::rtl_fn(a, d); };     \
  t.quirk[isa::op] = true;
  FLEXDBG_QUIRK_OPS(FLEXDBG_OPERATION)
#undef FLEXDBG_OPERATION
#define FLEXDBG_OPERATION(op, fn) \
  t.branch[isa::op] = [](const Arch& a, const Decoded& d) -> bool { return sem::fn(a, d); };
  FLEXDBG_BRANCH_OPS(FLEXDBG_OPERATION)
#undef FLEXDBG_OPERATION
  return t;
}

}  // namespace

constinit const Operations kOperations = make_operations();

Kind kind_of(u16 op) {
  if (kOperations.branch[op] != nullptr) return Kind::kBranch;
  if (kOperations.clean[op] == nullptr) return Kind::kOther;
  if (kOps[op].timing == Timing::kMulh || kOps[op].timing == Timing::kDiv) return Kind::kOther;
  if (kOps[op].timing == Timing::kDotp) return Kind::kDotp;
  if (kOps[op].traits & isa::kVirtual) return Kind::kVirtual;
  return kOperations.quirk[op] ? Kind::kOther : Kind::kPrivate;
}

void Cluster::choose_operations() {
  operations_ = (config_.quirks_rtl ? kOperations.rtl : kOperations.clean).data();
}

// Before an operation that may have a defect in the real core, or no meaning in the present format.
void Cluster::warn_operation(const Hart& h, const Decoded& d, u64 c) {
  const isa::OpInfo& info = kOps[d.op];
  if (config_.quirks_rtl || d.rd == 0 || info.timing == Timing::kDotp) return;
  if (info.traits & isa::kVirtual) {
    if (h.a.sb_legacy != 0 || h.a.simd_fmt == 1 || h.a.simd_fmt == 2) return;
    lint_format(h, d, c);
  }
  if (!kOperations.quirk[d.op]) return;
  Arch clean = h.a, real = h.a;
  kOperations.clean[d.op](clean, d);
  kOperations.rtl[d.op](real, d);
  if (clean.x[d.rd] != real.x[d.rd]) lint_result(h, d, c);
}

}  // namespace flexdbg
