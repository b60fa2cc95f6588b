// One row of 8-bit activations times four filters of 4-bit weights, for C and assembly.
#ifndef KERNEL_H
#define KERNEL_H

#define LENGTH 256                // elements of the row and of a filter
#define FILTER_BYTES (LENGTH / 2)

#ifndef __ASSEMBLER__
#include <stdint.h>

// sums[f] = row . filter f; both arrays are word aligned and may be read one word past their end.
void dot_macload(const uint8_t* row, const uint8_t* filters, int32_t* sums);
#endif

#endif
