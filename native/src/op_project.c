#include "check.h"
#include "input.h"

enum { MAX_OUTPUTS = 16 };

typedef struct {
  const qk_isa *isa;
  qk_prepare prepare;
  int n, outputs;
  struct {
    qk_weights w;
    float *y, *maxima;
    bool add;
    int units_before; /* 32-row units of the outputs before this one */
  } output[MAX_OUTPUTS];
  qk_workspace *workspaces; /* one a thread */
  float *sums;              /* (threads, token block, 32) */
} job;

/* NaN if one of them is. */
static float largest(const float *y, int n) {
  float most = y[0];
  for (int i = 1; i < n; i++) {
    most = y[i] <= most || most != most ? most : y[i];
  }
  return most;
}

static void multiply_units(void *argument, int worker, qk_piece piece) {
  job *j = argument;
  float *out = j->sums + (size_t)worker * QK_TOKEN_BLOCK * QK_ROWS;
  for (int unit = piece.begin, o = 0; unit < piece.end; unit++) {
    while (o + 1 < j->outputs && unit >= j->output[o + 1].units_before) {
      o++;
    }
    const qk_weights *w = &j->output[o].w;
    int row = (unit - j->output[o].units_before) * QK_ROWS;
    int rows = qk_min(w->rows - row, QK_ROWS);
    if (qk_is_first(piece, unit)) {
      qk_fetch_rows(w, row, QK_ROWS);
    }
    const uint8_t *ahead = NULL;
    if (qk_next_unit(piece, unit) >= 0) {
      ahead = row + QK_ROWS < w->rows ? qk_row_at(w, row + QK_ROWS) : j->output[o + 1].w.data;
    }
    for (int t = 0; t < j->n; t += QK_TOKEN_BLOCK) {
      int n = qk_min(j->n - t, QK_TOKEN_BLOCK);
      qk_product(j->isa, &j->workspaces[worker], w, row, &j->prepare.input, NULL, t, n, out,
                 ahead);
      for (int i = 0; i < n; i++) {
        float *y = j->output[o].y + (size_t)(t + i) * (size_t)w->rows + row;
        const float *product = out + (size_t)i * QK_ROWS;
        for (int r = 0; r < rows; r++) {
          y[r] = j->output[o].add ? y[r] + product[r] : product[r];
        }
        if (j->output[o].maxima != NULL) {
          size_t at = (size_t)(t + i) * (size_t)qk_row_units(w->rows) + (size_t)(row / QK_ROWS);
          j->output[o].maxima[at] = largest(y, rows);
        }
      }
    }
  }
}

static size_t lay_out(job *j, int threads, qk_needs needs, void *base) {
  qk_layout layout = {.base = base};
  qk_lay_input(&layout, &j->prepare, threads, needs);
  j->workspaces = qk_lay(&layout, (size_t)threads * sizeof(qk_workspace));
  j->sums = qk_lay(&layout, (size_t)threads * QK_TOKEN_BLOCK * QK_ROWS * sizeof(float));
  return layout.used;
}

qk_status qk_project(qk_context *c, const qk_project_args *a) {
  if (c == NULL || a == NULL) {
    return QK_NULL_POINTER;
  }
  QK_TRY(qk_check_count(c, "n", a->n, QK_MAX_TOKENS));
  QK_TRY(qk_check_count(c, "outputs", a->outputs, MAX_OUTPUTS));
  if (a->output == NULL) {
    return qk_fail(c, QK_NULL_POINTER, "outputs are null");
  }
  int cols = a->output[0].weight.cols;
  job j = {.isa = c->isa, .n = a->n, .outputs = a->outputs};
  qk_needs needs = {0};
  int units = 0;
  for (int o = 0; o < a->outputs; o++) {
    const qk_output *output = &a->output[o];
    QK_TRY(qk_check_matrix(c, "weight", &output->weight, 1));
    QK_TRY(qk_check_shape(c, "weight", &output->weight, output->weight.rows, cols));
    uint64_t count = (uint64_t)a->n * (uint64_t)output->weight.rows;
    QK_TRY(qk_check_floats(c, "y", output->y, count));
    QK_TRY(qk_check_apart(c, "x", a->x.data, (uint64_t)a->n * (uint64_t)cols * 4, "y",
                          output->y.data, count * 4));
    if (output->maxima.data != NULL) {
      uint64_t maxima = (uint64_t)a->n * (uint64_t)qk_row_units(output->weight.rows);
      QK_TRY(qk_check_floats(c, "maxima", output->maxima, maxima));
      QK_TRY(qk_check_apart(c, "x", a->x.data, (uint64_t)a->n * (uint64_t)cols * 4, "maxima",
                            output->maxima.data, maxima * 4));
      QK_TRY(qk_check_apart(c, "y", output->y.data, count * 4, "maxima", output->maxima.data,
                            maxima * 4));
    }
    qk_add_need(&needs, output->weight.type);
    j.output[o].w = qk_weights_of(&output->weight, 0);
    j.output[o].y = output->y.data;
    j.output[o].maxima = output->maxima.data;
    j.output[o].add = output->add != 0;
    j.output[o].units_before = units;
    units += qk_row_units(output->weight.rows);
  }
  QK_TRY(qk_check_floats(c, "x", a->x, (uint64_t)a->n * (uint64_t)cols));
  QK_TRY(qk_check_norm(c, "norm", a->norm, (uint64_t)cols));

  j.prepare = (qk_prepare){
      .isa = c->isa, .x = a->x.data, .norm = a->norm, .n = a->n, .input = {.cols = cols}};
  QK_TRY(qk_reserve(c, lay_out(&j, c->threads, needs, NULL)));
  lay_out(&j, c->threads, needs, c->scratch);
  qk_prepare_input(c->pool, &j.prepare);
  qk_pool_run(c->pool, multiply_units, &j, units);
  return QK_OK;
}
