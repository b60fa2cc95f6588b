// The cluster DMA: MCHAN v7 (pulp-platform/mchan@master:rtl, doc/MCHAN_USER_MANUAL.pdf).
//
// Two independent streams share the command side: reads (external to TCDM) and writes (TCDM to external).
// A command is split where the external address crosses a burst boundary and at line ends of either side;
// every piece is one burst outside and one run of words inside. Bytes flow through a small buffer:
//   read:  external beat -> buffer -> word queues of TCDM ports 2 and 3
//   write: word queues of TCDM ports 0 and 1 -> buffer -> external beat -> write response
// The start-up latency is divided into the command path, before the first burst is issued, and the
// external path; a transfer alone takes dma_startup + ceil(bytes / 8) cycles from its last command word.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "address_map.hpp"
#include "config.hpp"
#include "types.hpp"

namespace flexdbg {

struct DmaRequest {
  u32 address = 0;  // absolute, word aligned, inside the TCDM
  u32 data = 0;
  u8 byte_enable = 0;
  u8 port = 0;  // 0, 1 read; 2, 3 write
  bool write = false;
};

// Event-unit lines to raise in this cycle. Bit `config.harts` of `harts` stands for the FC.
struct DmaEvent {
  u32 lines = 0;
  u32 harts = 0;
};

struct DmaComplaint {
  u64 cycle = 0;
  int port = 0;
  bool fatal = false;  // the hardware would hang or corrupt memory
  std::string text;
};

struct DmaCommand {
  u32 tcdm = 0, ext = 0, length = 0;
  u32 ext_count = 0, ext_stride = 0, tcdm_count = 0, tcdm_stride = 0;  // count 0: no 2D on this side
  u8 id = 0, port = 0;
  bool to_tcdm = false, increment = false, event = false, irq = false, broadcast = false;
};

// A FIFO in a vector: cheap to copy, and empty most of the time.
template <typename T>
class Fifo {
 public:
  bool empty() const { return head_ == items_.size(); }
  size_t size() const { return items_.size() - head_; }
  T& operator[](size_t i) { return items_[head_ + i]; }
  const T& operator[](size_t i) const { return items_[head_ + i]; }
  T& front() { return items_[head_]; }
  const T& front() const { return items_[head_]; }
  T& back() { return items_.back(); }
  void push(T item) { items_.push_back(std::move(item)); }
  void pop() {
    if (++head_ == items_.size()) {
      clear();
    } else if (head_ >= 64) {
      items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(head_));
      head_ = 0;
    }
  }
  void clear() {
    items_.clear();
    head_ = 0;
  }

 private:
  std::vector<T> items_;
  size_t head_ = 0;
};

// What `info dma` shows.
struct DmaView {
  struct Id {
    int id = 0, port = 0;  // port that allocated it
    bool busy = false;
    u32 bytes_total = 0, bytes_done = 0;
  };
  struct Stream {
    bool running = false;
    DmaCommand command;   // the one being split, valid if running
    u32 bytes_split = 0;  // of that command
    u32 bursts_outstanding = 0;
    std::vector<DmaCommand> queue;
  };
  std::vector<Id> ids;               // allocated ones
  std::vector<DmaCommand> at_ports;  // complete, not yet accepted by the arbiter
  std::vector<int> words_at_port;    // command words received so far, per port
  Stream read, write;
};

class Dma {
 public:
  struct Reply {
    bool granted = false;
    u32 data = 0;
  };

  explicit Dma(const Config& config);

  // Control ports: hart h is port h, then the cluster port, then the FC port.
  int cluster_port() const { return static_cast<int>(harts_); }
  int fc_port() const { return static_cast<int>(harts_) + 1; }
  std::string port_name(int port) const;

  // One word access to a control port. Not granted: ask again in the next cycle.
  Reply access(int port, u32 offset, bool write, u32 wdata, u64 cycle);
  // What a read would return, without allocating anything.
  u32 peek(u32 offset) const;

  bool active() const { return next_ != kNever; }
  u64 next_event() const { return next_; }

  // Call in every cycle t with next_event() <= t, before requests(). Bus has
  // bool read(u32 address, u8* dst, u32 size) and bool write(u32 address, const u8* src, u32 size).
  template <typename Bus>
  void advance(u64 cycle, Bus& bus);

  // TCDM words presented in this cycle, and the loop's answer to each that it granted.
  bool presenting() const {
    return !read_.words[0].empty() || !read_.words[1].empty() || !write_.words[0].empty() ||
           !write_.words[1].empty();
  }
  int requests(u64 cycle, DmaRequest out[4]) const;
  void grant(int port, u32 read_data, u64 cycle);

  // At most one id completes its event per cycle; empty if none.
  DmaEvent take_event();
  std::vector<DmaComplaint> take_complaints();
  bool has_complaints() const { return !complaints_.empty(); }

  DmaView describe() const;
  u64 bytes_moved() const { return bytes_moved_; }

 private:
  static constexpr int kIds = 16;
  static constexpr u32 kMaxBeat = 16;   // bytes of an external beat
  static constexpr u32 kWordQueue = 2;  // rtl/tcdm_unit/tcdm_unit.sv: beat queues
  static constexpr u32 kPairsOnTheWay = 4;
  static constexpr const char* kNoAnswer = ", which no memory answers";

  struct Port {
    DmaCommand partial;
    u8 words = 0;  // received of the command being written
    u8 need = 0;   // words it has
    bool ext_2d = false, tcdm_2d = false;
    bool has_id = false;
    bool starved = false;  // told that no id will ever come
    u8 id = 0;
    u64 ready = 0;  // the programming FSM grants nothing before this cycle
    Fifo<DmaCommand> queue;
  };

  struct Id {
    u32 pending = 0;  // commands not fully split plus bursts not finished
    u32 bytes_total = 0, bytes_done = 0;
    u8 port = 0;
    bool event = false, irq = false, broadcast = false;
  };

  struct Accepted {
    DmaCommand command;
    u64 ready = 0;
  };

  struct Burst {
    u32 tcdm = 0, ext = 0, length = 0;
    u32 outside = 0, inside = 0;  // bytes done on the external and on the TCDM side
    u32 words = 0;                // TCDM words queued and not granted
    u64 due = 0;                  // read: first beat
    u8 id = 0, port = 0;
    bool increment = true;
    bool complained = false;
    bool reported = false;  // read: its completion has been counted
  };

  struct Word {
    u32 address = 0, data = 0;
    u32 serial = 0;  // read: burst; write: beat
    u8 byte_enable = 0;
  };

  // An aligned pair of TCDM words on the way back from the banks.
  struct PairRead {
    std::array<u8, 8> data{};
    u64 ready = 0;
    u8 first = 0, count = 0, words = 0;
  };

  // An external write beat on its way to memory.
  struct WriteBeat {
    u64 due = 0;
    u32 address = 0, count = 0;
    std::array<u8, kMaxBeat> data{};
    bool last = false;
  };

  struct Stream {
    Fifo<Accepted> waiting;
    u32 split = 0;         // bytes of the front command already split
    Fifo<Burst> bursts;    // issued, not finished
    u32 first_serial = 0;  // of bursts.front()
    u32 outstanding = 0;
    std::array<Fifo<Word>, 2> words;  // one queue per TCDM port
    std::vector<u8> buffer;           // bytes between the two sides
  };

  u8 word_count(u32 command) const;
  Reply read_port(int port, u32 offset, u64 cycle);
  Reply write_port(int port, u32 offset, u32 value, u64 cycle);
  Reply command_word(int port, u32 value, u64 cycle);
  void complete_command(int port, u64 cycle);
  bool valid_command(const DmaCommand& command, u64 cycle);
  void drop_partial(Port& port);
  void free_ids(int port, u32 mask, u64 cycle);
  void arbitrate(u64 cycle);
  void issue(Stream& stream, u64 cycle);
  Burst next_burst(const DmaCommand& command, u32 done) const;
  u32 beat_size(const Burst& burst) const;
  u32 beat_address(const Burst& burst) const;
  u32 tcdm_address(u32 address) const;
  bool pair_fits(const Stream& stream, u32 first, u32 count) const;
  u8 queue_pair(Stream& stream, u32 address, u32 count, u32 serial, const u8* data);
  void queue_tcdm_writes();
  void queue_tcdm_reads();
  void collect_pairs(u64 cycle);
  void send(u64 cycle);
  void finish_reads();
  void finish(u8 id);
  void raise();
  void update_next(u64 cycle);
  void complain(int port, u64 cycle, bool fatal, std::string text);
  template <typename Bus>
  void receive(u64 cycle, Bus& bus);
  template <typename Bus>
  void deliver_writes(u64 cycle, Bus& bus);

  // Parameters, copied so that the device is self-contained.
  u32 harts_, tcdm_base_, tcdm_size_;
  bool tcdm_wrap_;
  u32 ids_, port_queue_, global_queue_, twod_queue_, beat_, burst_, outstanding_;
  u32 command_delay_, external_delay_, buffer_limit_;

  std::vector<Port> ports_;
  std::array<Id, kIds> id_{};
  u32 allocated_ = 0;
  u32 ext_descriptors_ = 0, tcdm_descriptors_ = 0;  // 2D descriptors in use
  u64 last_allocation_ = kNever;
  u32 next_port_ = 0;  // round robin of the command arbiter

  Stream read_, write_;
  Fifo<PairRead> pairs_;
  u32 first_pair_ = 0;
  size_t sending_ = 0;  // write burst whose bytes leave next
  Fifo<WriteBeat> in_flight_;
  Fifo<u8> to_raise_;
  DmaEvent event_;
  u64 next_ = kNever;
  u64 bytes_moved_ = 0;
  std::vector<DmaComplaint> complaints_;
};

template <typename Bus>
void Dma::advance(u64 cycle, Bus& bus) {
  deliver_writes(cycle, bus);
  finish_reads();
  raise();
  arbitrate(cycle);
  issue(read_, cycle);
  issue(write_, cycle);
  receive(cycle, bus);
  queue_tcdm_writes();
  queue_tcdm_reads();
  collect_pairs(cycle);
  send(cycle);
  update_next(cycle);
}

template <typename Bus>
void Dma::receive(u64 cycle, Bus& bus) {
  for (size_t i = 0; i < read_.bursts.size(); ++i) {
    Burst& burst = read_.bursts[i];
    if (burst.outside == burst.length) continue;
    if (cycle < burst.due || read_.buffer.size() >= buffer_limit_) return;
    const u32 size = beat_size(burst);
    std::array<u8, kMaxBeat> data{};
    if (!bus.read(beat_address(burst), data.data(), size) && !burst.complained) {
      burst.complained = true;
      complain(burst.port, cycle, true, "reads external address " + hex32(beat_address(burst)) + kNoAnswer);
    }
    read_.buffer.insert(read_.buffer.end(), data.begin(), data.begin() + size);
    burst.outside += size;
    if (burst.outside == burst.length) --read_.outstanding;
    return;
  }
}

template <typename Bus>
void Dma::deliver_writes(u64 cycle, Bus& bus) {
  while (!in_flight_.empty() && in_flight_.front().due <= cycle) {
    const WriteBeat& beat = in_flight_.front();
    Burst& burst = write_.bursts.front();
    if (!bus.write(beat.address, beat.data.data(), beat.count) && !burst.complained) {
      burst.complained = true;
      complain(burst.port, cycle, true, "writes external address " + hex32(beat.address) + kNoAnswer);
    }
    bytes_moved_ += beat.count;
    id_[burst.id].bytes_done += beat.count;
    if (beat.last) {
      finish(burst.id);
      write_.bursts.pop();
      ++write_.first_serial;
      --sending_;
      --write_.outstanding;
    }
    in_flight_.pop();
  }
}

}  // namespace flexdbg
