// The DMA against a byte-copy model and the facts of its manual.
#include "../../flexdbg/core/dma.hpp"

#include <cstring>
#include <map>
#include <vector>

#include "check.hpp"

using namespace flexdbg;

namespace {

constexpr u32 kToTcdm = 1u << 17, kIncrement = 1u << 18, kExt2d = 1u << 19;
constexpr u32 kEvent = 1u << 20, kIrq = 1u << 21, kBroadcast = 1u << 22, kTcdm2d = 1u << 23;
constexpr u32 kTcdm = 0x10000000, kL2 = 0x1c010000;

struct Memory {
  std::vector<u8> tcdm = std::vector<u8>(128 * 1024);
  std::vector<u8> l2 = std::vector<u8>(256 * 1024);

  u8* at(u32 address, u32 size) {
    if (address - kTcdm + size <= tcdm.size()) return &tcdm[address - kTcdm];
    if (address - kL2 + size <= l2.size()) return &l2[address - kL2];
    return nullptr;
  }
  bool read(u32 address, u8* dst, u32 size) {
    const u8* p = at(address, size);
    if (p != nullptr) std::memcpy(dst, p, size);
    return p != nullptr;
  }
  bool write(u32 address, const u8* src, u32 size) {
    u8* p = at(address, size);
    if (p != nullptr) std::memcpy(p, src, size);
    return p != nullptr;
  }
};

// The machine around the DMA: one cycle at a time, banks grant with a given probability.
struct Rig {
  Config config;
  Memory memory;
  Dma dma;
  u64 cycle = 0;
  u32 refuse_percent = 0;
  check::Random random;
  std::map<u64, DmaEvent> events;
  u64 first_word = kNever, last_word = 0;
  bool skip_idle = false;

  explicit Rig(Config c = {}) : config(c), dma(config) {}

  void step() {
    if (dma.next_event() <= cycle) dma.advance(cycle, memory);
    const DmaEvent event = dma.take_event();
    if (event.lines != 0) events[cycle] = event;
    DmaRequest requests[4];
    const int count = dma.requests(cycle, requests);
    CHECK_EQ(count != 0, dma.presenting());
    u32 banks = 0;
    for (int i = 0; i < count; ++i) {
      const DmaRequest& r = requests[i];
      const u32 bank = r.address >> 2 & 15;
      CHECK(r.address % 4 == 0 && r.address - kTcdm < memory.tcdm.size());
      if ((banks >> bank & 1) != 0 || random.below(100) < refuse_percent) continue;
      banks |= 1u << bank;
      u8* word = &memory.tcdm[r.address - kTcdm];
      u32 data = 0;
      std::memcpy(&data, word, 4);
      for (u32 lane = 0; r.write && lane < 4; ++lane) {
        if (r.byte_enable >> lane & 1) word[lane] = static_cast<u8>(r.data >> (8 * lane));
      }
      dma.grant(r.port, data, cycle);
      if (first_word == kNever) first_word = cycle;
      last_word = cycle;
    }
    ++cycle;
  }

  u32 access(int port, u32 offset, bool write, u32 data) {
    for (int tries = 0; tries < 100000; ++tries) {
      const Dma::Reply reply = dma.access(port, offset, write, data, cycle);
      step();
      if (reply.granted) return reply.data;
    }
    CHECK(!"access was never granted");
    return 0;
  }

  // Returns the cycle of the last command word.
  u64 command(int port, const std::vector<u32>& words) {
    for (u32 word : words) access(port, 0, true, word);
    return cycle - 1;
  }

  void drain(u64 limit = 200000) {
    const u64 end = cycle + limit;
    while (dma.active() && cycle < end) {
      if (skip_idle && dma.next_event() > cycle) cycle = dma.next_event();
      step();
    }
    CHECK(!dma.active());
  }
};

void fill(Memory& memory, check::Random& random) {
  for (u8& byte : memory.tcdm) byte = static_cast<u8>(random.next());
  for (u8& byte : memory.l2) byte = static_cast<u8>(random.next());
}

struct Transfer {
  bool to_tcdm;
  u32 tcdm, ext, length, ext_count, ext_stride, tcdm_count, tcdm_stride;

  std::vector<u32> words(u32 extra = 0) const {
    std::vector<u32> w{length | (to_tcdm ? kToTcdm : 0) | kIncrement | (ext_count ? kExt2d : 0) |
                           (tcdm_count ? kTcdm2d : 0) | extra,
                       tcdm, ext};
    if (ext_count) w.insert(w.end(), {ext_count, ext_stride});
    if (tcdm_count) w.insert(w.end(), {tcdm_count, tcdm_stride});
    return w;
  }
  void apply(Memory& memory) const {
    for (u32 i = 0; i < length; ++i) {
      const u32 e = ext_count ? ext + i / ext_count * ext_stride + i % ext_count : ext + i;
      const u32 t = tcdm_count ? tcdm + i / tcdm_count * tcdm_stride + i % tcdm_count : tcdm + i;
      if (to_tcdm) {
        *memory.at(t, 1) = *memory.at(e, 1);
      } else {
        *memory.at(e, 1) = *memory.at(t, 1);
      }
    }
  }
};

void test_time_of_a_transfer_alone() {
  for (bool to_tcdm : {true, false}) {
    for (u32 bytes : {8u, 64u, 256u, 1024u, 8192u}) {
      Rig rig;
      rig.access(0, 0, false, 0);
      const u64 last = rig.command(0, Transfer{to_tcdm, kTcdm, kL2, bytes, 0, 0, 0, 0}.words(kEvent));
      rig.drain();
      CHECK_EQ(rig.events.size(), 1u);
      CHECK_EQ(rig.events.begin()->first - last, 20u + bytes / 8);
      if (to_tcdm) CHECK_EQ(rig.first_word - last, 20u);
    }
  }
}

void test_both_directions_run_at_full_rate() {
  Rig rig;
  rig.access(0, 0, false, 0);
  rig.access(1, 0, false, 0);
  // Sources and destinations half a bank row apart, so that the two streams do not meet.
  rig.command(0, Transfer{true, kTcdm, kL2, 4096, 0, 0, 0, 0}.words(kEvent));
  const u64 last =
      rig.command(1, Transfer{false, kTcdm + 0x8000 + 32, kL2 + 0x8000, 4096, 0, 0, 0, 0}.words(kEvent));
  rig.drain();
  CHECK_EQ(rig.events.size(), 2u);
  CHECK(rig.events.rbegin()->first <= last + 20 + 512 + 40);
}

void test_programming_interface() {
  Rig rig;
  for (u32 id = 0; id < 16; ++id) CHECK_EQ(rig.access(0, 0, false, 0), id);
  CHECK_EQ(rig.access(1, 4, false, 0), 0xffff0000u);
  // A seventeenth allocation blocks until an id is free.
  rig.step();
  CHECK(!rig.dma.access(1, 0, false, 0, rig.cycle).granted);
  rig.access(0, 4, true, 1u << 5);
  CHECK_EQ(rig.access(1, 0, false, 0), 5u);
  CHECK_EQ(rig.dma.peek(4), 0xffff0000u);
  CHECK(!rig.dma.has_complaints());
  // Two ports never get the same id in one cycle.
  Rig two;
  const Dma::Reply a = two.dma.access(0, 0, false, 0, 7), b = two.dma.access(1, 0, false, 0, 7);
  CHECK(a.granted && !b.granted);
  CHECK_EQ(two.dma.access(1, 0, false, 0, 8).data, 1u);
  // Status right behind the command already shows it busy.
  Rig busy;
  const u32 id = busy.access(2, 0, false, 0);
  busy.command(2, Transfer{true, kTcdm, kL2, 64, 0, 0, 0, 0}.words());
  CHECK_EQ(busy.access(2, 4, false, 0), 0x10001u << id);
  busy.drain();
  CHECK_EQ(busy.access(2, 4, false, 0), 0x10000u << id);
}

void test_events() {
  struct Case {
    int port;
    u32 flags, lines, harts;
  };
  Rig reference;
  const int cluster = reference.dma.cluster_port(), fc = reference.dma.fc_port();
  for (const Case& c : {Case{3, kEvent, 0x100, 1u << 3}, Case{3, kIrq, 0x200, 1u << 3},
                        Case{3, kEvent | kIrq, 0x300, 8}, Case{3, kEvent | kBroadcast, 0x100, 0xff},
                        Case{cluster, kEvent | kBroadcast, 0x100, 0xff}, Case{fc, kEvent, 0x100, 1u << 8}}) {
    Rig rig;
    rig.access(c.port, 0, false, 0);
    rig.command(c.port, Transfer{true, kTcdm, kL2, 16, 0, 0, 0, 0}.words(c.flags));
    rig.drain();
    CHECK_EQ(rig.events.size(), 1u);
    CHECK_EQ(rig.events.begin()->second.lines, c.lines);
    CHECK_EQ(rig.events.begin()->second.harts, c.harts);
    CHECK(!rig.dma.has_complaints());
  }
  Rig silent;
  silent.access(cluster, 0, false, 0);
  silent.command(cluster, Transfer{true, kTcdm, kL2, 16, 0, 0, 0, 0}.words(kEvent));
  const auto complaints = silent.dma.take_complaints();
  CHECK(complaints.size() == 1 && !complaints[0].fatal);
  // Commands that share an id raise one event, when the last of them is done.
  Rig merged;
  merged.access(0, 0, false, 0);
  for (u32 i = 0; i < 3; ++i) {
    merged.command(0, Transfer{true, kTcdm + i * 0x1000, kL2, 1024, 0, 0, 0, 0}.words(kEvent));
  }
  merged.drain();
  CHECK_EQ(merged.events.size(), 1u);
  // Two ids that complete together are delivered one per cycle.
  Rig pair;
  pair.access(0, 0, false, 0);
  pair.access(1, 0, false, 0);
  for (u32 word : Transfer{true, kTcdm, kL2, 8, 0, 0, 0, 0}.words(kEvent)) {
    pair.dma.access(0, 0, true, word, pair.cycle);
    pair.step();
  }
  pair.command(1, Transfer{false, kTcdm + 0x20, kL2 + 0x100, 8, 0, 0, 0, 0}.words(kEvent));
  pair.drain();
  CHECK_EQ(pair.events.size(), 2u);
}

void test_fixed_address() {
  // A FIFO of 1, 2, 4 or 8 bytes outside: 2D with stride 0, increment off
  // (mchan_tests/testMCHAN_not_incremental).
  for (u32 width : {1u, 2u, 4u, 8u}) {
    for (u32 length : {8u, 64u, 1024u}) {
      Rig rig;
      const u64 pattern = 0xfedcba9876543210ull;
      std::memcpy(rig.memory.at(kL2, 8), &pattern, 8);
      rig.access(0, 0, false, 0);
      rig.command(0, {length | kToTcdm | kExt2d, kTcdm, kL2, width, 0});
      rig.drain();
      for (u32 i = 0; i < length; ++i) CHECK_EQ(rig.memory.tcdm[i], (pattern >> 8 * (i % width)) & 0xff);

      for (u32 i = 0; i < length; ++i) rig.memory.tcdm[i] = static_cast<u8>(i * 7 + length);
      rig.command(0, {length | kExt2d, kTcdm, kL2 + 0x100, width, 0});
      rig.drain();
      for (u32 i = 0; i < width; ++i) {
        CHECK_EQ(rig.memory.l2[0x100 + i], static_cast<u8>((length - width + i) * 7 + length));
      }
      CHECK_EQ(rig.memory.l2[0x100 + width], 0);
    }
  }
  // Without 2D a fixed transfer repeats one 8-byte beat.
  Rig rig;
  for (u32 i = 0; i < 8; ++i) rig.memory.l2[i] = static_cast<u8>(i + 1);
  rig.access(0, 0, false, 0);
  rig.command(0, {64 | kToTcdm, kTcdm, kL2});
  rig.drain();
  for (u32 i = 0; i < 64; ++i) CHECK_EQ(rig.memory.tcdm[i], i % 8 + 1);
}

void test_tcdm_to_tcdm() {
  Rig rig;
  check::Random random;
  fill(rig.memory, random);
  Memory expected = rig.memory;
  const Transfer transfer{true, kTcdm + 0x1003, kTcdm + 0x8001, 777, 0, 0, 0, 0};
  transfer.apply(expected);
  rig.access(0, 0, false, 0);
  rig.command(0, transfer.words());
  rig.drain();
  CHECK(rig.memory.tcdm == expected.tcdm);
}

void test_misuse_is_reported() {
  const auto only = [](Rig& rig, bool fatal, const char* part) {
    rig.drain();
    const auto complaints = rig.dma.take_complaints();
    CHECK_EQ(complaints.size(), 1u);
    if (complaints.empty()) return;
    CHECK_EQ(complaints[0].fatal, fatal);
    if (complaints[0].text.find(part) == std::string::npos) {
      std::cerr << "  text: " << complaints[0].text << "\n";
      CHECK(!"complaint text");
    }
  };
  {
    Rig rig;
    rig.command(4, Transfer{true, kTcdm, kL2, 8, 0, 0, 0, 0}.words());
    only(rig, true, "DMA port of hart 4: command without an id");
  }
  {
    Rig rig;
    rig.access(0, 0, false, 0);
    rig.command(0, Transfer{true, kTcdm, kL2, 0, 0, 0, 0, 0}.words());
    only(rig, true, "length 0");
  }
  {
    Rig rig;
    rig.access(0, 0, false, 0);
    rig.command(0, Transfer{true, kTcdm, 0x30000000, 64, 0, 0, 0, 0}.words());
    only(rig, true, "0x30000000");
  }
  {
    Rig rig;
    rig.access(0, 0, false, 0);
    rig.command(0, Transfer{false, kTcdm, 0x30000000, 512, 0, 0, 0, 0}.words());
    rig.drain();
    CHECK_EQ(rig.dma.take_complaints().size(), 2u);  // one per burst
  }
  {
    Rig rig;
    rig.access(0, 0, false, 0);
    rig.command(0, Transfer{true, kL2, kTcdm, 64, 0, 0, 0, 0}.words());
    only(rig, true, "is not in the TCDM");
  }
  {
    Rig rig;
    rig.access(0, 0, false, 0);
    rig.command(0, Transfer{true, kTcdm + 0x1fff8, kL2, 64, 0, 0, 0, 0}.words());
    only(rig, false, "wraps");
  }
  {
    Config config;
    config.tcdm_wrap = false;
    Rig rig(config);
    rig.access(0, 0, false, 0);
    rig.command(0, Transfer{true, kTcdm + 0x1fff8, kL2, 64, 0, 0, 0, 0}.words());
    only(rig, true, "the TCDM has");
  }
  {
    Rig rig;
    rig.access(0, 0, false, 0);
    rig.command(0, Transfer{true, kTcdm, kL2, 4096, 0, 0, 0, 0}.words());
    rig.access(0, 4, true, 1);
    only(rig, true, "frees id 0 while its transfer still runs");
  }
  {
    Rig rig;
    rig.access(0, 4, true, 4);
    only(rig, false, "frees id 2, which is not allocated");
  }
  {
    Rig rig;
    rig.access(0, 0, false, 0);
    rig.access(0, 0, true, 64 | kToTcdm);
    rig.access(0, 4, false, 0);
    only(rig, true, "after 1 of 3 words");
  }
  {
    Rig rig;
    rig.access(0, 0, false, 0);
    rig.access(0, 4, true, 1);
    rig.command(0, Transfer{true, kTcdm, kL2, 64, 0, 0, 0, 0}.words());
    only(rig, true, "which has been freed");
  }
  {
    Rig rig;
    rig.access(0, 12, false, 0);
    only(rig, true, "only CMD (0) and STATUS (4)");
  }
}

// Many transfers from all ports at once, all shapes, banks that refuse: the bytes must be those of a copy.
void test_random_transfers() {
  check::Random random;
  for (int round = 0; round < 60; ++round) {
    Config config;
    config.dma_startup = random.below(3) == 0 ? random.below(30) : 20;
    config.dma_bytes_per_cycle = 4u << random.below(3);
    config.dma_outstanding = 1 + random.below(8);
    config.dma_port_queue = 1 + random.below(2);
    config.dma_global_queue = 1 + random.below(16);
    config.dma_2d_queue = 1 + random.below(4);
    Rig rig(config);
    rig.refuse_percent = random.below(4) * 25;
    rig.skip_idle = random.below(2);
    fill(rig.memory, random);
    Memory expected = rig.memory;
    const int ports = 10;
    std::vector<u32> ids;
    for (int p = 0; p < ports; ++p) ids.push_back(rig.access(p, 0, false, 0));
    for (int k = 0; k < 12; ++k) {
      // Disjoint regions, so that the order of concurrent transfers does not matter.
      const int port = k % ports;
      Transfer t{};
      t.to_tcdm = random.below(2);
      t.tcdm = kTcdm + static_cast<u32>(k) * 0x2000 + random.below(64);
      t.ext = kL2 + static_cast<u32>(k) * 0x4000 + random.below(64) + (random.below(2) ? 0x0ff0 : 0);
      t.length = 1 + random.below(random.below(2) ? 40 : 1500);
      if (random.below(2)) {
        t.ext_count = 1 + random.below(t.length);
        t.ext_stride = t.ext_count + random.below(20);
      }
      if (random.below(2)) {
        t.tcdm_count = 1 + random.below(t.length);
        t.tcdm_stride = t.tcdm_count + random.below(20);
      }
      const u64 ext_span = t.ext_count ? u64{t.length / t.ext_count + 1} * t.ext_stride : t.length;
      const u64 tcdm_span = t.tcdm_count ? u64{t.length / t.tcdm_count + 1} * t.tcdm_stride : t.length;
      if (ext_span > 0x2f00) t.ext_count = 0;
      if (tcdm_span > 0x1f00) t.tcdm_count = 0;
      t.apply(expected);
      rig.command(port, t.words(kEvent | kBroadcast));
    }
    // A copy of the device continues alike: the base of snapshots.
    if (round % 10 == 0) {
      Rig other = rig;
      other.drain();
      CHECK(other.memory.tcdm == expected.tcdm && other.memory.l2 == expected.l2);
    }
    rig.drain();
    CHECK(rig.memory.tcdm == expected.tcdm);
    CHECK(rig.memory.l2 == expected.l2);
    CHECK(!rig.dma.has_complaints());
    CHECK_EQ(rig.dma.peek(4) & 0xffff, 0u);
    for (const DmaView::Id& id : rig.dma.describe().ids) CHECK_EQ(id.bytes_done, id.bytes_total);
  }
}

void test_two_dimensions_on_both_sides() {
  // The shapes of mchan_tests/testMCHAN_2D_ext_tcdm, both directions.
  for (bool to_tcdm : {true, false}) {
    for (u32 count = 4; count < 64; count *= 2) {
      for (u32 stride = count; stride < 64; stride *= 2) {
        for (u32 line = 4; line < 64; line *= 2) {
          Rig rig;
          check::Random random;
          fill(rig.memory, random);
          Memory expected = rig.memory;
          const Transfer t{to_tcdm, kTcdm, kL2, count * count, count, stride, line, 64};
          t.apply(expected);
          rig.access(rig.dma.cluster_port(), 0, false, 0);
          rig.command(rig.dma.cluster_port(), t.words());
          rig.drain();
          CHECK(rig.memory.tcdm == expected.tcdm && rig.memory.l2 == expected.l2);
        }
      }
    }
  }
}

void test_misaligned_transfers_cost_one_beat_more() {
  Rig rig;
  rig.access(0, 0, false, 0);
  const u64 last = rig.command(0, Transfer{true, kTcdm + 4, kL2 + 4, 256, 0, 0, 0, 0}.words(kEvent));
  rig.drain();
  // 252 bytes up to the burst boundary, 4 behind it: 32 + 1 beats.
  CHECK_EQ(rig.events.begin()->first - last, 20u + 33);
}

void test_display() {
  Rig rig;
  rig.access(0, 0, false, 0);
  rig.command(0, Transfer{true, kTcdm, kL2, 4096, 0, 0, 0, 0}.words());
  for (int i = 0; i < 30; ++i) rig.step();
  const DmaView view = rig.dma.describe();
  CHECK_EQ(view.ids.size(), 1u);
  CHECK(view.ids[0].busy && view.ids[0].bytes_total == 4096 && view.ids[0].bytes_done > 0 &&
        view.ids[0].bytes_done < 4096);
  CHECK(view.read.running || view.read.bursts_outstanding > 0);
  CHECK_EQ(view.words_at_port.size(), 10u);
}

}  // namespace

int main() {
  test_time_of_a_transfer_alone();
  test_both_directions_run_at_full_rate();
  test_programming_interface();
  test_events();
  test_fixed_address();
  test_tcdm_to_tcdm();
  test_misuse_is_reported();
  test_random_transfers();
  test_two_dimensions_on_both_sides();
  test_misaligned_transfers_cost_one_beat_more();
  test_display();
  return check::report("dma");
}
