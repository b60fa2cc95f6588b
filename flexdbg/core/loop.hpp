// Inline helpers of the cycle loop.
#pragma once

#include <bit>
#include <cstring>

#include "cluster.hpp"
#include "fetch_queue.hpp"
#include "isa_gen.hpp"

namespace flexdbg {

inline u32 load_bytes(const u8* p, u32 size, bool sign) {
  if (size == 4) {
    u32 v;
    std::memcpy(&v, p, 4);
    return v;
  }
  if (size == 2) {
    u16 v;
    std::memcpy(&v, p, 2);
    return sign ? static_cast<u32>(static_cast<i32>(static_cast<i16>(v))) : v;
  }
  return sign ? static_cast<u32>(static_cast<i32>(static_cast<i8>(*p))) : *p;
}

inline void store_bytes(u8* p, u32 size, u32 value) {
  if (size == 4) {
    std::memcpy(p, &value, 4);
  } else if (size == 2) {
    const u16 v = static_cast<u16>(value);
    std::memcpy(p, &v, 2);
  } else {
    *p = static_cast<u8>(value);
  }
}

inline u32 division_cycles(const Arch& a, const Decoded& d) {
  const u32 divisor = a.x[d.rs2];
  const bool is_signed = d.op == isa::kOp_div || d.op == isa::kOp_rem;
  if (is_signed && (divisor >> 31) != 0) return 2 + static_cast<u32>(std::countl_zero(~divisor));
  return 3 + static_cast<u32>(std::countl_zero(divisor));
}

inline Timing timing_of(const Decoded& d) { return isa::kOps[d.op].timing; }

constexpr u32 kMstatusMie = 8, kMstatusMpie = 0x80, kMstatusMpp = 0x1800;

// CSRs whose access, also a read, empties the pipeline.
inline bool flushes_pipeline(u32 csr) { return csr == 0x300 || csr == 0x000 || csr == 0x041; }

// Registers that the instruction writes through the ALU port.
inline u32 alu_writes(const Decoded& d) {
  const isa::OpInfo& info = isa::kOps[d.op];
  u32 mask = 0;
  const bool lsu =
      info.timing == Timing::kLoad || info.timing == Timing::kElw || info.timing == Timing::kMacload;
  if ((info.traits & isa::kWritesRd) && !lsu) mask |= 1u << d.rd;
  const bool plain_macload =
      info.timing == Timing::kMacload && !(info.traits & isa::kMlV2) && !(d.aux & 0x18);
  if ((info.traits & isa::kWritesRs1) && !plain_macload) mask |= 1u << d.rs1;
  return mask;
}

// NN-RF registers that the interlock finds in an instruction (see Hart::nn_mask).
inline u8 nn_names(const Decoded& d) {
  if (d.flags & kFlagMacload) {
    if (d.rd == 0 || (isa::kOps[d.op].traits & isa::kMlV2)) return 0;
    return static_cast<u8>(1u << (d.aux >> 1 & 3) | 16u << (d.aux & 1));
  }
  return (d.flags & kFlagNnBits) ? 0x11 : 0;
}

inline u32 access_address(const Hart& h, const Decoded& d) {
  const Arch& a = h.a;
  const isa::OpInfo& info = isa::kOps[d.op];
  if (d.flags & kFlagMacload) {
    if (a.sb_legacy || (info.traits & isa::kMlV2)) return a.x[d.rs1];
    return (d.aux & 16) ? a.w.addr : a.a.addr;
  }
  if (info.traits & isa::kPost) return a.x[d.rs1];
  if (info.traits & isa::kRegOffset) return a.x[d.rs1] + a.x[info.timing == Timing::kStore ? d.rd : d.rs2];
  return a.x[d.rs1] + static_cast<u32>(d.imm);
}

// Presents what `next` needs, from cycle x on.
inline void Cluster::post(Hart& h, u64 x) {
  const Decoded& d = *h.next;
  const u32 bit = 1u << h.index;
  h.wake = x;
  s_.tcdm_posted &= ~bit;
  if (d.flags & kFlagMem) {
    const u32 address = access_address(h, d);
    h.req_addr = address;
    h.issued = x - 1;
    h.prev_denied = h.denied;
    h.denied = 0;
    h.half = 0;
    h.slow_grant = kNever;
    if (h.wb_ready > x) h.wake = h.wb_ready;
    h.first_present = h.wake;
    const u32 offset = address - config_.tcdm_base;
    const isa::OpInfo& info = isa::kOps[d.op];
    if (offset < config_.tcdm_size && !slow_data_ && info.timing != Timing::kElw && !is_fc(h)) [[likely]] {
      h.post = (address & 3) + info.size <= 4 ? Post::kTcdm : Post::kSplit;
      s_.bank[h.index] = static_cast<u8>(offset / 4 % config_.tcdm_banks);
      s_.tcdm_posted |= bit;
    } else {
      post_uncommon(h, info.timing == Timing::kElw ? 4 : info.size);
    }
  } else {
    h.post = (d.flags & kFlagSystem) ? Post::kSystem : Post::kPrivate;
    h.issued = x - 1;
  }
}

}  // namespace flexdbg
