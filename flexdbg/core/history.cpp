// Checkpoints and replay. The machine is deterministic, so an earlier cycle is an earlier checkpoint plus a
// run.
#include <algorithm>

#include "loop.hpp"

namespace flexdbg {

void Cluster::take_checkpoint() {
  const u64 c = s_.cycle;
  next_checkpoint_ = c + kCheckpointInterval;
  if (!history_.empty() && history_.back().cycle >= c) return;
  // Images saved since the last checkpoint belong to it.
  std::vector<PageImage> images = memory_.checkpoint();
  if (!history_.empty()) {
    Checkpoint& last = history_.back();
    last.bytes += images.size() * kPageSize;
    history_bytes_ += images.size() * kPageSize;
    last.images = std::move(images);
  }
  Checkpoint now;
  now.cycle = c;
  now.state = std::make_unique<State>(s_);
  now.output_mark = output_.size() + output_taken_;
  now.input_next = input_next_;
  now.bytes = sizeof(State) + 4096;
  history_bytes_ += now.bytes;
  history_.push_back(std::move(now));
  if (history_bytes_ > history_budget_) thin_history();
}

// Every second checkpoint of the older three quarters goes; its images merge into its predecessor's.
void Cluster::thin_history() {
  if (history_.size() < 16) return;
  std::deque<Checkpoint> kept;
  const size_t old_part = history_.size() - history_.size() / 4;
  for (size_t i = 0; i < history_.size(); ++i) {
    Checkpoint& x = history_[i];
    if (i == 0 || i >= old_part || i % 2 == 0) {
      kept.push_back(std::move(x));
      continue;
    }
    Checkpoint& before = kept.back();
    history_bytes_ -= x.bytes;
    std::unordered_set<u64> there;
    for (const PageImage& p : before.images) there.insert(u64{p.region} << 32 | p.page);
    for (PageImage& p : x.images) {
      if (there.contains(u64{p.region} << 32 | p.page)) continue;
      before.images.push_back(std::move(p));
      before.bytes += kPageSize;
      history_bytes_ += kPageSize;
    }
  }
  history_ = std::move(kept);
}

// Brings the machine to a checkpoint; later ones are dropped and made again by the run that follows.
void Cluster::restore_checkpoint(size_t index) {
  for (const PageImage& p : memory_.dirty) restore_page(p);
  memory_.dirty.clear();
  for (size_t i = history_.size(); i-- > index;) {
    for (const PageImage& p : history_[i].images) restore_page(p);
    if (i > index) history_bytes_ -= history_[i].bytes;
  }
  Checkpoint& at = history_[index];
  history_bytes_ -= at.images.size() * kPageSize;
  at.bytes -= at.images.size() * kPageSize;
  at.images.clear();
  history_.resize(index + 1);
  s_ = *at.state;
  for (Ram& r : memory_.regions) {
    for (u8& a : r.attr) a |= kAttrShared;
  }
  next_checkpoint_ = s_.cycle + kCheckpointInterval;
  input_next_ = at.input_next;
  frozen_ = 0;
  for (size_t i = 0; i < input_next_; ++i) {
    if (inputs_[i].hart < 0) frozen_ = inputs_[i].address;
  }
  // output_[0] is piece number output_taken_; the first output_skip_ pieces have been handed out.
  if (at.output_mark >= output_taken_) {
    output_.resize(at.output_mark - output_taken_);
  } else {
    output_skip_ += output_taken_ - at.output_mark;
    output_taken_ = at.output_mark;
    output_.clear();
  }
  for (int i = 0; i < ports_; ++i) {
    // Decoded entries live outside the state; their addresses stay valid, their contents may have changed.
    Hart& h = s_.harts[i];
    if (h.next != nullptr) h.next = decode_at(h, h.a.pc);
  }
}

void Cluster::restore_page(const PageImage& image) {
  Ram& r = memory_.regions[image.region];
  memory_.apply(image);
  if (r.attr[image.page] & kAttrCode) {
    forget_code(r.base + (image.page << kPageShift), kPageSize);
  }
}

std::pair<u64, u64> Cluster::history_bounds() const {
  const u64 first = history_.empty() ? s_.cycle : history_.front().cycle;
  return {first, std::max(last_cycle_, s_.cycle)};
}

void Cluster::set_history_budget(u64 bytes) {
  history_budget_ = bytes;
  while (history_bytes_ > history_budget_ && history_.size() >= 16) thin_history();
}

bool Cluster::goto_cycle(u64 cycle, std::vector<StopEvent>& stops) {
  if (history_.empty() || cycle < history_.front().cycle) {
    StopEvent e;
    e.reason = StopReason::kHistoryStart;
    e.cycle = s_.cycle;
    stops.push_back(e);
    return false;
  }
  last_cycle_ = std::max(last_cycle_, s_.cycle);
  if (cycle < s_.cycle) {
    size_t i = history_.size() - 1;
    while (history_[i].cycle > cycle) --i;
    restore_checkpoint(i);
  }
  stops_.clear();
  const bool there = replay_to(cycle);
  mark_resumed();
  // What stopped the machine in the cycle before is no news; what kept it from getting here is.
  if (!there) stops = std::move(stops_);
  stops_.clear();
  interrupt_.store(false);
  return there;
}

// Runs to `cycle` as the machine once did: stops on the way are passed, what came from outside is applied
// when its time has come. False: interrupted.
bool Cluster::replay_to(u64 cycle) {
  const bool before = replaying_;
  replaying_ = true;
  while (true) {
    while (input_next_ < inputs_.size() && inputs_[input_next_].cycle <= s_.cycle) {
      apply_input(inputs_[input_next_]);
      ++input_next_;
    }
    if (s_.cycle >= cycle) break;
    const u64 until = input_next_ < inputs_.size() ? std::min(cycle, inputs_[input_next_].cycle) : cycle;
    stops_.clear();
    loop<kModePrecise>(until);
    if (interrupt_.load(std::memory_order_relaxed)) break;
    bool dead = false;
    for (const StopEvent& e : stops_)
      dead |= e.reason == StopReason::kDeadlock || e.reason == StopReason::kHalted;
    if (dead) break;
  }
  replaying_ = before;
  return s_.cycle >= cycle;
}

void Cluster::forget_future() {
  if (replaying_) return;
  inputs_.resize(input_next_);
  last_cycle_ = s_.cycle;
  output_skip_ = std::min(output_skip_, output_.size());
  if (frozen_ != 0 && step_hart_ < 0) record_freeze(0);
}

// Which harts are held is an input like a write: a replay has to hold them too.
void Cluster::record_freeze(u32 harts) {
  frozen_ = harts;
  Input input;
  input.cycle = s_.cycle;
  input.hart = -1;
  input.address = harts;
  record_input(std::move(input));
}

void Cluster::record_input(Input input) {
  if (replaying_) return;
  forget_future();
  inputs_.push_back(std::move(input));
  input_next_ = inputs_.size();
}

void Cluster::apply_input(const Input& input) {
  const bool replaying = replaying_;
  replaying_ = true;
  if (input.hart < 0) {
    frozen_ = input.address;
  } else if (input.memory) {
    write_memory(input.address, input.data.data(), input.data.size());
  } else {
    u32 value;
    std::memcpy(&value, input.data.data(), 4);
    write_register(input.hart, input.address, value);
  }
  replaying_ = replaying;
}

u32 Cluster::snapshot() {
  const u32 id = next_snapshot_++;
  Snapshot shot;
  shot.state = std::make_unique<State>(s_);
  for (const Ram& r : memory_.regions) shot.memory.insert(shot.memory.end(), r.bytes.begin(), r.bytes.end());
  snapshots_.emplace(id, std::move(shot));
  return id;
}

bool Cluster::restore(u32 id) {
  const auto it = snapshots_.find(id);
  if (it == snapshots_.end()) return false;
  s_ = *it->second.state;
  size_t at = 0;
  for (Ram& r : memory_.regions) {
    const u8* then = it->second.memory.data() + at;
    // Code that has not changed stays decoded: harts point to it.
    for (u32 offset = 0; offset < r.size; offset += kPageSize) {
      const u32 length = std::min(kPageSize, r.size - offset);
      if (std::memcmp(r.bytes.data() + offset, then + offset, length) == 0) continue;
      std::memcpy(r.bytes.data() + offset, then + offset, length);
      if (!(r.attr[offset >> kPageShift] & kAttrCode)) continue;
      forget_code(r.base + offset, length);
    }
    at += r.size;
  }
  for (int i = 0; i < ports_; ++i) {
    Hart& h = s_.harts[i];
    if (h.next != nullptr) h.next = decode_at(h, h.a.pc);
  }
  stops_.clear();
  restart_history();
  return true;
}

void Cluster::drop_snapshot(u32 id) { snapshots_.erase(id); }

// History begins here.
void Cluster::restart_history() {
  history_.clear();
  history_bytes_ = 0;
  inputs_.clear();
  input_next_ = 0;
  memory_.share_all();
  last_cycle_ = s_.cycle;
  next_checkpoint_ = s_.cycle;
  take_checkpoint();
}

}  // namespace flexdbg
