// Three implementations of four dot products over DOTP_LENGTH values.
#ifndef FLEXDBG_PROGRAMS_DOTP_H
#define FLEXDBG_PROGRAMS_DOTP_H

#define DOTP_LENGTH 256

#ifndef __ASSEMBLER__
#include <stdint.h>

// Activations are unsigned bytes, the four filters signed bytes, one filter behind the other.
typedef void dotp_loop(const uint8_t* activations, const int8_t* filters, int32_t* sums);
extern dotp_loop dotp_scalar, dotp_simd, dotp_macload;
#endif

#endif
