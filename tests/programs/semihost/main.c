// Semihosting: prints, and copies `input.txt` to `output.txt` in upper case if files are allowed.
#include "../common/pulp.h"

int semihost(int operation, const void* argument);

static uint32_t length(const char* s) {
  uint32_t n = 0;
  while (s[n] != 0) ++n;
  return n;
}

static int open_file(const char* name, uint32_t mode) {
  const uint32_t block[3] = {(uint32_t)(uintptr_t)name, mode, length(name)};
  return semihost(0x01, block);
}

int main(void) {
  semihost(0x04, "hello from the fabric controller\n");
  const int in = open_file("input.txt", 0);
  if (in < 0) {
    semihost(0x04, "no input.txt\n");
    return 0;
  }
  static char text[256];
  const uint32_t read[3] = {(uint32_t)in, (uint32_t)(uintptr_t)text, sizeof text};
  const uint32_t got = sizeof text - (uint32_t)semihost(0x06, read);
  for (uint32_t i = 0; i < got; ++i) {
    if (text[i] >= 'a' && text[i] <= 'z') text[i] = (char)(text[i] - 32);
  }
  const int out = open_file("output.txt", 4);
  const uint32_t write[3] = {(uint32_t)out, (uint32_t)(uintptr_t)text, got};
  const int left = semihost(0x05, write);
  semihost(0x02, (const void*)(uintptr_t)out);
  semihost(0x02, (const void*)(uintptr_t)in);
  return left;
}
