// From Python dictionaries to Config and Harness.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include "cluster.hpp"

namespace flexdbg {

Config read_config(const nanobind::dict& config);
Harness read_harness(const nanobind::dict& config, u32 harts);

}  // namespace flexdbg
