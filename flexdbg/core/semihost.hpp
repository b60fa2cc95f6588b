// Semihosting: a program asks its host with slli x0,x0,31 ; ebreak ; srai x0,x0,7, a0 = operation and
// a1 = argument or parameter block; the answer goes to a0. Operations as in pulp-platform/pulp-sdk@main
// (semihost.h) and gvsoc/gvsoc-core@master:models/cpu/iss/src/syscalls.cpp. Takes no simulated time.
//
// Files live in memory: a file below the configured directory is read once, when it is first opened, and
// that copy is kept for every replay; what the program writes comes out through files_written().
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "types.hpp"

namespace flexdbg {

constexpr u32 kSemihostBefore = 0x01f01013, kSemihostAfter = 0x40705013;

// What GVSoC's operations 0x101..0x105 ask of the calling hart's performance counters.
enum class CounterRequest : u8 {
  kNone,
  kSetEvents,  // PCER := operand
  kClear,      // all PCCR := 0
  kStart,      // PCMR := 1
  kStop,       // PCMR := 0
  kRead,       // a0 := PCCR[operand]
};

struct SemihostReply {
  u32 result = 0;  // new a0
  bool exit = false;
  u32 status = 0;
  CounterRequest counters = CounterRequest::kNone;
  u32 operand = 0;
  std::string output;     // printed text
  std::string complaint;  // what was refused or failed, and why
};

class Semihost {
 public:
  // Directory that files may be opened in; empty: none.
  void set_directory(std::string directory) { directory_ = std::move(directory); }
  void set_input(std::string input) { input_ = std::move(input); }  // what READC and fd 0 read

  // Memory has bool read(u32 address, u8* dst, u32 size) and bool write(u32 address, const u8* src, u32
  // size), both without simulated time.
  template <typename Memory>
  SemihostReply call(u32 operation, u32 argument, Memory& memory);

  // Files changed by the program, by name below the directory.
  std::map<std::string, std::string> files_written() const;
  std::vector<std::string> files_read() const;

 private:
  static constexpr u32 kLongestPath = 4096, kLongestString = 1 << 16, kLargestTransfer = 1 << 26;
  static constexpr u32 kFailed = 0xffffffff, kLowestPointer = 0x1000;

  struct File {
    std::shared_ptr<const std::string> original;  // as found on the host; null: the program made it
    std::string content;
    bool changed = false;
  };
  struct Handle {
    std::string name;
    size_t position = 0;
    bool used = false, readable = false, writable = false, append = false;
  };
  // Host files as first seen. Shared by all copies of the machine, so that a replay reads the same bytes.
  struct Record {
    std::map<std::string, std::shared_ptr<const std::string>> files;
  };

  void perform(u32 operation, const std::vector<u32>& block, const std::string& text, SemihostReply& reply);
  void open(const std::string& path, u32 mode, SemihostReply& reply);
  void close(u32 fd, SemihostReply& reply);
  u32 write(u32 fd, const std::string& data, SemihostReply& reply);  // bytes not written
  std::string read(u32 fd, u32 size, SemihostReply& reply);
  void seek(u32 fd, u32 position, SemihostReply& reply);
  void length(u32 fd, SemihostReply& reply);
  void counters(u32 operation, u32 operand, SemihostReply& reply);
  Handle* handle(u32 fd, const char* operation, SemihostReply& reply);
  std::shared_ptr<const std::string> host_file(const std::string& name, std::string& why);

  template <typename Memory>
  static bool words(u32 address, u32 count, Memory& memory, std::vector<u32>& out);
  template <typename Memory>
  static bool text(u32 address, u32 limit, Memory& memory, std::string& out);
  template <typename Memory>
  static bool bytes(u32 address, u32 size, Memory& memory, std::string& out);

  std::string directory_, input_;
  size_t input_position_ = 0;
  std::map<std::string, File> files_;
  std::vector<Handle> handles_;  // fd 3 is the first
  std::shared_ptr<Record> record_ = std::make_shared<Record>();
};

template <typename Memory>
bool Semihost::words(u32 address, u32 count, Memory& memory, std::vector<u32>& out) {
  for (u32 i = 0; i < count; ++i) {
    u8 raw[4];
    if (!memory.read(address + 4 * i, raw, 4)) return false;
    out.push_back(u32{raw[0]} | u32{raw[1]} << 8 | u32{raw[2]} << 16 | u32{raw[3]} << 24);
  }
  return true;
}

template <typename Memory>
bool Semihost::text(u32 address, u32 limit, Memory& memory, std::string& out) {
  for (u32 i = 0; i < limit; ++i) {
    u8 byte;
    if (!memory.read(address + i, &byte, 1)) return false;
    if (byte == 0) break;
    out.push_back(static_cast<char>(byte));
  }
  return true;
}

template <typename Memory>
bool Semihost::bytes(u32 address, u32 size, Memory& memory, std::string& out) {
  out.resize(size);
  for (u32 done = 0; done < size;) {
    const u32 piece = size - done < 256 ? size - done : 256;
    if (!memory.read(address + done, reinterpret_cast<u8*>(out.data()) + done, piece)) return false;
    done += piece;
  }
  return true;
}

template <typename Memory>
SemihostReply Semihost::call(u32 operation, u32 argument, Memory& memory) {
  SemihostReply reply;
  std::vector<u32> block;
  std::string data;
  bool mapped = true;
  switch (operation) {
    case 0x01:  // OPEN {name, mode, length}
      mapped =
          words(argument, 3, memory, block) && text(block[0], std::min(block[2], kLongestPath), memory, data);
      break;
    case 0x03:  // WRITEC
      mapped = bytes(argument, 1, memory, data);
      break;
    case 0x04:  // WRITE0
      mapped = text(argument, kLongestString, memory, data);
      break;
    case 0x05:  // WRITE {fd, buffer, length}
      mapped = words(argument, 3, memory, block);
      if (mapped) mapped = block[2] <= kLargestTransfer && bytes(block[1], block[2], memory, data);
      break;
    case 0x06:  // READ {fd, buffer, length}
    case 0x0a:  // SEEK {fd, position}
      mapped = words(argument, operation == 0x06 ? 3 : 2, memory, block);
      break;
    case 0x02:  // CLOSE, FLEN: the SDK passes the fd itself, ARM a block that holds it
    case 0x0c:
      if (argument < kLowestPointer || argument == kFailed) {
        block = {argument};
      } else {
        mapped = words(argument, 1, memory, block);
      }
      break;
    case 0x101:  // counter control {operand}
    case 0x105:
      mapped = words(argument, 1, memory, block);
      break;
    default:
      block = {argument};
      break;
  }
  if (!mapped) {
    reply.result = kFailed;
    reply.complaint = "semihosting: the arguments or the data lie outside memory";
    return reply;
  }
  if (operation == 0x06) {
    if (block[2] > kLargestTransfer) {
      reply.result = kFailed;
      reply.complaint = "semihosting: READ of " + std::to_string(block[2]) + " bytes";
      return reply;
    }
    const std::string got = read(block[0], block[2], reply);
    if (reply.result == kFailed) return reply;
    if (!got.empty() &&
        !memory.write(block[1], reinterpret_cast<const u8*>(got.data()), static_cast<u32>(got.size()))) {
      reply.result = kFailed;
      reply.complaint = "semihosting: READ into a buffer outside memory";
      return reply;
    }
    reply.result = block[2] - static_cast<u32>(got.size());
    return reply;
  }
  perform(operation, block, data, reply);
  return reply;
}

}  // namespace flexdbg
