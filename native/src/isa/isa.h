/*
 * What one instruction set provides: a table of functions over small pieces of work. Everything
 * above it (loops over experts, threads, memory) is common C; everything in it is compiled once
 * for each instruction set, with that set's flags.
 */
#ifndef QK_ISA_H
#define QK_ISA_H

#include <stddef.h>
#include <stdint.h>

#include "../types.h"

enum {
  /* Elements of a block along K: one float scale for each, in weights and in activations. */
  QK_BLOCK = 32,
  /* Rows of a panel: one vector register of 16 lanes holds one result of each. */
  QK_PANEL_ROWS = 16,
  /* Rows that are worked on together: two panels, so that an activation is loaded once for both. */
  QK_ROWS = 2 * QK_PANEL_ROWS,
  /*
   * Blocks of a panel, 512 elements: two panels and their scales take 2 * (8 + 3) KiB and stay in
   * a first-level cache of 32 KiB next to a tile of activations (6 * 16 * 48 bytes = 4.5 KiB).
   */
  QK_PANEL_BLOCKS = 16,
  /* Blocks of a K-quant's 256 elements, which have one scale for all and small integers for each. */
  QK_K_BLOCKS = 8
};

/* How an activation is quantised: with a scale for each 32 elements, or, for K-quants, each 256. */
typedef enum { QK_FORM_32, QK_FORM_256, QK_FORMS } qk_form;

/* 32 activations as int8 with their scale; see docs/reference/arithmetic.md. */
typedef struct {
  int8_t q[QK_BLOCK];
  float d; /* x = d * q */
  union {
    struct { /* QK_FORM_32 */
      float s;   /* d * sum of q, rounded to 11 bits */
      int32_t c; /* -128 * sum of q: corrects weights that are stored with 128 added */
    };
    struct { /* QK_FORM_256 */
      /* Of the first and the last 16 q -32 times their sum, which corrects 6-bit weights; where the
         instruction set sums pairs, in each half that of every other pair. */
      int32_t c0, c1;
      /* In the first four of eight blocks sums of q of two blocks: of 0 and 2, 1 and 3, 4 and 6, 5
         and 7, as minima are paired in a panel. */
      int16_t sums[2];
    };
  };
} qk_act;

/*
 * 16 rows of weights, unpacked to bytes: q[block][k / 4][row][k % 4]. One vector of 64 bytes is
 * four neighbouring elements of each row, which is what an int8 dot product instruction consumes;
 * rows are lanes, so no sum across lanes is ever needed.
 */
typedef struct {
  uint8_t q[QK_PANEL_BLOCKS][QK_BLOCK / 4][QK_PANEL_ROWS * 4];
  /* QK_KIND_PLAIN and _MIN: dw of docs/reference/arithmetic.md; _K_MIN and _K_NIBBLE: dk * sc;
     _K_PAIR: dk, in the first of eight blocks. */
  float d[QK_PANEL_BLOCKS][QK_PANEL_ROWS];
  union {
    float a[QK_PANEL_BLOCKS][QK_PANEL_ROWS]; /* QK_KIND_MIN: mm; QK_KIND_K_PAIR: first scale */
    /* QK_KIND_K_MIN, _K_NIBBLE: in the first four of eight blocks the minima of two, paired as
       sums are. */
    int16_t minima[QK_PANEL_BLOCKS][QK_PANEL_ROWS][2];
  };
  /* QK_KIND_K_PAIR: second scale; _K_MIN and _K_NIBBLE: -dmin in the first of eight blocks. */
  float b[QK_PANEL_BLOCKS][QK_PANEL_ROWS];
} qk_panel;

/* Where the rows of what comes after 16 rows are: the next 16, and those 32 from these. */
typedef struct {
  const uint8_t *near, *far;
} qk_ahead;

/* Products to form over a panel; the panel's bytes are stored to suit. */
typedef enum {
  QK_KIND_PLAIN, /* d * I; any int8 weight */
  QK_KIND_MIN,   /* d * I + mm * s; unsigned weights below 32 */
  QK_KIND_K_MIN, /* of 256 elements d * I and once dmin * minima * sums; the same weights */
  QK_KIND_K_NIBBLE, /* the same with weights below 16 */
  QK_KIND_K_PAIR /* of 256 elements d * (a I_first + b I_last); 6-bit weights with 32 added */
} qk_kind;

/* Running softmax of one query head over tiles of positions. */
typedef struct {
  float max;
  float sum[16];
} qk_softmax;

/* Steps of a softmax weight: 64 * 32767 * 128 stays below 2^31, so sums over a page are exact. */
#define QK_WEIGHT_STEPS 32767.0f

/* Values of one head in a page of Q8_0, and the weights of some columns. */
typedef struct {
  /* Where the page's rows are and how far apart; null where `pairs` holds them unpacked. */
  const uint8_t *source;
  size_t stride;
  const uint8_t *ahead; /* what to fetch while the source is read, as many bytes */
  /* pairs[block of 32 dimensions * 32 + pair of positions]: 16 and 16 dimensions of both positions
     as int16, in an order of the instruction set's own. */
  uint8_t (*pairs)[128];
  int rows;           /* that are unpacked: 32 or 64 */
  float *d;           /* (blocks, 64) scales, 0 beyond the rows in use */
  int count;          /* positions that `steps` and `step` are for */
  float *steps;       /* (blocks, 64) steps of a weight for a softmax of 1 */
  float *step;        /* (blocks) what one step times one unit of a value is */
  float *column_step; /* (blocks, QK_VALUE_COLUMNS) the step of each column */
  int16_t *weights;   /* (QK_VALUE_COLUMNS, blocks, 64), in an order of the set's own */
} qk_values;

/* Columns that share a pass over the values, at most. */
enum { QK_VALUE_COLUMNS = 8 };

typedef struct {
  const char *name;

  /* out = RMS norm of x (n). */
  void (*norm)(const float *x, const float *weight, float epsilon, int n, float *out);
  /* x (n), a multiple of the form's 32 or 256, as blocks of 32. */
  void (*quantise)(qk_form form, const float *x, int n, qk_act *out);

  /*
   * 16 rows, stride bytes apart, `blocks` blocks of 32 each from rows on. As many bytes from
   * `ahead` on are fetched into the second-level cache meanwhile, a few lines at a time: memory
   * works while this computes. `ahead` may be any address.
   */
  void (*unpack)(int type, const uint8_t *rows, size_t stride, int blocks, qk_panel *out,
                 const uint8_t *ahead);
  /*
   * acc[t * stride + r] continues its sum over `blocks` blocks, for 32 rows r (two panels) and n
   * tokens; act[t] is token t's first block.
   */
  void (*multiply)(qk_kind kind, const qk_panel *pair, int blocks, const qk_act *const *act, int n,
                   float *acc, size_t stride);
  /*
   * out[t * out_stride + r] = row r times token t, for 16 rows of `blocks` blocks and n tokens, at
   * most `few`: for so many this is faster than a panel. act as above; rows that come next are
   * fetched meanwhile.
   */
  int few;
  void (*multiply_few)(int type, const uint8_t *rows, size_t stride, int blocks,
                       const qk_act *const *act, int n, float *out, size_t out_stride,
                       qk_ahead ahead);
  /* out[t * out_stride + r] = row r (F32, F16, BF16, cols long) times x[t]. */
  void (*products)(int type, const uint8_t *rows, size_t stride, int count, int cols,
                   const float *const *x, int n, float *out, size_t out_stride);

  /* g_i = silu(g_i) * u_i */
  void (*silu_multiply)(float *g, const float *u, int n);
  /* y_i = fma(weight, x_i, y_i) */
  void (*scale_add)(float *y, const float *x, float weight, int n);
  /* x_i = exp(x_i - max) */
  void (*exp_minus)(float *x, int n, float max);

  /* Norm (none where weight is null) and rotation of one head, in place. */
  void (*rotate)(float *head, int dim, const float *weight, float epsilon, const float *cos,
                 const float *sin);
  /* One key or value vector in the page's type. */
  void (*store_kv)(int type, const float *x, int dim, uint8_t *row);
  /* Rows of values widened: out (count, dim); fetches as many bytes from `ahead` on. */
  void (*widen_kv)(int type, const uint8_t *rows, size_t stride, int count, int dim, float *out,
                   const uint8_t *ahead);
  /*
   * One tile of a query head: s (count dot products) becomes p, state advances, acc (dim) is
   * rescaled.
   */
  void (*softmax_tile)(float *s, int count, float scale, qk_softmax *state, float *acc, int dim);
  /* acc[h] (dim) += sum over j of p[h * 64 + j] * values[j] (dim), j rising, from <= j <
     count[h], at most `most` of them; values[0] belongs to j = from. */
  void (*add_values)(const float *values, int dim, const float *p, const int *count, int from,
                     int most, int heads, float *acc);
  /*
   * The first `count` rows of Q8_0 values, for `columns` that will use them: few may be served from
   * the rows themselves, which must stay. Fetches as many bytes from `ahead` on, then or later.
   */
  void (*unpack_values)(const uint8_t *rows, size_t stride, int count, int blocks, int columns,
                        qk_values *out, const uint8_t *ahead);
  /*
   * One tile of some columns over unpacked values: scores (columns, 64) are dot products, of which
   * a column's first count[c] are its own, and are overwritten; states and acc (columns, dim)
   * advance.
   */
  void (*add_values_q8_0)(qk_values *values, int blocks, float *scores, const int *count,
                          int columns, float scale, qk_softmax *state, float *acc);
  /* out = acc / total of the state's sums. */
  void (*finish_attention)(const qk_softmax *state, const float *acc, int dim, float *out);

  /*
   * Dot products of 64 weights below 16 and 4 activations in registers, `rounds` times some, a
   * multiple of 8; sets how many multiply-adds that were and returns something that depends on
   * all of them.
   */
  int64_t (*multiply_peak)(const uint8_t *weights, const int8_t *quad, int rounds,
                           int64_t *products);
} qk_isa;

extern const qk_isa qk_isa_scalar;
#if defined(__x86_64__)
extern const qk_isa qk_isa_avx2;
extern const qk_isa qk_isa_avxvnni;
extern const qk_isa qk_isa_avx512;
#elif defined(__aarch64__)
extern const qk_isa qk_isa_neon;
extern const qk_isa qk_isa_neon_dotprod;
#endif

#endif
