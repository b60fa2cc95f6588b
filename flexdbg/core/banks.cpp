// TCDM banks: arbitration between harts, FC and DMA, and what the losers are charged.
#include <bit>

#include "loop.hpp"

namespace flexdbg {

// Harts that act in cycle c; those to whom this granted a bank have none any more.
template <int M>
u32 Cluster::arbitrate(u32 ready, u32 requests, u64 c) {
  u32 asked[64] = {};
  u64 banks = 0;
  for (u32 m = requests; m != 0; m &= m - 1) {
    const int i = std::countr_zero(m);
    const u32 bit = is_fc(s_.harts[i]) ? 1u << kPortFc : 1u << i;
    asked[s_.bank[i]] |= bit;
    banks |= u64{1} << s_.bank[i];
  }
  DmaRequest dma[4];
  int dma_count = 0;
  if (s_.dma.active()) {
    dma_count = s_.dma.requests(c, dma);
    for (int i = 0; i < dma_count; ++i) {
      const u32 bank = (dma[i].address - config_.tcdm_base) / 4 % config_.tcdm_banks;
      asked[bank] |= 1u << (kPortDma + dma[i].port);
      banks |= u64{1} << bank;
    }
  }
  u32 granted = ready & ~requests;
  u32 dma_granted = 0;
  bool busy_left = false;
  for (u64 m = banks; m != 0; m &= m - 1) {
    const int bank = std::countr_zero(m);
    if (s_.tas_pending && s_.tas_busy[bank] >= c && s_.tas_busy[bank] != 0) {
      busy_left = true;
      deny(asked[bank], bank, -1, c);
      continue;
    }
    const int port = s_.arbiter.grant(bank, asked[bank]);
    ++s_.bank_access[bank];
    if (port < kPortFc) {
      s_.bank[port] = kNoBank;
      granted |= 1u << port;
    } else if (port < kPortDma) {
      granted |= 1u << config_.harts;
    } else {
      dma_granted |= 1u << (port - kPortDma);
    }
    const u32 losers = asked[bank] & ~(1u << port);
    if (losers != 0) deny(losers, bank, port, c);
  }
  if (s_.tas_pending && !busy_left) {
    s_.tas_pending = false;
    for (u32 b = 0; b < config_.tcdm_banks; ++b) s_.tas_pending |= s_.tas_busy[b] > c;
  }
  for (int i = 0; i < dma_count; ++i) {
    const DmaRequest& r = dma[i];
    if (!(dma_granted >> r.port & 1)) continue;
    const u32 offset = r.address - config_.tcdm_base;
    u32 word = 0;
    if (r.write) {
      // The enabled bytes of a word lie side by side.
      const u32 first = static_cast<u32>(std::countr_zero(static_cast<u32>(r.byte_enable)));
      const u32 length = static_cast<u32>(std::popcount(static_cast<u32>(r.byte_enable)));
      if (length != 0) {
        guarded_store(s_.harts[0], Memory::kTcdm, offset + first, length, r.data >> (8 * first), c, kPortDma);
        trace_dma(true, r.address + first, r.data >> (8 * first), length, c);
      }
    } else {
      const Ram& ram = memory_.tcdm();
      word = load_bytes(ram.bytes.data() + offset, 4, false);
      if (ram.attr[offset >> kPageShift] & kAttrWatch) {
        watch(s_.harts[0], r.address, 4, false, word, word, c, kPortDma);
      }
      trace_dma(false, r.address, word, 4, c);
    }
    s_.dma.grant(r.port, word, c);
  }
  if (dma_count != 0) update_device_due();
  if constexpr (M == kModeTraced) {
    for (u32 m = requests & ~granted; m != 0; m &= m - 1) {
      const Hart& h = s_.harts[std::countr_zero(m)];
      trace_event(h, TraceKind::kDenied, h.req_addr, s_.last_winner[s_.bank[h.index]], c);
    }
    if (observes(TraceKind::kDenied)) {
      for (int i = 0; i < dma_count; ++i) {
        if (dma_granted >> dma[i].port & 1) continue;
        const u32 bank = bank_of(dma[i].address - config_.tcdm_base);
        note({c, 0, dma[i].address, s_.last_winner[bank], 0, kTraceDma, TraceKind::kDenied, 4, 0});
      }
    }
  }
  return granted;
}

namespace {

// Harts whose entry of `banks` is `bank`.
u32 harts_at(const u8* banks, int bank) {
#ifdef __SSE2__
  const __m128i all = _mm_loadu_si128(reinterpret_cast<const __m128i*>(banks));
  return static_cast<u32>(_mm_movemask_epi8(_mm_cmpeq_epi8(all, _mm_set1_epi8(static_cast<char>(bank)))));
#else
  u32 harts = 0;
  for (int i = 0; i < kMaxHarts; ++i) harts |= static_cast<u32>(banks[i] == bank) << i;
  return harts;
#endif
}

}  // namespace

// Harts of `ready` that ask for a TCDM bank.
u32 Cluster::requesting(u32 ready) const {
  u32 harts = 0;
  for (u32 m = ready; m != 0; m &= m - 1) {
    const int i = std::countr_zero(m);
    if (s_.bank[i] != kNoBank) harts |= 1u << i;
  }
  return harts;
}

// The same when only harts ask and no bank is held, for the banks asked more than once, which `twice` holds.
u32 Cluster::arbitrate_harts(u32 ready, u64 twice, u64 c) {
  u32 granted = ready;
  for (u64 b = twice; b != 0; b &= b - 1) {
    const int bank = std::countr_zero(b);
    const u32 asked = ready & harts_at(s_.bank, bank);
    const u32 losers = asked & (asked - 1);
    if (losers == 0) continue;  // alone after all
    const int port = s_.arbiter.grant(bank, asked);
    ++s_.bank_access[bank];
    s_.bank[port] = kNoBank;
    granted &= ~asked | 1u << port;
    deny(asked & ~(1u << port), bank, port, c);
  }
  return granted;
}

template u32 Cluster::arbitrate<0>(u32, u32, u64);
template u32 Cluster::arbitrate<1>(u32, u32, u64);
template u32 Cluster::arbitrate<2>(u32, u32, u64);

void Cluster::deny(u32 losers, int bank, int winner, u64) {
  const int fc = static_cast<int>(config_.harts);
  const auto row = [&](int port) {
    return port < kPortFc ? port : port < kPortDma ? fc : fc + 1 + port - kPortDma;
  };
  s_.last_winner[bank] = static_cast<u32>(winner < 0 ? 255 : row(winner));
  for (u32 m = losers; m != 0; m &= m - 1) {
    const int port = std::countr_zero(m);
    ++s_.bank_conflict[bank];
    if (winner >= 0) ++s_.conflicts[row(port)][row(winner)];
    if (port >= kPortDma) {
      ++s_.dma_refused;
      continue;
    }
    Hart& h = s_.harts[port < kPortFc ? port : fc];
    ++h.denied;
    charge(h, Cause::kBankConflict, 1);
    s_.denied |= hart_bit(h);
  }
}

}  // namespace flexdbg
