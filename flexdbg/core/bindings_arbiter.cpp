// One TCDM bank's arbiter on its own, for recorded grant traces.
#include "bindings_arbiter.hpp"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <vector>

#include "arbiter.hpp"

namespace flexdbg {

namespace nb = nanobind;
using namespace nb::literals;

namespace {

// `requests` has the interconnect's port numbers: `core_ports` of channel 0 first, then the others; the
// policy is that of channel 0.
std::vector<int> arbitrate(const std::string& interconnect, int core_ports, bool last_winner,
                           const std::vector<u32>& requests) {
  constexpr int kHarts = 8;
  Config config;
  config.harts = kHarts;
  config.tcdm_arbiter = interconnect == "hci" ? Arbiter::kHci
                        : core_ports > kHarts ? Arbiter::kClassic12
                                              : Arbiter::kClassic;
  BankArbiter arbiter(config);
  arbiter.set_last_winner(0, last_winner);
  std::vector<int> winners;
  winners.reserve(requests.size());
  for (const u32 mask : requests) {
    const u32 cores = mask & ((1u << core_ports) - 1);
    const int winner = arbiter.grant(0, cores | mask >> core_ports << BankArbiter::kExternal);
    winners.push_back(winner >= BankArbiter::kExternal ? winner - BankArbiter::kExternal + core_ports
                                                       : winner);
  }
  return winners;
}

}  // namespace

void bind_arbiter(nb::module_& m) {
  m.def("arbitrate", &arbitrate, "interconnect"_a, "core_ports"_a, "last_winner"_a, "requests"_a);
}

}  // namespace flexdbg
