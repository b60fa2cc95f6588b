// Instruction semantics. Without arguments: the word-parallel code against loops over lanes and elements, and
// single instructions through the decoder.
// With "-": recorded results of the Flex-V RTL from standard input, one instruction a line
// (tests/core/test_semantics.py writes them).
#include <cstring>
#include <functional>
#include <string>

#include "check.hpp"
#include "isa_gen.hpp"
#include "semantics/dot.hpp"
#include "semantics/rv32.hpp"
#include "semantics/simd.hpp"
#include "semantics/xflexv.hpp"
#include "semantics/xpulpv2.hpp"

namespace flexdbg {
namespace {

using check::Random;

// Random words with many equal, extreme and nearly equal lanes.
u32 word(Random& random) {
  constexpr u32 kCorners[] = {0,          ~0u,        0x80808080, 0x7f7f7f7f, 0x80008000, 0x7fff7fff,
                              0x88888888, 0x77777777, 0xaaaaaaaa, 0x55555555, 0x80000000, 0x7fffffff};
  switch (random.below(4)) {
    case 0:
      return kCorners[random.below(12)];
    case 1:
      return random.next() & random.next() & random.next();
    case 2:
      return random.next() | random.next() | random.next();
    default:
      return random.next();
  }
}

// --- lanes --------------------------------------------------------------------------------------

u32 wrapped(u32 sum, int bits) { return bits == 32 ? sum : sum & ((1u << bits) - 1); }
i32 wrapped_signed(u32 sum, int bits) { return i32(sum << (32 - bits)) >> (32 - bits); }

struct Lane {
  u32 u;
  i32 s;
};

using LaneFunction = std::function<u32(Lane, Lane)>;

template <int L>
u32 lane_by_lane(u32 a, u32 b, const LaneFunction& f) {
  u32 result = 0;
  for (int i = 0; i < 32; i += L) {
    const auto lane = [i](u32 v) { return Lane{wrapped(v >> i, L), wrapped_signed(v >> i, L)}; };
    result |= wrapped(f(lane(a), lane(b)), L) << i;
  }
  return result;
}

template <class Op, int L>
void check_lanes(const char* name, const LaneFunction& f) {
  Random random;
  for (int i = 0; i < 4000; ++i) {
    const u32 a = word(random), b = i % 8 == 0 ? a : word(random);
    check::equal(Op::template apply<L>(a, b), lane_by_lane<L>(a, b, f), name, __FILE__, L);
  }
}
template <class Op>
void check_op(const char* name, const std::function<u32(Lane, Lane, int)>& f) {
  using namespace std::placeholders;
  check_lanes<Op, 32>(name, std::bind(f, _1, _2, 32));
  check_lanes<Op, 16>(name, std::bind(f, _1, _2, 16));
  check_lanes<Op, 8>(name, std::bind(f, _1, _2, 8));
  check_lanes<Op, 4>(name, std::bind(f, _1, _2, 4));
  check_lanes<Op, 2>(name, std::bind(f, _1, _2, 2));
}

u32 all_ones(bool yes) { return yes ? ~0u : 0; }

void lanes_agree_with_the_definition() {
  namespace op = sem::op;
  check_op<op::add>("add", [](Lane a, Lane b, int) { return a.u + b.u; });
  check_op<op::sub>("sub", [](Lane a, Lane b, int) { return a.u - b.u; });
  check_op<op::avg>("avg", [](Lane a, Lane b, int n) { return u32(wrapped_signed(a.u + b.u, n) >> 1); });
  check_op<op::avgu>("avgu", [](Lane a, Lane b, int n) { return wrapped(a.u + b.u, n) >> 1; });
  check_op<op::min>("min", [](Lane a, Lane b, int) { return a.s < b.s ? a.u : b.u; });
  check_op<op::minu>("minu", [](Lane a, Lane b, int) { return a.u < b.u ? a.u : b.u; });
  check_op<op::max>("max", [](Lane a, Lane b, int) { return a.s > b.s ? a.u : b.u; });
  check_op<op::maxu>("maxu", [](Lane a, Lane b, int) { return a.u > b.u ? a.u : b.u; });
  check_op<op::srl>("srl", [](Lane a, Lane b, int n) { return a.u >> (b.u % u32(n)); });
  check_op<op::sra>("sra", [](Lane a, Lane b, int n) { return u32(a.s >> (b.u % u32(n))); });
  check_op<op::sll>("sll", [](Lane a, Lane b, int n) { return a.u << (b.u % u32(n)); });
  check_op<op::abs>("abs", [](Lane a, Lane b, int) { return a.s > b.s ? a.u : b.u - a.u; });
  check_op<op::cmpeq>("cmpeq", [](Lane a, Lane b, int) { return all_ones(a.u == b.u); });
  check_op<op::cmpne>("cmpne", [](Lane a, Lane b, int) { return all_ones(a.u != b.u); });
  check_op<op::cmpgt>("cmpgt", [](Lane a, Lane b, int) { return all_ones(a.s > b.s); });
  check_op<op::cmpge>("cmpge", [](Lane a, Lane b, int) { return all_ones(a.s >= b.s); });
  check_op<op::cmplt>("cmplt", [](Lane a, Lane b, int) { return all_ones(a.s < b.s); });
  check_op<op::cmple>("cmple", [](Lane a, Lane b, int) { return all_ones(a.s <= b.s); });
  check_op<op::cmpgtu>("cmpgtu", [](Lane a, Lane b, int) { return all_ones(a.u > b.u); });
  check_op<op::cmpgeu>("cmpgeu", [](Lane a, Lane b, int) { return all_ones(a.u >= b.u); });
  check_op<op::cmpltu>("cmpltu", [](Lane a, Lane b, int) { return all_ones(a.u < b.u); });
  check_op<op::cmpleu>("cmpleu", [](Lane a, Lane b, int) { return all_ones(a.u <= b.u); });
}

// --- dot products -------------------------------------------------------------------------------

using Kernel = u32 (*)(u32, u32, unsigned);

template <int AB, int WB>
Kernel kernel(bool a_signed, bool w_signed) {
  if (a_signed) return w_signed ? sem::dot<AB, WB, true, true> : sem::dot<AB, WB, true, false>;
  return w_signed ? sem::dot<AB, WB, false, true> : sem::dot<AB, WB, false, false>;
}

// In the order of the simd_fmt codes; formats without elements have no kernel.
Kernel kernel_of_format(u32 format, bool a_signed, bool w_signed) {
  switch (format) {
    case 1:
      return kernel<16, 16>(a_signed, w_signed);
    case 2:
      return kernel<8, 8>(a_signed, w_signed);
    case 3:
      return kernel<4, 4>(a_signed, w_signed);
    case 4:
      return kernel<2, 2>(a_signed, w_signed);
    case 5:
      return kernel<4, 2>(a_signed, w_signed);
    case 6:
      return kernel<8, 2>(a_signed, w_signed);
    case 7:
      return kernel<16, 2>(a_signed, w_signed);
    case 8:
      return kernel<8, 4>(a_signed, w_signed);
    case 9:
      return kernel<16, 4>(a_signed, w_signed);
    case 10:
      return kernel<16, 8>(a_signed, w_signed);
    default:
      return nullptr;
  }
}

struct Widths {
  int a, w;
};
constexpr Widths kWidths[] = {{0, 0}, {16, 16}, {8, 8}, {4, 4},  {2, 2}, {4, 2},
                              {8, 2}, {16, 2},  {8, 4}, {16, 4}, {16, 8}};

u32 element(u32 v, int bits, int index, bool is_signed) {
  const u32 u = (v >> (index * bits)) & ((1u << bits) - 1);
  return is_signed ? u32(i32(u << (32 - bits)) >> (32 - bits)) : u;
}

u32 defined_dot(Widths n, u32 a, u32 w, unsigned slice, bool a_signed, bool w_signed) {
  u32 sum = 0;
  for (int i = 0; i < 32 / n.a; ++i) {
    const int k = int(slice % unsigned(n.a / n.w)) * (32 / n.a) + i;
    sum += element(a, n.a, i, a_signed) * element(w, n.w, k, w_signed);
  }
  return sum;
}

void dot_kernels_agree_with_the_definition() {
  Random random;
  for (u32 format = 1; format <= 10; ++format) {
    for (int signs = 0; signs < 4; ++signs) {
      const bool a_signed = signs & 1, w_signed = signs & 2;
      const Kernel f = kernel_of_format(format, a_signed, w_signed);
      for (int i = 0; i < 20000; ++i) {
        const u32 a = word(random), w = word(random);
        const unsigned slice = random.below(8);
        CHECK_EQ(f(a, w, slice), defined_dot(kWidths[format], a, w, slice, a_signed, w_signed));
      }
    }
  }
}

// --- single instructions ------------------------------------------------------------------------

template <bool Rtl>
bool execute(Arch& h, const Decoded& d) {
  using namespace sem;
  switch (d.op) {
#define PLAIN(op, ...) \
  case isa::op:        \
    __VA_ARGS__(h, d); \
    return true;
    FLEXDBG_PRIVATE_OPS(PLAIN)
#undef PLAIN
#define VARIANT(op, clean, rtl) \
  case isa::op:                 \
    if constexpr (Rtl) {        \
      rtl(h, d);                \
    } else {                    \
      clean(h, d);              \
    }                           \
    return true;
    FLEXDBG_QUIRK_OPS(VARIANT)
#undef VARIANT
    default:
      return false;
  }
}

bool taken(const Arch& h, const Decoded& d) {
  using namespace sem;
  switch (d.op) {
#define BRANCH(op, predicate) \
  case isa::op:               \
    return predicate(h, d);
    FLEXDBG_BRANCH_OPS(BRANCH)
#undef BRANCH
    default:
      check::that(false, "a branch", __FILE__, __LINE__);
      return false;
  }
}

// x5 and x6 are the sources, x7 the destination, as in the recorded vectors.
u32 result(u32 instruction, u32 rs1, u32 rs2 = 0, u32 format = 0, Profile profile = kFlexV) {
  Arch h;
  h.pc = 0x1c008080;
  h.x[5] = rs1;
  h.x[6] = rs2;
  h.x[7] = 0x89abcdef;
  h.sb_legacy = format == 0;
  h.simd_fmt = format;
  check::that(execute<false>(h, isa::decode(instruction, profile)), "executed", __FILE__, __LINE__);
  return h.x[7];
}

u32 immediate(u32 funct3, i32 imm) { return u32(imm) << 20 | 5 << 15 | funct3 << 12 | 7 << 7 | 0x13; }

void immediate_operations() {
  CHECK_EQ(result(0x80000000 | 7 << 7 | 0x37, 0), 0x80000000u);  // lui
  CHECK_EQ(result(0xfffff000 | 7 << 7 | 0x17, 0), 0x1c007080u);  // auipc
  CHECK_EQ(result(immediate(0, -1), 0), ~0u);                    // addi
  CHECK_EQ(result(immediate(2, -1), u32(-2)), 1u);               // slti
  CHECK_EQ(result(immediate(2, -1), 0), 0u);
  CHECK_EQ(result(immediate(3, -1), 5), 1u);  // sltiu
  CHECK_EQ(result(immediate(3, -1), ~0u), 0u);
  CHECK_EQ(result(immediate(4, -1), 0x0ff0), 0xfffff00fu);      // xori
  CHECK_EQ(result(immediate(6, 0x00f), 0x0ff0), 0x0fffu);       // ori
  CHECK_EQ(result(immediate(7, -16), 0x0fff), 0x0ff0u);         // andi
  CHECK_EQ(result(immediate(1, 31), 3), 0x80000000u);           // slli
  CHECK_EQ(result(immediate(5, 31), 0x80000000), 1u);           // srli
  CHECK_EQ(result(immediate(5, 0x400 | 31), 0x80000000), ~0u);  // srai
}

bool branches(u32 funct3, u32 rs1, u32 rs2) {
  Arch h;
  h.x[5] = rs1;
  h.x[6] = rs2;
  return taken(h, isa::decode(6 << 20 | 5 << 15 | funct3 << 12 | 0x463, kFlexV));
}
// p.beqimm, p.bneimm: the rs2 field is the constant.
bool branches_on(u32 funct3, u32 rs1, u32 field) {
  Arch h;
  h.x[5] = rs1;
  return taken(h, isa::decode(field << 20 | 5 << 15 | funct3 << 12 | 0x463, kFlexV));
}

void branch_predicates() {
  constexpr u32 kMinusOne = ~0u;
  CHECK(branches(0, 4, 4) && !branches(0, 4, 5));                                        // beq
  CHECK(branches(1, 4, 5) && !branches(1, 4, 4));                                        // bne
  CHECK(branches(4, kMinusOne, 0) && !branches(4, 0, kMinusOne) && !branches(4, 3, 3));  // blt
  CHECK(branches(5, 0, kMinusOne) && !branches(5, kMinusOne, 0) && branches(5, 3, 3));   // bge
  CHECK(branches(6, 0, kMinusOne) && !branches(6, kMinusOne, 0) && !branches(6, 3, 3));  // bltu
  CHECK(branches(7, kMinusOne, 0) && !branches(7, 0, kMinusOne) && branches(7, 3, 3));   // bgeu
  CHECK(branches_on(2, u32(-16), 16) && branches_on(2, 15, 15) && !branches_on(2, 16, 16));
  CHECK(!branches_on(3, u32(-16), 16) && !branches_on(3, 15, 15) && branches_on(3, 16, 16));
}

u32 packed(u32 funct7, u32 funct3, u32 rs2 = 6) {
  return funct7 << 25 | rs2 << 20 | 5 << 15 | funct3 << 12 | 7 << 7 | 0x57;
}

void nibble_and_crumb_forms_of_xpulpnn() {
  constexpr u32 kA = 0x789abcde, kB = 0x9f63d2ca;
  const auto run = [](u32 instruction) { return result(instruction, kA, kB, 0, kXpulpNN); };
  CHECK_EQ(run(packed(0, 2)), sem::lanes::add<4>(kA, kB));          // pv.add.n
  CHECK_EQ(run(packed(0, 3)), sem::lanes::add<4>(kA, 0xaaaaaaaa));  // pv.add.sc.n
  CHECK_EQ(run(packed(1, 2)), sem::lanes::add<2>(kA, kB));          // pv.add.c
  CHECK_EQ(run(packed(1, 3)), sem::lanes::add<2>(kA, 0xaaaaaaaa));  // pv.add.sc.c
}

// Permutations: with a format of two or four lanes the word of the other width gives the same.
void permutations_follow_the_format() {
  struct Words {
    u32 half, byte;
  };
  constexpr u32 kExtract = 0x3c, kExtractU = 0x48, kInsert = 0x58, kShuffle = 0x60, kShuffle2 = 0x64;
  const Words words[] = {{packed(kExtract | 1, 6, 0), packed(kExtract | 1, 7, 0)},
                         {packed(kExtractU | 1, 6, 0), packed(kExtractU | 1, 7, 0)},
                         {packed(kInsert | 1, 6, 0), packed(kInsert | 1, 7, 0)},
                         {packed(kShuffle, 0), packed(kShuffle, 1)},
                         {packed(kShuffle | 1, 6, 13), packed(kShuffle | 1, 7, 13)},
                         {packed(kShuffle2, 0), packed(kShuffle2, 1)}};
  Random random;
  for (const Words& w : words) {
    for (int i = 0; i < 100; ++i) {
      const u32 a = random.next(), b = random.next();
      CHECK_EQ(result(w.byte, a, b, 1), result(w.half, a, b));
      CHECK_EQ(result(w.half, a, b, 2), result(w.byte, a, b));
    }
  }
}

// --- recorded results ---------------------------------------------------------------------------

struct Vector {
  char variant;  // 'r': with the RTL's defects, 'c': clean
  char name[64];
  u32 word, rs1, rs1_value, rs2, rs2_value, rd, rd_value, legacy, format, cycle, expected;
};

bool read(Vector& v) {
  return std::scanf(" %c %63s %x %u %x %u %x %u %x %u %u %u %x", &v.variant, v.name, &v.word, &v.rs1,
                    &v.rs1_value, &v.rs2, &v.rs2_value, &v.rd, &v.rd_value, &v.legacy, &v.format, &v.cycle,
                    &v.expected) == 13;
}

Arch state(const Vector& v) {
  Arch h;
  h.x[v.rd] = v.rd_value;
  h.x[v.rs1] = v.rs1_value;
  h.x[v.rs2] = v.rs2_value;
  h.x[0] = 0;
  h.sb_legacy = v.legacy;
  h.simd_fmt = v.format;
  h.mix_cycle = v.cycle;
  return h;
}

// The bare kernel, with the operands chosen here: what the pipeline does with it is tested elsewhere.
u32 by_kernel(const Arch& h, const Decoded& d, const isa::OpInfo& info) {
  const std::string name = info.name;
  const bool accumulate = name.find("pv.sdot") == 0;
  const bool a_signed = name.find("dotsp") != std::string::npos;
  const bool w_signed = a_signed || name.find("dotusp") != std::string::npos;
  const u32 format = h.sb_legacy ? (info.lanes == 16 ? 1 : 2) : h.simd_fmt;
  u32 b = info.mode == 2 ? u32(d.imm) : h.x[d.rs2];
  if (info.mode != 0) {
    switch (format) {
      case 2:
        b = sem::replicate<8>(b);
        break;
      case 3:
        b = sem::replicate<4>(b);
        break;
      case 4:
        b = sem::replicate<2>(b);
        break;
      default:
        b = sem::replicate<16>(b);
        break;
    }
  }
  const Kernel f = kernel_of_format(format, a_signed, w_signed);
  return (accumulate ? h.x[d.rd] : 0) + f(h.x[d.rs1], b, h.mix_cycle);
}

void complain(const Vector& v, const char* what, u32 actual) {
  ++check::failures;
  std::printf(
      "%s %s %08x: rs1 %08x rs2 %08x rd %08x fmt %u legacy %u cycle %u: got %08x, expected %08x (%c)\n",
      v.name, what, v.word, v.rs1_value, v.rs2_value, v.rd_value, v.format, v.legacy, v.cycle, actual,
      v.expected, v.variant);
}

void recorded_results() {
  Vector v;
  while (read(v)) {
    const Decoded d = isa::decode(v.word, kFlexV);
    const isa::OpInfo& info = isa::kOps[d.op];
    Arch h = state(v);
    if (info.timing == Timing::kDotp) {
      const u32 bare = by_kernel(h, d, info);
      bare == v.expected ? void(++check::passed) : complain(v, "kernel", bare);
    }
    const bool known = v.variant == 'r' ? execute<true>(h, d) : execute<false>(h, d);
    if (!known) {
      complain(v, "not decoded", 0);
    } else if (h.x[v.rd] != v.expected) {
      complain(v, "result", h.x[v.rd]);
    } else {
      ++check::passed;
    }
  }
}

}  // namespace
}  // namespace flexdbg

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], "-") == 0) {
    flexdbg::recorded_results();
  } else {
    flexdbg::lanes_agree_with_the_definition();
    flexdbg::dot_kernels_agree_with_the_definition();
    flexdbg::immediate_operations();
    flexdbg::branch_predicates();
    flexdbg::nibble_and_crumb_forms_of_xpulpnn();
    flexdbg::permutations_follow_the_format();
  }
  return check::report("semantics");
}
