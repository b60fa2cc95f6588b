// im2col for a 3x3 convolution with stride 1 and padding 1, whole words at a time.
#include "im2col.h"

static uint32_t* copy(uint32_t* to, const uint32_t* from, unsigned words) {
  while (words--) *to++ = *from++;
  return to;
}

static uint32_t* clear(uint32_t* to, unsigned words) {
  while (words--) *to++ = 0;
  return to;
}

uint32_t* im2col_3x3(const struct image* image, unsigned pixel, uint32_t* row) {
  int height = (int)image->height, width = (int)image->width, words = (int)image->pixel_words;
  int centre_y = (int)(pixel / image->width), centre_x = (int)(pixel % image->width);
  for (int y = centre_y - 1; y <= centre_y + 1; y++) {
    for (int x = centre_x - 1; x <= centre_x + 1; x++) {
      int inside = y >= 0 && y < height && x >= 0 && x < width;
      if (inside)
        row = copy(row, image->pixels + (y * width + x) * words, image->pixel_words);
      else
        row = clear(row, image->pixel_words);
    }
  }
  return row;
}
