// Decoded instructions by address: one page of entries for each KiB of code that has been executed.
#pragma once

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <vector>

#include "decoded.hpp"
#include "memory.hpp"
#include "types.hpp"

namespace flexdbg {

enum DecodedFlags : u8 {
  kFlagMem = 1,      // needs the data port
  kFlagSystem = 2,   // executes in global order: CSR, traps, wfi, illegal
  kFlagLoopEnd = 4,  // last instruction of a hardware loop of some hart
  kFlagBreak = 8,    // breakpoint
  kFlagNnBits = 16,  // bits 11:7 are not zero: the NN-RF interlock may compare them
  kFlagMacload = 32,
  kFlagWord = 64,  // consumes a fetch word when it moves to ID; a 16-bit instruction in the low half does not
  kFlagSpecial =
      128,  // not decoded, jal, jalr, a branch with a division behind it, the one before a loop end
};

// An entry depends on so many bytes from its address on: itself, and the instruction behind it (see
// CodeCache::invalidate, which takes no more into account).
constexpr u32 kDecodedBytes = 8;

struct CodePage {
  static constexpr u32 kEntries = kPageSize / 2;
  Decoded entries[kEntries + 2];  // two sentinels that look up the next page
};

class CodeCache {
 public:
  // Entry of `pc`, not decoded yet if its op is 0. The page is made if needed.
  Decoded* entry(u32 pc) {
    const u32 number = pc >> kPageShift;
    Recent& recent = recent_[number % kRecent];
    if (number != recent.number) {
      recent = {number, page(number)};
    }
    return &recent.page->entries[(pc & (kPageSize - 1)) >> 1];
  }
  Decoded* find(u32 pc) {
    const auto it = pages_.find(pc >> kPageShift);
    return it == pages_.end() ? nullptr : &it->second->entries[(pc & (kPageSize - 1)) >> 1];
  }
  // Whether anything that may depend on [address, address + size) has been looked up.
  bool covers(u32 address, u32 size) const {
    const u32 last = (address + size - 1) >> kPageShift;
    for (u32 page = (std::max(address, 12u) - 12) >> kPageShift; page <= last; ++page) {
      if (pages_.contains(page)) return true;
    }
    return false;
  }
  // Entries that depend on [address, address + size) are decoded again on their next execution. True: one of
  // them had been decoded, so a hart may be about to execute it.
  bool invalidate(u32 address, u32 size) {
    bool decoded = false;
    unlink(address - 10, size + 10);
    for (u64 a = (std::max(address, 2u) - 2) & ~1u; a < u64{address} + size; a += 2) {
      decoded |= forget(static_cast<u32>(a));
      decoded |= forget(static_cast<u32>(a - 4));  // its flags may name this one
    }
    return decoded;
  }
  // Entries from `address` on forget what they know about the next ones.
  void unlink(u32 address, u32 size) {
    for (u32 i = 0; i < size; i += 2) {
      if (Decoded* d = find(address + i)) d->unlink();
    }
  }
  void clear() {
    for (auto& [number, page] : pages_) {
      for (Decoded& d : page->entries) d = Decoded{};
    }
  }

 private:
  // The flags stay: a hart may be about to execute the entry. True: it had been decoded.
  bool forget(u32 pc) {
    Decoded* d = find(pc);
    if (d == nullptr || d->op == 0) return false;
    d->op = 0;
    d->kind = Kind::kOther;
    d->flags |= kFlagSpecial;
    return true;
  }

  std::unordered_map<u32, std::unique_ptr<CodePage>> pages_;
  [[gnu::noinline]] CodePage* page(u32 number) {
    auto& slot = pages_[number];
    if (!slot) slot = std::make_unique<CodePage>();
    return slot.get();
  }

  struct Recent {
    u32 number = ~u32{0};
    CodePage* page = nullptr;
  };
  static constexpr u32 kRecent = 8;
  Recent recent_[kRecent];  // pages looked up last, by the low bits of their number
};

}  // namespace flexdbg
