/*
 * Matrix products: 32 rows of a weight matrix times many tokens. One loop serves all weight types,
 * one token or thousands: 512 elements of the rows are unpacked into the first-level cache, then
 * multiplied with every token.
 */
#ifndef QK_PRODUCT_H
#define QK_PRODUCT_H

#include "context.h"

enum {
  /* Tokens between two unpackings: enough to make unpacking cheap (it costs about as much as
     multiplying 3 tokens), while the sums, 32 floats a token, take 64 KiB of second-level cache. */
  QK_TOKEN_BLOCK = 512
};

/* One matrix of checked size. */
typedef struct {
  const uint8_t *data;
  size_t row_bytes;
  int type, rows, cols;
} qk_weights;

qk_weights qk_weights_of(const qk_matrix *m, int expert);

/* Activations of tokens in the forms that the types of the weights ask for; null where none does. */
typedef struct {
  qk_act *blocks[QK_FORMS]; /* (n, cols / 32) */
  const float *floats;      /* (n, cols) */
  int cols;
} qk_input;

/* Which forms some weights ask for. */
typedef struct {
  bool blocks[QK_FORMS], floats;
} qk_needs;

static inline qk_form qk_form_of(int type) {
  return type == QK_Q4_K || type == QK_Q5_K || type == QK_Q6_K ? QK_FORM_256 : QK_FORM_32;
}

static inline void qk_add_need(qk_needs *needs, int type) {
  if (qk_is_quantised(type)) {
    needs->blocks[qk_form_of(type)] = true;
  } else {
    needs->floats = true;
  }
}

/* What a thread needs for itself. */
typedef struct {
  qk_panel pair[2];
  uint8_t tail[QK_PANEL_ROWS * QK_PANEL_BLOCKS * 40]; /* a panel's bytes: at most 34 a block */
  const void *tokens[QK_TOKEN_BLOCK];
} qk_workspace;

/*
 * out[i * 32 + r] = row `row + r` of w times token (map ? map[i] : first + i), i < n; n is at most
 * QK_TOKEN_BLOCK, rows r beyond the matrix give rubbish. While at it, the bytes of as many rows at
 * `ahead` (may be null) are fetched into cache: what the caller will need next.
 */
void qk_product(const qk_isa *isa, qk_workspace *ws, const qk_weights *w, int row,
                const qk_input *input, const int32_t *map, int first, int n, float *out,
                const uint8_t *ahead);

/* Units of 32 rows. */
static inline int qk_row_units(int rows) { return (rows + QK_ROWS - 1) / QK_ROWS; }

/* Address of a row, or null beyond the end. */
static inline const uint8_t *qk_row_at(const qk_weights *w, int row) {
  return row < w->rows ? w->data + (size_t)row * w->row_bytes : NULL;
}

static inline int qk_min(int a, int b) { return a < b ? a : b; }

/*
 * Asks for the first `rows` rows from `row` on: nothing was computed yet while memory could have
 * fetched them, and one request after the other is answered sooner than 16 rows' in turn.
 */
static inline void qk_fetch_rows(const qk_weights *w, int row, int rows) {
  size_t bytes = (size_t)qk_min(rows, w->rows - row) * w->row_bytes;
  const uint8_t *at = w->data + (size_t)row * w->row_bytes;
  for (size_t i = 0; i < bytes; i += 64) {
    __builtin_prefetch(at + i, 0, 2);
  }
}

#endif
