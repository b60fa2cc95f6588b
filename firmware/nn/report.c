// Output of the programs of networks.
#include "report.h"

#include "cluster.h"
#include "network.h"
#include "print.h"

void print_hundredths(unsigned value) { print("%u.%02u", value / 100, value % 100); }

void print_layers(void) {
  print("layer                  MAC    cycles  MAC/cycle\n");
  for (unsigned i = 0; i < network_layer_count; i++) {
    unsigned cycles = network_layer_cycles[i], macs = network_layers[i].macs;
    print("%16s %9u %9u", network_layers[i].name, macs, cycles);
    if (macs) {
      unsigned rate = macs * 100 / cycles;
      print("     %3u.%02u", rate / 100, rate % 100);
    }
    print("\n");
  }
}

int report_result(unsigned cycles, unsigned macs, unsigned sum) {
  flexdbg_result = (struct flexdbg_result){
      .magic = RESULT_MAGIC,
      .harts = hart_count(),
      .cycles = cycles,
      .macs = macs,
      .checksum = sum,
      .expected = network_expected,
      .output = (uint32_t)network_output,
      .output_bytes = network_output_bytes,
  };
  int wrong = sum != network_expected;
  print("checksum %08x: %s\n", sum, wrong ? "WRONG" : "correct");
  return wrong;
}
