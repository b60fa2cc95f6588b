// The recorded run: checkpoints, and the pages that lead from one to the next in either direction.
//
// images of checkpoint i are the pages written between it and its successor. The machine stands behind
// checkpoint base_. Images of checkpoints before base_ hold their pages as they were at the checkpoint, those
// of base_ and later ones as they were at the successor: going from one checkpoint to a neighbour exchanges
// pages with memory, so that neither direction loses the other. Pages written since base_ are in
// memory_.dirty, as they were at base_.
#include <algorithm>

#include "loop.hpp"

namespace flexdbg {

namespace {

constexpr u64 kImageBytes = kPageSize + 48;  // with its place in the lists
constexpr u64 kStateBytes = 6144;            // what a State holds outside itself, roughly
// A checkpoint may follow this many bytes after another a cycle: recording costs the more the more is
// written.
constexpr u64 kBytesPerCycle = 4;
constexpr size_t kFewCheckpoints = 16;  // so many are kept whatever the budget
constexpr size_t kMostScratch = 128;

u64 page_key(const PageImage& p) { return u64{p.region} << 32 | p.page; }

}  // namespace

u64 Cluster::checkpoint_due() const {
  if (base_ + 1 < history_.size()) return history_[base_ + 1].cycle;
  return history_.back().cycle + checkpoint_interval_;
}

void Cluster::weigh(Checkpoint& x) {
  history_bytes_ -= x.bytes;
  x.bytes = sizeof(State) + kStateBytes + x.images.size() * kImageBytes;
  history_bytes_ += x.bytes;
}

Cluster::Checkpoint Cluster::make_checkpoint() const {
  Checkpoint now;
  now.cycle = s_.cycle;
  now.state = copy_state();
  now.output_mark = output_made_;
  now.input_next = input_next_;
  return now;
}

// The machine has run into, or past, the cycle of the next checkpoint: a new one, or one that is there.
void Cluster::take_checkpoint() {
  const u64 c = s_.cycle;
  if (history_.empty() || (base_ + 1 == history_.size() && history_.back().cycle < c)) {
    if (!history_.empty()) {
      close_interval();
      if (!away_) {
        const u64 spent = history_[base_].bytes;
        checkpoint_interval_ =
            std::clamp(spent / kBytesPerCycle, kCheckpointInterval, kLongestCheckpointInterval);
        if (history_budget_ == 0) checkpoint_interval_ = kNever / 2;
      }
      ++base_;
    }
    history_.push_back(make_checkpoint());
    weigh(history_.back());
    if (history_bytes_ > history_budget_) thin_history();
  }
  while (base_ + 1 < history_.size() && history_[base_ + 1].cycle <= c) {
    close_interval();
    ++base_;
  }
  next_checkpoint_ = checkpoint_due();
  hits_at_base_ = hits_.size();
}

// What has been written since checkpoint base_ leads back to it.
void Cluster::close_interval() {
  history_[base_].images = memory_.checkpoint();
  weigh(history_[base_]);
}

// A checkpoint of this very moment, behind base_, becomes the base.
void Cluster::insert_checkpoint(bool scratch) {
  std::vector<PageImage> ahead = std::move(history_[base_].images);
  close_interval();
  Checkpoint now = make_checkpoint();
  now.scratch = scratch;
  now.images = std::move(ahead);  // more than what follows it, but what that leads to is right
  history_.insert(history_.begin() + static_cast<std::ptrdiff_t>(base_) + 1, std::move(now));
  ++base_;
  weigh(history_[base_]);
  next_checkpoint_ = checkpoint_due();
  if (scratch) drop_scratch();
}

// Takes the base, at which the machine stands, out of the history.
void Cluster::remove_base() {
  Checkpoint gone = std::move(history_[base_]);
  history_.erase(history_.begin() + static_cast<std::ptrdiff_t>(base_));
  history_bytes_ -= gone.bytes;
  --base_;
  memory_.dirty = std::move(history_[base_].images);
  for (const PageImage& p : memory_.dirty) {
    memory_.regions[p.region].attr[p.page] &= static_cast<u8>(~kAttrShared);
  }
  history_[base_].images = std::move(gone.images);
  weigh(history_[base_]);
  next_checkpoint_ = checkpoint_due();
}

// Takes a checkpoint other than the first, the base and a pinned one out of the history.
void Cluster::merge_checkpoint(Checkpoint& before, Checkpoint& gone, bool behind_base) {
  // Behind the base, pages as they were at the earlier of the two; else as they are at the end of the later.
  std::vector<PageImage>& first = behind_base ? before.images : gone.images;
  std::vector<PageImage>& second = behind_base ? gone.images : before.images;
  std::unordered_set<u64> there;
  for (const PageImage& p : first) there.insert(page_key(p));
  for (PageImage& p : second) {
    if (!there.contains(page_key(p))) first.push_back(std::move(p));
  }
  if (!behind_base) before.images = std::move(gone.images);
  history_bytes_ -= gone.bytes;
  weigh(before);
}

// Keeps the checkpoints that `keep` names by index; the images of the others go to their predecessors.
template <typename Keep>
void Cluster::filter_history(Keep keep) {
  std::deque<Checkpoint> kept;
  size_t base = 0;
  for (size_t i = 0; i < history_.size(); ++i) {
    Checkpoint& x = history_[i];
    if (i == 0 || i == base_ || x.pinned || keep(i)) {
      if (i == base_) base = kept.size();
      kept.push_back(std::move(x));
    } else {
      merge_checkpoint(kept.back(), x, i < base_);
    }
  }
  history_ = std::move(kept);
  base_ = base;
}

// Every second checkpoint of the older three quarters goes: the further back, the sparser.
void Cluster::thin_history() {
  while (history_bytes_ > history_budget_ && history_.size() >= kFewCheckpoints) {
    const size_t before = history_.size();
    const size_t old_part = before - before / 4;
    filter_history([&](size_t i) { return i >= old_part || (i % 2 == 0 && !history_[i].scratch); });
    if (history_.size() == before) break;
  }
  next_checkpoint_ = checkpoint_due();
}

// Checkpoints made while looking at a part of the run go when others need their place.
void Cluster::drop_scratch() {
  size_t count = 0;
  for (const Checkpoint& x : history_) count += x.scratch;
  if (count <= kMostScratch && history_bytes_ <= history_budget_) return;
  const auto near = [&](size_t i) { return i + 8 >= base_ && i <= base_ + 8; };
  filter_history([&](size_t i) { return !history_[i].scratch || near(i); });
  if (history_bytes_ > history_budget_) thin_history();
  next_checkpoint_ = checkpoint_due();
}

// Memory becomes that of another checkpoint.
void Cluster::move_base(size_t index) {
  std::vector<PageImage> written = memory_.checkpoint();
  for (const PageImage& p : written) restore_page(p);
  while (base_ > index) exchange_pages(history_[--base_]);
  while (base_ < index) exchange_pages(history_[base_++]);
}

void Cluster::exchange_pages(Checkpoint& x) {
  u8 now[kPageSize];
  for (PageImage& p : x.images) {
    const Ram& r = memory_.regions[p.region];
    const u32 offset = p.page << kPageShift;
    const u32 length = std::min(kPageSize, r.size - offset);
    std::memcpy(now, r.bytes.data() + offset, length);
    restore_page(p);
    std::memcpy(p.data.get(), now, length);
  }
}

void Cluster::restore_page(const PageImage& image) {
  Ram& r = memory_.regions[image.region];
  const u32 offset = image.page << kPageShift;
  const u32 length = std::min(kPageSize, r.size - offset);
  const bool code = (r.attr[image.page] & kAttrCode) != 0;
  if (code && std::memcmp(r.bytes.data() + offset, image.data.get(), length) == 0) return;
  memory_.apply(image);
  if (code) forget_code(image.region, offset, length);
}

size_t Cluster::checkpoint_before(u64 cycle) const {
  const auto behind = std::upper_bound(history_.begin(), history_.end(), cycle,
                                       [](u64 at, const Checkpoint& x) { return at < x.cycle; });
  return static_cast<size_t>(behind - history_.begin()) - 1;
}

// Brings the machine to a checkpoint, an earlier or a later one.
void Cluster::restore_checkpoint(size_t index) {
  move_base(index);
  const Checkpoint& at = history_[index];
  s_ = *at.state;
  hits_at_base_ = std::min(hits_at_base_, hits_.size());
  next_checkpoint_ = checkpoint_due();
  output_made_ = at.output_mark;
  input_next_ = at.input_next;
  frozen_ = 0;
  for (size_t i = 0; i < input_next_; ++i) {
    if (inputs_[i].hart < 0) frozen_ = inputs_[i].address;
  }
  for (int i = 0; i < ports_; ++i) {
    // Decoded entries live outside the state; their addresses stay valid, their contents may have changed.
    Hart& h = s_.harts[i];
    if (h.next != nullptr) h.next = decode_at(h, h.a.pc);
  }
}

// The recorded future is dropped.
void Cluster::forget_checkpoints_ahead() {
  while (history_.size() > base_ + 1) {
    history_bytes_ -= history_.back().bytes;
    history_.pop_back();
  }
  history_.back().images.clear();
  weigh(history_.back());
  next_checkpoint_ = checkpoint_due();
}

// History begins here.
void Cluster::restart_history() {
  history_.clear();
  history_bytes_ = 0;
  base_ = 0;
  checkpoint_interval_ = history_budget_ == 0 ? kNever / 2 : kCheckpointInterval;
  inputs_.clear();
  input_next_ = 0;
  memory_.share_all();
  last_cycle_ = s_.cycle;
  take_checkpoint();
}

std::pair<u64, u64> Cluster::history_bounds() const {
  const u64 first = history_.empty() ? s_.cycle : history_.front().cycle;
  return {first, std::max(last_cycle_, s_.cycle)};
}

void Cluster::set_history_budget(u64 bytes) {
  history_budget_ = bytes;
  if (bytes == 0) checkpoint_interval_ = kNever / 2;
  thin_history();
}

}  // namespace flexdbg
