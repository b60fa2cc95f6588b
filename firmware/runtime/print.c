// A printf small enough for the 768-byte stacks.
#include "print.h"

#include <stdarg.h>

#include "cluster.h"

static void put(char c) { REGISTER(STDOUT + 8 * hart_id()) = (uint8_t)c; }

static void pad(unsigned length, unsigned width, char with) {
  for (; length < width; length++) put(with);
}

static void put_number(uint32_t value, unsigned base, int negative, unsigned width, char with) {
  char digits[12];
  unsigned n = 0;
  do {
    digits[n++] = "0123456789abcdef"[value % base];
    value /= base;
  } while (value);
  if (negative) digits[n++] = '-';
  pad(n, width, with);
  while (n) put(digits[--n]);
}

static void put_text(const char* text, unsigned width) {
  unsigned length = 0;
  for (; *text; text++, length++) put(*text);
  pad(length, width, ' ');
}

void print(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  for (; *format; format++) {
    if (*format != '%') {
      put(*format);
      continue;
    }
    char with = ' ';
    unsigned width = 0;
    if (*++format == '0') with = '0';
    for (; *format >= '0' && *format <= '9'; format++) width = 10 * width + (unsigned)(*format - '0');
    switch (*format) {
      case 'd': {
        int value = va_arg(arguments, int);
        put_number(value < 0 ? -(uint32_t)value : (uint32_t)value, 10, value < 0, width, with);
        break;
      }
      case 'u':
        put_number(va_arg(arguments, unsigned), 10, 0, width, with);
        break;
      case 'x':
        put_number(va_arg(arguments, unsigned), 16, 0, width, with);
        break;
      case 's':
        put_text(va_arg(arguments, const char*), width);
        break;
      case 'c':
        put((char)va_arg(arguments, int));
        break;
      default:
        put(*format);
        break;
    }
  }
  va_end(arguments);
}
