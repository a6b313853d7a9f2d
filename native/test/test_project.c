/* Products of every type: against doubles, against each other, alone and in a batch. */
#include "../src/types.h"
#include "harness.h"

typedef struct {
  int type, rows, cols;
} shape;

static shape shape_of(uint64_t seed) {
  static const int rows[] = {1, 15, 16, 17, 32, 33, 64, 100};
  rng r = {seed};
  int type = all_types[seed % (uint64_t)all_types_count];
  int step = type == QK_F32 || type == QK_F16 || type == QK_BF16 ? 1
             : type == QK_Q4_K || type == QK_Q5_K || type == QK_Q6_K ? 256
                                                                       : 32;
  int cols = step == 1 ? 1 + rng_below(&r, 200) : step * (1 + rng_below(&r, step == 32 ? 40 : 4));
  return (shape){type, rows[rng_below(&r, 8)], cols};
}

/* |m| of Q4_1 and Q5_1, whose sums of activations are rounded; 0 for the others. */
static double minimum(const qk_matrix *w, int row, int k) {
  if (w->type != QK_Q4_1 && w->type != QK_Q5_1) {
    return 0;
  }
  size_t block_bytes = w->type == QK_Q4_1 ? 20 : 24;
  size_t block = (size_t)row * (size_t)(w->cols / 32) + (size_t)(k / 32);
  return fabs(half_at((const uint8_t *)w->data + block * block_bytes + 2));
}

/* |y - sum w x| is bounded by the rounding of activations: half a step of each block. */
static void check_against_doubles(const qk_matrix *w, const float *x, const float *y, int n,
                                  bool add) {
  double *row = malloc((size_t)w->cols * sizeof *row);
  bool quantised = w->type != QK_F32 && w->type != QK_F16 && w->type != QK_BF16;
  int block = w->type == QK_Q4_K || w->type == QK_Q5_K || w->type == QK_Q6_K ? 256 : 32;
  for (int i = 0; i < w->rows; i++) {
    widen(w, i, row);
    for (int t = 0; t < n; t++) {
      const float *v = x + (size_t)t * (size_t)w->cols;
      double sum = 0, size = 0, bound = 0, step = 0;
      for (int k = 0; k < w->cols; k++) {
        if (k % block == 0) {
          step = 0;
          for (int l = k; l < k + block && l < w->cols; l++) {
            step = fmax(step, fabs(v[l]) / 127);
          }
        }
        sum += row[k] * v[k];
        size += fabs(row[k] * v[k]);
        /* d has 11 bits, and so has the sum that a minimum multiplies. */
        bound += fabs(row[k]) * step / 2;
        bound += (fabs(row[k]) + minimum(w, i, k)) * fabs(v[k]) * 0x1p-11;
      }
      double error = fabs(sum + (add ? 1 : 0) - y[(size_t)t * (size_t)w->rows + (size_t)i]);
      /* Float rounding: K-quants subtract a minimum, so their terms are some times larger. */
      double limit = (quantised ? 1.001 * bound : 0) + 1e-5 * (size * 4 + 1);
      CHECK(error <= limit, "%s (%d, %d) row %d token %d: error %g above %g",
            type_name(w->type), w->rows, w->cols, i, t, error, limit);
    }
  }
  free(row);
}

/* maxima (n, width / 32 rounded up) of y (n, width). */
static void check_maxima(const float *y, int n, size_t width, const float *maxima) {
  size_t units = (width + 31) / 32;
  for (size_t i = 0; i < (size_t)n * units; i++) {
    size_t from = i % units * 32, to = from + 32 < width ? from + 32 : width;
    float most = -INFINITY;
    for (size_t r = from; r < to; r++) {
      most = fmaxf(most, y[i / units * width + r]);
    }
    CHECK(maxima[i] == most, "largest of rows %zu .. %zu of token %zu: %g, not %g", from, to - 1,
          i / units, maxima[i], most);
  }
}

/*
 * y of 11 tokens in one batch, tiles of 6 and 5 of them, then few at a time, then in pairs of
 * outputs with a norm.
 */
static void project_case(qk_context *c, uint64_t seed, void *out, size_t bytes) {
  enum { N = 11 };
  shape s = shape_of(seed);
  rng r = {seed + 1};
  qk_matrix w = make_matrix(&r, s.type, 1, s.rows, s.cols);
  qk_matrix f = make_matrix(&r, QK_F32, 1, 5, s.cols);
  qk_floats x = make_floats(&r, N * (size_t)s.cols, 3);
  size_t width = (size_t)s.rows;
  qk_floats y = zero_floats(N * width);
  for (size_t i = 0; i < y.count; i++) {
    y.data[i] = 1;
  }
  size_t units = (width + 31) / 32;
  qk_floats maxima = zero_floats(N * units);
  qk_output output = {.weight = w, .y = y, .maxima = maxima, .add = seed % 2 == 0};
  must(c, qk_project(c, &(qk_project_args){.n = N, .outputs = 1, .x = x, .output = &output}));
  check_against_doubles(&w, x.data, y.data, N, output.add != 0);
  check_maxima(y.data, N, width, maxima.data);
  for (int n = 1; n <= 6; n++) { /* small batches give the same bits */
    for (int t = 0; t + n <= N; t += n) {
      qk_floats few = zero_floats((size_t)n * width);
      for (size_t i = 0; i < few.count; i++) {
        few.data[i] = 1;
      }
      qk_floats xt = {x.data + t * s.cols, (uint64_t)n * (uint64_t)s.cols};
      qk_output some = {.weight = w, .y = few, .add = output.add};
      must(c, qk_project(c, &(qk_project_args){.n = n, .outputs = 1, .x = xt, .output = &some}));
      CHECK(memcmp(few.data, y.data + (size_t)t * width, few.count * 4) == 0,
            "%s (%d, %d) tokens %d .. %d", type_name(s.type), s.rows, s.cols, t, t + n - 1);
    }
  }
  qk_floats y2 = zero_floats(N * width), yf = zero_floats(N * 5);
  qk_norm norm = {make_floats(&r, (size_t)s.cols, 1), 1e-6f, 0};
  qk_output both[] = {{.weight = w, .y = y2}, {.weight = f, .y = yf}};
  must(c, qk_project(c, &(qk_project_args){
                            .n = N, .outputs = 2, .x = x, .norm = norm, .output = both}));
  CHECK(bytes == (y.count * 2 + yf.count) * 4, "size");
  float *o = out;
  memcpy(o, y.data, y.count * 4);
  memcpy(o + y.count, y2.data, y.count * 4);
  memcpy(o + 2 * y.count, yf.data, yf.count * 4);
  free_all();
}

/* The largest integers there are: sums of products that are kept in 16 bits must not overflow. */
static void extreme_case(qk_context *c, uint64_t seed, void *out, size_t bytes) {
  static const struct {
    int type, from, to; /* the bytes of a block that hold bits of weights */
  } types[] = {{QK_Q8_0, 2, 34}, {QK_Q4_0, 2, 18}, {QK_Q4_1, 4, 20},   {QK_Q5_0, 2, 22},
               {QK_Q5_1, 4, 24}, {QK_Q4_K, 16, 144}, {QK_Q5_K, 16, 176}, {QK_Q6_K, 0, 192}};
  static const uint8_t fills[] = {0xff, 0x00, 0x80, 0x7f};
  enum { N = 11, ROWS = 32, COLS = 512 };
  rng r = {seed};
  qk_matrix w = make_matrix(&r, types[seed % 8].type, 1, ROWS, COLS);
  uint8_t *data = (uint8_t *)w.data;
  size_t block = (size_t)qk_geometry_of(w.type).block_bytes;
  for (size_t i = 0; i < w.bytes; i++) {
    size_t at = i % block;
    if (at >= (size_t)types[seed % 8].from && at < (size_t)types[seed % 8].to) {
      data[i] = fills[seed / 8];
    }
  }
  qk_floats x = make_floats(&r, (size_t)N * COLS, 1), y = zero_floats((size_t)N * ROWS);
  for (size_t i = 0; i < x.count; i++) { /* all 1, all -1, then signs that change every 1, 2, 4 .. */
    size_t t = i / COLS;
    x.data[i] = t == 0 || (t > 1 && i >> (t - 2) & 1) ? 1 : -1;
  }
  qk_output output = {.weight = w, .y = y};
  must(c, qk_project(c, &(qk_project_args){.n = N, .outputs = 1, .x = x, .output = &output}));
  check_against_doubles(&w, x.data, y.data, N, false);
  for (int n = 1; n <= 6; n++) { /* tiles of each size take the extremes, which come first */
    qk_floats few = zero_floats((size_t)n * ROWS);
    qk_output some = {.weight = w, .y = few};
    qk_floats first = {x.data, (uint64_t)n * COLS};
    must(c, qk_project(c, &(qk_project_args){.n = n, .outputs = 1, .x = first, .output = &some}));
    CHECK(memcmp(few.data, y.data, few.count * 4) == 0, "%s filled with %d, %d tokens",
          type_name(w.type), fills[seed / 8], n);
  }
  memcpy(out, y.data, bytes);
  free_all();
}

/* More tokens than a block of them, and more blocks of K than a panel holds. */
static void large_case(qk_context *c, uint64_t seed, void *out, size_t bytes) {
  enum { N = 530, ROWS = 40, COLS = 768 };
  rng r = {seed};
  qk_matrix w = make_matrix(&r, seed == 0 ? QK_Q4_K : QK_Q6_K, 1, ROWS, COLS);
  qk_floats x = make_floats(&r, (size_t)N * COLS, 1), y = zero_floats((size_t)N * ROWS);
  qk_output output = {.weight = w, .y = y};
  must(c, qk_project(c, &(qk_project_args){.n = N, .outputs = 1, .x = x, .output = &output}));
  memcpy(out, y.data, bytes);
  free_all();
}

/* A row that is not a number is the largest of its 32, wherever it stands; others know nothing. */
static void nan_case(qk_context *c, uint64_t seed, void *out, size_t bytes) {
  enum { ROWS = 96, COLS = 32 };
  rng r = {seed};
  qk_matrix w = make_matrix(&r, QK_F32, 1, ROWS, COLS);
  ((float *)w.data)[(32 + seed) * COLS] = NAN;
  qk_floats x = make_floats(&r, COLS, 1), y = zero_floats(ROWS), maxima = zero_floats(3);
  qk_output output = {.weight = w, .y = y, .maxima = maxima};
  must(c, qk_project(c, &(qk_project_args){.n = 1, .outputs = 1, .x = x, .output = &output}));
  CHECK(isnan(maxima.data[1]) && !isnan(maxima.data[0]) && !isnan(maxima.data[2]),
        "NaN in row %d: maxima %g %g %g", 32 + (int)seed, maxima.data[0], maxima.data[1],
        maxima.data[2]);
  memset(out, 0, bytes);
  free_all();
}

static void embed_case(qk_context *c, uint64_t seed, void *out, size_t bytes) {
  int type = all_types[seed];
  rng r = {seed};
  qk_matrix table = make_matrix(&r, type, 1, 9, 256);
  int32_t tokens[] = {8, 0, 3, 3};
  qk_floats x = zero_floats(4 * 256);
  must(c, qk_embed(c, &(qk_embed_args){.table = table, .tokens = tokens, .n = 4, .x = x}));
  double row[256];
  for (int t = 0; t < 4; t++) {
    widen(&table, tokens[t], row);
    for (int i = 0; i < 256; i++) {
      CHECK((float)row[i] == x.data[t * 256 + i], "%s token %d element %d", type_name(type), t, i);
    }
  }
  memcpy(out, x.data, bytes);
  free_all();
}

void test_project(void) {
  for (uint64_t seed = 0; seed < 6 * (uint64_t)all_types_count; seed++) {
    shape s = shape_of(seed);
    check_everywhere("project", project_case, seed, (size_t)(2 * 11 * s.rows + 11 * 5) * 4);
  }
  for (uint64_t seed = 0; seed < 2; seed++) {
    check_everywhere("large project", large_case, seed, 530 * 40 * 4);
  }
  for (uint64_t seed = 0; seed < 32; seed++) {
    check_everywhere("extreme project", extreme_case, seed, 11 * 32 * 4);
  }
  for (uint64_t seed = 0; seed < 32; seed++) {
    check_everywhere("maxima of NaN", nan_case, seed, 1);
  }
  for (uint64_t seed = 0; seed < (uint64_t)all_types_count; seed++) {
    check_everywhere("embed", embed_case, seed, 4 * 256 * 4);
  }
}
