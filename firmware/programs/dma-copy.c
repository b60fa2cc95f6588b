// A buffer in L2 passes through TCDM tile by tile: while the harts work on one tile, the DMA brings
// the next one in and takes the previous one out. Hart 0 drives the DMA.
#include "cluster.h"
#include "dma.h"
#include "print.h"

enum { TILE_WORDS = 512, TILES = 8, WORDS = TILE_WORDS * TILES, TILE_BYTES = 4 * TILE_WORDS };

L2_NOINIT static uint32_t source[WORDS], target[WORDS];
TCDM_NOINIT static uint32_t in[2][TILE_WORDS], out[2][TILE_WORDS];
static unsigned wrong[MAX_HARTS];

static uint32_t transform(uint32_t word) { return (word ^ word >> 16) * 0x45d9f3bu; }

static uint32_t pattern(unsigned i) { return i * 0x9e3779b9u; }

static void compute(const uint32_t* from, uint32_t* to) {
  struct range words = my_share(TILE_WORDS);
  for (unsigned i = words.first; i < words.end; i++) to[i] = transform(from[i]);
}

int main(void) {
  struct range mine = my_share(WORDS);
  for (unsigned i = mine.first; i < mine.end; i++) source[i] = pattern(i);
  barrier();

  int drives = hart_id() == 0;
  unsigned start = drives ? timer() : 0;
  unsigned reading = 0, writing = 0;
  if (drives) {
    reading = dma_read(in[0], source, TILE_BYTES);
    dma_wait(reading);
  }
  for (unsigned tile = 0; tile < TILES; tile++) {
    if (drives && tile + 1 < TILES)
      reading = dma_read(in[(tile + 1) & 1], source + (tile + 1) * TILE_WORDS, TILE_BYTES);
    barrier();  // tile is in TCDM
    compute(in[tile & 1], out[tile & 1]);
    barrier();  // tile is computed
    if (drives) {
      if (tile > 0) dma_wait(writing);
      writing = dma_write(target + tile * TILE_WORDS, out[tile & 1], TILE_BYTES);
      if (tile + 1 < TILES) dma_wait(reading);
    }
  }
  unsigned cycles = 0;
  if (drives) {
    dma_wait(writing);
    cycles = timer() - start;
  }
  barrier();

  for (unsigned i = mine.first; i < mine.end; i++)
    if (target[i] != transform(pattern(i))) wrong[hart_id()]++;
  barrier();
  if (!drives) return 0;
  unsigned errors = 0;
  for (unsigned i = 0; i < hart_count(); i++) errors += wrong[i];
  print("%u tiles of %u bytes in %u cycles, %u words wrong\n", TILES, TILE_BYTES, cycles, errors);
  return errors != 0;
}
