// The recorded run and traces, as Python sees them.
#include <nanobind/stl/tuple.h>

#include <bit>

#include "bindings.hpp"

namespace flexdbg {

namespace {

u32 kind_mask(const std::vector<std::string>& kinds) {
  u32 mask = 0;
  for (const std::string& name : kinds) {
    int found = -1;
    for (int i = 0; i < static_cast<int>(TraceKind::kCount); ++i) {
      if (name == kTraceNames[i]) found = i;
    }
    if (found < 0) throw nb::value_error(("unknown trace kind " + name).c_str());
    mask |= 1u << found;
  }
  return mask;
}

nb::list record_list(const std::vector<TraceRecord>& records) {
  nb::list names;
  for (const char* name : kTraceNames) names.append(nb::str(name));
  nb::list out;
  for (const TraceRecord& r : records) {
    const int hart = r.hart == kTraceDma ? -1 : r.hart;
    out.append(nb::make_tuple(r.cycle, hart, nb::object(names[static_cast<size_t>(r.kind)]), r.pc, r.a, r.b,
                              static_cast<int>(r.size), r.old));
  }
  return out;
}

u32 number_of_name(const std::string& name, const char* const* names, u32 count) {
  for (u32 i = 0; i < count; ++i) {
    if (name == names[i]) return i;
  }
  throw nb::value_error(("unknown part of a condition: " + name).c_str());
}

}  // namespace

Condition read_condition(const nb::object& nodes) {
  using Row = std::tuple<std::string, int, bool, bool, nb::object, u32, u32>;
  Condition out;
  if (nodes.is_none()) return out;
  for (const Row& row : nb::cast<std::vector<Row>>(nodes)) {
    const auto& [op, bits, is_signed, wide, value, left, right] = row;
    ConditionNode n;
    n.op =
        static_cast<ConditionOp>(number_of_name(op, kConditionNames, static_cast<u32>(ConditionOp::kCount)));
    const bool inner = n.op >= ConditionOp::kMemory;
    if (bits < 1 || bits > 32 || out.size() >= 1024 ||
        (inner && (left >= out.size() || right >= out.size()))) {
      throw nb::value_error("a condition's nodes come after what they work on, and have 1 to 32 bits");
    }
    n.bits = static_cast<u8>(bits);
    n.is_signed = is_signed;
    n.wide = wide;
    n.left = static_cast<u16>(left);
    n.right = static_cast<u16>(right);
    n.value = n.op == ConditionOp::kEvent ? number_of_name(nb::cast<std::string>(value), kEventVariableNames,
                                                           static_cast<u32>(EventVariable::kCount))
                                          : nb::cast<u32>(value);
    if (n.op == ConditionOp::kField && n.value > 31) throw nb::value_error("a field starts at bit 0 to 31");
    out.push_back(n);
  }
  return out;
}

void bind_history(nb::class_<PyCluster>& cluster) {
  cluster.def("snapshot", [](PyCluster& p) { return p.get().snapshot(); })
      .def(
          "restore",
          [](PyCluster& p, u32 id) {
            if (!p.get().restore(id)) throw nb::value_error("no such snapshot");
          },
          "id"_a)
      .def(
          "drop_snapshot", [](PyCluster& p, u32 id) { p.get().drop_snapshot(id); }, "id"_a)
      .def(
          "goto_cycle",
          [](PyCluster& p, u64 cycle) {
            return p.running([&] {
              std::vector<StopEvent> stops;
              p.get().goto_cycle(cycle, stops);
              return stops;
            });
          },
          "cycle"_a)
      .def("history_bounds", [](PyCluster& p) { return p.get().history_bounds(); })
      .def(
          "set_history_budget", [](PyCluster& p, u64 size) { p.get().set_history_budget(size); }, "size"_a)
      .def(
          "add_event",
          [](PyCluster& p, const std::string& kind, i64 harts, const nb::dict& limits) {
            EventTrigger t;
            t.kind = static_cast<TraceKind>(std::countr_zero(kind_mask({kind})));
            t.harts = static_cast<u32>(harts);
            const auto range = [&](const char* key, u32& first, u32& last) {
              if (!limits.contains(key)) return;
              const auto [from, to] = nb::cast<std::pair<u32, u32>>(limits[key]);
              first = from;
              last = to;
            };
            range("a", t.a_first, t.a_last);
            range("b", t.b_first, t.b_last);
            if (limits.contains("size")) {
              const auto [mask, value] = nb::cast<std::pair<u32, u32>>(limits["size"]);
              t.size_mask = static_cast<u8>(mask);
              t.size_value = static_cast<u8>(value);
            }
            if (limits.contains("changed")) t.changed = nb::cast<u32>(limits["changed"]);
            if (limits.contains("pc")) t.pc = nb::cast<bool>(limits["pc"]);
            if (limits.contains("condition")) t.condition = read_condition(limits["condition"]);
            if (limits.contains("bank")) t.bank = nb::cast<int>(limits["bank"]);
            if (t.kind == TraceKind::kCharge &&
                (t.a_first != t.a_last || t.a_first >= static_cast<u32>(Cause::kCount)))
              throw nb::value_error("a charge trigger names one cause");
            return p.get().add_event(std::move(t));
          },
          "kind"_a, "hart_mask"_a, "limits"_a)
      .def(
          "condition_value",
          [](PyCluster& p, int hart, const nb::object& nodes) {
            p.check_hart(hart);
            const Condition condition = read_condition(nodes);
            if (condition.empty()) throw nb::value_error("a condition needs nodes");
            return p.get().condition_value(condition, hart);
          },
          "hart"_a, "nodes"_a)
      .def("leave", [](PyCluster& p) { p.get().leave(); })
      .def("come_back", [](PyCluster& p) { p.get().come_back(); })
      .def_prop_ro("away", [](PyCluster& p) { return p.get().is_away(); })
      .def(
          "step_count",
          [](PyCluster& p, int hart) {
            p.check_hart(hart);
            return p.get().step_count(hart);
          },
          "hart"_a)
      .def(
          "steps",
          [](PyCluster& p, int hart, u64 first, u64 last) -> nb::object {
            p.check_hart(hart);
            std::vector<Cluster::StepRecord> found;
            bool done = false;
            p.running([&] {
              done = p.get().steps(hart, first, last, found);
              return std::vector<StopEvent>();
            });
            if (!done) return nb::none();
            nb::list out;
            for (const auto& r : found) out.append(nb::make_tuple(r.cycle, r.count, r.pc));
            return out;
          },
          "hart"_a, "first"_a, "last"_a)
      .def(
          "first_step",
          [](PyCluster& p, int hart) {
            p.check_hart(hart);
            const Cluster::StepRecord r = p.get().first_step(hart);
            return nb::make_tuple(r.cycle, r.count, r.pc);
          },
          "hart"_a)
      .def(
          "scan",
          [](PyCluster& p, u64 first, u64 last) -> std::optional<std::vector<StopEvent>> {
            std::vector<StopEvent> found;
            bool done = false;
            p.running([&] {
              done = p.get().scan(first, last, found);
              return std::vector<StopEvent>();
            });
            if (!done) return std::nullopt;
            return found;
          },
          "first"_a, "last"_a)
      .def(
          "record",
          [](PyCluster& p, u64 first, u64 last, const std::vector<std::string>& kinds, i64 harts,
             u64 capacity) -> nb::object {
            const u32 mask = kind_mask(kinds);
            std::vector<TraceRecord> found;
            bool done = false;
            p.running([&] {
              done = p.get().record(first, last, mask, static_cast<u32>(harts), capacity, found);
              return std::vector<StopEvent>();
            });
            if (!done) return nb::none();
            return record_list(found);
          },
          "first"_a, "last"_a, "kinds"_a, "hart_mask"_a, "capacity"_a)
      .def(
          "checkpoint_before", [](PyCluster& p, u64 cycle) { return p.get().checkpoint_cycle_before(cycle); },
          "cycle"_a)
      .def("history_size",
           [](PyCluster& p) {
             return std::make_pair(static_cast<u64>(p.get().checkpoint_count()), p.get().history_bytes());
           })
      .def(
          "trace_start",
          [](PyCluster& p, const std::vector<std::string>& kinds, i64 harts, u64 capacity) {
            if (capacity < 1 || capacity > (u64{1} << 28))
              throw nb::value_error("capacity: 1 to 2^28 records");
            p.get().trace.start(kind_mask(kinds), static_cast<u32>(harts), capacity);
          },
          "kinds"_a, "hart_mask"_a = -1, "capacity"_a = 1 << 16)
      .def("trace_stop", [](PyCluster& p) { p.get().trace.stop(); })
      .def("trace_records", [](PyCluster& p) { return record_list(p.get().trace.take()); });
}

}  // namespace flexdbg
