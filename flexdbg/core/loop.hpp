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

// How the cycle loop executes a private instruction or a branch.
Kind kind_of(u16 op);

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

// Whether `nd`, directly behind `d`, waits for what it loads.
inline bool load_hazard(const Decoded& d, const Decoded& nd) {
  if (d.flags & kFlagMacload) return (nd.nn_reads & d.nn_loads) != 0;
  return timing_of(d) == Timing::kLoad && (nd.src >> d.rd & 1) != 0;
}

inline u8 links_to(const Decoded& d, const Decoded& nd) {
  u8 link = 0;
  if (load_hazard(d, nd)) link |= kLinkStall;
  if (nd.flags & kFlagWord) link |= kLinkWord;
  if (nd.flags & (kFlagMem | kFlagSystem | kFlagBreak)) link |= kLinkShared;
  return link;
}

inline u32 access_address(const Hart& h, const Decoded& d) {
  const Arch& a = h.a;
  if (d.nn_loads != 0) {
    if (a.sb_legacy) return a.x[d.rs1];
    return a.walker(d.nn.walker).addr;
  }
  return a.x[d.rs1] + a.x[d.index] + static_cast<u32>(d.disp);
}

// Entry of an address in the same page as that of `d`, which is at `pc`.
inline const Decoded& near_entry(const Decoded& d, u32 pc, u32 address) {
  return (&d)[static_cast<i32>(address - pc) >> 1];
}

// Entry of an address, most of the time in the page of another one.
inline const Decoded* Cluster::entry_near(Hart& h, const Decoded& d, u32 pc) {
  if (((pc ^ h.a.pc) >> kPageShift) == 0) {
    const Decoded* there = &near_entry(d, h.a.pc, pc);
    if (there->op != isa::kOpUndecoded) return there;
  }
  return decode_at(h, pc);
}

// Schedules an aligned access to a word of the TCDM in cycle x, in which nothing holds it back.
inline void Cluster::post_word(Hart& h, u32 address, u64 x) {
  h.req_addr = address;
  h.issued = x - 1;
  h.prev_denied = h.denied;
  h.denied = 0;
  h.half = 0;
  h.post = Post::kTcdm;
  const u32 number = (address - config_.tcdm_base) >> 2 & bank_mask_;
  const u64 bank = u64{1} << number;
  State::Slot& at = s_.wheel[x & (kWheelSize - 1)];
  s_.bank[h.index] = static_cast<u8>(number);
  at.twice |= at.used & bank;
  at.used |= bank;
  at.harts |= h.bit;
}

// Schedules a plain access to a TCDM bank in cycle x, in which nothing holds it back. False: not such an
// access.
inline bool Cluster::post_direct(Hart& h, const Decoded& nd, u64 x) {
  const u32 address = access_address(h, nd);
  const u32 offset = address - config_.tcdm_base;
  if (offset >= config_.tcdm_size) [[unlikely]]
    return false;
  post_word(h, address, x);
  if ((address & 3) + nd.size > 4) [[unlikely]]
    h.post = Post::kSplit;
  h.first_present = x;
  return true;
}

// The next access of a hart in a stream, behind its grant in cycle c.
inline void Cluster::post_stream(u32 hart, MacloadStream::Request request, u64 c) {
  const u64 bank = u64{1} << request.bank;
  State::Slot& at = s_.wheel[(c + request.gap) & (kWheelSize - 1)];
  s_.bank[hart] = request.bank;
  at.twice |= at.used & bank;
  at.used |= bank;
  at.harts |= 1u << hart;
}

// An access of a hart in a stream has been granted in cycle c. False: it is executed outside of the stream.
inline bool Cluster::move_stream(u32 hart, u64 c) {
  MacloadStream& s = streams_[hart];
  u32& denied = hart_at_[hart]->denied;
  const u32 n = s.granted;
  if (n + 1 >= s.total || denied > MacloadStream::kMostRefused) [[unlikely]]
    return false;
  s.refused[n] = static_cast<u8>(denied);
  denied = 0;
  s.granted = n + 1;
  s.granted_at = c;
  post_stream(hart, s.requests[n + 1], c);
  return true;
}

// Presents what `next` needs, from cycle x on.
inline void Cluster::post(Hart& h, u64 x) {
  const Decoded& d = *h.next;
  h.wake = x;
  s_.bank[h.index] = kNoBank;
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
    if (d.size != 0 && offset < config_.tcdm_size) [[likely]] {
      h.post = (address & 3) + d.size <= 4 ? Post::kTcdm : Post::kSplit;
      s_.bank[h.index] = bank_of(offset);
    } else {
      post_uncommon(h, timing_of(d) == Timing::kElw ? 4 : isa::kOps[d.op].size);
    }
  } else {
    h.post = (d.flags & kFlagSystem) ? Post::kSystem : Post::kPrivate;
    h.issued = x - 1;
  }
}

// The next instruction follows the short rules and is due in cycle `wake`: that cycle if the hart goes on
// with it now, kNever if it waits in the wheel.
template <int M>
[[gnu::always_inline]] inline u64 Cluster::succeed(Hart& h, const Decoded& d, const Decoded& nd, u64 wake,
                                                   u32 stall, u32 link, u64 horizon) {
  if (M == kModeFast && (link & kLinkShared) == 0 && wake < horizon) {
    if (d.flags & kFlagMem) {
      s_.bank[h.index] = kNoBank;
      h.post = Post::kPrivate;
    }
    return wake;
  }
  h.ahead = stall;
  h.wake = wake;
  if (nd.flags & kFlagMem) {
    if (nd.size == 0 || !post_direct(h, nd, wake)) [[unlikely]] {
      post(h, wake);
      wheel_add(h, h.wake);
    }
    return kNever;
  }
  h.post = (nd.flags & kFlagSystem) ? Post::kSystem : Post::kPrivate;
  h.issued = wake - 1;
  s_.bank[h.index] = kNoBank;
  s_.wheel[wake & (kWheelSize - 1)].harts |= h.bit;
  return kNever;
}

}  // namespace flexdbg
