#include "dma.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace flexdbg {

namespace {

// Command bits: rtl/ctrl_unit/ctrl_fsm.sv with a length field of 17 bits.
constexpr u32 kLengthMask = 0x1ffff;
constexpr u32 kToTcdm = 1u << 17, kIncrement = 1u << 18, kExt2d = 1u << 19;
constexpr u32 kEventBit = 1u << 20, kIrqBit = 1u << 21, kBroadcast = 1u << 22, kTcdm2d = 1u << 23;
constexpr u32 kLineEvent = 1u << 8, kLineIrq = 1u << 9;

// After the last command word the programming FSM waits until the transfer shows up as busy:
// states EXT_GRANTED, BUSY (arbiter), BUSY2 (queues and splitter) before IDLE grants again.
constexpr u64 kBusyAfterCommand = 6;
// A status access answers in its own state, which grants nothing.
constexpr u64 kBusyAfterStatus = 2;
// The command path takes this long between the arbiter and the first burst: queue, splitter, unpacker.
constexpr u32 kCommandPath = 4;

}  // namespace

Dma::Dma(const Config& config)
    : harts_(config.harts),
      tcdm_base_(config.tcdm_base),
      tcdm_size_(config.tcdm_size),
      tcdm_wrap_(config.tcdm_wrap),
      ids_(std::clamp<u32>(config.dma_ids, 1, kIds)),
      port_queue_(std::max<u32>(config.dma_port_queue, 1)),
      global_queue_(std::max<u32>(config.dma_global_queue, 1)),
      twod_queue_(std::max<u32>(config.dma_2d_queue, 1)),
      beat_(std::bit_floor(std::clamp<u32>(config.dma_bytes_per_cycle, 1, kMaxBeat))),
      burst_(std::bit_floor(std::max<u32>(config.dma_burst, kMaxBeat))),
      outstanding_(std::max<u32>(config.dma_outstanding, 1)),
      command_delay_(std::clamp<u32>(config.dma_startup, 1, kCommandPath)),
      external_delay_(config.dma_startup > command_delay_ ? config.dma_startup - command_delay_ : 0),
      buffer_limit_(std::max<u32>(4 * beat_, 16)),
      ports_(config.harts + 2) {}

std::string Dma::port_name(int port) const {
  if (port == cluster_port()) return "cluster DMA port";
  if (port == fc_port()) return "FC DMA port";
  return "DMA port of hart " + std::to_string(port);
}

void Dma::complain(int port, u64 cycle, bool fatal, std::string text) {
  complaints_.push_back({cycle, port, fatal, port_name(port) + ": " + std::move(text)});
}

std::vector<DmaComplaint> Dma::take_complaints() { return std::exchange(complaints_, {}); }

DmaEvent Dma::take_event() { return std::exchange(event_, DmaEvent{}); }

// --- control ports -------------------------------------------------------------------------------

u32 Dma::peek(u32 offset) const {
  if (offset == 0) return static_cast<u32>(std::countr_one(allocated_));
  u32 busy = 0;
  for (u32 i = 0; i < kIds; ++i) busy |= u32{id_[i].pending != 0} << i;
  return busy | allocated_ << 16;
}

Dma::Reply Dma::access(int port, u32 offset, bool write, u32 wdata, u64 cycle) {
  Port& state = ports_[static_cast<size_t>(port)];
  if (cycle < state.ready) return {};
  if (offset != 0 && offset != 4) {
    complain(
        port, cycle, true,
        std::string(write ? "write" : "read") + " at offset " + std::to_string(offset) +
            ": only CMD (0) and STATUS (4) exist, the hardware never grants another one. A program built for "
            "iDMA looks like this (pulp-runtime, chip pulp_cluster): build it with LEGACY_DMA");
    return {true, 0};
  }
  if (state.words != 0 && !(write && offset == 0)) {
    complain(port, cycle, true,
             std::string(offset == 4 ? "STATUS" : "CMD") + (write ? " written" : " read") + " after " +
                 std::to_string(state.words) + " of " + std::to_string(state.need) +
                 " words of a command: the programming FSM loses the command");
    drop_partial(state);
  }
  return write ? write_port(port, offset, wdata, cycle) : read_port(port, offset, cycle);
}

Dma::Reply Dma::read_port(int port, u32 offset, u64 cycle) {
  Port& state = ports_[static_cast<size_t>(port)];
  if (offset == 4) {
    state.ready = cycle + kBusyAfterStatus;
    return {true, peek(4)};
  }
  const u32 id = peek(0);
  if (id >= ids_) {
    const auto own = [port](const Id& i) { return i.port == port; };
    if (!state.starved && std::all_of(id_.begin(), id_.begin() + ids_, own)) {
      complain(port, cycle, true,
               "CMD read waits for an id, and this port has allocated all " + std::to_string(ids_) +
                   ": free them with a write to STATUS when their transfers are done");
      state.starved = true;
    }
    return {};
  }
  // One allocation per cycle: the allocator has one arbiter for all ports.
  if (last_allocation_ == cycle) return {};
  last_allocation_ = cycle;
  allocated_ |= 1u << id;
  const u32 pending = id_[id].pending;  // nonzero only after a free of a busy id
  id_[id] = Id{};
  id_[id].pending = pending;
  id_[id].port = static_cast<u8>(port);
  state.id = static_cast<u8>(id);
  state.has_id = true;
  state.starved = false;
  if (pending != 0) {
    complain(port, cycle, true,
             "id " + std::to_string(id) + " is allocated again while a transfer of it still runs");
  }
  return {true, id};
}

Dma::Reply Dma::write_port(int port, u32 offset, u32 value, u64 cycle) {
  if (offset == 0) return command_word(port, value, cycle);
  ports_[static_cast<size_t>(port)].ready = cycle + kBusyAfterStatus;
  free_ids(port, value, cycle);
  return {true, 0};
}

void Dma::free_ids(int port, u32 mask, u64 cycle) {
  for (u32 i = 0; i < 32; ++i) {
    if ((mask >> i & 1) == 0) continue;
    if (i >= ids_) {
      complain(port, cycle, false,
               "STATUS write frees id " + std::to_string(i) + ", there are " + std::to_string(ids_) + " ids");
      continue;
    }
    if ((allocated_ >> i & 1) == 0) {
      complain(port, cycle, false, "STATUS write frees id " + std::to_string(i) + ", which is not allocated");
    } else if (id_[i].pending != 0) {
      complain(port, cycle, true,
               "STATUS write frees id " + std::to_string(i) +
                   " while its transfer still runs; wait until bit " + std::to_string(i) + " of STATUS is 0");
    }
    allocated_ &= ~(1u << i);
  }
}

Dma::Reply Dma::command_word(int port, u32 value, u64 cycle) {
  Port& state = ports_[static_cast<size_t>(port)];
  DmaCommand& partial = state.partial;
  if (state.words == 0) {
    const bool ext_2d = value & kExt2d, tcdm_2d = value & kTcdm2d;
    if (state.queue.size() >= port_queue_) return {};
    if (ext_2d && ext_descriptors_ >= twod_queue_) return {};
    if (tcdm_2d && tcdm_descriptors_ >= twod_queue_) return {};
    if (!state.has_id || (allocated_ >> state.id & 1) == 0) {
      complain(port, cycle, true,
               state.has_id ? "command for id " + std::to_string(state.id) + ", which has been freed"
                            : std::string("command without an id; read CMD first"));
    }
    ext_descriptors_ += ext_2d;
    tcdm_descriptors_ += tcdm_2d;
    partial = DmaCommand{};
    partial.id = state.id;
    partial.port = static_cast<u8>(port);
    partial.length = value & kLengthMask;
    partial.to_tcdm = value & kToTcdm;
    partial.increment = value & kIncrement;
    partial.event = value & kEventBit;
    partial.irq = value & kIrqBit;
    partial.broadcast = value & kBroadcast;
    state.ext_2d = ext_2d;
    state.tcdm_2d = tcdm_2d;
    state.need = static_cast<u8>(3 + 2 * ext_2d + 2 * tcdm_2d);
  } else {
    u32* const fields[] = {&partial.tcdm,       &partial.ext,        &partial.ext_count,
                           &partial.ext_stride, &partial.tcdm_count, &partial.tcdm_stride};
    // Without a 2D side outside, the words after the addresses belong to the TCDM side.
    const u32 skip = state.words > 2 && !state.ext_2d ? 2 : 0;
    *fields[state.words - 1 + skip] = value;
  }
  if (++state.words == state.need) complete_command(port, cycle);
  return {true, 0};
}

bool Dma::valid_command(const DmaCommand& c, u64 cycle) {
  const Port& state = ports_[c.port];
  const auto fail = [&](const std::string& text) {
    complain(c.port, cycle, true, text);
    return false;
  };
  if (c.length == 0) return fail("command of length 0 (the hardware would move 131072 bytes)");
  if (state.ext_2d && c.ext_count == 0) return fail("2D command with 0 bytes per line on the external side");
  if (state.tcdm_2d && c.tcdm_count == 0) return fail("2D command with 0 bytes per line on the TCDM side");
  const u32 offset = c.tcdm - (c.tcdm < kTcdmWindow ? 0 : tcdm_base_);
  if (offset >= kTcdmWindow) {
    return fail("TCDM address " + hex32(c.tcdm) +
                " is not in the TCDM (the second command word is the TCDM address)");
  }
  u64 last = u64{offset} + c.length;
  if (c.tcdm_count != 0) {
    const u64 lines = (c.length + c.tcdm_count - 1) / c.tcdm_count;
    last = offset + (lines - 1) * c.tcdm_stride + std::min(c.tcdm_count, c.length);
  }
  if (last > tcdm_size_) {
    const std::string text = "transfer ends at TCDM offset " + hex32(static_cast<u32>(last)) +
                             ", the TCDM has " + hex32(tcdm_size_) + " bytes";
    complain(c.port, cycle, !tcdm_wrap_, tcdm_wrap_ ? text + "; the address wraps" : text);
    return tcdm_wrap_;
  }
  return true;
}

void Dma::drop_partial(Port& port) {
  port.words = 0;
  ext_descriptors_ -= port.ext_2d;
  tcdm_descriptors_ -= port.tcdm_2d;
}

void Dma::complete_command(int port, u64 cycle) {
  Port& state = ports_[static_cast<size_t>(port)];
  const DmaCommand& command = state.partial;
  state.ready = cycle + kBusyAfterCommand;
  if (!valid_command(command, cycle)) {
    drop_partial(state);
    return;
  }
  state.words = 0;
  if (port == cluster_port() && (command.event || command.irq) && !command.broadcast) {
    complain(
        port, cycle, false,
        "command asks for an event without broadcast: the cluster port belongs to no hart, nobody sees it");
  }
  Id& id = id_[command.id];
  ++id.pending;
  id.bytes_total += command.length;
  state.queue.push(command);
  next_ = std::min(next_, cycle + 1);
}

// --- command path --------------------------------------------------------------------------------

void Dma::arbitrate(u64 cycle) {
  const u32 count = static_cast<u32>(ports_.size());
  for (u32 k = 0; k < count; ++k) {
    const u32 p = (next_port_ + k) % count;
    Fifo<DmaCommand>& queue = ports_[p].queue;
    if (queue.empty()) continue;
    Stream& stream = queue.front().to_tcdm ? read_ : write_;
    if (stream.waiting.size() >= global_queue_) continue;
    const DmaCommand command = queue.front();
    // The event flags belong to the id; of several commands the last one counts.
    Id& id = id_[command.id];
    id.event = command.event;
    id.irq = command.irq;
    id.broadcast = command.broadcast;
    id.port = command.port;
    stream.waiting.push({command, cycle + command_delay_ - 1});
    queue.pop();
    next_port_ = (p + 1) % count;
    return;
  }
}

Dma::Burst Dma::next_burst(const DmaCommand& c, u32 done) const {
  Burst burst;
  burst.id = c.id;
  burst.port = c.port;
  burst.increment = c.increment;
  const u32 ext_line = c.ext_count != 0 ? c.ext_count : c.length;
  const u32 tcdm_line = c.tcdm_count != 0 ? c.tcdm_count : c.length;
  const u32 ext_column = done % ext_line, tcdm_column = done % tcdm_line;
  burst.ext = c.ext + done / ext_line * c.ext_stride + (c.increment ? ext_column : 0);
  burst.tcdm = c.tcdm + done / tcdm_line * c.tcdm_stride + tcdm_column;
  const u32 boundary = c.increment ? burst_ - burst.ext % burst_ : burst_;
  burst.length = std::min({c.length - done, ext_line - ext_column, tcdm_line - tcdm_column, boundary});
  return burst;
}

void Dma::issue(Stream& stream, u64 cycle) {
  if (stream.waiting.empty() || stream.outstanding >= outstanding_) return;
  const Accepted& accepted = stream.waiting.front();
  if (cycle < accepted.ready) return;
  const DmaCommand& command = accepted.command;
  if (stream.split == 0) {
    ext_descriptors_ -= command.ext_count != 0;
    tcdm_descriptors_ -= command.tcdm_count != 0;
  }
  Burst burst = next_burst(command, stream.split);
  burst.due = cycle + external_delay_;
  ++id_[burst.id].pending;
  ++stream.outstanding;
  stream.split += burst.length;
  stream.bursts.push(burst);
  if (stream.split == command.length) {
    stream.split = 0;
    --id_[burst.id].pending;
    stream.waiting.pop();
  }
}

// --- data path -----------------------------------------------------------------------------------

u32 Dma::beat_size(const Burst& burst) const {
  // A fixed burst repeats the same byte lanes; a wide port does not make the lanes wider than AXI's 8.
  const u32 lanes = burst.increment ? beat_ : std::min<u32>(beat_, 8);
  return std::min(burst.length - burst.outside, lanes - beat_address(burst) % lanes);
}

u32 Dma::beat_address(const Burst& burst) const {
  return burst.increment ? burst.ext + burst.outside : burst.ext;
}

u32 Dma::tcdm_address(u32 address) const {
  const u32 offset = (address - (address < kTcdmWindow ? 0 : tcdm_base_)) % kTcdmWindow;
  return tcdm_base_ + offset % tcdm_size_;
}

// Bytes first..first+count-1 of an aligned 8-byte pair: one word on each port they touch.
bool Dma::pair_fits(const Stream& stream, u32 first, u32 count) const {
  const bool low = first<4, high = first + count> 4;
  return !(low && stream.words[0].size() >= kWordQueue) && !(high && stream.words[1].size() >= kWordQueue);
}

u8 Dma::queue_pair(Stream& stream, u32 address, u32 count, u32 serial, const u8* data) {
  const u32 first = address % 8;
  u8 words = 0;
  for (u32 half = 0; half < 2; ++half) {
    Word word;
    for (u32 lane = 0; lane < 4; ++lane) {
      const u32 byte = half * 4 + lane;
      if (byte < first || byte >= first + count) continue;
      word.byte_enable = static_cast<u8>(word.byte_enable | 1u << lane);
      if (data != nullptr) word.data |= u32{data[byte - first]} << (8 * lane);
    }
    if (word.byte_enable == 0) continue;
    word.address = tcdm_address((address & ~7u) + half * 4);
    word.serial = serial;
    stream.words[half].push(word);
    ++words;
  }
  return words;
}

void Dma::queue_tcdm_writes() {
  for (size_t i = 0; i < read_.bursts.size(); ++i) {
    Burst& burst = read_.bursts[i];
    if (burst.inside == burst.length) continue;
    const u32 address = burst.tcdm + burst.inside;
    const u32 count = std::min(burst.length - burst.inside, 8 - address % 8);
    if (read_.buffer.size() < count || !pair_fits(read_, address % 8, count)) return;
    burst.words +=
        queue_pair(read_, address, count, read_.first_serial + static_cast<u32>(i), read_.buffer.data());
    burst.inside += count;
    read_.buffer.erase(read_.buffer.begin(), read_.buffer.begin() + count);
    return;
  }
}

void Dma::queue_tcdm_reads() {
  if (pairs_.size() >= kPairsOnTheWay || write_.buffer.size() >= buffer_limit_) return;
  for (size_t i = 0; i < write_.bursts.size(); ++i) {
    Burst& burst = write_.bursts[i];
    if (burst.inside == burst.length) continue;
    const u32 address = burst.tcdm + burst.inside;
    const u32 count = std::min(burst.length - burst.inside, 8 - address % 8);
    if (!pair_fits(write_, address % 8, count)) return;
    PairRead pair;
    pair.first = static_cast<u8>(address % 8);
    pair.count = static_cast<u8>(count);
    pair.words = queue_pair(write_, address, count, first_pair_ + static_cast<u32>(pairs_.size()), nullptr);
    pairs_.push(pair);
    burst.inside += count;
    return;
  }
}

void Dma::collect_pairs(u64 cycle) {
  while (!pairs_.empty() && pairs_.front().words == 0 && pairs_.front().ready <= cycle) {
    const PairRead& pair = pairs_.front();
    write_.buffer.insert(write_.buffer.end(), pair.data.begin() + pair.first,
                         pair.data.begin() + pair.first + pair.count);
    pairs_.pop();
    ++first_pair_;
  }
}

void Dma::send(u64 cycle) {
  if (sending_ == write_.bursts.size()) return;
  Burst& burst = write_.bursts[sending_];
  const u32 count = beat_size(burst);
  if (write_.buffer.size() < count) return;
  WriteBeat beat;
  beat.due = cycle + external_delay_;
  beat.address = beat_address(burst);
  beat.count = count;
  std::copy_n(write_.buffer.begin(), count, beat.data.begin());
  write_.buffer.erase(write_.buffer.begin(), write_.buffer.begin() + count);
  burst.outside += count;
  beat.last = burst.outside == burst.length;
  if (beat.last) ++sending_;
  in_flight_.push(beat);
}

int Dma::requests(u64, DmaRequest out[4]) const {
  int count = 0;
  for (u8 port = 0; port < 4; ++port) {
    const bool to_tcdm = port >= 2;
    const Fifo<Word>& queue = (to_tcdm ? read_ : write_).words[port % 2];
    if (queue.empty()) continue;
    const Word& word = queue.front();
    out[count++] = {word.address, word.data, word.byte_enable, port, to_tcdm};
  }
  return count;
}

void Dma::grant(int port, u32 read_data, u64 cycle) {
  Stream& stream = port >= 2 ? read_ : write_;
  Fifo<Word>& queue = stream.words[static_cast<size_t>(port % 2)];
  const Word word = queue.front();
  queue.pop();
  if (port >= 2) {
    Burst& burst = read_.bursts[word.serial - read_.first_serial];
    const u32 bytes = static_cast<u32>(std::popcount(word.byte_enable));
    --burst.words;
    bytes_moved_ += bytes;
    id_[burst.id].bytes_done += bytes;
  } else {
    PairRead& pair = pairs_[word.serial - first_pair_];
    const u32 at = port == 1 ? 4 : 0;
    for (u32 lane = 0; lane < 4; ++lane) pair.data[at + lane] = static_cast<u8>(read_data >> (8 * lane));
    pair.ready = cycle + 1;
    --pair.words;
  }
  next_ = std::min(next_, cycle + 1);
}

// --- completion ----------------------------------------------------------------------------------

void Dma::finish_reads() {
  for (size_t i = 0; i < read_.bursts.size(); ++i) {
    Burst& burst = read_.bursts[i];
    // The two ports advance independently, so a short burst may overtake the one before it.
    if (burst.inside != burst.length || burst.words != 0 || burst.reported) continue;
    burst.reported = true;
    finish(burst.id);
  }
  while (!read_.bursts.empty() && read_.bursts.front().reported) {
    read_.bursts.pop();
    ++read_.first_serial;
  }
}

void Dma::finish(u8 id) {
  if (--id_[id].pending == 0) to_raise_.push(id);
}

void Dma::raise() {
  if (to_raise_.empty()) return;
  const Id& id = id_[to_raise_.front()];
  to_raise_.pop();
  event_ = {};
  event_.lines = (id.event ? kLineEvent : 0) | (id.irq ? kLineIrq : 0);
  if (event_.lines == 0) return;
  if (id.broadcast) {
    event_.harts = (1u << harts_) - 1;
  } else if (id.port < harts_) {
    event_.harts = 1u << id.port;
  } else if (id.port == fc_port()) {
    event_.harts = 1u << harts_;
  }
}

void Dma::update_next(u64 cycle) {
  const u64 soon = cycle + 1;
  next_ = kNever;
  const auto wake = [&](bool condition, u64 at) {
    if (condition) next_ = std::min(next_, std::max(at, soon));
  };
  for (const Port& port : ports_) wake(!port.queue.empty(), soon);
  wake(!to_raise_.empty() || !pairs_.empty(), soon);
  wake(!in_flight_.empty(), in_flight_.empty() ? 0 : in_flight_.front().due);
  for (const Stream* stream : {&read_, &write_}) {
    wake(!stream->words[0].empty() || !stream->words[1].empty() || !stream->buffer.empty(), soon);
    if (!stream->waiting.empty() && stream->outstanding < outstanding_)
      wake(true, stream->waiting.front().ready);
  }
  for (size_t i = 0; i < read_.bursts.size(); ++i) {
    const Burst& burst = read_.bursts[i];
    if (burst.outside == burst.length) continue;
    wake(true, burst.due);
    break;
  }
  for (size_t i = sending_; i < write_.bursts.size(); ++i) {
    wake(write_.bursts[i].inside != write_.bursts[i].length, soon);
  }
}

DmaView Dma::describe() const {
  DmaView view;
  for (int i = 0; i < kIds; ++i) {
    const Id& id = id_[static_cast<size_t>(i)];
    if ((allocated_ >> i & 1) == 0 && id.pending == 0) continue;
    view.ids.push_back({i, id.port, id.pending != 0, id.bytes_total, id.bytes_done});
  }
  for (const Port& port : ports_) {
    for (size_t i = 0; i < port.queue.size(); ++i) view.at_ports.push_back(port.queue[i]);
    view.words_at_port.push_back(port.words);
  }
  for (const Stream* stream : {&read_, &write_}) {
    DmaView::Stream& out = stream == &read_ ? view.read : view.write;
    out.bursts_outstanding = stream->outstanding;
    for (size_t i = 0; i < stream->waiting.size(); ++i) {
      const DmaCommand& command = stream->waiting[i].command;
      if (i == 0 && stream->split != 0) {
        out.running = true;
        out.command = command;
        out.bytes_split = stream->split;
      } else {
        out.queue.push_back(command);
      }
    }
  }
  return view;
}

}  // namespace flexdbg
