// From Python dictionaries to Config and Harness.
#include "bindings_config.hpp"

#include <stdexcept>

namespace flexdbg {

namespace nb = nanobind;

namespace {

template <typename T>
void take(const nb::dict& d, const char* key, T& out) {
  if (!d.contains(key)) return;
  const nb::object value = d[key];
  out = nb::cast<T>(value);
}

template <typename E>
void take_enum(const nb::dict& d, const char* key, E& out,
               std::initializer_list<std::pair<const char*, E>> names) {
  if (!d.contains(key)) return;
  const std::string text = nb::cast<std::string>(d[key]);
  for (const auto& [name, value] : names) {
    if (text == name) {
      out = value;
      return;
    }
  }
  throw std::invalid_argument(std::string(key) + ": unknown value " + text);
}

std::vector<u32> numbers(const nb::handle& list) {
  std::vector<u32> out;
  for (const nb::handle x : list) out.push_back(nb::cast<u32>(x));
  return out;
}

u32 hex(const nb::handle& text) {
  return static_cast<u32>(std::stoul(nb::cast<std::string>(text), nullptr, 16));
}
u32 address_of(const nb::handle& x) { return nb::isinstance<nb::str>(x) ? hex(x) : nb::cast<u32>(x); }

GrantScript grants(const nb::dict& port, const char* list, const char* pattern) {
  if (port.contains(pattern)) return GrantScript(nb::cast<std::string>(port[pattern]));
  if (port.contains(list)) return GrantScript(numbers(port[list]));
  return GrantScript();
}

LatencyScript latencies(const nb::dict& port) {
  return port.contains("latency") ? LatencyScript(numbers(port["latency"])) : LatencyScript();
}

}  // namespace

Config read_config(const nb::dict& d) {
  Config c;
  take(d, "harts", c.harts);
  take(d, "fc", c.fc);
  take_enum(d, "core", c.profile,
            {{"flexv", kFlexV}, {"mpic", kMpic}, {"xpulpnn", kXpulpNN}, {"ri5cy", kRi5cy}});
  take_enum(d, "quirks", c.quirks_rtl, {{"architectural", false}, {"rtl", true}});
  take_enum(d, "boot", c.boot, {{"fc", Boot::kFc}, {"cluster", Boot::kCluster}, {"direct", Boot::kDirect}});
  take(d, "clock_mhz", c.clock_mhz);
  take(d, "tcdm_base", c.tcdm_base);
  take(d, "tcdm_size", c.tcdm_size);
  take(d, "tcdm_banks", c.tcdm_banks);
  take(d, "tcdm_wrap", c.tcdm_wrap);
  take(d, "tcdm_tas", c.tcdm_tas);
  take(d, "tas_extra_bank_cycles", c.tas_extra_bank_cycles);
  take_enum(d, "tcdm_arbiter", c.tcdm_arbiter,
            {{"hci", Arbiter::kHci},
             {"classic", Arbiter::kClassic},
             {"classic12", Arbiter::kClassic12},
             {"round_robin", Arbiter::kRoundRobin}});
  take(d, "l2_base", c.l2_base);
  take(d, "l2_size", c.l2_size);
  take(d, "l2_latency_load", c.l2_latency_load);
  take(d, "l2_latency_store", c.l2_latency_store);
  take(d, "soc_periph_latency", c.soc_periph_latency);
  take(d, "cluster_periph_latency", c.cluster_periph_latency);
  take(d, "demux_latency", c.demux_latency);
  take(d, "fc_l2_latency", c.fc_l2_latency);
  take(d, "fc_fetch_latency", c.fc_fetch_latency);
  take(d, "fc_tcdm_latency", c.fc_tcdm_latency);
  take_enum(d, "fetch", c.fetch,
            {{"ideal", FetchModel::kIdeal}, {"icache", FetchModel::kIcache}, {"port", FetchModel::kPort}});
  take(d, "icache_enabled_at_reset", c.icache_enabled_at_reset);
  take(d, "icache_prefetch", c.icache_prefetch);
  take(d, "icache_private_size", c.icache_private_size);
  take(d, "icache_private_ways", c.icache_private_ways);
  take(d, "icache_shared_size", c.icache_shared_size);
  take(d, "icache_shared_banks", c.icache_shared_banks);
  take(d, "icache_shared_ways", c.icache_shared_ways);
  take(d, "icache_line", c.icache_line);
  take(d, "icache_l2_first_beat", c.icache_l2_first_beat);
  take(d, "eu_barriers", c.eu_barriers);
  take(d, "eu_mutexes", c.eu_mutexes);
  take(d, "eu_sw_events", c.eu_sw_events);
  take(d, "eu_dispatch_depth", c.eu_dispatch_depth);
  take(d, "eu_barrier_to_grant", c.eu_barrier_to_grant);
  take(d, "eu_event_to_grant", c.eu_event_to_grant);
  take(d, "elw_grant_to_next_ex", c.elw_grant_to_next_ex);
  take(d, "dma_ids", c.dma_ids);
  take(d, "dma_port_queue", c.dma_port_queue);
  take(d, "dma_global_queue", c.dma_global_queue);
  take(d, "dma_2d_queue", c.dma_2d_queue);
  take(d, "dma_bytes_per_cycle", c.dma_bytes_per_cycle);
  take(d, "dma_burst", c.dma_burst);
  take(d, "dma_outstanding", c.dma_outstanding);
  take(d, "dma_startup", c.dma_startup);
  take(d, "unmapped_rtl", c.unmapped_rtl);
  take(d, "stop_on_illegal", c.stop_on_illegal);
  take(d, "history_mb", c.history_mb);
  if (c.harts < 1 || c.harts > kMaxHarts || c.fc > 1) throw std::invalid_argument("harts: 1..16, fc: 0 or 1");
  if (c.tcdm_banks < 1 || c.tcdm_banks > 64) throw std::invalid_argument("tcdm_banks: 1..64");
  if (c.boot == Boot::kFc && c.fc == 0) throw std::invalid_argument("boot: fc needs fc = 1");
  return c;
}

Harness read_harness(const nb::dict& config, u32 harts) {
  Harness h;
  if (!config.contains("harness")) return h;
  const nb::dict d = nb::cast<nb::dict>(config["harness"]);
  h.active = true;
  if (d.contains("data_grant")) {
    const nb::dict port = nb::cast<nb::dict>(d["data_grant"]);
    const std::string mode = nb::cast<std::string>(port["mode"]);
    if (mode == "wait" || mode == "pattern") {
      h.data_script = true;
      h.data.assign(harts, DataPort(grants(port, "waits", "pattern"), LatencyScript()));
    }
  }
  if (d.contains("data_port")) {
    const nb::dict port = nb::cast<nb::dict>(d["data_port"]);
    std::vector<DataPort::Region> regions;
    if (port.contains("region_latency")) {
      for (const nb::handle row : nb::cast<nb::list>(port["region_latency"])) {
        const nb::list r = nb::cast<nb::list>(row);
        regions.push_back({address_of(r[0]), address_of(r[1]), nb::cast<u32>(r[2])});
      }
    }
    h.data_script = true;
    h.data.assign(harts, DataPort(grants(port, "refuse", "grant_pattern"), latencies(port), regions));
  }
  if (d.contains("instr_port")) {
    const nb::dict port = nb::cast<nb::dict>(d["instr_port"]);
    if (port.contains("refuse") || port.contains("latency") || port.contains("grant_pattern")) {
      h.instr_script = true;
      h.instr.assign(harts, InstrPort(grants(port, "refuse", "grant_pattern"), latencies(port)));
    }
    if (port.contains("control")) {
      for (const nb::handle row : nb::cast<nb::list>(port["control"])) {
        const nb::list r = nb::cast<nb::list>(row);
        const std::string what = nb::cast<std::string>(r[1]);
        Harness::Control x{nb::cast<u64>(r[0]), 0, 0};
        if (what == "enable") x.op = static_cast<u8>(ICache::Op::kEnable);
        if (what == "disable") x.op = static_cast<u8>(ICache::Op::kDisable);
        if (what == "flush") x.op = static_cast<u8>(ICache::Op::kFlush);
        if (what == "flushp") x.op = static_cast<u8>(ICache::Op::kFlushPrivate);
        if (what.starts_with("sel=")) {
          x.op = static_cast<u8>(ICache::Op::kFlushSelected);
          x.address = static_cast<u32>(std::stoul(what.substr(4), nullptr, 16));
        }
        h.controls.push_back(x);
      }
    }
  }
  if (d.contains("irq")) {
    for (const nb::handle row : nb::cast<nb::list>(d["irq"])) {
      const nb::list r = nb::cast<nb::list>(row);
      h.irqs.push_back({nb::cast<u64>(r[0]), nb::cast<u32>(r[1])});
    }
  }
  if (d.contains("external_events")) {
    for (const nb::handle row : nb::cast<nb::list>(d["external_events"])) {
      if (nb::isinstance<nb::dict>(row)) {
        const nb::dict e = nb::cast<nb::dict>(row);
        h.events.push_back({nb::cast<u64>(e["cycle"]), address_of(e["lines"])});
      } else {
        const nb::list r = nb::cast<nb::list>(row);
        h.events.push_back({nb::cast<u64>(r[0]), address_of(r[1])});
      }
    }
  }
  take(d, "exact", h.exact);
  h.exact |= h.instr_script || !h.controls.empty();
  if (d.contains("start_delay")) h.start_delay = numbers(d["start_delay"]);
  if (d.contains("entries")) {
    for (const nb::handle x : nb::cast<nb::list>(d["entries"])) h.entries.push_back(address_of(x));
  }
  return h;
}

}  // namespace flexdbg
