// The Python face of the core: flexdbg._core (see flexdbg/_core.pyi).
#include "bindings.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <chrono>
#include <cstdio>

#include "cluster.hpp"
#include "isa_gen.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace flexdbg {
namespace {

nb::dict ledger_dict(const Cluster& c, int hart) {
  u64 causes[static_cast<int>(Cause::kCount)];
  c.ledger(hart, causes);
  nb::dict d;
  for (int i = 0; i < static_cast<int>(Cause::kCount); ++i) d[kCauseNames[i]] = causes[i];
  return d;
}

nb::dict counters_dict(const Cluster& c, int hart) {
  const Hart& h = c.state().harts[hart];
  nb::dict d;
  d["instructions"] = h.instret;
  d["loads"] = h.loads;
  d["stores"] = h.stores;
  d["tcdm_accesses"] = h.tcdm_accesses;
  d["l2_accesses"] = h.l2_accesses;
  d["periph_accesses"] = h.periph_accesses;
  d["dotps"] = h.a.dotps;
  d["macs"] = h.a.macs;
  d["branches"] = h.pc_raw[kPcBranch];
  d["taken_branches"] = h.pc_raw[kPcTaken];
  d["jumps"] = h.pc_raw[kPcJump];
  d["compressed"] = h.pc_raw[kPcRvc];
  d["fetch_misses"] = h.pc_raw[kPcImiss];
  d["load_stalls"] = c.pc_value(h, kPcLdStall, c.cycle());
  d["jump_register_stalls"] = c.pc_value(h, kPcJrStall, c.cycle());
  d["load_requests"] = c.pc_value(h, kPcLd, c.cycle());
  d["store_requests"] = c.pc_value(h, kPcSt, c.cycle());
  d["clock_off_cycles"] = h.clock_off;
  return d;
}

// Increments of the performance-counter inputs, by PCER bit.
nb::dict events_dict(const Cluster& c, int hart) {
  static constexpr const char* kNames[kPcCount] = {
      "cycles", "instr", "ld_stall", "jr_stall", "imiss",  "ld",         "st",         "jump",     "branch",
      "btaken", "rvc",   "elw",      "ld_ext",   "st_ext", "ld_ext_cyc", "st_ext_cyc", "tcdm_cont"};
  nb::dict d;
  for (int i = 0; i < kPcCount; ++i) d[kNames[i]] = c.pc_value(c.state().harts[hart], i, c.cycle());
  return d;
}

const char* wait_kind(EventUnit::WaitKind kind) {
  switch (kind) {
    case EventUnit::WaitKind::kNone:
      return "";
    case EventUnit::WaitKind::kEvent:
      return "event";
    case EventUnit::WaitKind::kSwEvent:
      return "software event";
    case EventUnit::WaitKind::kBarrier:
      return "barrier";
    case EventUnit::WaitKind::kMutex:
      return "mutex";
    case EventUnit::WaitKind::kDispatch:
      return "dispatch";
    case EventUnit::WaitKind::kHeld:
      return "held";
    default:
      return "undecoded";
  }
}

nb::dict event_unit_dict(const Cluster& c) {
  const EventUnit::View v = c.state().eu.view(c.cycle());
  nb::dict d;
  nb::list cores;
  for (const auto& x : v.cores) {
    nb::dict e;
    e["mask"] = x.mask;
    e["irq_mask"] = x.irq_mask;
    e["buffer"] = x.buffer;
    e["sw_mask"] = x.sw_mask;
    e["clock_on"] = x.clock_on;
    e["irq_line"] = x.irq_line;
    e["wait"] = wait_kind(x.wait.kind);
    e["wait_index"] = x.wait.index;
    e["wait_since"] = x.wait.since;
    cores.append(e);
  }
  d["harts"] = cores;
  nb::list barriers;
  for (const auto& x : v.barriers) {
    nb::dict e;
    e["trigger_mask"] = x.trigger_mask;
    e["target_mask"] = x.target_mask;
    e["status"] = x.status;
    barriers.append(e);
  }
  d["barriers"] = barriers;
  nb::list mutexes;
  for (const auto& x : v.mutexes) {
    nb::dict e;
    e["locked"] = x.locked;
    e["owner"] = x.owner;
    e["waiting"] = x.waiting;
    e["message"] = x.message;
    mutexes.append(e);
  }
  d["mutexes"] = mutexes;
  nb::dict dispatch;
  dispatch["team"] = v.dispatch.team;
  dispatch["values"] = v.dispatch.values;
  dispatch["unread"] = v.dispatch.unread;
  dispatch["waiting"] = v.dispatch.waiting;
  d["dispatch"] = dispatch;
  nb::list soc;
  for (const u8 x : v.soc_events) soc.append(static_cast<int>(x));
  d["soc_events"] = soc;
  return d;
}

nb::dict command_dict(const DmaCommand& x) {
  nb::dict e;
  e["id"] = static_cast<int>(x.id);
  e["port"] = static_cast<int>(x.port);
  e["tcdm"] = x.tcdm;
  e["ext"] = x.ext;
  e["length"] = x.length;
  e["to_tcdm"] = x.to_tcdm;
  e["ext_count"] = x.ext_count;
  e["ext_stride"] = x.ext_stride;
  e["tcdm_count"] = x.tcdm_count;
  e["tcdm_stride"] = x.tcdm_stride;
  return e;
}

nb::dict dma_dict(const Cluster& c) {
  const DmaView v = c.state().dma.describe();
  nb::dict d;
  nb::list ids;
  for (const auto& x : v.ids) {
    nb::dict e;
    e["id"] = x.id;
    e["port"] = x.port;
    e["busy"] = x.busy;
    e["bytes_total"] = x.bytes_total;
    e["bytes_done"] = x.bytes_done;
    ids.append(e);
  }
  d["ids"] = ids;
  nb::list waiting;
  for (const DmaCommand& x : v.at_ports) waiting.append(command_dict(x));
  d["at_ports"] = waiting;
  const auto stream = [](const DmaView::Stream& s) {
    nb::dict e;
    e["running"] = s.running;
    if (s.running) e["command"] = command_dict(s.command);
    e["bytes_split"] = s.bytes_split;
    e["bursts_outstanding"] = s.bursts_outstanding;
    nb::list queue;
    for (const DmaCommand& x : s.queue) queue.append(command_dict(x));
    e["queue"] = queue;
    return e;
  };
  d["read"] = stream(v.read);
  d["write"] = stream(v.write);
  d["bytes_moved"] = c.state().dma.bytes_moved();
  d["words_refused"] = c.state().dma_refused;
  return d;
}

nb::list banks_list(const Cluster& c, const Config& config) {
  const State& s = c.state();
  nb::list out;
  for (u32 b = 0; b < config.tcdm_banks; ++b) {
    nb::dict d;
    d["accesses"] = s.bank_access[b];
    d["conflicts"] = s.bank_conflict[b];
    nb::list waiting;
    for (int i = 0; i < c.hart_count(); ++i) {
      if (s.bank[i] == b) waiting.append(i);
    }
    d["requesters"] = waiting;
    const u32 w = s.last_winner[b];
    d["last_conflict_winner"] = s.bank_conflict[b] == 0 ? -1 : static_cast<int>(w);
    out.append(d);
  }
  return out;
}

nb::dict icache_dict(const Cluster& c, const Config& config) {
  const ICache& cache = c.state().icache;
  nb::dict d;
  nb::list harts;
  for (u32 i = 0; i < config.harts; ++i) {
    const ICache::PrivateCounters& p = cache.counters(static_cast<int>(i));
    nb::dict e;
    e["hits"] = p.hits;
    e["transactions"] = p.transactions;
    e["misses"] = p.misses;
    e["congestion"] = p.congestion;
    harts.append(e);
  }
  d["private"] = harts;
  nb::list banks;
  for (int i = 0; i < cache.banks(); ++i) {
    const ICache::SharedCounters& p = cache.bank_counters(i);
    nb::dict e;
    e["hits"] = p.hits;
    e["transactions"] = p.transactions;
    e["misses"] = p.misses;
    banks.append(e);
  }
  d["shared"] = banks;
  d["enabled"] = cache.enabled();
  return d;
}

// A fixed native loop, so that speed figures of different machines can be compared: million operations a
// second of a 32-bit xorshift.
double calibration_mops() {
  using Clock = std::chrono::steady_clock;
  u32 x = 0x12345678;
  constexpr u32 kRounds = 20'000'000;
  const auto start = Clock::now();
  for (u32 i = 0; i < kRounds; ++i) {
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
  }
  const std::chrono::duration<double> took = Clock::now() - start;
  volatile u32 sink = x;
  (void)sink;
  return kRounds * 6.0 / took.count() / 1e6;
}

Profile profile_of(const std::string& name) {
  if (name == "ri5cy") return kRi5cy;
  if (name == "xpulpnn") return kXpulpNN;
  if (name == "mpic") return kMpic;
  if (name == "flexv") return kFlexV;
  throw nb::value_error(("unknown core " + name).c_str());
}

// Winners of one bank for a sequence of request masks, in the port numbers of the interconnect: harts
// (channel 0, `first` of them) first; the policy is that of channel 0. -1: nobody asked.
std::vector<int> arbitrate(const std::string& arbiter, u32 first, bool last_winner,
                           const std::vector<u32>& requests) {
  Config config;
  if (arbiter == "classic") {
    config.tcdm_arbiter = Arbiter::kClassic;
  } else if (arbiter == "round_robin") {
    config.tcdm_arbiter = Arbiter::kRoundRobin;
  } else if (arbiter != "hci") {
    throw nb::value_error(("unknown arbiter " + arbiter).c_str());
  }
  config.harts = first;
  BankArbiter bank(config);
  bank.set_last_winner(0, last_winner);
  std::vector<int> out;
  out.reserve(requests.size());
  for (const u32 r : requests) {
    const u32 mask = (r & ((1u << first) - 1)) | (r >> first) << BankArbiter::kExternal;
    const int port = bank.grant(0, mask);
    out.push_back(port < BankArbiter::kExternal ? port
                                                : port - BankArbiter::kExternal + static_cast<int>(first));
  }
  return out;
}

}  // namespace
}  // namespace flexdbg

NB_MODULE(_core, m) {
  using namespace flexdbg;
  m.attr("ISA_DIGEST") = isa::kDigest;
  nb::list causes;
  for (int i = 0; i < static_cast<int>(Cause::kCount); ++i) causes.append(nb::str(kCauseNames[i]));
  m.attr("CAUSES") = nb::tuple(causes);
  m.def("calibration_mops", &calibration_mops, nb::call_guard<nb::gil_scoped_release>());

  m.def(
      "decode",
      [](u32 word, const std::string& core) {
        return std::string(isa::kOps[isa::decode(word, profile_of(core)).op].id);
      },
      "word"_a, "core"_a);
  m.def("arbitrate", &arbitrate, "arbiter"_a, "core_ports"_a, "last_winner"_a, "requests"_a);

  nb::class_<StopEvent>(m, "StopEvent")
      .def_prop_ro("reason", [](const StopEvent& e) { return kStopNames[static_cast<int>(e.reason)]; })
      .def_ro("hart", &StopEvent::hart)
      .def_ro("pc", &StopEvent::pc)
      .def_ro("cycle", &StopEvent::cycle)
      .def_ro("address", &StopEvent::address)
      .def_prop_ro("access",
                   [](const StopEvent& e) { return e.access == 0   ? ""
                                                   : e.access == 1 ? "read"
                                                                   : "write"; })
      .def_prop_ro("kind",
                   [](const StopEvent& e) {
                     return e.reason == StopReason::kEvent ? kTraceNames[static_cast<int>(e.kind)] : "";
                   })
      .def_ro("old", &StopEvent::old_value)
      .def_ro("new", &StopEvent::new_value)
      .def_prop_ro("size", [](const StopEvent& e) { return static_cast<int>(e.size); })
      .def_ro("ids", &StopEvent::ids)
      .def_ro("code", &StopEvent::code)
      .def_ro("message", &StopEvent::message)
      .def("__repr__", [](const StopEvent& e) {
        char text[128];
        std::snprintf(text, sizeof text, "<StopEvent %s hart %d pc 0x%08x cycle %llu>",
                      kStopNames[static_cast<int>(e.reason)], e.hart, e.pc,
                      static_cast<unsigned long long>(e.cycle));
        return std::string(text);
      });

  nb::class_<PyCluster> cluster(m, "Cluster");
  cluster.def(nb::init<const nb::dict&>(), "config"_a)
      .def_prop_ro("cycle", [](PyCluster& p) { return p.get().cycle(); })
      .def_prop_ro("hart_count", [](PyCluster& p) { return p.get().hart_count(); })
      .def_prop_ro("exit_status",
                   [](PyCluster& p) -> std::optional<u32> {
                     if (!p.get().exited()) return std::nullopt;
                     return p.get().exit_status();
                   })
      .def("reset", [](PyCluster& p) { p.get().reset(); })
      .def(
          "run",
          [](PyCluster& p, std::optional<u64> max_cycles, bool fast, u32 held) {
            const u64 limit = p.limit(max_cycles);
            if (held != 0) return p.running([&] { return p.get().run_held(limit, held); });
            return p.running([&] { return p.get().run(limit, fast); });
          },
          "max_cycles"_a = nb::none(), nb::kw_only(), "fast"_a = true, "held"_a = 0)
      .def(
          "step",
          [](PyCluster& p, int hart, u64 count, bool alone, u32 held, std::optional<u64> max_cycles,
             bool go_on) {
            p.check_hart(hart);
            const u32 others = alone ? ~(1u << hart) : held & ~(1u << hart);
            const u64 limit = p.limit(max_cycles);
            return p.running([&] { return p.get().step(hart, count, others, limit, go_on); });
          },
          "hart"_a, "count"_a = 1, nb::kw_only(), "alone"_a = false, "held"_a = 0,
          "max_cycles"_a = nb::none(), "go_on"_a = false)
      .def(
          "step_cycles",
          [](PyCluster& p, u64 count) { return p.running([&] { return p.get().step_cycles(count); }); },
          "count"_a)
      .def("interrupt", [](PyCluster& p) { p.get().interrupt(); })
      .def(
          "load",
          [](PyCluster& p, u32 address, nb::bytes data) {
            const Config& c = p.config();
            for (size_t i = 0; i < data.size();) {
              const u32 at = address + static_cast<u32>(i);
              const Target t = decode(at, c.fc != 0 && at < kFcL2Alias, c);
              if (t.region != Region::kTcdm && t.region != Region::kL2) {
                char text[96];
                std::snprintf(text, sizeof text, "no memory at 0x%08x: TCDM and L2 can be loaded", at);
                throw nb::value_error(text);
              }
              i += kPageSize - (at & (kPageSize - 1));
            }
            p.get().load(address, static_cast<const u8*>(data.data()), data.size());
          },
          "address"_a, "data"_a)
      .def(
          "set_entry", [](PyCluster& p, u32 address) { p.get().set_entry(address); }, "address"_a)
      .def(
          "hart_state",
          [](PyCluster& p, int hart) {
            p.check_hart(hart);
            return p.get().hart_state(hart);
          },
          "hart"_a)
      .def(
          "hart_wait",
          [](PyCluster& p, int hart) {
            p.check_hart(hart);
            return p.get().hart_wait(hart);
          },
          "hart"_a)
      .def(
          "read_register",
          [](PyCluster& p, int hart, u32 number) {
            p.check_hart(hart);
            if (number > 41 && (number < 0x1000 || number > 0x1fff))
              throw nb::value_error("no such register number");
            return p.get().read_register(hart, number);
          },
          "hart"_a, "number"_a)
      .def(
          "write_register",
          [](PyCluster& p, int hart, u32 number, u32 value) {
            p.check_hart(hart);
            if (number > 41 && (number < 0x1000 || number > 0x1fff))
              throw nb::value_error("no such register number");
            p.get().write_register(hart, number, value);
          },
          "hart"_a, "number"_a, "value"_a)
      .def(
          "registers",
          [](PyCluster& p, int hart) {
            p.check_hart(hart);
            std::vector<u32> out;
            out.reserve(42);
            for (u32 i = 0; i < 42; ++i) out.push_back(p.get().read_register(hart, i));
            return out;
          },
          "hart"_a)
      .def(
          "register_bytes",
          [](PyCluster& p, int hart) {
            p.check_hart(hart);
            u8 out[4 * 33];
            for (u32 i = 0; i < 33; ++i) {
              const u32 value = p.get().read_register(hart, i);
              for (u32 k = 0; k < 4; ++k) out[4 * i + k] = static_cast<u8>(value >> (8 * k));
            }
            return nb::bytes(out, sizeof out);
          },
          "hart"_a)
      .def(
          "read_memory",
          [](PyCluster& p, u32 address, size_t size) {
            std::string out(size, '\0');
            if (!p.get().read_memory(address, reinterpret_cast<u8*>(out.data()), size)) {
              char text[96];
              std::snprintf(text, sizeof text,
                            "cannot read %zu bytes at 0x%08x: no memory or readable register there", size,
                            address);
              throw nb::value_error(text);
            }
            return nb::bytes(out.data(), out.size());
          },
          "address"_a, "size"_a)
      .def(
          "write_memory",
          [](PyCluster& p, u32 address, nb::bytes data) {
            if (!p.get().write_memory(address, static_cast<const u8*>(data.data()), data.size())) {
              char text[96];
              std::snprintf(text, sizeof text,
                            "cannot write %zu bytes at 0x%08x: only TCDM and L2 can be written", data.size(),
                            address);
              throw nb::value_error(text);
            }
          },
          "address"_a, "data"_a)
      .def(
          "add_breakpoint",
          [](PyCluster& p, u32 address, i64 harts, u64 ignore, const nb::object& condition) {
            return p.get().add_breakpoint(address, static_cast<u32>(harts), ignore,
                                          read_condition(condition));
          },
          "address"_a, "hart_mask"_a = -1, "ignore"_a = 0, "condition"_a = nb::none())
      .def(
          "add_watchpoint",
          [](PyCluster& p, u32 address, u32 size, const std::string& access, i64 harts) {
            const u8 kind = access == "read" ? 1 : access == "write" ? 2 : access == "access" ? 3 : 0;
            if (kind == 0) throw nb::value_error("access is read, write or access");
            if (size == 0) throw nb::value_error("a watchpoint needs at least one byte");
            return p.get().add_watchpoint(address, size, kind, static_cast<u32>(harts));
          },
          "address"_a, "size"_a, "access"_a, "hart_mask"_a = -1)
      .def(
          "remove",
          [](PyCluster& p, u32 id) {
            if (!p.get().remove(id)) throw nb::value_error("no breakpoint or watchpoint with this id");
          },
          "id"_a)
      .def(
          "ledger",
          [](PyCluster& p, int hart) {
            p.check_hart(hart);
            return ledger_dict(p.get(), hart);
          },
          "hart"_a)
      .def(
          "counters",
          [](PyCluster& p, int hart) {
            p.check_hart(hart);
            return counters_dict(p.get(), hart);
          },
          "hart"_a)
      .def(
          "performance_events",
          [](PyCluster& p, int hart) {
            p.check_hart(hart);
            return events_dict(p.get(), hart);
          },
          "hart"_a)
      .def("bank_counters",
           [](PyCluster& p) {
             nb::list out;
             const State& s = p.get().state();
             for (u32 b = 0; b < p.config().tcdm_banks; ++b) {
               nb::dict d;
               d["accesses"] = s.bank_access[b];
               d["conflicts"] = s.bank_conflict[b];
               out.append(d);
             }
             return out;
           })
      .def("conflict_matrix",
           [](PyCluster& p) {
             const State& s = p.get().state();
             const int n = p.get().hart_count();
             const int fc = static_cast<int>(p.config().harts);
             std::vector<std::vector<u64>> out(static_cast<size_t>(n) + 1,
                                               std::vector<u64>(static_cast<size_t>(n) + 1));
             for (int i = 0; i < fc + 5; ++i) {
               for (int j = 0; j < fc + 5; ++j) {
                 const int a = i <= fc ? std::min(i, n - 1 + (i == fc ? 1 : 0)) : n;
                 const int b = j <= fc ? std::min(j, n - 1 + (j == fc ? 1 : 0)) : n;
                 if (a > n || b > n) continue;
                 out[static_cast<size_t>(i > fc  ? n
                                         : i < n ? i
                                                 : n)][static_cast<size_t>(j > fc  ? n
                                                                           : j < n ? j
                                                                                   : n)] += s.conflicts[i][j];
               }
             }
             return out;
           })
      .def("icache_counters", [](PyCluster& p) { return icache_dict(p.get(), p.config()); })
      .def("event_unit", [](PyCluster& p) { return event_unit_dict(p.get()); })
      .def("dma", [](PyCluster& p) { return dma_dict(p.get()); })
      .def("banks", [](PyCluster& p) { return banks_list(p.get(), p.config()); })
      .def("take_output",
           [](PyCluster& p) {
             nb::list out;
             for (const auto& [hart, text] : p.get().take_output()) {
               out.append(nb::make_tuple(hart, nb::bytes(text.data(), text.size())));
             }
             return out;
           })
      .def("take_warnings",
           [](PyCluster& p) {
             nb::list out;
             for (const Warning& w : p.get().take_warnings()) {
               nb::dict d;
               d["kind"] = kLintNames[static_cast<int>(w.kind)];
               d["hart"] = w.hart;
               d["pc"] = w.pc;
               d["cycle"] = w.cycle;
               d["count"] = w.count;
               d["message"] = w.message;
               out.append(d);
             }
             return out;
           })
      .def("state_digest", [](PyCluster& p) {
        char text[20];
        std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(p.get().state_digest()));
        return std::string(text);
      });
  bind_history(cluster);
}
