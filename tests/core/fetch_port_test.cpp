// Unit tests of the scripted ports, then a replay of recorded fetches from standard input
// (test_fetch_port.py): asked for from the arrival of the previous word on, each must be granted no later
// than recorded, and never refused in the recorded cycle.
#include "../../flexdbg/core/fetch_port.hpp"

#include <cstdio>
#include <iostream>
#include <sstream>
#include <string>

using namespace flexdbg;

namespace {

int failures = 0;

void expect(bool condition, const char* what) {
  if (condition) return;
  ++failures;
  std::printf("failed: %s\n", what);
}

void test_refusals_count_from_the_previous_grant() {
  InstrPort port{GrantScript(std::vector<u32>{2, 0, 1}), LatencyScript({3, 1})};
  expect(!port.request(-4, 0x80), "first refusal");
  expect(!port.request(-3, 0x90), "a replaced address does not restart the count");
  expect(port.request(-1, 0x90), "granted after two refused cycles, though not asked in between");
  expect(port.latency() == 3, "latency of fetch 0");
  expect(port.request(2, 0x94), "fetch 1 is not refused");
  expect(port.latency() == 1, "latency of fetch 1");
  expect(!port.request(3, 0x98), "fetch 2 is refused once");
  expect(port.request(4, 0x98), "and granted");
  expect(port.latency() == 3, "latencies wrap on their own");
  expect(!port.request(7, 0x9c), "refusals wrap");
}

void test_pattern_is_open_before_cycle_0() {
  InstrPort port{GrantScript(std::string("010")), {}};
  expect(port.request(-2, 0), "before cycle 0");
  expect(!port.request(0, 0), "cycle 0");
  expect(port.request(1, 0), "cycle 1");
  expect(!port.request(3, 0), "cycle 3");
  expect(port.request(4, 0), "cycle 4");
  expect(port.latency() == 1, "default latency");
}

void test_region_takes_precedence_over_the_list() {
  DataPort port{{}, LatencyScript({2, 5}), {{0x1c000000, 0x1fffffff, 10}}};
  expect(port.request(0, 0x10000000) && port.latency() == 2, "outside, first");
  expect(port.request(3, 0x1c000000) && port.latency() == 10, "first address of the region");
  expect(port.request(14, 0x20000000) && port.latency() == 2, "the region's access was counted");
}

void test_copy_is_a_snapshot() {
  DataPort port{GrantScript(std::vector<u32>{1}), {}};
  expect(!port.request(0, 0), "refused");
  DataPort copy = port;
  expect(port.request(1, 0), "granted");
  expect(copy.request(1, 0), "the copy stands where it was taken");
  expect(!copy.request(2, 0), "and runs on by itself");
}

std::vector<u32> numbers(const std::string& text) {
  std::vector<u32> values;
  std::istringstream in(text);
  for (u32 value; in >> value;) values.push_back(value);
  return values;
}

void replay() {
  std::string line, name, word;
  InstrPort port;
  GrantScript grants;
  i64 arrival = 0;
  bool first = true;
  u64 exact = 0, total = 0;
  while (std::getline(std::cin, line)) {
    std::istringstream in(line);
    in >> word;
    std::string rest;
    std::getline(in >> std::ws, rest);
    if (word == "test") {
      name = rest;
      grants = {};
      first = true;
    } else if (word == "refuse") {
      grants = GrantScript(numbers(rest));
    } else if (word == "pattern") {
      grants = GrantScript(rest);
    } else if (word == "latency") {
      port = InstrPort(grants, LatencyScript(numbers(rest)));
    } else if (word == "fetch") {
      const i64 grant = std::stoll(rest);
      // The first request was high for as long as it was refused.
      i64 cycle = first ? grant - 100 : arrival;
      while (!port.request(cycle, 0)) ++cycle;
      if (first) cycle = grant;
      first = false;
      if (cycle > grant) {
        std::printf("%s: fetch granted in %lld, recorded %lld\n", name.c_str(), static_cast<long long>(cycle),
                    static_cast<long long>(grant));
        ++failures;
      }
      exact += cycle == grant;
      ++total;
      arrival = grant + port.latency();
    }
  }
  std::printf("%llu of %llu fetches granted when first possible\n", static_cast<unsigned long long>(exact),
              static_cast<unsigned long long>(total));
}

}  // namespace

int main() {
  test_refusals_count_from_the_previous_grant();
  test_pattern_is_open_before_cycle_0();
  test_region_takes_precedence_over_the_list();
  test_copy_is_a_snapshot();
  replay();
  return failures != 0;
}
