// Arguments of the generated addition loops, for C and for assembly.
#ifndef FLEXDBG_KERNELS_ADD_LOOP_H
#define FLEXDBG_KERNELS_ADD_LOOP_H

#define ADD_FIRST 0
#define ADD_SECOND 4
#define ADD_OUT 8
#define ADD_GROUPS 12
#define ADD_MULTIPLIER 16
#define ADD_OFFSET 20
#define ADD_SHIFT 24
#define ADD_FLIP 28
#define ADD_LOW 32
#define ADD_HIGH 36
#define ADD_MULTIPLIER_2 40
#define ADD_OFFSET_2 44
#define ADD_SHIFT_2 48
#define ADD_FLIP_2 52
#define ADD_LOW_2 56
#define ADD_HIGH_2 60
#define ADD_OUT_MULTIPLIER 64
#define ADD_OUT_OFFSET 68
#define ADD_OUT_SHIFT 72
#define ADD_OUT_LOW 76
#define ADD_OUT_HIGH 80

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

// One operand: clip((x ^ flip) * multiplier + offset >> shift).
struct add_operand {
  int32_t multiplier, offset;
  uint32_t shift, flip;
  int32_t low, high;
};

struct add_loop {
  const void *first, *second;
  void* out;
  uint32_t groups;  // of four elements, at least one
  struct add_operand operands[2];
  int32_t out_multiplier, out_offset;
  uint32_t out_shift;
  int32_t out_low, out_high;
};

_Static_assert(offsetof(struct add_loop, operands[1]) == ADD_MULTIPLIER_2, "assembly uses these offsets");
_Static_assert(offsetof(struct add_loop, out_high) == ADD_OUT_HIGH, "assembly uses these offsets");

typedef void add_kernel(const struct add_loop* loop);
#endif

#endif
