// Fill of the fetch queue while every fetch is answered in the next cycle (docs/fetch-model.md, rule 2).
// A state is words stored at the start of a cycle (0..4) times two, plus one if a word arrives in it.
#pragma once

#include <array>

#include "types.hpp"

namespace flexdbg {

constexpr u8 queue_step(u8 state, u8 consumed) {
  const int stored = state >> 1;
  const int arrives = state & 1;
  const int next = stored + arrives - consumed;
  const int request = stored <= 2 ? 1 : 0;
  return static_cast<u8>((next < 0 ? 0 : next) * 2 + request);
}

struct QueueTables {
  // [(state * 8 + idle cycles) * 2 + consumed]; 7 = seven or more: the queue has settled
  std::array<u8, 16 * 8 * 2> after{};
  std::array<u8, 32> next{};       // the same without idle cycles: [consumed * 16 + state]
  std::array<u8, 16 * 8> idle{};   // [state * 8 + cycles], 7 = seven or more: the queue has settled
  std::array<u8, 16 * 8> taken{};  // the same while a word is consumed every cycle
};

constexpr QueueTables make_queue_tables() {
  QueueTables t;
  for (u8 s = 0; s < 12; ++s) {
    for (u8 consumed = 0; consumed < 2; ++consumed) t.next[consumed * 16u + s] = queue_step(s, consumed);
    u8 v = s, w = s;
    for (u8 n = 0; n < 8; ++n) {
      t.idle[s * 8u + n] = v;
      for (u8 consumed = 0; consumed < 2; ++consumed)
        t.after[(s * 8u + n) * 2u + consumed] = queue_step(v, consumed);
      t.taken[s * 8u + n] = w;
      v = queue_step(v, 0);
      w = queue_step(w, 1);
    }
  }
  return t;
}
inline constexpr QueueTables kQueue = make_queue_tables();
constexpr u8 kQueueRedirected = 1;  // nothing stored, the target's word arrives

inline u8 queue_next(u8 state, bool consumes) { return kQueue.next[state + (consumes ? 16u : 0u)]; }

// Whether the queue was full when a loop end became its head.
inline bool loop_end_full(u8 state, u64 idle) { return idle > 0 && (queue_step(state, 0) >> 1) >= 3; }

inline u8 queue_after(u8 state, u64 idle, bool consumes) {
  return kQueue.after[(state * 8u + (idle < 7 ? idle : 7)) * 2u + (consumes ? 1 : 0)];
}

// The queue behind a loop end that goes back. Its first word was asked for in cycle `asked`, when the loop
// end became the head; the loop end moved to ID in cycle `moved` and counts as a stored word until then.
// `full`: with the words discarded behind it, it held back the next request.
struct QueueAt {
  u8 state;
  u64 cycle;  // start of this cycle
};
inline QueueAt queue_behind_loop_end(u64 asked, u64 moved, bool full) {
  if (moved <= asked) return {kQueueRedirected, asked + 1};
  const u8 next = full ? 0 : 1;
  if (moved == asked + 1) return {static_cast<u8>(2 + next), asked + 2};
  const u8 waiting = static_cast<u8>(4 + next);  // the loop end and the first word
  return {queue_after(waiting, moved - (asked + 2), true), moved + 1};
}

}  // namespace flexdbg
