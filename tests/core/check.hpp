// A minimal test frame: CHECK counts failures, main returns report().
#pragma once

#include <cstdint>
#include <cstdio>
#include <iostream>

namespace check {

inline int failures = 0;
inline int passed = 0;

template <typename A, typename B>
void equal(const A& actual, const B& expected, const char* text, const char* file, int line) {
  if (actual == expected) {
    ++passed;
    return;
  }
  ++failures;
  std::cerr << file << ":" << line << ": " << text << ": got " << +actual << ", expected " << +expected
            << "\n";
}

inline void that(bool condition, const char* text, const char* file, int line) {
  if (condition) {
    ++passed;
    return;
  }
  ++failures;
  std::cerr << file << ":" << line << ": " << text << "\n";
}

inline int report(const char* name) {
  std::printf("%s: %d passed, %d failed\n", name, passed, failures);
  return failures == 0 ? 0 : 1;
}

// A fixed sequence, so that a failure can be repeated.
struct Random {
  std::uint64_t state = 0x9e3779b97f4a7c15ull;
  std::uint32_t next() {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return static_cast<std::uint32_t>(state >> 32);
  }
  std::uint32_t below(std::uint32_t bound) { return next() % bound; }
};

}  // namespace check

#define CHECK(condition) check::that((condition), #condition, __FILE__, __LINE__)
#define CHECK_EQ(actual, expected) check::equal((actual), (expected), #actual, __FILE__, __LINE__)
