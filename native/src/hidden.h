/* The first half of a feed-forward: h = silu(gate x) * (up x), kept in the form that down takes. */
#ifndef QK_HIDDEN_H
#define QK_HIDDEN_H

#include "product.h"

typedef struct {
  const qk_isa *isa;
  int pairs;      /* of a token and an expert; without experts: tokens */
  int type;       /* of down */
  float *h;       /* (pairs, ff) */
  qk_input input; /* for down, ff = input.cols */
} qk_hidden;

void qk_lay_hidden(qk_layout *layout, qk_hidden *hidden, int pairs, int down_type);

/* Two buffers of (token block, 32) floats of a thread. */
typedef struct {
  float gate[QK_TOKEN_BLOCK * QK_ROWS];
  float up[QK_TOKEN_BLOCK * QK_ROWS];
} qk_gate_up;

/*
 * Elements row .. row + 31 of h for n tokens (map as in qk_product), stored as pairs `pair` on.
 * `ahead` as in qk_product: the rows of gate that come next.
 */
void qk_hidden_rows(qk_hidden *hidden, qk_workspace *ws, qk_gate_up *sums, const qk_weights *gate,
                    const qk_weights *up, int row, const qk_input *input, const int32_t *map,
                    int n, int pair, const uint8_t *ahead);

/* When all of h is there: quantises it if down is quantised. */
void qk_quantise_hidden(qk_pool *pool, qk_hidden *hidden);

#endif
