// RV32I and M: register operations and branch predicates.
#pragma once

#include <limits>

#include "../decoded.hpp"
#include "../hart.hpp"

namespace flexdbg::sem::rv32 {

inline void lui(Arch& h, const Decoded& d) { h.x[d.rd] = u32(d.imm); }
inline void auipc(Arch& h, const Decoded& d) { h.x[d.rd] = h.pc + u32(d.imm); }

inline void addi(Arch& h, const Decoded& d) { h.x[d.rd] = h.x[d.rs1] + u32(d.imm); }
inline void slti(Arch& h, const Decoded& d) { h.x[d.rd] = i32(h.x[d.rs1]) < d.imm; }
inline void sltiu(Arch& h, const Decoded& d) { h.x[d.rd] = h.x[d.rs1] < u32(d.imm); }
inline void xori(Arch& h, const Decoded& d) { h.x[d.rd] = h.x[d.rs1] ^ u32(d.imm); }
inline void ori(Arch& h, const Decoded& d) { h.x[d.rd] = h.x[d.rs1] | u32(d.imm); }
inline void andi(Arch& h, const Decoded& d) { h.x[d.rd] = h.x[d.rs1] & u32(d.imm); }
inline void slli(Arch& h, const Decoded& d) { h.x[d.rd] = h.x[d.rs1] << (d.imm & 31); }
inline void srli(Arch& h, const Decoded& d) { h.x[d.rd] = h.x[d.rs1] >> (d.imm & 31); }
inline void srai(Arch& h, const Decoded& d) { h.x[d.rd] = u32(i32(h.x[d.rs1]) >> (d.imm & 31)); }

inline void add(Arch& h, const Decoded& d) { h.x[d.rd] = h.x[d.rs1] + h.x[d.rs2]; }
inline void sub(Arch& h, const Decoded& d) { h.x[d.rd] = h.x[d.rs1] - h.x[d.rs2]; }
inline void sll(Arch& h, const Decoded& d) { h.x[d.rd] = h.x[d.rs1] << (h.x[d.rs2] & 31); }
inline void slt(Arch& h, const Decoded& d) { h.x[d.rd] = i32(h.x[d.rs1]) < i32(h.x[d.rs2]); }
inline void sltu(Arch& h, const Decoded& d) { h.x[d.rd] = h.x[d.rs1] < h.x[d.rs2]; }
inline void xor_(Arch& h, const Decoded& d) { h.x[d.rd] = h.x[d.rs1] ^ h.x[d.rs2]; }
inline void srl(Arch& h, const Decoded& d) { h.x[d.rd] = h.x[d.rs1] >> (h.x[d.rs2] & 31); }
inline void sra(Arch& h, const Decoded& d) { h.x[d.rd] = u32(i32(h.x[d.rs1]) >> (h.x[d.rs2] & 31)); }
inline void or_(Arch& h, const Decoded& d) { h.x[d.rd] = h.x[d.rs1] | h.x[d.rs2]; }
inline void and_(Arch& h, const Decoded& d) { h.x[d.rd] = h.x[d.rs1] & h.x[d.rs2]; }

inline void mul(Arch& h, const Decoded& d) { h.x[d.rd] = h.x[d.rs1] * h.x[d.rs2]; }
inline void mulh(Arch& h, const Decoded& d) {
  h.x[d.rd] = u32(u64(i64(i32(h.x[d.rs1])) * i64(i32(h.x[d.rs2]))) >> 32);
}
inline void mulhsu(Arch& h, const Decoded& d) {
  h.x[d.rd] = u32(u64(i64(i32(h.x[d.rs1])) * i64(h.x[d.rs2])) >> 32);
}
inline void mulhu(Arch& h, const Decoded& d) { h.x[d.rd] = u32(u64(h.x[d.rs1]) * h.x[d.rs2] >> 32); }

// The one signed division that overflows; C++ leaves it undefined, RISC-V does not.
inline bool overflows(i32 a, i32 b) { return b == -1 && a == std::numeric_limits<i32>::min(); }

inline void div(Arch& h, const Decoded& d) {
  const i32 a = i32(h.x[d.rs1]), b = i32(h.x[d.rs2]);
  h.x[d.rd] = b == 0 ? ~u32{0} : overflows(a, b) ? u32(a) : u32(a / b);
}
inline void divu(Arch& h, const Decoded& d) {
  const u32 a = h.x[d.rs1], b = h.x[d.rs2];
  h.x[d.rd] = b == 0 ? ~u32{0} : a / b;
}
inline void rem(Arch& h, const Decoded& d) {
  const i32 a = i32(h.x[d.rs1]), b = i32(h.x[d.rs2]);
  h.x[d.rd] = b == 0 ? u32(a) : overflows(a, b) ? 0 : u32(a % b);
}
inline void remu(Arch& h, const Decoded& d) {
  const u32 a = h.x[d.rs1], b = h.x[d.rs2];
  h.x[d.rd] = b == 0 ? a : a % b;
}

inline bool beq(const Arch& h, const Decoded& d) { return h.x[d.rs1] == h.x[d.rs2]; }
inline bool bne(const Arch& h, const Decoded& d) { return h.x[d.rs1] != h.x[d.rs2]; }
inline bool blt(const Arch& h, const Decoded& d) { return i32(h.x[d.rs1]) < i32(h.x[d.rs2]); }
inline bool bge(const Arch& h, const Decoded& d) { return i32(h.x[d.rs1]) >= i32(h.x[d.rs2]); }
inline bool bltu(const Arch& h, const Decoded& d) { return h.x[d.rs1] < h.x[d.rs2]; }
inline bool bgeu(const Arch& h, const Decoded& d) { return h.x[d.rs1] >= h.x[d.rs2]; }

}  // namespace flexdbg::sem::rv32
