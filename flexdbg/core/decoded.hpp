// One decoded instruction: what the hot loop needs, and nothing that depends on run-time state.
#pragma once

#include "types.hpp"

namespace flexdbg {

struct Decoded {
  u16 op = 0;    // index into the generated operation table; 0 = not decoded yet
  u8 flags = 0;  // see DecodedFlags
  u8 len = 4;    // bytes: 2 or 4
  u8 rd = 0;
  u8 rs1 = 0;
  u8 rs2 = 0;   // also the 5-bit register field of store data
  u8 aux = 0;   // second immediate (Is2, hardware-loop index, csr uimm5, lane number k)
  i32 imm = 0;  // first immediate, sign- or zero-extended as the row says; CSR number for CSR accesses
  u32 src = 0;  // mask of the registers read (x0 left out), rd included where it is an accumulator
};
static_assert(sizeof(Decoded) == 16);

}  // namespace flexdbg
