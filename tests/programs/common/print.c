// A printf that needs no library: every character is one store to the stdout device of this hart.
#include <stdarg.h>

#include "pulp.h"

static uint32_t stdout_base = STDOUT;

void print_to(uint32_t base) { stdout_base = base; }

static void put(char c) { REG(stdout_base + (core_id() << 3) + (cluster_id() << 7)) = (uint8_t)c; }

static void number(uint32_t value, uint32_t base) {
  char digits[11];
  int n = 0;
  do {
    digits[n++] = "0123456789abcdef"[value % base];
    value /= base;
  } while (value != 0);
  while (n > 0) put(digits[--n]);
}

void print(const char* format, ...) {
  va_list args;
  va_start(args, format);
  for (; *format != 0; ++format) {
    if (*format != '%') {
      put(*format);
      continue;
    }
    switch (*++format) {
      case 'd': {
        int value = va_arg(args, int);
        if (value < 0) put('-');
        number(value < 0 ? -(uint32_t)value : (uint32_t)value, 10);
        break;
      }
      case 'u':
        number(va_arg(args, uint32_t), 10);
        break;
      case 'x':
        number(va_arg(args, uint32_t), 16);
        break;
      case 'c':
        put((char)va_arg(args, int));
        break;
      case 's':
        for (const char* s = va_arg(args, const char*); *s != 0; ++s) put(*s);
        break;
      default:
        put(*format);
        break;
    }
  }
  va_end(args);
}
