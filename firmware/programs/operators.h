// The job that an operator library runs: written by the host before the start.
#ifndef FLEXDBG_PROGRAMS_OPERATORS_H
#define FLEXDBG_PROGRAMS_OPERATORS_H

#include "../kernels/operators.h"

enum operator_kind { OPERATOR_NONE, LINEAR, DEPTHWISE, ADD, AVERAGE_POOL, MAX_POOL };

struct operator_job {
  uint32_t kind;
  uint32_t macs;  // for the report
  union {
    struct linear linear;
    struct depthwise depthwise;
    struct add add;
    struct pool pool;
  };
};

extern struct operator_job operator_job;

#endif
