// One image through a network, with its cycles by layer.
#include "network.h"

#include "cluster.h"
#include "print.h"
#include "report.h"

int main(void) {
  barrier();
  unsigned start = hart_id() == 0 ? timer() : 0;
  network_run();
  if (hart_id() != 0) return 0;
  unsigned cycles = timer() - start;
  print("%s on %u harts\n", network_title, hart_count());
  print_layers();
  print("%u MAC in %u cycles: ", network_macs, cycles);
  print_hundredths(network_macs / (cycles / 100));
  print(" MAC/cycle\n");
  return report_result(cycles, network_macs, checksum(network_output, 0, network_output_bytes / 4));
}
