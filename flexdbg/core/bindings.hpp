// What the parts of the Python face share.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <chrono>

#include "bindings_config.hpp"
#include "cluster.hpp"

namespace flexdbg {

namespace nb = nanobind;
using namespace nb::literals;

// A cluster with what Python needs around it: one caller at a time, and a look at pending signals.
class PyCluster {
 public:
  explicit PyCluster(const nb::dict& config)
      : config_(read_config(config)), cluster_(config_, read_harness(config, config_.harts)) {
    cluster_.set_poll(&PyCluster::poll, this);
  }

  Cluster& get() { return cluster_; }
  const Config& config() const { return config_; }

  void check_hart(int hart) const {
    if (hart < 0 || hart >= cluster_.hart_count()) {
      throw nb::value_error(("hart " + std::to_string(hart) +
                             " does not exist: this machine has harts 0 to " +
                             std::to_string(cluster_.hart_count() - 1))
                                .c_str());
    }
  }

  // The cycle before which a run of so many more cycles ends.
  u64 limit(std::optional<u64> max_cycles) const {
    const u64 now = cluster_.cycle();
    return max_cycles && *max_cycles < kNever - 1 - now ? now + *max_cycles : kNever - 1;
  }

  template <typename F>
  std::vector<StopEvent> running(F&& f) {
    std::vector<StopEvent> stops;
    last_poll_ = std::chrono::steady_clock::now();
    signal_ = false;
    {
      nb::gil_scoped_release release;
      stops = f();
    }
    if (signal_) throw nb::python_error();
    return stops;
  }

 private:
  static bool poll(void* self_pointer) {
    PyCluster& self = *static_cast<PyCluster*>(self_pointer);
    const auto now = std::chrono::steady_clock::now();
    if (now - self.last_poll_ < std::chrono::milliseconds(20)) return false;
    self.last_poll_ = now;
    nb::gil_scoped_acquire acquire;
    if (PyErr_CheckSignals() != 0) self.signal_ = true;
    return self.signal_;
  }

  Config config_;
  Cluster cluster_;
  std::chrono::steady_clock::time_point last_poll_;
  bool signal_ = false;
};

// A condition from tuples (operator, bits, signed, wide, value, left, right); throws ValueError.
Condition read_condition(const nb::object& nodes);

void bind_history(nb::class_<PyCluster>& cluster);

}  // namespace flexdbg
