/* What the machine can do at most, to judge the other operations by. */
#include <math.h>
#include <stdatomic.h>
#include <time.h>

#include "check.h"

enum {
  PIECE = 1 << 20,
  /* Rounds of one unit, in runs of 8: microseconds, so that threads finish together. */
  PEAK_ROUNDS = 1 << 10,
  MOST_UNITS = 1 << 20
};

static const uint64_t MOST_BYTES = 16ull << 30;
/* Runs are repeated for this long, the best one counts; a run of products takes this at least. */
static const double SECONDS = 0.2, RUN_SECONDS = 0.005;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

typedef struct {
  const uint64_t *data;
  _Atomic uint64_t sink; /* keeps the compiler from dropping the reads */
} reading;

/* Eight words a turn: one cache line, and enough independent loads for the line's latency. */
static void read_pieces(void *job, int worker, qk_piece piece) {
  (void)worker;
  reading *r = job;
  uint64_t sums[8] = {0};
  for (int m = piece.begin; m < piece.end; m++) {
    const uint64_t *p = r->data + (size_t)m * (PIECE / 8);
    for (int i = 0; i < PIECE / 8; i += 8) {
      __builtin_prefetch(p + i + 256); /* an address beyond the end is harmless to fetch */
      for (int j = 0; j < 8; j++) {
        sums[j] ^= p[i + j];
      }
    }
  }
  r->sink ^= sums[0] ^ sums[1] ^ sums[2] ^ sums[3] ^ sums[4] ^ sums[5] ^ sums[6] ^ sums[7];
}

static double read_speed(qk_context *context, const uint64_t *data, uint64_t bytes) {
  reading r = {.data = data};
  double best = INFINITY, begin = now();
  for (int i = 0; i < 3 || now() - begin < SECONDS; i++) {
    double start = now();
    qk_pool_run(context->pool, read_pieces, &r, (int)(bytes / PIECE));
    best = fmin(best, now() - start);
  }
  return (double)bytes / best;
}

typedef struct {
  const qk_isa *isa;
  const uint8_t *weights; /* 64 */
  const int8_t *quad;     /* 4 */
  _Atomic int64_t sink, products;
} multiplying;

static void multiply_units(void *job, int worker, qk_piece piece) {
  (void)worker;
  multiplying *m = job;
  for (int unit = piece.begin; unit < piece.end; unit++) {
    int64_t products = 0;
    m->sink ^= m->isa->multiply_peak(m->weights, m->quad, PEAK_ROUNDS, &products);
    m->products += products;
  }
}

static double product_speed(qk_context *context, const uint8_t *weights) {
  multiplying m = {.isa = context->isa, .weights = weights, .quad = (const int8_t *)weights};
  double best = 0, begin = now();
  for (int units = context->threads; best == 0 || now() - begin < SECONDS;) {
    m.products = 0;
    double start = now();
    qk_pool_run(context->pool, multiply_units, &m, units);
    double time = now() - start;
    if (time < RUN_SECONDS && units < MOST_UNITS) {
      units *= 2; /* too short to tell; the first runs also wake the threads */
    } else {
      best = fmax(best, (double)m.products / time);
    }
  }
  return best;
}

qk_status qk_measure_limits(qk_context *context, uint64_t bytes, qk_limits *out) {
  if (context == NULL) {
    return QK_NULL_POINTER;
  }
  if (out == NULL || (uintptr_t)out % _Alignof(qk_limits) != 0) {
    return qk_fail(context, QK_NULL_POINTER, "limits: out is null or not aligned");
  }
  if (bytes < PIECE || bytes > MOST_BYTES || bytes % PIECE != 0) {
    return qk_fail(context, QK_BAD_SIZE, "limits: %llu bytes to read, not 1 MiB to 16 GiB in MiB",
                   (unsigned long long)bytes);
  }
  void *memory = qk_allocate(bytes);
  if (memory == NULL) {
    return qk_fail(context, QK_NO_MEMORY, "no memory for %llu bytes to read",
                   (unsigned long long)bytes);
  }
  uint64_t *words = memory;
  for (uint64_t i = 0; i < bytes / 8; i++) {
    words[i] = 0x0101010101010101 * (i % 16); /* weights that every run of products takes */
  }
  qk_limits limits = {.read_bytes = read_speed(context, words, bytes),
                      .int8_products = product_speed(context, memory)};
  qk_free(memory);
  *out = limits;
  return QK_OK;
}
