#include "weights.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "types.h"

static void *or_end(void *memory) {
  if (memory == NULL) {
    fprintf(stderr, "no memory\n");
    exit(1);
  }
  return memory;
}

void *qk_bench_reserve(size_t bytes) {
  return or_end(qk_allocate(bytes));
}

static void *map(size_t bytes) {
  void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  or_end(p == MAP_FAILED ? NULL : p);
#if defined(MADV_NOHUGEPAGE)
  madvise(p, bytes, MADV_NOHUGEPAGE);
#endif
  return p;
}

void qk_bench_unmap(qk_matrix *matrix) {
  munmap((void *)matrix->data, matrix->bytes);
  matrix->data = NULL;
}

/* Random bits would have NaN scales, so every block gets some of its own. */
qk_matrix qk_bench_matrix(int type, int experts, int rows, int cols, bool mapped) {
  qk_geometry g = qk_geometry_of(type);
  size_t bytes = (size_t)qk_row_bytes(type, cols) * (size_t)rows * (size_t)experts;
  uint8_t *data = mapped ? map(bytes) : qk_bench_reserve(bytes);
  uint64_t state = 1;
  uint16_t scale = qk_half_of_float(0.01f);
  size_t scale_at = type == QK_Q6_K ? 208 : 0;
  for (size_t at = 0; at < bytes / 8 * 8; at += 8) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    uint64_t bits = state ^ state >> 29;
    memcpy(data + at, &bits, 8);
  }
  for (size_t at = 0; at < bytes; at += (size_t)g.block_bytes) {
    if (qk_is_quantised(type)) {
      memcpy(data + at + scale_at, &scale, 2);
      if (type != QK_Q6_K && type != QK_Q8_0 && type != QK_Q4_0) {
        memcpy(data + at + 2, &scale, 2);
      }
    } else {
      data[at + (size_t)g.block_bytes - 1] = 0x30; /* a small exponent */
    }
  }
  return (qk_matrix){data, bytes, type, experts, rows, cols};
}

qk_floats qk_bench_floats(size_t count) {
  float *data = qk_bench_reserve(count * sizeof *data);
  uint32_t state = 7;
  for (size_t i = 0; i < count; i++) {
    state = state * 1664525 + 1013904223;
    data[i] = (float)(int32_t)state * 0x1p-31f;
  }
  return (qk_floats){data, count};
}
