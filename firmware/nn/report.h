// What the programs of networks print: cycles by layer, and the result block.
#ifndef FLEXDBG_NN_REPORT_H
#define FLEXDBG_NN_REPORT_H

#include <stdint.h>

struct layer_entry {
  const char* name;
  unsigned macs;
};

// Generated with the network (firmware/networks/emit.py).
extern const struct layer_entry network_layers[];
extern const char* const network_title;
extern const unsigned network_macs, network_expected, network_output_bytes;
extern uint32_t* const network_output;
extern const uint8_t network_input[];

// One line a layer with the cycles of the last run.
void print_layers(void);

// Fills flexdbg_result and says whether the checksum is right; returns the exit status.
int report_result(unsigned cycles, unsigned macs, unsigned sum);

// Prints hundredths as a decimal fraction.
void print_hundredths(unsigned value);

#endif
