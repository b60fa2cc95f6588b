#include "semihost.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace flexdbg {

namespace {

namespace fs = std::filesystem;

constexpr u32 kFirstFile = 3;
constexpr u32 kExitSuccess = 0x20026;  // ADP_Stopped_ApplicationExit

// A name that stays below the directory, or empty.
std::string inside(const std::string& path) {
  const fs::path normal = fs::path(path).lexically_normal();
  if (normal.empty() || normal.is_absolute() || *normal.begin() == "..") return {};
  return normal.generic_string();
}

bool below(const fs::path& directory, const fs::path& file) {
  std::error_code failed;
  const fs::path root = fs::weakly_canonical(directory, failed), real = fs::weakly_canonical(file, failed);
  if (failed) return false;
  return std::mismatch(root.begin(), root.end(), real.begin(), real.end()).first == root.end();
}

}  // namespace

void Semihost::perform(u32 operation, const std::vector<u32>& block, const std::string& text,
                       SemihostReply& reply) {
  switch (operation) {
    case 0x01:
      open(text, block[1], reply);
      break;
    case 0x02:
      close(block[0], reply);
      break;
    case 0x03:
    case 0x04:
      reply.output = text;
      break;
    case 0x05:
      reply.result = write(block[0], text, reply);
      break;
    case 0x07:
      reply.result = input_position_ < input_.size() ? static_cast<u8>(input_[input_position_++]) : kFailed;
      break;
    case 0x0a:
      seek(block[0], block[1], reply);
      break;
    case 0x0c:
      length(block[0], reply);
      break;
    case 0x18:
      reply.exit = true;
      reply.status = block[0] == kExitSuccess ? 0 : 1;
      break;
    default:
      counters(operation, block[0], reply);
      break;
  }
}

void Semihost::counters(u32 operation, u32 operand, SemihostReply& reply) {
  constexpr CounterRequest requests[] = {CounterRequest::kSetEvents, CounterRequest::kClear,
                                         CounterRequest::kStart, CounterRequest::kStop,
                                         CounterRequest::kRead};
  if (operation >= 0x101 && operation <= 0x105) {
    reply.counters = requests[operation - 0x101];
    reply.operand = operand;
    if (reply.counters == CounterRequest::kRead && operand > 30) {
      reply.counters = CounterRequest::kNone;
      reply.complaint = "semihosting: performance counter " + std::to_string(operand) + ", there are 0 to 30";
    }
    return;
  }
  reply.result = kFailed;
  if (operation >= 0x100 && operation <= 0x10b) {
    reply.complaint = "semihosting operation " + std::to_string(operation) +
                      " controls GVSoC's own traces; use the debugger's trace commands";
  } else {
    reply.complaint = "unknown semihosting operation " + std::to_string(operation);
  }
}

std::shared_ptr<const std::string> Semihost::host_file(const std::string& name, std::string& why) {
  if (const auto seen = record_->files.find(name); seen != record_->files.end()) {
    if (seen->second == nullptr) why = "no such file in " + directory_;
    return seen->second;
  }
  const fs::path path = fs::path(directory_) / name;
  std::shared_ptr<const std::string> content;
  if (!below(directory_, path)) {
    why = "it leads out of " + directory_;
  } else if (std::ifstream in(path, std::ios::binary); in && fs::is_regular_file(path)) {
    content = std::make_shared<const std::string>(std::istreambuf_iterator<char>(in),
                                                  std::istreambuf_iterator<char>());
  } else {
    why = "no such file in " + directory_;
  }
  record_->files[name] = content;
  return content;
}

void Semihost::open(const std::string& path, u32 mode, SemihostReply& reply) {
  const auto refuse = [&](const std::string& why) {
    reply.result = kFailed;
    reply.complaint = "semihosting: cannot open \"" + path + "\": " + why;
  };
  if (path == ":tt") {
    reply.result = mode < 4 ? 0 : 1;
    return;
  }
  if (mode > 11) return refuse("mode " + std::to_string(mode) + ", modes are 0 to 11");
  if (directory_.empty()) return refuse("no directory for files is configured");
  const std::string name = inside(path);
  if (name.empty()) return refuse("only relative paths below " + directory_ + " may be opened");

  const u32 kind = mode / 4;  // 0 read, 1 truncate, 2 append
  if (files_.find(name) == files_.end()) {
    std::string why;
    File file;
    file.original = host_file(name, why);
    if (file.original != nullptr) file.content = *file.original;
    if (file.original == nullptr && (kind == 0 || why.starts_with("it leads"))) return refuse(why);
    files_[name] = std::move(file);
  }
  File& file = files_[name];
  if (kind == 1) file.content.clear();
  if (kind != 0 && (kind == 1 || file.original == nullptr)) file.changed = true;
  Handle handle;
  handle.name = name;
  handle.used = true;
  handle.readable = kind == 0 || (mode & 2) != 0;
  handle.writable = kind != 0 || (mode & 2) != 0;
  handle.append = kind == 2;
  auto slot = std::find_if(handles_.begin(), handles_.end(), [](const Handle& h) { return !h.used; });
  if (slot == handles_.end()) slot = handles_.insert(handles_.end(), Handle{});
  *slot = handle;
  reply.result = kFirstFile + static_cast<u32>(slot - handles_.begin());
}

Semihost::Handle* Semihost::handle(u32 fd, const char* operation, SemihostReply& reply) {
  if (fd >= kFirstFile && fd - kFirstFile < handles_.size() && handles_[fd - kFirstFile].used) {
    return &handles_[fd - kFirstFile];
  }
  reply.result = kFailed;
  reply.complaint = std::string("semihosting: ") + operation + " of file " +
                    std::to_string(static_cast<i32>(fd)) + ", which is not open";
  return nullptr;
}

void Semihost::close(u32 fd, SemihostReply& reply) {
  if (fd < kFirstFile) return;
  if (Handle* h = handle(fd, "CLOSE", reply)) *h = Handle{};
}

u32 Semihost::write(u32 fd, const std::string& data, SemihostReply& reply) {
  const u32 size = static_cast<u32>(data.size());
  if (fd == 1 || fd == 2) {
    reply.output = data;
    return 0;
  }
  Handle* h = handle(fd, "WRITE", reply);
  if (h == nullptr) return size;
  if (!h->writable) {
    reply.complaint = "semihosting: WRITE to \"" + h->name + "\", which is open for reading";
    return size;
  }
  File& file = files_[h->name];
  if (h->append) h->position = file.content.size();
  if (file.content.size() < h->position + size) file.content.resize(h->position + size);
  std::copy(data.begin(), data.end(), file.content.begin() + static_cast<std::ptrdiff_t>(h->position));
  h->position += size;
  file.changed = true;
  return 0;
}

std::string Semihost::read(u32 fd, u32 size, SemihostReply& reply) {
  const auto take = [size](const std::string& from, size_t& position) {
    if (position >= from.size()) return std::string();
    std::string piece = from.substr(position, size);
    position += piece.size();
    return piece;
  };
  if (fd == 0) return take(input_, input_position_);
  Handle* h = handle(fd, "READ", reply);
  if (h == nullptr) return {};
  if (!h->readable) {
    reply.result = kFailed;
    reply.complaint = "semihosting: READ of \"" + h->name + "\", which is open for writing";
    return {};
  }
  return take(files_[h->name].content, h->position);
}

void Semihost::seek(u32 fd, u32 position, SemihostReply& reply) {
  Handle* h = handle(fd, "SEEK", reply);
  if (h == nullptr) return;
  if (position > kLargestTransfer) {
    reply.result = kFailed;
    reply.complaint = "semihosting: SEEK to " + std::to_string(position);
    return;
  }
  h->position = position;
}

void Semihost::length(u32 fd, SemihostReply& reply) {
  if (fd < kFirstFile) return;
  if (Handle* h = handle(fd, "FLEN", reply)) reply.result = static_cast<u32>(files_[h->name].content.size());
}

std::map<std::string, std::string> Semihost::files_written() const {
  std::map<std::string, std::string> out;
  for (const auto& [name, file] : files_) {
    if (file.changed) out[name] = file.content;
  }
  return out;
}

std::vector<std::string> Semihost::files_read() const {
  std::vector<std::string> out;
  for (const auto& [name, file] : files_) {
    if (file.original != nullptr) out.push_back(name);
  }
  return out;
}

}  // namespace flexdbg
