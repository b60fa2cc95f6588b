// Text output through the stdout device. Each hart has its own line buffer in the device, so lines
// of different harts never mix.
#ifndef FLEXDBG_RUNTIME_PRINT_H
#define FLEXDBG_RUNTIME_PRINT_H

// Formats %d %u %x %s %c %%, with an optional width and a leading 0 to pad numbers with zeros.
__attribute__((format(printf, 1, 2))) void print(const char* format, ...);

#endif
