/* The common start of the operations: norm, then quantisation, of each token once. */
#ifndef QK_INPUT_H
#define QK_INPUT_H

#include "product.h"

typedef struct {
  const qk_isa *isa;
  const float *x; /* (n, cols) */
  qk_norm norm;
  int n;
  qk_input input;
  float *normed; /* (n, cols) if both a norm and float weights ask for it */
  float *rows;   /* (threads, cols) otherwise, if there is a norm */
} qk_prepare;

/* Lays out the memory for n tokens. */
void qk_lay_input(qk_layout *layout, qk_prepare *prepare, int threads, qk_needs needs);

/* Fills prepare->input, sharing tokens out to the pool. */
void qk_prepare_input(qk_pool *pool, qk_prepare *prepare);

/* The same for tokens begin .. end - 1 on the calling worker. */
qk_work qk_prepare_tokens;

#endif
