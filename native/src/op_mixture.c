#include "check.h"
#include "hidden.h"
#include "input.h"
#include "routing.h"

enum {
  /* Tokens that are routed together: enough that every expert gets many, while the outputs of a
     unit of 32 rows, one of 32 floats for each pair, take 2 MiB with 8 experts a token. */
  SLICE_TOKENS = 2048,
  /* Tokens of a unit of routing; from so many on, tokens are shared out, below it, router rows. */
  ROUTE_TOKENS = 16,
  ROUTE_ROWS = 8
};

typedef struct {
  const qk_isa *isa;
  const qk_mixture_args *a;
  qk_prepare prepare;
  qk_routing routing;
  qk_hidden hidden;
  qk_weights router;
  float *logits;            /* (n, experts) */
  int32_t *units;           /* (units, 2): expert and first row */
  qk_workspace *workspaces; /* one a thread */
  qk_gate_up *sums;         /* one a thread */
  float *outputs;           /* (threads, pairs, 32): down's rows for each pair */
  float *x;
  int n;
} job;

/* Logits of tokens first .. first + n - 1 (at most ROUTE_TOKENS), router rows row .. row+rows-1. */
static void route(const job *j, int first, int n, int row, int rows) {
  const float *x[ROUTE_TOKENS];
  for (int i = 0; i < n; i++) {
    x[i] = j->prepare.input.floats + (size_t)(first + i) * (size_t)j->router.cols;
  }
  j->isa->products(QK_F32, qk_row_at(&j->router, row), j->router.row_bytes, rows, j->router.cols,
                   x, n, j->logits + (size_t)first * (size_t)j->router.rows + row,
                   (size_t)j->router.rows);
}

static void route_rows(void *argument, int worker, qk_piece piece) {
  (void)worker;
  const job *j = argument;
  for (int unit = piece.begin; unit < piece.end; unit++) {
    int row = unit * ROUTE_ROWS;
    route(j, 0, j->n, row, qk_min(j->router.rows - row, ROUTE_ROWS));
  }
}

static void choose(job *j, int first, int n) {
  for (int t = first; t < first + n; t++) {
    qk_choose_experts(j->isa, &j->routing, t, j->logits + (size_t)t * (size_t)j->router.rows);
  }
}

static void route_tokens(void *argument, int worker, qk_piece piece) {
  job *j = argument;
  for (int unit = piece.begin; unit < piece.end; unit++) {
    int first = unit * ROUTE_TOKENS, n = qk_min(j->n - first, ROUTE_TOKENS);
    qk_prepare_tokens(&j->prepare, worker,
                      (qk_piece){.begin = first, .end = first + n, .next = -1});
    route(j, first, n, 0, j->router.rows);
    choose(j, first, n);
  }
}

static int pairs_of(const job *j, int expert) {
  return j->routing.offsets[expert + 1] - j->routing.offsets[expert];
}

static void hidden_units(void *argument, int worker, qk_piece piece) {
  job *j = argument;
  for (int unit = piece.begin; unit < piece.end; unit++) {
    int expert = j->units[2 * unit], row = j->units[2 * unit + 1];
    int pair = j->routing.offsets[expert];
    qk_weights gate = qk_weights_of(&j->a->gate, expert), up = qk_weights_of(&j->a->up, expert);
    if (qk_is_first(piece, unit)) {
      qk_fetch_rows(&gate, row, QK_ROWS);
    }
    const uint8_t *ahead = NULL;
    int following = qk_next_unit(piece, unit);
    if (following >= 0) {
      qk_weights next = qk_weights_of(&j->a->gate, j->units[2 * following]);
      ahead = qk_row_at(&next, j->units[2 * following + 1]);
    }
    qk_hidden_rows(&j->hidden, &j->workspaces[worker], &j->sums[worker], &gate, &up, row,
                   &j->prepare.input, j->routing.tokens + pair, pairs_of(j, expert), pair,
                   ahead);
  }
}

/* The first expert from `expert` on that has tokens, or the number of experts. */
static int next_expert(const job *j, int expert) {
  while (expert < j->routing.experts && pairs_of(j, expert) == 0) {
    expert++;
  }
  return expert;
}

/* The same 32 rows of all experts, then each token's weighted sum over its own. */
static void down_units(void *argument, int worker, qk_piece piece) {
  job *j = argument;
  const qk_routing *r = &j->routing;
  int d = j->a->down.rows;
  float *outputs = j->outputs + (size_t)worker * (size_t)(j->n * r->used) * QK_ROWS;
  for (int unit = piece.begin; unit < piece.end; unit++) {
    int row = unit * QK_ROWS, rows = qk_min(d - row, QK_ROWS);
    int first = next_expert(j, 0);
    for (int e = first, next; e < r->experts; e = next) {
      next = next_expert(j, e + 1);
      qk_weights down = qk_weights_of(&j->a->down, e);
      if (e == first && qk_is_first(piece, unit)) {
        qk_fetch_rows(&down, row, QK_ROWS);
      }
      const uint8_t *ahead = NULL;
      if (next < r->experts) {
        qk_weights following = qk_weights_of(&j->a->down, next);
        ahead = qk_row_at(&following, row);
      } else if (qk_next_unit(piece, unit) >= 0) {
        qk_weights following = qk_weights_of(&j->a->down, first);
        ahead = qk_row_at(&following, qk_next_unit(piece, unit) * QK_ROWS);
      }
      int pair = r->offsets[e], count = pairs_of(j, e);
      for (int i = 0; i < count; i += QK_TOKEN_BLOCK) {
        qk_product(j->isa, &j->workspaces[worker], &down, row, &j->hidden.input, NULL, pair + i,
                   qk_min(count - i, QK_TOKEN_BLOCK), outputs + (size_t)(pair + i) * QK_ROWS,
                   ahead);
      }
    }
    for (int t = 0; t < j->n; t++) {
      float y[QK_ROWS] = {0};
      for (int k = 0; k < r->used; k++) {
        size_t choice = (size_t)t * (size_t)r->used + (size_t)k;
        j->isa->scale_add(y, outputs + (size_t)r->pairs[choice] * QK_ROWS, r->weights[choice],
                          QK_ROWS);
      }
      float *x = j->x + (size_t)t * (size_t)d + row;
      for (int i = 0; i < rows; i++) {
        x[i] += y[i];
      }
    }
  }
}

static size_t lay_out(job *j, int threads, void *base) {
  const qk_mixture_args *a = j->a;
  qk_layout layout = {.base = base};
  size_t pairs = (size_t)j->n * (size_t)a->used;
  qk_needs needs = {.floats = true}; /* the router's */
  qk_add_need(&needs, a->gate.type);
  qk_add_need(&needs, a->up.type);
  qk_lay_input(&layout, &j->prepare, threads, needs);
  qk_lay_routing(&layout, &j->routing);
  qk_lay_hidden(&layout, &j->hidden, j->n * a->used, a->down.type);
  j->logits = qk_lay(&layout, (size_t)j->n * (size_t)a->router.rows * sizeof(float));
  j->units = qk_lay(&layout, (size_t)a->router.rows * (size_t)qk_row_units(a->gate.rows) * 2 *
                                 sizeof(int32_t));
  j->workspaces = qk_lay(&layout, (size_t)threads * sizeof(qk_workspace));
  j->sums = qk_lay(&layout, (size_t)threads * sizeof(qk_gate_up));
  j->outputs = qk_lay(&layout, (size_t)threads * pairs * QK_ROWS * sizeof(float));
  return layout.used;
}

/* Units of 32 rows of h for every expert that has tokens. */
static int list_units(job *j) {
  int units = 0;
  for (int e = 0; e < j->routing.experts; e++) {
    for (int row = 0; pairs_of(j, e) > 0 && row < j->a->gate.rows; row += QK_ROWS, units++) {
      j->units[2 * units] = e;
      j->units[2 * units + 1] = row;
    }
  }
  return units;
}

/* Tokens first .. first + n - 1. */
static void compute_slice(qk_context *c, job *j, int first, int n) {
  const qk_mixture_args *a = j->a;
  size_t d = (size_t)a->router.cols;
  j->n = n;
  j->x = a->x.data + (size_t)first * d;
  j->prepare.n = n;
  j->prepare.x = j->x;
  j->routing.n = n;
  lay_out(j, c->threads, c->scratch);

  if (n < ROUTE_TOKENS) {
    qk_prepare_input(c->pool, &j->prepare);
    qk_pool_run(c->pool, route_rows, j, (a->router.rows + ROUTE_ROWS - 1) / ROUTE_ROWS);
    choose(j, 0, n);
  } else {
    qk_pool_run(c->pool, route_tokens, j, (n + ROUTE_TOKENS - 1) / ROUTE_TOKENS);
  }
  qk_group_by_expert(&j->routing);
  if (a->routing != NULL) {
    size_t used = (size_t)a->used;
    memcpy(a->routing + (size_t)first * used, j->routing.chosen,
           (size_t)n * used * sizeof(int32_t));
  }
  qk_pool_run(c->pool, hidden_units, j, list_units(j));
  qk_quantise_hidden(c->pool, &j->hidden);
  qk_pool_run(c->pool, down_units, j, qk_row_units(a->down.rows));
}

static qk_status check(qk_context *c, const qk_mixture_args *a) {
  QK_TRY(qk_check_count(c, "n", a->n, QK_MAX_TOKENS));
  QK_TRY(qk_check_matrix(c, "router", &a->router, 1));
  if (a->router.type != QK_F32) {
    return qk_fail(c, QK_BAD_TYPE, "the router is of type %d, must be F32", a->router.type);
  }
  QK_TRY(qk_check_count(c, "experts", a->router.rows, QK_MAX_EXPERTS));
  QK_TRY(qk_check_count(c, "experts of a token", a->used, a->router.rows));
  QK_TRY(qk_check_matrix(c, "gate", &a->gate, a->router.rows));
  QK_TRY(qk_check_matrix(c, "up", &a->up, a->router.rows));
  QK_TRY(qk_check_matrix(c, "down", &a->down, a->router.rows));
  int d = a->router.cols, ff = a->gate.rows;
  QK_TRY(qk_check_shape(c, "gate", &a->gate, ff, d));
  QK_TRY(qk_check_shape(c, "up", &a->up, ff, d));
  QK_TRY(qk_check_shape(c, "down", &a->down, d, ff));
  QK_TRY(qk_check_count(c, "ff", ff, QK_MAX_COLS));
  QK_TRY(qk_check_floats(c, "x", a->x, (uint64_t)a->n * (uint64_t)d));
  QK_TRY(qk_check_norm(c, "norm", a->norm, (uint64_t)d));
  uint64_t choices = (uint64_t)a->n * (uint64_t)a->used;
  if (a->routing != NULL &&
      (((uintptr_t)a->routing & 3) != 0 || a->routing_count < choices)) {
    return qk_fail(c, QK_BAD_SIZE, "routing must hold %d x %d aligned int32", a->n, a->used);
  }
  return QK_OK;
}

qk_status qk_mixture(qk_context *c, const qk_mixture_args *a) {
  if (c == NULL || a == NULL) {
    return QK_NULL_POINTER;
  }
  QK_TRY(check(c, a));
  int slice = qk_min(a->n, SLICE_TOKENS);
  job j = {
      .isa = c->isa,
      .a = a,
      .prepare = {.isa = c->isa, .x = a->x.data, .norm = a->norm, .n = slice,
                  .input = {.cols = a->router.cols}},
      .routing = {.n = slice, .used = a->used, .experts = a->router.rows},
      .hidden = {.isa = c->isa, .input = {.cols = a->gate.rows}},
      .router = qk_weights_of(&a->router, 0),
      .n = slice,
  };
  QK_TRY(qk_reserve(c, lay_out(&j, c->threads, NULL)));
  for (int first = 0; first < a->n; first += slice) {
    compute_slice(c, &j, first, qk_min(a->n - first, slice));
  }
  return QK_OK;
}
