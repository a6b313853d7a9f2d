#include "hidden.h"

/* Elements that one thread quantises in less time than it takes to start another. */
enum { ALONE = 1 << 14 };

void qk_lay_hidden(qk_layout *layout, qk_hidden *hidden, int pairs, int down_type) {
  size_t ff = (size_t)hidden->input.cols, n = (size_t)pairs;
  hidden->pairs = pairs;
  hidden->type = down_type;
  hidden->h = qk_lay(layout, n * ff * sizeof(float));
  hidden->input.floats = hidden->h;
  if (qk_is_quantised(down_type)) {
    hidden->input.blocks[qk_form_of(down_type)] =
        qk_lay(layout, n * (ff / QK_BLOCK) * sizeof(qk_act));
  }
}

void qk_hidden_rows(qk_hidden *hidden, qk_workspace *ws, qk_gate_up *sums, const qk_weights *gate,
                    const qk_weights *up, int row, const qk_input *input, const int32_t *map,
                    int n, int pair, const uint8_t *ahead) {
  const qk_isa *isa = hidden->isa;
  int rows = qk_min(gate->rows - row, QK_ROWS);
  const uint8_t *up_rows = qk_row_at(up, row);
  for (int t = 0; t < n; t += QK_TOKEN_BLOCK) {
    int count = qk_min(n - t, QK_TOKEN_BLOCK);
    const int32_t *tokens = map == NULL ? NULL : map + t;
    qk_product(isa, ws, gate, row, input, tokens, t, count, sums->gate, up_rows);
    qk_product(isa, ws, up, row, input, tokens, t, count, sums->up, ahead);
    for (int i = 0; i < count; i++) {
      float *g = sums->gate + (size_t)i * QK_ROWS;
      isa->silu_multiply(g, sums->up + (size_t)i * QK_ROWS, rows);
      size_t at = (size_t)(pair + t + i);
      memcpy(hidden->h + at * (size_t)hidden->input.cols + row, g, (size_t)rows * sizeof *g);
    }
  }
}

static void quantise_pairs(void *job, int worker, qk_piece piece) {
  (void)worker;
  qk_hidden *hidden = job;
  qk_form form = qk_form_of(hidden->type);
  int ff = hidden->input.cols;
  for (int i = piece.begin; i < piece.end; i++) {
    hidden->isa->quantise(form, hidden->h + (size_t)i * (size_t)ff, ff,
                          hidden->input.blocks[form] + (size_t)i * ((size_t)ff / QK_BLOCK));
  }
}

void qk_quantise_hidden(qk_pool *pool, qk_hidden *hidden) {
  if (!qk_is_quantised(hidden->type)) {
    return;
  }
  if ((int64_t)hidden->pairs * hidden->input.cols <= ALONE) {
    quantise_pairs(hidden, 0, (qk_piece){.begin = 0, .end = hidden->pairs, .next = -1});
  } else {
    qk_pool_run(pool, quantise_pairs, hidden, hidden->pairs);
  }
}
