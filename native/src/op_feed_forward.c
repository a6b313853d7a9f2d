#include "check.h"
#include "hidden.h"
#include "input.h"

typedef struct {
  const qk_isa *isa;
  qk_prepare prepare;
  qk_weights gate, up, down;
  qk_hidden hidden;
  float *x;
  int n;
  qk_workspace *workspaces; /* one a thread */
  qk_gate_up *sums;         /* one a thread */
} job;

static void hidden_units(void *argument, int worker, qk_piece piece) {
  job *j = argument;
  for (int unit = piece.begin; unit < piece.end; unit++) {
    if (qk_is_first(piece, unit)) {
      qk_fetch_rows(&j->gate, unit * QK_ROWS, QK_ROWS);
    }
    int next = qk_next_unit(piece, unit);
    const uint8_t *ahead = next < 0 ? NULL : qk_row_at(&j->gate, next * QK_ROWS);
    qk_hidden_rows(&j->hidden, &j->workspaces[worker], &j->sums[worker], &j->gate, &j->up,
                   unit * QK_ROWS, &j->prepare.input, NULL, j->n, 0, ahead);
  }
}

static void down_units(void *argument, int worker, qk_piece piece) {
  job *j = argument;
  float *out = j->sums[worker].gate;
  for (int unit = piece.begin; unit < piece.end; unit++) {
    int row = unit * QK_ROWS, rows = qk_min(j->down.rows - row, QK_ROWS);
    if (qk_is_first(piece, unit)) {
      qk_fetch_rows(&j->down, row, QK_ROWS);
    }
    int next = qk_next_unit(piece, unit);
    const uint8_t *ahead = next < 0 ? NULL : qk_row_at(&j->down, next * QK_ROWS);
    for (int t = 0; t < j->n; t += QK_TOKEN_BLOCK) {
      int n = qk_min(j->n - t, QK_TOKEN_BLOCK);
      qk_product(j->isa, &j->workspaces[worker], &j->down, row, &j->hidden.input, NULL,
                 t, n, out, ahead);
      for (int i = 0; i < n; i++) {
        float *x = j->x + (size_t)(t + i) * (size_t)j->down.rows + row;
        for (int r = 0; r < rows; r++) {
          x[r] += out[(size_t)i * QK_ROWS + (size_t)r];
        }
      }
    }
  }
}

static size_t lay_out(job *j, int threads, void *base) {
  qk_layout layout = {.base = base};
  qk_needs needs = {0};
  qk_add_need(&needs, j->gate.type);
  qk_add_need(&needs, j->up.type);
  qk_lay_input(&layout, &j->prepare, threads, needs);
  qk_lay_hidden(&layout, &j->hidden, j->n, j->down.type);
  j->workspaces = qk_lay(&layout, (size_t)threads * sizeof(qk_workspace));
  j->sums = qk_lay(&layout, (size_t)threads * sizeof(qk_gate_up));
  return layout.used;
}

qk_status qk_feed_forward(qk_context *c, const qk_feed_forward_args *a) {
  if (c == NULL || a == NULL) {
    return QK_NULL_POINTER;
  }
  QK_TRY(qk_check_count(c, "n", a->n, QK_MAX_TOKENS));
  QK_TRY(qk_check_matrix(c, "gate", &a->gate, 1));
  QK_TRY(qk_check_matrix(c, "up", &a->up, 1));
  QK_TRY(qk_check_matrix(c, "down", &a->down, 1));
  int d = a->gate.cols, ff = a->gate.rows;
  QK_TRY(qk_check_shape(c, "up", &a->up, ff, d));
  QK_TRY(qk_check_shape(c, "down", &a->down, d, ff));
  QK_TRY(qk_check_floats(c, "x", a->x, (uint64_t)a->n * (uint64_t)d));
  QK_TRY(qk_check_norm(c, "norm", a->norm, (uint64_t)d));

  job j = {
      .isa = c->isa,
      .prepare = {.isa = c->isa, .x = a->x.data, .norm = a->norm, .n = a->n,
                  .input = {.cols = d}},
      .gate = qk_weights_of(&a->gate, 0),
      .up = qk_weights_of(&a->up, 0),
      .down = qk_weights_of(&a->down, 0),
      .hidden = {.isa = c->isa, .input = {.cols = ff}},
      .x = a->x.data,
      .n = a->n,
  };
  QK_TRY(qk_reserve(c, lay_out(&j, c->threads, NULL)));
  lay_out(&j, c->threads, c->scratch);
  qk_prepare_input(c->pool, &j.prepare);
  qk_pool_run(c->pool, hidden_units, &j, qk_row_units(ff));
  qk_quantise_hidden(c->pool, &j.hidden);
  qk_pool_run(c->pool, down_units, &j, qk_row_units(d));
  return QK_OK;
}
