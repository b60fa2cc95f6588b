// One decoded instruction: what the hot loop needs, and nothing that depends on run-time state.
#pragma once

#include "types.hpp"

namespace flexdbg {

// How the cycle loop executes an instruction.
enum class Kind : u8 {
  kOther,  // by the general rules, starting with those not decoded yet
  kJal,
  kBranch,
  kPrivate,  // touches the registers of its hart only
  kDotp,     // the same, counted by the MPC, and may lack a format
  kVirtual,  // the same, whose lane width may come from simd_fmt
  kLoadByte,
  kLoadByteSigned,
  kLoadHalf,
  kLoadHalfSigned,
  kLoadWord,
  kStoreByte,
  kStoreHalf,
  kStoreWord,
  kMacload,      // without refill
  kMacloadWord,  // with it
  // The same where nothing rare can follow, see Cluster::run_macloads(): the next entry is linked and does
  // not touch the result, ...
  kMacloadRun,
  kMacloadWordRun,
  kMacloadNear,  // ... and is a loop end or close to one
  kMacloadWordNear,
  kMacloadEnd,  // this one is a loop end
  kMacloadWordEnd,
};

// What a post-increment adds to rs1.
enum Step : u8 { kStepNone, kStepImm, kStepRs2, kStepRd };

// What an entry knows about the one behind it, worked out when both have been executed.
enum Link : u8 {
  kLinkKnown = 1,   // decoded, and neither of the two is special or a loop end
  kLinkSeen = 32,   // what follows holds
  kLinkStall = 2,   // it waits a cycle for what this one loads
  kLinkWord = 4,    // it consumes a fetch word
  kLinkShared = 8,  // it needs the data port, or to execute in global order
  kLinkFree = 16,   // it is decoded and does not touch rd, unless that is x0; this one is no loop end
};

struct Decoded {
  u16 op = 0;      // index into the generated operation table; 0 = not decoded yet
  u8 flags = 128;  // see DecodedFlags; kFlagSpecial until decoded
  u8 len = 4;      // bytes: 2 or 4
  u8 rd = 0;
  u8 rs1 = 0;
  u8 rs2 = 0;   // also the 5-bit register field of store data
  u8 aux = 0;   // second immediate (Is2, hardware-loop index, csr uimm5, lane number k)
  i32 imm = 0;  // first immediate, sign- or zero-extended as the row says; CSR number for CSR accesses
  u32 src = 0;  // mask of the registers read (x0 left out), rd included where it is an accumulator
  // Filled in with the entry of the code cache; `src` then includes `writes`, as the load-use test does.
  u32 writes = 0;  // mask of the registers written through the ALU port
  union {
    i32 disp = 0;  // address of an access: x[rs1] + x[index] + disp, unless the MLC makes it
    struct {
      u8 a, w;    // Mac&Load: its operands as numbers of Arch::nn()
      u8 refill;  // and the register it refills
      u8 walker;  // which Arch::walker() makes the address
    } nn;
  };
  u8 index = 0;
  u8 size = 0;      // bytes of an access that may go straight to a TCDM bank; 0: no such access
  u8 nn_reads = 0;  // NN-RF registers that the interlock finds: bit 0..3 W, bit 4..5 A
  u8 nn_loads = 0;  // NN-RF register refilled
  Kind kind = Kind::kOther;
  u8 detail = 0;  // Step of a load or store; format of a Mac&Load's encoding, signs from bit 4 on
  u8 link = 0;    // see Link
  u8 behind = 0;  // bytes from this entry to the one of the next instruction

  void unlink() {
    link = 0;
    if (kind >= Kind::kMacloadRun) kind = nn_loads != 0 ? Kind::kMacloadWord : Kind::kMacload;
  }
};
static_assert(sizeof(Decoded) == 32);

// The entry of the next instruction; the last ones of a page are never decoded.
inline const Decoded& behind(const Decoded& d) {
  return *reinterpret_cast<const Decoded*>(reinterpret_cast<const char*>(&d) + d.behind);
}

}  // namespace flexdbg
