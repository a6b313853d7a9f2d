#include "token.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "weights.h"

enum { MAX_LAYERS = 32, TOKENS = 40, HEAD_DIM = 128 };

/* Layers are fewer than the real model's where these already outgrow every cache. */
typedef struct {
  const char *name;
  int layers, d, heads, kv_heads, experts, used, ff, vocabulary;
  int type, value_type, down_type, head_type; /* of every other layer's value and down */
} shape;

static const shape shapes[] = {
    {"moe-mid Q4_K_M", 12, 1024, 16, 4, 64, 8, 512, 151936, QK_Q4_K, QK_Q6_K, QK_Q6_K, QK_Q6_K},
    {"moe-mid Q8_0", 12, 1024, 16, 4, 64, 8, 512, 151936, QK_Q8_0, QK_Q8_0, QK_Q8_0, QK_Q8_0},
    {"qwen3-0.6b Q4_K_M", 28, 1024, 16, 8, 0, 0, 3072, 151936, QK_Q4_K, QK_Q6_K, QK_Q6_K, QK_Q6_K},
    {"qwen3-0.6b Q8_0", 28, 1024, 16, 8, 0, 0, 3072, 151936, QK_Q8_0, QK_Q8_0, QK_Q8_0, QK_Q8_0},
    {"qwen3-30b-a3b Q4_K_M", 8, 2048, 32, 4, 128, 8, 768, 151936, QK_Q4_K, QK_Q6_K, QK_Q6_K,
     QK_Q6_K},
};

typedef struct {
  qk_matrix q, k, v, o, router, gate, up, down;
} layer;

typedef struct {
  const shape *s;
  layer layers[MAX_LAYERS];
  qk_matrix head;
  qk_norm norm;
  int n;
  qk_floats x, q, k, v, logits;
} model;

typedef enum { QKV, OUTPUT, FEED_FORWARD, HEAD, OPERATIONS } operation;
static const char *const operation_names[] = {"q, k, v", "output", "feed-forward", "head"};

/* Of each pass; the last column is their sum. */
static double seconds[OPERATIONS + 1][TOKENS], bytes[OPERATIONS + 1][TOKENS];
static int token;
static double (*clock_now)(void);

static void must(qk_context *c, qk_status status) {
  if (status != QK_OK) {
    fprintf(stderr, "%s\n", qk_message(c));
    exit(1);
  }
}

static model *make(const shape *s, int n) {
  model *m = calloc(1, sizeof *m);
  m->s = s;
  m->n = n;
  int wide = s->heads * HEAD_DIM, narrow = s->kv_heads * HEAD_DIM;
  int experts = s->experts > 0 ? s->experts : 1;
  for (int i = 0; i < s->layers; i++) {
    m->layers[i] = (layer){
        .q = qk_bench_matrix(s->type, 1, wide, s->d, true),
        .k = qk_bench_matrix(s->type, 1, narrow, s->d, true),
        .v = qk_bench_matrix(i % 2 ? s->value_type : s->type, 1, narrow, s->d, true),
        .o = qk_bench_matrix(s->type, 1, s->d, wide, true),
        .router = qk_bench_matrix(QK_F32, 1, experts, s->d, true),
        .gate = qk_bench_matrix(s->type, experts, s->ff, s->d, true),
        .up = qk_bench_matrix(s->type, experts, s->ff, s->d, true),
        .down = qk_bench_matrix(i % 2 ? s->down_type : s->type, experts, s->d, s->ff, true),
    };
    float *router = (float *)m->layers[i].router.data;
    for (int j = 0; j < experts * s->d; j++) {
      router[j] = sinf((float)j * 1.7f + (float)i);
    }
  }
  m->head = qk_bench_matrix(s->head_type, 1, s->vocabulary, s->d, true);
  m->norm = (qk_norm){qk_bench_floats((size_t)s->d), 1e-6f, 0};
  size_t tokens = (size_t)n;
  m->x = qk_bench_floats(tokens * (size_t)s->d);
  m->q = qk_bench_floats(tokens * (size_t)wide);
  m->k = qk_bench_floats(tokens * (size_t)narrow);
  m->v = qk_bench_floats(tokens * (size_t)narrow);
  m->logits = qk_bench_floats(tokens * (size_t)s->vocabulary);
  return m;
}

static void release(model *m) {
  for (int i = 0; i < m->s->layers; i++) {
    layer *l = &m->layers[i];
    qk_matrix *all[] = {&l->q, &l->k, &l->v, &l->o, &l->router, &l->gate, &l->up, &l->down};
    for (size_t j = 0; j < sizeof all / sizeof all[0]; j++) {
      qk_bench_unmap(all[j]);
    }
  }
  qk_bench_unmap(&m->head);
  free(m->norm.weight.data);
  free(m->x.data);
  free(m->q.data);
  free(m->k.data);
  free(m->v.data);
  free(m->logits.data);
  free(m);
}

static double count(operation o, double start, double read) {
  double end = clock_now();
  seconds[o][token] += end - start;
  seconds[OPERATIONS][token] += end - start;
  bytes[o][token] += read;
  bytes[OPERATIONS][token] += read;
  return end;
}

/* Bytes of the experts that n tokens chose in this layer. */
static double active(const shape *s, const layer *l, const int32_t *chosen, int n) {
  bool seen[256] = {false};
  int different = 0;
  for (int i = 0; i < n * s->used; i++) {
    different += !seen[chosen[i]];
    seen[chosen[i]] = true;
  }
  return (double)(l->gate.bytes + l->up.bytes + l->down.bytes) * different / s->experts +
         (double)l->router.bytes;
}

/* A pass over n tokens, without attention. */
static void pass(qk_context *c, model *m, int32_t *chosen) {
  const shape *s = m->s;
  double at = clock_now();
  for (int i = 0; i < s->layers; i++) {
    layer *l = &m->layers[i];
    qk_output three[] = {{.weight = l->q, .y = m->q}, {.weight = l->k, .y = m->k},
                         {.weight = l->v, .y = m->v}};
    must(c, qk_project(c, &(qk_project_args){.n = m->n, .outputs = 3, .x = m->x,
                                             .norm = m->norm, .output = three}));
    at = count(QKV, at, (double)(l->q.bytes + l->k.bytes + l->v.bytes));
    qk_output output = {.weight = l->o, .y = m->x};
    must(c, qk_project(c, &(qk_project_args){
                              .n = m->n, .outputs = 1, .x = m->q, .output = &output}));
    at = count(OUTPUT, at, (double)l->o.bytes);
    if (s->experts > 0) {
      must(c, qk_mixture(c, &(qk_mixture_args){
                                .n = m->n, .used = s->used, .x = m->x, .norm = m->norm,
                                .router = l->router, .gate = l->gate, .up = l->up,
                                .down = l->down, .routing = chosen,
                                .routing_count = (uint64_t)m->n * (uint64_t)s->used}));
      at = count(FEED_FORWARD, at, active(s, l, chosen, m->n));
    } else {
      must(c, qk_feed_forward(c, &(qk_feed_forward_args){.n = m->n, .x = m->x, .norm = m->norm,
                                                         .gate = l->gate, .up = l->up,
                                                         .down = l->down}));
      at = count(FEED_FORWARD, at, (double)(l->gate.bytes + l->up.bytes + l->down.bytes));
    }
  }
  qk_output logits = {.weight = m->head, .y = m->logits};
  must(c, qk_project(c, &(qk_project_args){.n = m->n, .outputs = 1, .x = m->x, .norm = m->norm,
                                           .output = &logits}));
  count(HEAD, at, (double)m->head.bytes);
}

static int rising(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double values[TOKENS]) {
  qsort(values, TOKENS, sizeof *values, rising);
  return values[TOKENS / 2];
}

static void measure(qk_context *c, const shape *s, int n, double bandwidth) {
  model *m = make(s, n);
  int32_t *chosen = calloc((size_t)n * 256, sizeof *chosen);
  uint32_t state = 3;
  pass(c, m, chosen); /* sees every page once */
  memset(seconds, 0, sizeof seconds);
  memset(bytes, 0, sizeof bytes);
  for (token = 0; token < TOKENS; token++) {
    for (uint64_t i = 0; i < m->x.count; i++) { /* other experts for each token */
      state = state * 1664525 + 1013904223;
      m->x.data[i] = (float)(int32_t)state * 0x1p-31f;
    }
    pass(c, m, chosen);
  }
  token = 0;
  for (int o = 0; o <= OPERATIONS; o++) {
    double time = median(seconds[o]), read = median(bytes[o]);
    printf("%-22s n=%-3d %-14s %9.3f ms %8.1f MB %7.1f GB/s (%3.0f %%)\n", s->name, n,
           o < OPERATIONS ? operation_names[o] : "all", time * 1e3, read * 1e-6,
           read / time * 1e-9, 100 * read / time / bandwidth);
  }
  fflush(stdout);
  free(chosen);
  release(m);
}

void qk_bench_tokens(qk_context *context, double bandwidth, double (*now)(void),
                     const char *filter) {
  static const int batches[] = {1, 2, 4, 8};
  clock_now = now;
  for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
    for (size_t b = 0; b < sizeof batches / sizeof batches[0]; b++) {
      char name[64];
      snprintf(name, sizeof name, "%s n=%d", shapes[i].name, batches[b]);
      if (strstr(name, filter) != NULL) {
        measure(context, &shapes[i], batches[b], bandwidth);
      }
    }
  }
}
