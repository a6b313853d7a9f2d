/* Feed-forwards and mixtures: against doubles, against each other, and routing at its edges. */
#include "harness.h"

typedef struct {
  int type, down_type, n, d, ff, experts, used;
} shape;

static const shape shapes[] = {
    {QK_F32, QK_F32, 5, 48, 40, 6, 2},       {QK_F32, QK_F32, 40, 64, 33, 8, 3},
    {QK_Q8_0, QK_Q8_0, 9, 64, 96, 5, 5},     {QK_Q4_K, QK_Q6_K, 1, 256, 256, 16, 4},
    {QK_Q4_K, QK_Q6_K, 21, 256, 512, 16, 4}, {QK_Q5_K, QK_Q5_0, 17, 256, 96, 4, 1},
    {QK_Q4_0, QK_F16, 3, 96, 50, 3, 2},      {QK_Q5_1, QK_Q4_1, 70, 64, 64, 33, 8},
};

enum { SHAPES = sizeof shapes / sizeof shapes[0] };

typedef struct {
  qk_matrix router, gate, up, down;
  qk_norm norm;
  qk_floats x;
} model;

static model make_model(rng *r, const shape *s) {
  return (model){
      .router = make_matrix(r, QK_F32, 1, s->experts, s->d),
      .gate = make_matrix(r, s->type, s->experts, s->ff, s->d),
      .up = make_matrix(r, s->type, s->experts, s->ff, s->d),
      .down = make_matrix(r, s->down_type, s->experts, s->d, s->ff),
      .norm = {make_floats(r, (size_t)s->d, 2), 1e-6f, 0},
      .x = make_floats(r, (size_t)s->n * (size_t)s->d, 1),
  };
}

static qk_matrix expert_of(const qk_matrix *m, int expert) {
  uint64_t bytes = m->bytes / (uint64_t)m->experts;
  return (qk_matrix){(const char *)m->data + (uint64_t)expert * bytes, bytes, m->type, 1,
                     m->rows, m->cols};
}

static void multiply(const qk_matrix *m, int expert, const double *x, double *y) {
  double *row = malloc((size_t)m->cols * sizeof *row);
  for (int i = 0; i < m->rows; i++) {
    widen(m, expert * m->rows + i, row);
    y[i] = 0;
    for (int k = 0; k < m->cols; k++) {
      y[i] += row[k] * x[k];
    }
  }
  free(row);
}

/* The whole operation in doubles for one token; chosen gets the experts. */
static void mixture_in_doubles(const model *m, const shape *s, const float *x, double *out,
                               int *chosen) {
  double normed[1024], logits[64], gate[1024], up[1024], down[1024];
  double squares = 0, total = 0;
  for (int i = 0; i < s->d; i++) {
    squares += (double)x[i] * x[i];
  }
  for (int i = 0; i < s->d; i++) {
    normed[i] = x[i] / sqrt(squares / s->d + 1e-6) * m->norm.weight.data[i];
    out[i] = x[i];
  }
  multiply(&m->router, 0, normed, logits);
  for (int e = 0; e < s->experts; e++) {
    logits[e] = exp(logits[e]);
  }
  bool taken[64] = {false};
  for (int k = 0; k < s->used; k++) {
    chosen[k] = -1;
    for (int e = 0; e < s->experts; e++) {
      if (!taken[e] && (chosen[k] < 0 || logits[e] > logits[chosen[k]])) {
        chosen[k] = e;
      }
    }
    taken[chosen[k]] = true;
    total += logits[chosen[k]];
  }
  for (int k = 0; k < s->used; k++) {
    multiply(&m->gate, chosen[k], normed, gate);
    multiply(&m->up, chosen[k], normed, up);
    for (int i = 0; i < s->ff; i++) {
      gate[i] = gate[i] / (1 + exp(-gate[i])) * up[i];
    }
    multiply(&m->down, chosen[k], gate, down);
    for (int i = 0; i < s->d; i++) {
      out[i] += logits[chosen[k]] / total * down[i];
    }
  }
}

static void mixture_case(qk_context *c, uint64_t seed, void *out, size_t bytes) {
  const shape *s = &shapes[seed];
  rng r = {seed};
  model m = make_model(&r, s);
  size_t d = (size_t)s->d, n = (size_t)s->n, used = (size_t)s->used;
  float *before = malloc(n * d * 4);
  memcpy(before, m.x.data, n * d * 4);
  int32_t *routing = allocate(n * used * 4);
  qk_mixture_args args = {.n = s->n, .used = s->used, .x = m.x, .norm = m.norm,
                          .router = m.router, .gate = m.gate, .up = m.up, .down = m.down,
                          .routing = routing, .routing_count = n * used};
  must(c, qk_mixture(c, &args));
  double expected[1024];
  int chosen[64];
  for (size_t t = 0; t < n && s->type == QK_F32; t++) {
    mixture_in_doubles(&m, s, before + t * d, expected, chosen);
    for (size_t k = 0; k < used; k++) {
      CHECK(routing[t * used + k] == chosen[k], "token %zu choice %zu", t, k);
    }
    for (size_t i = 0; i < d; i++) {
      CHECK(fabs(m.x.data[t * d + i] - expected[i]) < 1e-5, "token %zu element %zu", t, i);
    }
  }
  for (size_t t = 0; t < n; t += 1 + n / 5) { /* one token alone gives the same bits */
    qk_floats one = zero_floats(d);
    int32_t own[64];
    memcpy(one.data, before + t * d, d * 4);
    args.n = 1;
    args.x = one;
    args.routing = own;
    must(c, qk_mixture(c, &args));
    CHECK(memcmp(one.data, m.x.data + t * d, d * 4) == 0, "token %zu", t);
    CHECK(memcmp(own, routing + t * used, used * 4) == 0, "token %zu", t);
    if (s->used == 1) { /* a mixture of one is that expert's feed-forward */
      qk_floats alone = zero_floats(d);
      memcpy(alone.data, before + t * d, d * 4);
      must(c, qk_feed_forward(c, &(qk_feed_forward_args){.n = 1, .x = alone, .norm = m.norm,
                                                         .gate = expert_of(&m.gate, own[0]),
                                                         .up = expert_of(&m.up, own[0]),
                                                         .down = expert_of(&m.down, own[0])}));
      CHECK(memcmp(one.data, alone.data, d * 4) == 0, "token %zu", t);
    }
  }
  free(before);
  CHECK(bytes == m.x.count * 4, "size");
  memcpy(out, m.x.data, bytes);
  free_all();
}

static void feed_forward_case(qk_context *c, uint64_t seed, void *out, size_t bytes) {
  const shape *s = &shapes[seed];
  shape single = *s;
  single.experts = 1;
  rng r = {seed + 100};
  model m = make_model(&r, &single);
  size_t d = (size_t)s->d, n = (size_t)s->n;
  float *before = malloc(n * d * 4);
  memcpy(before, m.x.data, n * d * 4);
  qk_feed_forward_args args = {.n = s->n, .x = m.x, .norm = m.norm, .gate = m.gate, .up = m.up,
                               .down = m.down};
  must(c, qk_feed_forward(c, &args));
  if (s->type == QK_F32) {
    double expected[1024];
    int chosen[1];
    single.used = 1;
    mixture_in_doubles(&m, &single, before, expected, chosen);
    for (size_t i = 0; i < d; i++) {
      CHECK(fabs(m.x.data[i] - expected[i]) < 1e-5, "element %zu", i);
    }
  }
  for (size_t t = 0; t < n; t += 1 + n / 5) {
    qk_floats one = zero_floats(d);
    memcpy(one.data, before + t * d, d * 4);
    args.n = 1;
    args.x = one;
    must(c, qk_feed_forward(c, &args));
    CHECK(memcmp(one.data, m.x.data + t * d, d * 4) == 0, "token %zu", t);
  }
  free(before);
  CHECK(bytes == m.x.count * 4, "size");
  memcpy(out, m.x.data, bytes);
  free_all();
}

/* Equal logits choose the lower index; a strong one gets every token, the others none. */
static void routing_edges(void) {
  shape s = {QK_Q8_0, QK_Q8_0, 600, 32, 32, 7, 2};
  rng r = {3};
  model m = make_model(&r, &s);
  float *router = (float *)m.router.data;
  memset(router, 0, (size_t)m.router.bytes);
  int32_t *routing = allocate((size_t)s.n * 2 * 4);
  qk_context *c = open_context("", 2);
  qk_mixture_args args = {.n = s.n, .used = 2, .x = m.x, .norm = m.norm, .router = m.router,
                          .gate = m.gate, .up = m.up, .down = m.down, .routing = routing,
                          .routing_count = (uint64_t)s.n * 2};
  must(c, qk_mixture(c, &args));
  for (int t = 0; t < s.n; t++) {
    CHECK(routing[2 * t] == 0 && routing[2 * t + 1] == 1, "token %d", t);
  }
  for (size_t i = 0; i < m.x.count; i++) {
    m.x.data[i] = i % 32 == 0 ? 1 : 0.01f;
  }
  m.norm.weight.data[0] = 1;
  router[5 * 32] = 3;
  must(c, qk_mixture(c, &args));
  for (int t = 0; t < s.n; t++) {
    CHECK(routing[2 * t] == 5 && routing[2 * t + 1] == 0, "token %d", t);
  }
  /* Numbers that are none: experts stay distinct and in range, nothing is read out of bounds. */
  for (size_t i = 0; i < m.x.count; i++) {
    m.x.data[i] = i % 3 == 0 ? NAN : i % 3 == 1 ? INFINITY : 1;
  }
  must(c, qk_mixture(c, &args));
  for (int t = 0; t < s.n; t++) {
    int a = routing[2 * t], b = routing[2 * t + 1];
    CHECK(a >= 0 && a < 7 && b >= 0 && b < 7 && a != b, "token %d: %d, %d", t, a, b);
  }
  qk_close(c);
  free_all();
}

/* More tokens than are routed together. */
static void many_tokens(qk_context *c, uint64_t seed, void *out, size_t bytes) {
  shape s = {QK_Q4_0, QK_Q8_0, 2100, 32, 32, 4, 2};
  rng r = {seed};
  model m = make_model(&r, &s);
  must(c, qk_mixture(c, &(qk_mixture_args){.n = s.n, .used = 2, .x = m.x, .norm = m.norm,
                                           .router = m.router, .gate = m.gate, .up = m.up,
                                           .down = m.down}));
  memcpy(out, m.x.data, bytes);
  free_all();
}

void test_mixture(void) {
  for (uint64_t seed = 0; seed < SHAPES; seed++) {
    size_t bytes = (size_t)shapes[seed].n * (size_t)shapes[seed].d * 4;
    check_everywhere("mixture", mixture_case, seed, bytes);
    check_everywhere("feed-forward", feed_forward_case, seed, bytes);
  }
  check_everywhere("many tokens", many_tokens, 1, 2100 * 32 * 4);
  routing_edges();
}
