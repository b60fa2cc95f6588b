// memcpy and memset: GCC emits calls to them even in freestanding code.
#include <stddef.h>

void* memcpy(void* restrict to, const void* restrict from, size_t count) {
  unsigned char* t = to;
  const unsigned char* f = from;
  while (count--) *t++ = *f++;
  return to;
}

void* memset(void* to, int value, size_t count) {
  unsigned char* t = to;
  while (count--) *t++ = (unsigned char)value;
  return to;
}
