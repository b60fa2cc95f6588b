// Classifies handwritten digits that the network has not been trained on. While one image is computed, the
// DMA brings the next one.
#include "cluster.h"
#include "dma.h"
#include "network.h"
#include "print.h"
#include "report.h"

enum { PIXELS = 64, CLASSES = 10 };

// Generated with the network; pixels are packed, without the channels of zeros that the network expects.
extern const uint8_t digits_images[], digits_labels[];
extern const uint32_t digits_count, digits_pixel_bits;
extern uint8_t* const network_input_place;

// How many images to classify, from the first on; a debugger may lower it.
uint32_t digits_limit = ~0u;

TCDM_NOINIT static uint8_t packed[2][PIXELS];

static void expand(const uint8_t* image, unsigned bits) {
  struct range pixels = my_share(PIXELS);
  for (unsigned i = pixels.first; i < pixels.end; i++) {
    if (bits == 8)
      ((uint32_t*)network_input_place)[i] = image[i];
    else
      ((uint16_t*)network_input_place)[i] = image[i / 2] >> (4 * (i % 2)) & 0xf;
  }
}

static unsigned best_class(const int32_t* scores) {
  unsigned best = 0;
  for (unsigned i = 1; i < CLASSES; i++)
    if (scores[i] > scores[best]) best = i;
  return best;
}

int main(void) {
  int drives = hart_id() == 0;
  unsigned count = digits_limit < digits_count ? digits_limit : digits_count;
  unsigned bits = digits_pixel_bits, bytes = PIXELS * bits / 8;
  unsigned right = 0, sum = 0, first_run = 0;
  if (drives) dma_wait(dma_read(packed[0], digits_images, bytes));
  barrier();
  unsigned start = drives ? timer() : 0;
  for (unsigned n = 0; n < count; n++) {
    unsigned next = 0;
    if (drives && n + 1 < count) next = dma_read(packed[(n + 1) & 1], digits_images + (n + 1) * bytes, bytes);
    expand(packed[n & 1], bits);
    network_run();
    if (!drives) continue;
    right += best_class((const int32_t*)network_output) == digits_labels[n];
    sum += checksum(network_output, 0, CLASSES) * (2 * n + 1);
    if (n == 0) first_run = timer() - start;
    if (n + 1 < count) dma_wait(next);
  }
  if (!drives) return 0;
  unsigned cycles = timer() - start;
  if (count == 0) return 0;
  print("%s on %u harts: %u of %u held-back images right, ", network_title, hart_count(), right, count);
  print_hundredths((right * 10000 + count / 2) / count);
  print(" %%\n");
  print_layers();
  unsigned rate = network_macs * 100 / (cycles / count);
  print("%u cycles an image (the first %u), %u MAC: ", cycles / count, first_run, network_macs);
  print_hundredths(rate);
  print(" MAC/cycle\n");
  if (count < digits_count) return 0;
  return report_result(cycles, network_macs * count, sum);
}
