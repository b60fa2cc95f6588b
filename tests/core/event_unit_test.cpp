// The event unit: recorded RTL runs (file as argument, written by test_event_unit.py), a cycle-by-cycle
// reference under random load, and single behaviours.
#include "../../flexdbg/core/event_unit.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "check.hpp"
#include "event_unit_reference.hpp"

using namespace flexdbg;
using Reply = EventUnit::Reply;

namespace {

constexpr u32 kMask = 0x00, kIrqMask = 0x0c, kBuffer = 0x1c, kBufferClear = 0x28, kSwMask = 0x2c;
constexpr u32 kWait = 0x38, kWaitClear = 0x3c, kFifo = 0x80, kTeam = 0x84, kMutex = 0xc0, kSw = 0x100;
constexpr u32 kSwWaitClear = 0x180;
constexpr u32 barrier(u32 index, u32 reg) { return 0x200 + 0x20 * index + reg; }
constexpr u32 kTriggerMask = 0x00, kStatus = 0x04, kTargetMask = 0x0c, kTrigger = 0x10, kSelf = 0x14;
constexpr u32 kBarrierWait = 0x18, kBarrierWaitClear = 0x1c;
constexpr u32 kEvents = 1u << kLineBarrier | 1u << kLineMutex | 1u << kLineDispatch;

void same_text(const std::string& actual, const std::string& expected, int line) {
  if (actual == expected) {
    ++check::passed;
    return;
  }
  ++check::failures;
  std::cerr << __FILE__ << ":" << line << ": got \"" << actual << "\", expected \"" << expected << "\"\n";
}
#define CHECK_TEXT(actual, expected) same_text((actual), (expected), __LINE__)

// ---- recorded runs

struct Access {
  bool write;
  int hart;
  u64 request, grant;
  u32 offset, data;
  std::string expected;
};

void replay(const std::string& name, std::vector<Access> accesses, const std::vector<Access>& raised) {
  EventUnit unit{Config{}};
  std::stable_sort(accesses.begin(), accesses.end(), [](const Access& a, const Access& b) {
    return a.request != b.request ? a.request < b.request : a.hart < b.hart;
  });
  const Access* waiting[kMaxHarts] = {};
  const Access* answered[kMaxHarts] = {};
  u64 last = 0;
  for (const Access& a : accesses) last = std::max(last, a.grant);
  const auto fail = [&](const Access& a, const std::string& what) {
    ++check::failures;
    std::cerr << name << ": hart " << a.hart << " offset 0x" << std::hex << a.offset << std::dec
              << " requested in " << a.request << ": " << what << "\n";
  };
  const auto granted = [&](const Access& a, u64 cycle) {
    if (a.grant != cycle)
      return fail(a, "granted in " + std::to_string(cycle) + ", not " + std::to_string(a.grant));
    ++check::passed;
    answered[a.hart] = a.write ? nullptr : &a;
  };
  std::size_t next = 0;
  u32 edges = 0;
  for (u64 cycle = 0; cycle <= last + 1; ++cycle) {
    if (cycle >= unit.next_event()) {
      unit.advance(cycle);
      ++edges;
    }
    for (int h = 0; h < kMaxHarts; ++h) {
      if (!answered[h] || answered[h]->grant >= cycle) continue;
      if (answered[h]->expected != "-") {
        const u32 expected = static_cast<u32>(std::stoul(answered[h]->expected, nullptr, 16));
        if (unit.answer(h) != expected) fail(*answered[h], "wrong value");
        ++check::passed;
      }
      answered[h] = nullptr;
    }
    for (u32 m = unit.grants(cycle); m; m &= m - 1) {
      const int h = std::countr_zero(m);
      CHECK(unit.complete(h, cycle).granted);
      granted(*waiting[h], cycle);
      waiting[h] = nullptr;
    }
    for (; next < accesses.size() && accesses[next].request == cycle; ++next) {
      const Access& a = accesses[next];
      if (unit.access(a.hart, a.offset, a.write, a.data, cycle).granted) {
        granted(a, cycle);
      } else {
        waiting[a.hart] = &a;
      }
    }
    for (const Access& r : raised) {
      if (r.request == cycle) unit.raise(r.data, r.offset, cycle);
    }
  }
  for (const Access* a : waiting) {
    if (a) fail(*a, "never granted");
  }
  for (const EventUnit::Complaint& c : unit.take_complaints()) {
    ++check::failures;
    std::cerr << name << ": hart " << c.hart << " " << c.text << "\n";
  }
  CHECK(edges <= 5 * accesses.size() + raised.size());
}

void recorded_runs(const char* path) {
  std::ifstream file(path);
  std::string line, name;
  std::vector<Access> accesses, raised;
  int runs = 0;
  while (std::getline(file, line)) {
    std::istringstream words(line);
    std::string kind;
    words >> kind;
    if (kind == "test") {
      words >> name;
    } else if (kind == "end") {
      replay(name, accesses, raised);
      accesses.clear();
      raised.clear();
      ++runs;
    } else {
      Access a{kind == "w", 0, 0, 0, 0, 0, "-"};
      if (kind == "raise") {
        words >> a.request >> std::hex >> a.data >> a.offset;
        raised.push_back(a);
      } else {
        words >> a.hart >> a.request >> a.grant >> std::hex >> a.offset >> a.data >> a.expected;
        accesses.push_back(a);
      }
    }
  }
  CHECK(runs >= 27);
}

// ---- against the reference

// Random harts that obey the core's spacing: 4 cycles from the grant of a sleeping read to the next request.
struct Coverage {
  u64 granted = 0, slept = 0, by_irq = 0, replayed = 0, edges = 0;
};

void against_reference(u32 seed, Coverage& coverage) {
  check::Random random;
  random.state ^= 0x1234567ull * (seed + 1);
  EventUnit unit{Config{}};
  reference::Unit slow;
  reference::Request requests[8];
  u64 free_at[8] = {}, ack_at[8];
  u32 replay_of[8] = {};
  bool check_answer[8] = {};
  std::fill(ack_at, ack_at + 8, kNever);
  const bool with_irq = seed % 2;
  u64 edges = 0;
  for (u64 cycle = 0; cycle < 4000; ++cycle) {
    if (cycle >= unit.next_event()) {
      unit.advance(cycle);
      ++edges;
    }
    u32 fast_granted = 0, external[8] = {};
    int ack[8];
    std::fill(ack, ack + 8, -1);
    for (int h = 0; h < 8; ++h) {
      if (check_answer[h]) {
        reference::Unit copy = slow;
        const u32 expected = copy.value(h, copy.core[h].answer_offset);
        if (unit.answer(h) != expected) std::cerr << "seed " << seed << " cycle " << cycle << "\n";
        CHECK_EQ(unit.answer(h), expected);
        check_answer[h] = false;
      }
      CHECK_EQ(unit.irq_lines() >> h & 1, static_cast<u32>(slow.core[h].irq_line));
      CHECK_EQ(unit.irq_id(h), slow.irq_id(h));
    }
    for (u32 m = unit.grants(cycle); m; m &= m - 1) {
      const int h = std::countr_zero(m);
      CHECK(unit.complete(h, cycle).granted);
      fast_granted |= 1u << h;
    }
    bool barrier_used = false;
    for (int h = 0; h < 8; ++h) {
      if (requests[h].active || cycle < free_at[h] || random.below(6)) continue;
      reference::Request r{true, false, 0, 0, cycle};
      const u32 b = random.below(2), m = random.below(2), e = random.below(8);
      if (replay_of[h]) {
        r.offset = replay_of[h];
        replay_of[h] = 0;
        ++coverage.replayed;
      } else {
        switch (random.below(with_irq ? 17 : 16)) {
          case 0:
            r = {true, true, kMask, random.next() & (0xff | kEvents | 1u << 22), cycle};
            break;
          case 1:
            r = {true, true, 0x08, kEvents, cycle};
            break;
          case 2:
            r = {true, true, kBufferClear, random.next(), cycle};
            break;
          case 3:
            r = {true, true, kSwMask, random.next() & 0xff, cycle};
            break;
          case 4:
            r = {true, true, kSw + 4 * e, random.next() & random.next(), cycle};
            break;
          case 5:
            r.offset = kBuffer;
            break;
          case 6:
            r.offset = 0x140 + 4 * e + 0x40 * m;
            break;
          case 7:
            r.offset = random.below(2) ? kWaitClear : kWait;
            break;
          case 8:
          case 9:
            r.offset = kMutex + 4 * m;
            break;
          case 10:
            r = {true, true, kMutex + 4 * m, random.next(), cycle};
            break;
          case 11:
            r.offset = kFifo;
            break;
          case 12:
            r = {true, true, random.below(3) ? kFifo : kTeam, random.next(), cycle};
            break;
          case 13:
            r.offset = barrier(b, random.below(2) ? kBarrierWait : kBarrierWaitClear);
            break;
          case 14:
            r.offset = barrier(b, kSelf);
            break;
          case 15:
            if (barrier_used) continue;
            barrier_used = true;
            r.offset = barrier(b, 4 * random.below(5));
            r.write = r.offset != barrier(b, kStatus) && random.below(3);
            r.data =
                random.below(4) ? 0xff & ~(random.next() & random.next() & random.next()) : random.next();
            if (r.write && (r.offset & 0x1f) == 8) r.write = false;
            break;
          default:
            r = {true, true, kIrqMask, random.next() & 0x300, cycle};
            break;
        }
      }
      requests[h] = r;
      if (unit.access(h, r.offset, r.write, r.data, cycle).granted) fast_granted |= 1u << h;
    }
    if (random.below(8) == 0) {
      const u32 any = random.next() & random.next() & (0xff | kEvents | 1u << 22);
      const u32 lines = any | (with_irq && random.below(3) == 0 ? 1u << (8 + random.below(2)) : 0u),
                harts = random.next() & 0xff;
      unit.raise(lines, harts, cycle);
      for (int h = 0; h < 8; ++h) external[h] = harts >> h & 1 ? lines : 0;
    }
    for (int h = 0; h < 8; ++h) {
      if (cycle != ack_at[h]) continue;
      ack_at[h] = kNever;
      ack[h] = slow.irq_id(h);
      unit.acknowledge(h, ack[h], cycle);
    }
    reference::Outcome outcome[8];
    slow.tick(cycle, requests, external, ack, outcome);
    for (int h = 0; h < 8; ++h) {
      if (outcome[h].granted != (fast_granted >> h & 1)) {
        ++check::failures;
        std::cerr << "seed " << seed << " cycle " << cycle << ": hart " << h << " offset 0x" << std::hex
                  << requests[h].offset << std::dec << (outcome[h].granted ? " should" : " should not")
                  << " be granted; requested in " << requests[h].since << "\n";
        return;
      }
      if (!outcome[h].granted) continue;
      ++check::passed;
      const bool slept = !requests[h].write && reference::Unit::sleeps(requests[h].offset);
      check_answer[h] = !requests[h].write;
      free_at[h] = cycle + (slept ? 4 : 1);
      ++coverage.granted;
      coverage.slept += slept && cycle > requests[h].since;
      coverage.by_irq += outcome[h].by_irq;
      if (outcome[h].by_irq) replay_of[h] = requests[h].offset;
      requests[h].active = false;
    }
    for (int h = 0; h < 8; ++h) {
      if (ack_at[h] == kNever && slow.core[h].irq_line && slow.pending(h))
        ack_at[h] = cycle + 2 + random.below(6);
    }
  }
  coverage.edges += edges;
}

// ---- single behaviours

struct Rig {
  EventUnit unit;
  explicit Rig(const Config& config = {}) : unit(config) {}

  Reply write(int hart, u32 offset, u32 data, u64 cycle) {
    return unit.access(hart, offset, true, data, cycle);
  }
  Reply read(int hart, u32 offset, u64 cycle) { return unit.access(hart, offset, false, 0, cycle); }
  // Runs to the first cycle from `from` on in which a hart is granted, at most 1000 cycles.
  u64 grant_of(int hart, u64 from) {
    for (u64 cycle = from; cycle < from + 1000; ++cycle) {
      if (cycle >= unit.next_event()) unit.advance(cycle);
      if (unit.grants(cycle) >> hart & 1) return cycle;
    }
    return kNever;
  }
  void run_to(u64 cycle) { unit.advance(cycle); }
  u32 answer_after(int hart, u64 grant) {
    unit.advance(grant + 1);
    return unit.answer(hart);
  }
  std::string complaint() {
    const auto all = unit.take_complaints();
    return all.empty() ? "" : all.front().text;
  }
  bool complained(const std::string& words) { return complaint().find(words) != std::string::npos; }
};

void enable_all(Rig& rig, int harts = 8) {
  for (int h = 0; h < harts; ++h) rig.write(h, kMask, kEvents | 0xff, 0);
}

void barriers() {
  Rig rig;
  enable_all(rig);
  rig.write(0, barrier(3, kTargetMask), 0xff, 1);
  CHECK(!rig.read(1, barrier(3, kBarrierWaitClear), 2).granted);
  CHECK(rig.read(0, barrier(3, kSelf), 3).granted);  // neither sleeps nor waits
  rig.run_to(10);
  CHECK_EQ(rig.unit.peek(0, barrier(3, kStatus)), 3u);
  rig.write(0, barrier(3, kTriggerMask), 3, 20);  // writing the mask completes it
  CHECK_EQ(rig.grant_of(1, 20), 22u);
  CHECK_EQ(rig.unit.complete(1, 22).data, 1u << kLineBarrier);
  rig.run_to(40);
  CHECK_EQ(rig.unit.peek(1, kBuffer), 0u);
  CHECK_EQ(rig.unit.peek(0, kBuffer), 1u << kLineBarrier);
  CHECK_EQ(rig.unit.peek(0, barrier(3, kStatus)), 0u);
  CHECK_EQ(rig.unit.next_event(), kNever);
  CHECK(!rig.unit.has_complaints());

  // Two harts at one barrier's registers: the lower number first.
  CHECK(rig.write(2, barrier(1, kTriggerMask), 0xc, 50).granted);
  CHECK(!rig.write(5, barrier(1, kTargetMask), 0xc, 50).granted);
  CHECK(rig.unit.waiting(5).kind == EventUnit::WaitKind::kHeld);
  CHECK(rig.unit.clock_on(5, 60));
  CHECK_EQ(rig.grant_of(5, 51), 51u);
  CHECK(rig.unit.complete(5, 51).granted);
  CHECK_EQ(rig.unit.peek(5, barrier(1, kTargetMask)), 0xcu);

  rig.read(6, barrier(1, kSelf), 60);
  CHECK(rig.complained("outside its TRIGGER_MASK 0xc"));
  rig.run_to(70);
  rig.write(2, barrier(1, kTriggerMask), 0xc, 70);
  CHECK(rig.complained("without hart 6 which already triggered"));
  rig.write(2, kBufferClear, ~0u, 71);  // barrier 3 woke everybody
  CHECK(!rig.read(2, barrier(1, kBarrierWait), 72).granted);
  CHECK_TEXT(rig.unit.describe(2),
             "asleep at barrier 1, which can never complete: hart 6 triggered but not in TRIGGER_MASK");
}

void barrier_descriptions() {
  Rig rig;
  enable_all(rig);
  rig.write(0, barrier(0, kTriggerMask), 0xff, 1);
  rig.write(0, barrier(0, kTargetMask), 0x7f, 2);
  for (int h : {0, 1, 2, 3, 4, 6}) rig.read(h, barrier(0, kBarrierWaitClear), 5);
  CHECK_TEXT(rig.unit.describe(0), "asleep at barrier 0, harts 5 and 7 missing");
  rig.run_to(20);
  CHECK_TEXT(rig.unit.describe(6), "asleep at barrier 0, harts 5 and 7 missing");
  CHECK_TEXT(rig.unit.describe(5), "awake");
  CHECK(rig.unit.clock_on(0, 9) && !rig.unit.clock_on(0, 10));
  rig.read(7, barrier(0, kBarrierWaitClear), 20);
  rig.read(5, barrier(0, kBarrierWaitClear), 21);
  CHECK_EQ(rig.grant_of(5, 21), 23u);
  CHECK_EQ(rig.unit.grants(23), 0x7fu);
  CHECK(rig.complained("not in TARGET_MASK"));
  CHECK(rig.unit.describe(7).find("it is not in TARGET_MASK") != std::string::npos);
  rig.write(1, kMask, 0, 30);
  rig.unit.cancel(1, 30);
  rig.read(1, kWait, 31);
  CHECK_TEXT(rig.unit.describe(1), "asleep with no event enabled in MASK");
  CHECK(!rig.unit.has_complaints());
  const EventUnit::View view = rig.unit.view(40);
  CHECK_EQ(view.cores.size(), 8u);
  CHECK_EQ(view.barriers[0].target_mask, 0x7fu);
  CHECK(!view.cores[1].clock_on);
}

void lost_trigger() {
  Rig rig;
  enable_all(rig);
  rig.write(0, barrier(0, kTriggerMask), 1, 1);
  rig.write(0, barrier(0, kTargetMask), 1, 2);
  rig.write(0, barrier(0, kTrigger), 1, 5);
  rig.write(1, barrier(0, kTrigger), 1, 6);
  CHECK(rig.complained("trigger is lost"));
  rig.run_to(20);
  CHECK_EQ(rig.unit.peek(0, barrier(0, kStatus)), 0u);
}

void mutexes() {
  Rig rig;
  enable_all(rig);
  CHECK(!rig.read(2, kMutex, 10).granted);
  CHECK(!rig.read(1, kMutex, 10).granted);
  CHECK_EQ(rig.grant_of(1, 10), 11u);
  rig.unit.complete(1, 11);
  rig.run_to(16);
  CHECK_TEXT(rig.unit.describe(2), "asleep at mutex 0, owned by hart 1");
  rig.read(0, kMutex, 16);
  rig.write(1, kMutex, 0x77, 20);
  CHECK_EQ(rig.grant_of(0, 20), 21u);  // overtakes hart 2
  rig.unit.complete(0, 21);
  CHECK_EQ(rig.answer_after(0, 21), 0x77u);
  CHECK(!rig.unit.has_complaints());
  rig.write(3, kMutex, 0, 30);
  CHECK(rig.complained("mutex 0 which hart 0 owns"));
  CHECK_EQ(rig.grant_of(2, 30), 31u);
  rig.unit.complete(2, 31);
  rig.read(2, kMutex, 36);
  CHECK(rig.complained("already owns"));
  CHECK_EQ(rig.grant_of(2, 37), kNever);
  CHECK_TEXT(rig.unit.describe(2), "asleep at mutex 0, which it owns itself");
  rig.write(4, kMutex + 4, 1, 2000);
  CHECK(rig.complained("which is free"));
  rig.write(5, kMask, 1, 2001);
  rig.read(5, kMutex + 4, 2002);
  CHECK(rig.complained("event line 17 (mutex) is not in MASK 0x1"));
  rig.write(6, kSw, 1u << 5, 2010);
  CHECK_EQ(rig.grant_of(5, 2010), 2011u);
  rig.unit.complete(5, 2011);
  CHECK_TEXT(rig.unit.describe(5), "awake");
  // A hart that another event wakes did not get the mutex.
  rig.read(6, kMutex + 4, 2020);
  rig.write(7, kSw + 4, 1u << 6, 2024);
  CHECK_EQ(rig.grant_of(6, 2021), 2025u);
  rig.unit.complete(6, 2025);
  CHECK(rig.complained("without owning it, woken by event line 1 (software)"));
}

void cancelled_lock() {
  Rig rig;
  enable_all(rig);
  rig.read(0, kMutex, 10);
  rig.run_to(11);
  rig.read(1, kMutex, 11);
  rig.unit.cancel(0, 12);  // owns it, but never took it
  CHECK_EQ(rig.grant_of(1, 12), 13u);
  CHECK_EQ(rig.unit.peek(0, kBuffer), 0u);
  rig.unit.complete(1, 13);
  CHECK(!rig.unit.has_complaints());
}

void dispatch() {
  Rig rig;
  enable_all(rig);
  for (int h = 1; h < 4; ++h) rig.read(h, kFifo, 1);
  rig.write(0, kTeam, 0x6, 2);
  rig.write(0, kFifo, 0x11, 3);
  CHECK_EQ(rig.grant_of(1, 3), 5u);
  CHECK_EQ(rig.unit.grants(5), 0x6u);
  rig.unit.complete(1, 5);
  rig.unit.complete(2, 5);
  CHECK_EQ(rig.answer_after(1, 5), 0x11u);
  rig.write(0, kTeam, 0xe, 6);
  rig.write(0, kFifo, 0x22, 7);
  CHECK_EQ(rig.grant_of(3, 7), 9u);  // it has skipped the first entry long ago
  rig.unit.complete(3, 9);
  CHECK_EQ(rig.answer_after(3, 9), 0x22u);
  rig.run_to(20);
  for (int i = 0; i < 7; ++i) rig.write(0, kFifo, i, 20 + i);
  CHECK(!rig.unit.has_complaints());
  rig.write(0, kFifo, 7, 30);
  CHECK(rig.complained("overwrites a dispatch entry that harts 1 and 2 did not read yet (FIFO of 8)"));
  rig.write(4, kMask, 1, 31);
  rig.read(4, kFifo, 32);
  CHECK(rig.complained("dispatch value but event line 18"));
  CHECK_TEXT(rig.unit.describe(5), "awake");
  rig.read(5, kFifo, 40);
  rig.run_to(100);
  CHECK_TEXT(rig.unit.describe(5), "asleep at the dispatch FIFO, no value for this hart");
  CHECK_EQ(rig.unit.next_event(), kNever);
}

void interrupts() {
  Rig rig;
  enable_all(rig);
  rig.write(0, barrier(0, kTriggerMask), 3, 1);
  rig.write(0, barrier(0, kTargetMask), 3, 2);
  rig.write(0, kIrqMask, 1u << kLineDmaIrq | 1u << kLineTimerLo, 3);
  CHECK(!rig.read(0, barrier(0, kBarrierWaitClear), 10).granted);
  rig.unit.raise(1u << kLineDmaIrq, 1, 30);  // in the buffer in 31
  rig.run_to(31);
  CHECK_EQ(rig.unit.irq_lines(), 0u);
  CHECK_EQ(rig.unit.grants(31), 0u);
  rig.run_to(32);
  CHECK_EQ(rig.unit.irq_lines(), 1u);
  CHECK_EQ(rig.unit.take_irq_changes(), 1u);
  CHECK_EQ(rig.unit.take_irq_changes(), 0u);
  CHECK_EQ(rig.unit.grants(32), 1u);
  rig.unit.complete(0, 32);
  CHECK_EQ(rig.unit.irq_id(0), 9);
  rig.unit.acknowledge(0, 9, 33);
  rig.run_to(36);
  CHECK_EQ(rig.unit.irq_lines(), 0u);
  CHECK_EQ(rig.unit.take_irq_changes(), 1u);
  CHECK_EQ(rig.unit.peek(0, barrier(0, kStatus)), 1u);
  CHECK(rig.unit.describe(0).find("interrupted") != std::string::npos);
  // The other hart arrives while the handler runs; the replay finds the event and does not trigger again.
  rig.read(1, barrier(0, kBarrierWaitClear), 40);
  CHECK_EQ(rig.grant_of(1, 40), 42u);
  rig.unit.complete(1, 42);
  CHECK(rig.read(0, barrier(0, kBarrierWaitClear), 50).granted);
  rig.run_to(60);
  CHECK_EQ(rig.unit.peek(0, barrier(0, kStatus)), 0u);
  CHECK(!rig.unit.has_complaints());

  // Pending before the request: withheld for one cycle.
  rig.unit.raise(1u << kLineTimerLo, 1, 60);
  CHECK(!rig.read(0, kMutex, 70).granted);
  CHECK_EQ(rig.grant_of(0, 70), 71u);
  rig.unit.complete(0, 71);
  rig.unit.acknowledge(0, 10, 73);
  // A sleeping read in the handler does not trigger.
  rig.read(0, barrier(0, kSelf), 75);
  CHECK(rig.complained("waits for its replay; its trigger does not fire"));
  rig.run_to(80);
  CHECK_EQ(rig.unit.peek(0, barrier(0, kStatus)), 0u);
  CHECK(rig.read(0, kMutex, 90).granted);  // locked once, by the first presentation
  rig.run_to(100);
  CHECK_EQ(rig.unit.view(100).mutexes[0].owner, 0);
  CHECK(!rig.unit.has_complaints());

  rig.write(2, kIrqMask, 1u << kLineBarrier, 110);
  CHECK(rig.complained("event line 16 (barrier) of hart 2 as event and interrupt at once"));
}

void answers() {
  Rig rig;
  rig.write(0, kMask, 0x600000 | 0xff, 0);
  rig.read(0, kWaitClear, 5);
  rig.unit.raise(1, 1, 9);
  rig.run_to(10);
  CHECK_EQ(rig.unit.complete(0, 10).data, 1u);
  rig.unit.raise(1u << 22, 1, 10);  // in the grant cycle: part of the answer, and cleared with it
  rig.unit.raise(1u << 21, 1, 11);  // later: survives
  CHECK_EQ(rig.answer_after(0, 10), 1u | 1u << 22);
  rig.run_to(20);
  CHECK_EQ(rig.unit.peek(0, kBuffer), 1u << 21);
  CHECK(rig.read(0, kWait, 20).granted);
  rig.run_to(30);
  CHECK_EQ(rig.unit.peek(0, kBuffer), 1u << 21);
  CHECK(rig.read(0, kWaitClear, 30).granted);
  // A plain load may follow in the next cycle; the clear keeps it out for one.
  CHECK(!rig.read(0, kBuffer, 31).granted);
  CHECK_EQ(rig.grant_of(0, 31), 32u);
  CHECK_EQ(rig.unit.complete(0, 32).data, 0u);
  CHECK(!rig.unit.has_complaints());
}

void software_events() {
  Rig rig;
  enable_all(rig);
  rig.write(0, kSwMask, 0x3, 1);
  CHECK(!rig.read(0, kSwWaitClear + 4 * 5, 5).granted);
  CHECK_EQ(rig.grant_of(0, 5), 6u);
  CHECK_EQ(rig.unit.complete(0, 6).data, 1u << 5);
  rig.run_to(20);
  CHECK_EQ(rig.unit.peek(1, kBuffer), 1u << 5);
  CHECK_EQ(rig.unit.peek(2, kBuffer), 0u);
  rig.write(0, kMask, 0, 20);
  rig.read(0, kSwWaitClear + 4, 21);
  CHECK(rig.complained("software event but event line 1 (software) is not in MASK 0x0"));
  CHECK(!rig.read(3, 0x60, 30).granted);
  CHECK(rig.complained("offset 0x60 does not decode"));
  CHECK(!rig.read(4, 0x404, 30).granted);
  CHECK(rig.unit.describe(3).find("stuck") == 0);
  CHECK_EQ(rig.grant_of(3, 31), kNever);
  rig.unit.take_complaints();
  CHECK(rig.write(1, kBuffer, 1, 40).granted);
  CHECK(rig.complained("read-only"));
}

void bus_view() {
  Rig rig;
  rig.read(2, kWaitClear, 1);
  CHECK_EQ(rig.unit.bus_access(0x80 + 0x18, false, 0, 5).data, 1u);
  CHECK_EQ(rig.unit.bus_access(0x80 + 0x18, false, 0, 6).data, 0u);
  rig.unit.bus_access(0x600 + 4 * 6, true, 1u << 2, 10);
  rig.run_to(11);
  CHECK_EQ(rig.unit.bus_access(0x80 + kBuffer, false, 0, 11).data, 1u << 6);
  rig.unit.bus_access(0x80 + kMask, true, 1u << 6, 15);  // wakes by unmasking
  CHECK_EQ(rig.grant_of(2, 15), 16u);
  rig.unit.complete(2, 16);
  rig.unit.bus_access(0x400 + 0x20 * 4, true, 0x1ff, 20);
  CHECK_EQ(rig.unit.bus_access(0x400 + 0x20 * 4, false, 0, 21).data, 0xffu);
  rig.unit.bus_access(0x600, true, 0, 22);  // no mask: all harts
  rig.run_to(30);
  for (int h = 0; h < 8; ++h) CHECK(rig.unit.peek(h, kBuffer) & 1);
  rig.write(3, kMask, 1, 40);
  CHECK(!rig.unit.bus_access(0xc0, true, 5, 40).granted);
  CHECK(rig.unit.bus_access(0xc0, true, 5, 41).granted);
  CHECK_EQ(rig.unit.peek(3, kMask), 5u);
  CHECK(!rig.unit.has_complaints());
  rig.unit.bus_access(0x3c, false, 0, 50, 4);
  CHECK(rig.complained("bus offset 0x3c does not decode"));

  // SoC events: the line stays up until the FIFO is empty.
  rig.write(0, kMask, 1u << kLineSocFifo, 60);
  rig.read(0, kWaitClear, 61);
  CHECK(rig.unit.push_soc_event(0x42, 70));
  CHECK(rig.unit.push_soc_event(0x43, 71));
  CHECK_EQ(rig.grant_of(0, 70), 72u);
  rig.unit.complete(0, 72);
  rig.run_to(80);
  CHECK_EQ(rig.unit.peek(0, kBuffer) >> kLineSocFifo & 1, 1u);
  CHECK_EQ(rig.unit.bus_access(0x700, false, 0, 80).data, 0x80000042u);
  CHECK_EQ(rig.unit.bus_access(0x700, false, 0, 81).data, 0x80000043u);
  CHECK_EQ(rig.unit.bus_access(0x700, false, 0, 82).data >> 31, 0u);
  rig.write(0, kBufferClear, ~0u, 90);
  rig.run_to(100);
  CHECK_EQ(rig.unit.peek(0, kBuffer), 0u);
  for (int i = 0; i < 8; ++i) CHECK(rig.unit.push_soc_event(static_cast<u8>(i), 100 + i));
  CHECK(!rig.unit.push_soc_event(9, 110));
}

void parameters() {
  Config config;
  config.harts = 16;
  config.eu_event_to_grant = 8;
  config.eu_barrier_to_grant = 10;
  Rig rig(config);
  enable_all(rig, 16);
  rig.write(0, barrier(0, kTriggerMask), 0xffff, 1);
  rig.write(0, barrier(0, kTargetMask), 0xffff, 2);
  for (int h = 0; h < 16; ++h) CHECK(!rig.read(h, barrier(0, kBarrierWaitClear), 10 + h).granted);
  CHECK_EQ(rig.grant_of(15, 25), 35u);
  CHECK_EQ(rig.unit.grants(35), 0xffffu);
  for (int h = 0; h < 16; ++h) rig.unit.complete(h, 35);
  rig.run_to(50);
  CHECK(!rig.read(15, kMutex, 50).granted);
  CHECK_EQ(rig.grant_of(15, 50), 58u);
  rig.unit.complete(15, 58);
  rig.read(3, kWaitClear, 60);
  rig.write(4, kSw, 0, 70);
  CHECK_EQ(rig.grant_of(3, 70), 78u);
  rig.unit.complete(3, 78);
  rig.run_to(90);
  CHECK_EQ(rig.unit.next_event(), kNever);
  config.eu_barrier_to_grant = 1;
  Rig quick(config);
  quick.write(0, kMask, kEvents, 1);
  quick.write(0, barrier(0, kTargetMask), 1, 2);
  quick.write(0, barrier(0, kTriggerMask), 1, 3);
  quick.read(0, barrier(0, kBarrierWaitClear), 10);
  CHECK_EQ(quick.grant_of(0, 10), 11u);
}

void snapshots() {
  Rig rig;
  enable_all(rig);
  rig.write(0, barrier(0, kTriggerMask), 3, 1);
  rig.write(0, barrier(0, kTargetMask), 3, 2);
  rig.read(0, barrier(0, kBarrierWaitClear), 5);
  rig.read(1, barrier(0, kBarrierWaitClear), 9);
  Rig copy = rig;
  CHECK_EQ(rig.grant_of(0, 9), 11u);
  rig.unit.complete(0, 11);
  CHECK_EQ(copy.grant_of(1, 9), 11u);
  CHECK_EQ(copy.unit.grants(11), 3u);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1) {
    recorded_runs(argv[1]);
    return check::report("event unit, recorded runs");
  }
  Coverage coverage;
  for (u32 seed = 0; seed < 200; ++seed) against_reference(seed, coverage);
  std::printf(
      "random: %llu grants, %llu after sleep, %llu by interrupt, %llu replays, %llu edges\n",
      static_cast<unsigned long long>(coverage.granted), static_cast<unsigned long long>(coverage.slept),
      static_cast<unsigned long long>(coverage.by_irq), static_cast<unsigned long long>(coverage.replayed),
      static_cast<unsigned long long>(coverage.edges));
  CHECK(coverage.slept > 10000 && coverage.by_irq > 1000);
  barriers();
  barrier_descriptions();
  lost_trigger();
  mutexes();
  cancelled_lock();
  dispatch();
  interrupts();
  answers();
  software_events();
  bus_view();
  parameters();
  snapshots();
  return check::report("event unit");
}
