#include "limits.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "pool.h"

enum { BYTES = 256 << 20, PIECE = 1 << 20, ROUNDS = 1 << 20 };

typedef struct {
  const uint64_t *data;
  _Atomic uint64_t sink;
} reading;

static void read_pieces(void *job, int worker, int begin, int end) {
  (void)worker;
  reading *r = job;
  uint64_t sums[8] = {0};
  for (int piece = begin; piece < end; piece++) {
    const uint64_t *p = r->data + (size_t)piece * (PIECE / 8);
    for (int i = 0; i < PIECE / 8; i += 8) {
      __builtin_prefetch(p + i + 256);
      for (int j = 0; j < 8; j++) {
        sums[j] ^= p[i + j];
      }
    }
  }
  r->sink += sums[0] ^ sums[1] ^ sums[2] ^ sums[3] ^ sums[4] ^ sums[5] ^ sums[6] ^ sums[7];
}

double qk_measure_bandwidth(int threads, double (*now)(void)) {
  void *memory = NULL;
  if (posix_memalign(&memory, 2 << 20, BYTES) != 0) {
    return NAN;
  }
#if defined(MADV_HUGEPAGE)
  madvise(memory, BYTES, MADV_HUGEPAGE);
#endif
  reading r = {.data = memory};
  for (size_t i = 0; i < BYTES / 8; i++) {
    ((uint64_t *)memory)[i] = i;
  }
  qk_pool *pool = qk_pool_open(threads);
  double best = INFINITY;
  for (int i = 0; i < 30; i++) {
    double start = now();
    qk_pool_run(pool, read_pieces, &r, BYTES / PIECE);
    best = fmin(best, now() - start);
  }
  qk_pool_close(pool);
  free(memory);
  return BYTES / best;
}

#if defined(__x86_64__)
/* Sixteen independent sums cover a latency of 4 cycles at two instructions a cycle. */
__attribute__((target("avx512f,avx512vnni"))) static int dot_products(void) {
  __m512i sums[16];
  for (int i = 0; i < 16; i++) {
    sums[i] = _mm512_set1_epi32(i);
  }
  __m512i a = _mm512_set1_epi32(0x01020304), b = _mm512_set1_epi32(0x04030201);
  for (int round = 0; round < ROUNDS; round++) {
#pragma GCC unroll 16
    for (int i = 0; i < 16; i++) {
      sums[i] = _mm512_dpbusd_epi32(sums[i], a, b);
    }
    __asm__ volatile("" : "+v"(a), "+v"(b));
  }
  for (int i = 1; i < 16; i++) {
    sums[0] = _mm512_xor_si512(sums[0], sums[i]);
  }
  return _mm512_reduce_or_epi32(sums[0]);
}

static void multiply(void *job, int worker, int begin, int end) {
  (void)worker;
  for (int i = begin; i < end; i++) {
    *(_Atomic int *)job += dot_products();
  }
}
#endif

double qk_measure_int8_peak(int threads, double (*now)(void)) {
  double best = NAN;
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx512vnni")) {
    return NAN;
  }
  _Atomic int sink = 0;
  qk_pool *pool = qk_pool_open(threads);
  for (int i = 0; i < 10; i++) {
    double start = now();
    qk_pool_run(pool, multiply, &sink, threads);
    best = fmin(best, now() - start);
  }
  qk_pool_close(pool);
  return (double)threads * ROUNDS * 16 * 64 / best;
#else
  (void)threads, (void)now;
  return best;
#endif
}
