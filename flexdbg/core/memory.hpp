// Guest memory: TCDM and L2 as flat little-endian arrays with one attribute byte per KiB.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "config.hpp"
#include "types.hpp"

namespace flexdbg {

constexpr u32 kPageShift = 10;
constexpr u32 kPageSize = 1u << kPageShift;

enum PageAttr : u8 {
  kAttrCode = 1,    // decoded instructions exist: a store must invalidate them
  kAttrWatch = 2,   // a watchpoint lies in the page
  kAttrShared = 4,  // unchanged since the last checkpoint: save it before the first write
  kAttrStream = 8,  // a stream of Mac&Loads reads from it, and has perhaps not done so yet
};
// Pages that may not simply be written.
constexpr u8 kAttrGuarded = kAttrCode | kAttrWatch | kAttrShared | kAttrStream;

struct Ram {
  u32 base = 0;
  u32 size = 0;
  std::vector<u8> bytes;
  std::vector<u8> attr;

  void init(u32 region_base, u32 region_size) {
    base = region_base;
    size = region_size;
    bytes.assign(region_size, 0);
    attr.assign((region_size + kPageSize - 1) >> kPageShift, 0);
  }
  bool contains(u32 address) const { return address - base < size; }
  bool contains(u32 address, u64 length) const { return address >= base && address - base + length <= size; }
};

// Before-image of one page, kept by the history.
struct PageImage {
  u8 region;  // 0 TCDM, 1 L2
  u32 page;
  std::unique_ptr<u8[]> data;
};

class Memory {
 public:
  static constexpr int kTcdm = 0;
  static constexpr int kL2 = 1;

  void init(const Config& config) {
    regions[kTcdm].init(config.tcdm_base, config.tcdm_size);
    regions[kL2].init(config.l2_base, config.l2_size);
  }

  void clear() {
    for (Ram& r : regions) std::fill(r.bytes.begin(), r.bytes.end(), u8{0});
  }

  Ram& tcdm() { return regions[kTcdm]; }
  Ram& l2() { return regions[kL2]; }
  const Ram& tcdm() const { return regions[kTcdm]; }
  const Ram& l2() const { return regions[kL2]; }

  // Saves the page before its first write since the last checkpoint.
  void save_page(int region, u32 page) {
    Ram& r = regions[region];
    r.attr[page] = static_cast<u8>(r.attr[page] & ~kAttrShared);
    const u32 offset = page << kPageShift;
    const u32 length = std::min(kPageSize, r.size - offset);
    auto copy = std::make_unique<u8[]>(kPageSize);
    std::memcpy(copy.get(), r.bytes.data() + offset, length);
    dirty.push_back({static_cast<u8>(region), page, std::move(copy)});
  }

  // Marks every page as unchanged; the images saved since the last call are handed over.
  std::vector<PageImage> checkpoint() {
    for (const PageImage& image : dirty) regions[image.region].attr[image.page] |= kAttrShared;
    return std::move(dirty);
  }
  void share_all() {
    dirty.clear();
    for (Ram& r : regions)
      for (u8& a : r.attr) a |= kAttrShared;
  }
  void apply(const PageImage& image) {
    Ram& r = regions[image.region];
    const u32 offset = image.page << kPageShift;
    std::memcpy(r.bytes.data() + offset, image.data.get(), std::min(kPageSize, r.size - offset));
  }

  Ram regions[2];
  std::vector<PageImage> dirty;  // before-images since the last checkpoint
};

}  // namespace flexdbg
