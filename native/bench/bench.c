/*
 * How fast the operations are next to what the machine can do: bytes of weights (or keys and
 * values) a second for one token, integer multiply-adds a second for many.
 *
 *   qk-bench [threads] [filter]     rows whose name contains the filter; best of several runs
 *
 * With one thread times are CPU times, so that a busy machine disturbs little.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "qk.h"
#include "token.h"
#include "types.h"
#include "weights.h"

static int threads = 2;
static const char *filter = "";
static qk_context *context;
static double bandwidth, peak; /* bytes and multiply-adds a second */

static double now(void) {
  struct timespec t;
  clock_gettime(threads == 1 ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Best time of some runs, about a second in all. */
static double best_of(void (*run)(void *), void *job) {
  double best = INFINITY, total = 0;
  run(job);
  for (int i = 0; i < 3 || (total < 1 && i < 200); i++) {
    double start = now();
    run(job);
    double time = now() - start;
    best = time < best ? time : best;
    total += time;
  }
  return best;
}

static void report(const char *name, double seconds, double bytes, double multiplications) {
  printf("%-44s %9.3f ms %7.1f GB/s (%3.0f %%) %8.1f GMAC/s (%3.0f %%)\n", name, seconds * 1e3,
         bytes / seconds * 1e-9, 100 * bytes / seconds / bandwidth,
         multiplications / seconds * 1e-9, 100 * multiplications / seconds / peak);
  fflush(stdout);
}

static void must(qk_status status) {
  if (status != QK_OK) {
    fprintf(stderr, "%s\n", qk_message(context));
    exit(1);
  }
}

static bool wanted(const char *name) { return strstr(name, filter) != NULL; }

static const struct {
  int type;
  const char *name;
} types[] = {{QK_Q4_K, "Q4_K"}, {QK_Q6_K, "Q6_K"}, {QK_Q8_0, "Q8_0"}, {QK_Q4_0, "Q4_0"},
             {QK_Q5_K, "Q5_K"}, {QK_Q5_1, "Q5_1"}, {QK_F16, "F16"},   {QK_F32, "F32"}};

static void run_project(void *job) { must(qk_project(context, job)); }

static void products(void) {
  static const int batches[] = {1, 2, 4, 16, 64, 512};
  for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
    for (size_t b = 0; b < sizeof batches / sizeof batches[0]; b++) {
      int n = batches[b], rows = n < 16 ? 65536 : 2048, cols = 2048;
      char name[64];
      snprintf(name, sizeof name, "project %s %d x %d, n=%d", types[i].name, rows, cols, n);
      if (!wanted(name)) {
        continue;
      }
      qk_output output = {.weight = qk_bench_matrix(types[i].type, 1, rows, cols, false),
                          .y = qk_bench_floats((size_t)n * (size_t)rows)};
      qk_project_args args = {.n = n, .outputs = 1, .x = qk_bench_floats((size_t)n * (size_t)cols),
                              .output = &output};
      double time = best_of(run_project, &args);
      report(name, time, (double)output.weight.bytes, (double)n * rows * cols);
      free((void *)output.weight.data);
      free(output.y.data);
      free(args.x.data);
    }
  }
}

static void run_mixture(void *job) {
  qk_mixture_args *args = job;
  memcpy(args->x.data, args->x.data + args->x.count / 2, args->x.count * 2);
  must(qk_mixture(context, args));
}

/* Qwen3-30B-A3B's: 128 experts of 768, 8 a token; all weights of one layer are 380 MB. */
static void mixtures(void) {
  static const int batches[] = {1, 4, 32, 512};
  for (size_t b = 0; b < sizeof batches / sizeof batches[0]; b++) {
    int n = batches[b];
    char name[64];
    snprintf(name, sizeof name, "mixture Q4_K/Q6_K 128 x 768 x 2048, n=%d", n);
    if (!wanted(name)) {
      continue;
    }
    qk_mixture_args args = {.n = n, .used = 8, .x = qk_bench_floats((size_t)n * 2048 * 2),
                            .router = qk_bench_matrix(QK_F32, 1, 128, 2048, false),
                            .gate = qk_bench_matrix(QK_Q4_K, 128, 768, 2048, false),
                            .up = qk_bench_matrix(QK_Q4_K, 128, 768, 2048, false),
                            .down = qk_bench_matrix(QK_Q6_K, 128, 2048, 768, false)};
    float *router = (float *)args.router.data;
    for (int i = 0; i < 128 * 2048; i++) {
      router[i] = sinf((float)i) * 0.3f; /* spreads tokens over experts */
    }
    double time = best_of(run_mixture, &args);
    double active = n >= 32 ? 1 : fmin(1, n * 8 / 128.0);
    report(name, time, active * (double)(args.gate.bytes * 2 + args.down.bytes),
           n * 8.0 * 3 * 768 * 2048);
    free(args.x.data);
    free((void *)args.router.data);
    free((void *)args.gate.data);
    free((void *)args.up.data);
    free((void *)args.down.data);
  }
}

/* 32 query heads over 4 kv heads of 128 at a depth; 16 layers so that decoding misses caches. */
static void attention(void) {
  static const int kv_types[] = {QK_Q8_0, QK_F16};
  static const struct {
    int n, depth;
  } cases[] = {{1, 4096}, {1, 512}, {512, 0}, {512, 4096}};
  for (int i = 0; i < 8; i++) {
    int type = kv_types[i / 4], n = cases[i % 4].n, depth = cases[i % 4].depth;
    char name[64];
    snprintf(name, sizeof name, "attend %s, n=%d at %d", type == QK_F16 ? "F16" : "Q8_0", n,
             depth);
    if (!wanted(name)) {
      continue;
    }
    int count = (depth + n + 63) / 64;
    qk_matrix memory = qk_bench_matrix(type, 1, count * 16 * 2 * 4 * 64, 128, false);
    uint64_t *pages = malloc((size_t)count * sizeof *pages);
    const uint64_t *tables[] = {pages};
    int32_t counts[] = {count};
    int32_t *sequence = calloc((size_t)n, sizeof *sequence);
    int32_t *position = malloc((size_t)n * sizeof *position);
    uint64_t page_bytes = memory.bytes / (uint64_t)count;
    for (int p = 0; p < count; p++) {
      pages[p] = (uint64_t)(uintptr_t)memory.data + (uint64_t)p * page_bytes;
    }
    double pairs = 0;
    for (int t = 0; t < n; t++) {
      position[t] = depth + t;
      pairs += depth + t + 1;
    }
    qk_attend_args args = {
        .kv = {.n = n, .type = type, .layers = 16, .kv_heads = 4, .head_dim = 128,
               .sequences = 1, .sequence = sequence, .position = position, .tables = tables,
               .page_counts = counts, .page_bytes = page_bytes},
        .heads = 32, .q = qk_bench_floats((size_t)n * 4096),
        .out = qk_bench_floats((size_t)n * 4096),
        .scale = 0.0883883f};
    double best = INFINITY;
    for (args.layer = 0; args.layer < 16; args.layer++) {
      double start = now();
      must(qk_attend(context, &args));
      best = fmin(best, now() - start);
    }
    report(name, best, (double)count * (double)page_bytes / 16, pairs * 32 * 128 * 2);
    free((void *)memory.data);
    free(pages);
    free(sequence);
    free(position);
    free(args.q.data);
    free(args.out.data);
  }
}

int main(int argc, char **argv) {
  threads = argc > 1 ? atoi(argv[1]) : threads;
  filter = argc > 2 ? argv[2] : filter;
  if (qk_open(threads, &context) != QK_OK) {
    fprintf(stderr, "cannot open %d threads\n", threads);
    return 1;
  }
  qk_limits limits;
  must(qk_measure_limits(context, 256 << 20, &limits));
  bandwidth = limits.read_bytes;
  peak = limits.int8_products;
  printf("%s, %d threads: reads %.1f GB/s (huge pages), int8 %.0f GMAC/s\n",
         qk_isa_name(context), threads, bandwidth * 1e-9, peak * 1e-9);
  qk_bench_tokens(context, bandwidth, now, filter);
  products();
  mixtures();
  attention();
  qk_close(context);
  return 0;
}
