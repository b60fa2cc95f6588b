// The stdout device: one store per character, one line buffer per (hart, cluster), as in
// gvsoc/gvsoc-pulp@master:pulp/stdout/stdout_v3_impl.cpp. The address names the writer, not the access.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "types.hpp"

namespace flexdbg {

class Console {
 public:
  static constexpr size_t kLongestLine = 1024;

  struct Line {
    u32 hart = 0, cluster = 0;
    std::string text;
  };

  // True if this character completed a line; it is then in `line`.
  bool put(u32 hart, u32 cluster, char character, std::string& line) {
    std::string& text = buffer(hart, cluster).text;
    text.push_back(character);
    if (character != '\n' && text.size() < kLongestLine) return false;
    line = std::exchange(text, {});
    return true;
  }

  // What has been printed without a newline so far; at exit, and when the machine stops for good.
  std::vector<Line> flush() {
    std::vector<Line> lines;
    for (Line& line : lines_) {
      if (!line.text.empty()) lines.push_back({line.hart, line.cluster, std::exchange(line.text, {})});
    }
    return lines;
  }

 private:
  Line& buffer(u32 hart, u32 cluster) {
    for (Line& line : lines_) {
      if (line.hart == hart && line.cluster == cluster) return line;
    }
    lines_.push_back({hart, cluster, {}});
    return lines_.back();
  }

  std::vector<Line> lines_;  // of the harts that have printed
};

}  // namespace flexdbg
