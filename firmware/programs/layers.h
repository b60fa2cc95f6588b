// The job that a layer library runs: written by the host before the start (flexdbg/layers.py).
#ifndef FLEXDBG_PROGRAMS_LAYERS_H
#define FLEXDBG_PROGRAMS_LAYERS_H

#include <stdint.h>

#include "conv.h"

enum layer_kind { LAYER_NONE, LAYER_CONV };

// Everything is a 32-bit word.
struct layers_job {
  unsigned kind;
  unsigned warm_up;       // 1: run once ahead of the measurement, which fills the instruction caches
  unsigned macs;          // for the report
  unsigned output_bytes;  // of the checksum
  unsigned seed;          // not 0: tensors are generated, see generate() in layers.c
  unsigned input_bytes, weight_bytes;
  int32_t bias;           // generated parameters: centre of the biases
  unsigned expected;      // checksum of the output if the tensors are generated
  struct conv conv;
};

extern struct layers_job layers_job;

// Status of a job that the library refuses.
enum { STATUS_REFUSED = 2 };

#endif
