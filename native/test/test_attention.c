/* Rotation, pages and attention: against doubles, batch against single tokens, page edges. */
#include "../src/types.h"
#include "harness.h"

enum { MAX_TOKENS = 160, LAYERS = 2, LAYER = 1 };

/* Some tokens of some sequences. */
typedef struct {
  int n, sequences;
  int32_t sequence[MAX_TOKENS], position[MAX_TOKENS];
} batch;

typedef struct {
  int type, heads, kv_heads, dim;
} shape;

static const shape shapes[] = {
    {QK_F32, 4, 2, 64},  {QK_F16, 4, 2, 64},  {QK_Q8_0, 4, 2, 64}, {QK_F32, 3, 3, 18},
    {QK_F16, 5, 1, 22},  {QK_Q8_0, 8, 1, 128}, {QK_Q8_0, 6, 2, 32}, {QK_F16, 2, 1, 128},
    {QK_Q8_0, 1, 1, 640}, {QK_F32, 2, 2, 256},
};

static void add_span(batch *b, int sequence, int from, int to) {
  for (int p = from; p < to; p++, b->n++) {
    b->sequence[b->n] = sequence;
    b->position[b->n] = p;
  }
  b->sequences = sequence + 1 > b->sequences ? sequence + 1 : b->sequences;
}

static batch batch_of(int kind) {
  batch b = {0};
  switch (kind) {
    case 0: add_span(&b, 0, 0, 1); break;
    case 1: add_span(&b, 0, 0, 70); break;
    case 2: add_span(&b, 0, 63, 64); break;
    case 3: add_span(&b, 0, 64, 65); break;
    case 4: add_span(&b, 0, 63, 66); break;
    case 5: add_span(&b, 0, 200, 233); break;
    case 6: /* several sequences, one of them in two pieces around another */
      add_span(&b, 1, 60, 66);
      add_span(&b, 0, 127, 130);
      add_span(&b, 1, 66, 68);
      add_span(&b, 2, 0, 1);
      break;
    default:
      for (int s = 0; s < 9; s++) {
        add_span(&b, s, 17 * s, 17 * s + 1);
      }
  }
  return b;
}

enum { KINDS = 8 };

/* A batch in memory: pages of random keys and values up to 256 positions a sequence. */
typedef struct {
  qk_kv kv;
  uint64_t addresses[16][4];
  const uint64_t *tables[16];
  int32_t counts[16];
} pages;

static void make_pages(pages *p, rng *r, const shape *s, const batch *b) {
  size_t row = (size_t)qk_row_bytes(s->type, s->dim);
  size_t bytes = 2 * LAYERS * (size_t)s->kv_heads * 64 * row;
  for (int i = 0; i < b->sequences; i++) {
    for (int page = 0; page < 4; page++) {
      int rows = (int)(bytes / row);
      p->addresses[i][page] =
          (uint64_t)(uintptr_t)make_matrix(r, s->type, 1, rows, s->dim).data;
    }
    p->tables[i] = p->addresses[i];
    p->counts[i] = 4;
  }
  p->kv = (qk_kv){.n = b->n,
                  .type = s->type,
                  .layers = LAYERS,
                  .kv_heads = s->kv_heads,
                  .head_dim = s->dim,
                  .sequences = b->sequences,
                  .sequence = b->sequence,
                  .position = b->position,
                  .tables = p->tables,
                  .page_counts = p->counts,
                  .page_bytes = bytes};
}

static void read_row(const pages *p, int sequence, int position, int kind, int head, double *out) {
  const qk_kv *kv = &p->kv;
  int row = ((2 * LAYER + kind) * kv->kv_heads + head) * 64 + position % 64;
  qk_matrix page = {.data = (void *)(uintptr_t)p->addresses[sequence][position / 64],
                    .type = kv->type,
                    .cols = kv->head_dim};
  widen(&page, row, out);
}

/* `tolerance` is relative to the largest value. */
static void check_attention(const pages *p, const shape *s, const float *q, const float *out,
                            int t, double tolerance) {
  int sequence = p->kv.sequence[t], last = p->kv.position[t];
  double key[1024], p_j[256], result[1024];
  for (int h = 0; h < s->heads; h++) {
    const float *qh = q + ((size_t)t * (size_t)s->heads + (size_t)h) * (size_t)s->dim;
    double max = -INFINITY, sum = 0, largest = 0;
    for (int j = 0; j <= last; j++) {
      read_row(p, sequence, j, 0, h / (s->heads / s->kv_heads), key);
      double dot = 0;
      for (int i = 0; i < s->dim; i++) {
        dot += key[i] * qh[i];
      }
      p_j[j] = dot / sqrt(s->dim);
      max = fmax(max, p_j[j]);
    }
    memset(result, 0, sizeof result);
    for (int j = 0; j <= last; j++) {
      read_row(p, sequence, j, 1, h / (s->heads / s->kv_heads), key);
      double weight = exp(p_j[j] - max);
      sum += weight;
      for (int i = 0; i < s->dim; i++) {
        result[i] += weight * key[i];
        largest = fmax(largest, fabs(key[i]));
      }
    }
    double limit = largest * tolerance;
    for (int i = 0; i < s->dim; i++) {
      double error = fabs(
          result[i] / sum - out[((size_t)t * (size_t)s->heads + (size_t)h) * (size_t)s->dim +
                                (size_t)i]);
      CHECK(error <= limit, "type %d token %d head %d: error %g above %g", s->type, t, h, error,
            limit);
    }
  }
}

static void attend_case(qk_context *c, uint64_t seed, void *out, size_t bytes) {
  const shape *s = &shapes[seed / KINDS];
  batch b = batch_of((int)(seed % KINDS));
  rng r = {seed};
  static pages p;
  make_pages(&p, &r, s, &b);
  size_t width = (size_t)(s->heads * s->dim);
  qk_floats q = make_floats(&r, (size_t)b.n * width, 4), o = zero_floats((size_t)b.n * width);
  qk_attend_args args = {.kv = p.kv, .layer = LAYER, .heads = s->heads, .q = q, .out = o,
                         .scale = (float)(1 / sqrt(s->dim))};
  must(c, qk_attend(c, &args));
  if (strcmp(qk_isa_name(c), "scalar") == 0) {
    for (int t = 0; t < b.n; t += 1 + b.n / 5) {
      /* Rounding q to 8 bits moves scores by some hundredths, and so the weights. */
      check_attention(&p, s, q.data, o.data, t, s->type == QK_Q8_0 ? 0.02 : 1e-5);
    }
  }
  for (int t = 0; t < b.n; t += 1 + b.n / 7) { /* one token alone gives the same bits */
    qk_floats one = zero_floats(width);
    args.kv.n = 1;
    args.kv.sequence = b.sequence + t;
    args.kv.position = b.position + t;
    args.q = (qk_floats){q.data + (size_t)t * width, width};
    args.out = one;
    must(c, qk_attend(c, &args));
    CHECK(memcmp(one.data, o.data + (size_t)t * width, width * 4) == 0, "token %d", t);
  }
  CHECK(bytes == o.count * 4, "size");
  memcpy(out, o.data, bytes);
  free_all();
}

/* Rotation by the definition, and what lies in the pages afterwards. */
static void append_case(qk_context *c, uint64_t seed, void *out, size_t bytes) {
  const shape *s = &shapes[seed / KINDS];
  batch b = batch_of((int)(seed % KINDS));
  rng r = {seed};
  static pages p;
  make_pages(&p, &r, s, &b);
  size_t n = (size_t)b.n, dim = (size_t)s->dim, half = dim / 2;
  qk_floats q = make_floats(&r, n * (size_t)s->heads * dim, 2);
  qk_floats k = make_floats(&r, n * (size_t)s->kv_heads * dim, 2);
  qk_floats v = make_floats(&r, n * (size_t)s->kv_heads * dim, 2);
  qk_floats cosines = make_floats(&r, n * half, 1), sines = make_floats(&r, n * half, 1);
  qk_norm norm = {make_floats(&r, dim, 1), 1e-6f, 0};
  qk_append_args args = {.kv = p.kv, .layer = LAYER, .heads = s->heads, .q = q, .k = k, .v = v,
                         .q_norm = norm, .cos = cosines, .sin = sines};
  float *before = malloc(k.count * 4);
  memcpy(before, k.data, k.count * 4);
  must(c, qk_append_kv(c, &args));
  double key[1024], value[1024];
  for (size_t t = 0; t < n; t++) {
    for (size_t h = 0; h < (size_t)s->kv_heads; h++) {
      size_t at = (t * (size_t)s->kv_heads + h) * dim;
      float largest = 0, largest_value = 0;
      for (size_t i = 0; i < half; i++) {
        double x = before[at + i], y = before[at + half + i];
        double co = cosines.data[t * half + i], si = sines.data[t * half + i];
        CHECK(fabs(k.data[at + i] - (x * co - y * si)) < 1e-6, "rotation");
        CHECK(fabs(k.data[at + half + i] - (x * si + y * co)) < 1e-6, "rotation");
      }
      for (size_t i = 0; i < dim; i++) {
        largest = fmaxf(largest, fabsf(k.data[at + i]));
        largest_value = fmaxf(largest_value, fabsf(v.data[at + i]));
      }
      read_row(&p, b.sequence[t], b.position[t], 0, (int)h, key);
      read_row(&p, b.sequence[t], b.position[t], 1, (int)h, value);
      double step = s->type == QK_Q8_0 ? 1.0 / 220 : s->type == QK_F16 ? 0x1p-11 : 0;
      for (size_t i = 0; i < dim; i++) {
        CHECK(fabs(key[i] - k.data[at + i]) <= step * largest, "key %zu of token %zu", i, t);
        CHECK(fabs(value[i] - v.data[at + i]) <= step * largest_value, "value");
      }
    }
  }
  free(before);
  CHECK(bytes == (q.count + k.count) * 4 + p.kv.page_bytes, "size");
  memcpy(out, q.data, q.count * 4);
  memcpy((float *)out + q.count, k.data, k.count * 4);
  memcpy((float *)out + q.count + k.count,
         (void *)(uintptr_t)p.addresses[b.sequence[0]][b.position[0] / 64], p.kv.page_bytes);
  free_all();
}

/* More query heads of one kv head than fit into a unit, and more threads than kv heads. */
static void wide_group(void) {
  enum { HEADS = 200, DIM = 32 };
  rng r = {7};
  shape s = {QK_Q8_0, HEADS, 1, DIM};
  batch b = {0};
  add_span(&b, 0, 90, 91);
  static pages p;
  make_pages(&p, &r, &s, &b);
  qk_floats q = make_floats(&r, HEADS * DIM, 4), o = zero_floats(HEADS * DIM);
  qk_attend_args args = {.kv = p.kv, .layer = LAYER, .heads = HEADS, .q = q, .out = o,
                         .scale = (float)(1 / sqrt(DIM))};
  qk_context *c = open_context("", 3);
  must(c, qk_attend(c, &args));
  check_attention(&p, &s, q.data, o.data, 0, 0.02);
  qk_close(c);
  free_all();
}

/*
 * Queries that 8 bits hold exactly: what is left is the rounding of weights to 15 bits. Each is off
 * by at most half of 1/32767 of its page's largest, with errors that mostly cancel.
 */
static void weight_rounding(void) {
  enum { HEADS = 4, DIM = 64 };
  shape s = {QK_Q8_0, HEADS, 2, DIM};
  qk_context *c = open_context("", 1);
  for (int round = 0; round < 6; round++) {
    rng r = {(uint64_t)round + 11};
    batch b = {0};
    add_span(&b, 0, 40 * round, 40 * round + 1);
    static pages p;
    make_pages(&p, &r, &s, &b);
    qk_floats q = make_floats(&r, HEADS * DIM, 1), o = zero_floats(HEADS * DIM);
    for (int i = 0; i < HEADS * DIM; i++) {
      int steps = i % 32 == 0 ? 127 : (int)(q.data[i] * 127);
      q.data[i] = (float)(steps < -127 ? -127 : steps > 127 ? 127 : steps) / 64;
    }
    qk_attend_args args = {.kv = p.kv, .layer = LAYER, .heads = HEADS, .q = q, .out = o,
                           .scale = (float)(1 / sqrt(DIM))};
    must(c, qk_attend(c, &args));
    check_attention(&p, &s, q.data, o.data, 0, 2e-5);
    free_all();
  }
  qk_close(c);
}

void test_attention(void) {
  for (uint64_t seed = 0; seed < KINDS * sizeof shapes / sizeof shapes[0]; seed++) {
    const shape *s = &shapes[seed / KINDS];
    if (seed / KINDS > 2 && (seed + seed / KINDS) % 3 != 0) {
      continue; /* every batch with the first shapes, a third of them with the others */
    }
    size_t n = (size_t)batch_of((int)(seed % KINDS)).n, dim = (size_t)s->dim;
    check_everywhere("attend", attend_case, seed, n * (size_t)s->heads * dim * 4);
    size_t page = 2 * LAYERS * (size_t)s->kv_heads * 64 * (size_t)qk_row_bytes(s->type, s->dim);
    check_everywhere("append", append_case, seed,
                     n * (size_t)(s->heads + s->kv_heads) * dim * 4 + page);
  }
  wide_group();
  weight_rounding();
}
