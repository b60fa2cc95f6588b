// Binds flexdbg._core.arbitrate.
#pragma once

#include <nanobind/nanobind.h>

namespace flexdbg {

void bind_arbiter(nanobind::module_& m);

}  // namespace flexdbg
