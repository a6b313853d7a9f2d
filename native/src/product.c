#include "product.h"

qk_weights qk_weights_of(const qk_matrix *m, int expert) {
  size_t row_bytes = (size_t)qk_row_bytes(m->type, m->cols);
  return (qk_weights){
      .data = (const uint8_t *)m->data + (size_t)expert * (size_t)m->rows * row_bytes,
      .row_bytes = row_bytes,
      .type = m->type,
      .rows = m->rows,
      .cols = m->cols,
  };
}

static qk_kind kind_of(int type) {
  switch (type) {
    case QK_Q4_1:
    case QK_Q5_1: return QK_KIND_MIN;
    case QK_Q4_K: return QK_KIND_K_NIBBLE;
    case QK_Q5_K: return QK_KIND_K_MIN;
    case QK_Q6_K: return QK_KIND_K_PAIR;
    default: return QK_KIND_PLAIN;
  }
}

/*
 * 16 rows from `row` on; those beyond the matrix are zeros. `ahead` is what comes next in memory
 * after all rows, in one pass in order whatever the order of unpacking; null for nothing.
 */
static void unpack_panel(const qk_isa *isa, qk_workspace *ws, const qk_weights *w, int row,
                         size_t offset, int blocks, qk_panel *panel, const uint8_t *ahead) {
  if (row >= w->rows) {
    return;
  }
  const uint8_t *rows = w->data + (size_t)row * w->row_bytes + offset;
  size_t stride = w->row_bytes;
  int count = qk_min(w->rows - row, QK_PANEL_ROWS);
  if (count < QK_PANEL_ROWS) {
    size_t bytes = (size_t)qk_row_bytes(w->type, (int64_t)blocks * QK_BLOCK);
    memset(ws->tail, 0, QK_PANEL_ROWS * bytes);
    for (int r = 0; r < count; r++) {
      memcpy(ws->tail + (size_t)r * bytes, rows + (size_t)r * stride, bytes);
    }
    rows = ws->tail;
    stride = bytes;
  }
  isa->unpack(w->type, rows, stride, blocks, panel, ahead != NULL ? ahead : rows);
}

/* 32 whole rows times few tokens. */
static void few_product(const qk_isa *isa, const qk_weights *w, int row, const qk_act **act, int n,
                        float *out, const uint8_t *ahead) {
  size_t panel_bytes = QK_PANEL_ROWS * w->row_bytes;
  const uint8_t *rows = w->data + (size_t)row * w->row_bytes, *second = rows + panel_bytes;
  const uint8_t *next = ahead != NULL ? ahead : rows; /* what is in cache already, if nothing */
  int blocks = w->cols / QK_BLOCK;
  isa->multiply_few(w->type, rows, w->row_bytes, blocks, act, n, out, QK_ROWS,
                    (qk_ahead){.near = second, .far = next});
  isa->multiply_few(w->type, second, w->row_bytes, blocks, act, n, out + QK_PANEL_ROWS, QK_ROWS,
                    (qk_ahead){.near = next, .far = next + panel_bytes});
}

static void quantised_product(const qk_isa *isa, qk_workspace *ws, const qk_weights *w, int row,
                              const qk_act **act, int n, float *out, const uint8_t *ahead) {
  memset(out, 0, (size_t)n * QK_ROWS * sizeof *out);
  qk_kind kind = kind_of(w->type);
  int all = w->cols / QK_BLOCK;
  for (int b = 0; b < all; b += QK_PANEL_BLOCKS) {
    int blocks = qk_min(all - b, QK_PANEL_BLOCKS);
    size_t offset = (size_t)qk_row_bytes(w->type, (int64_t)b * QK_BLOCK);
    size_t bytes = (size_t)qk_row_bytes(w->type, (int64_t)blocks * QK_BLOCK);
    for (int p = 0; p < 2; p++) {
      unpack_panel(isa, ws, w, row + p * QK_PANEL_ROWS, offset, blocks, &ws->pair[p], ahead);
      ahead = ahead == NULL ? NULL : ahead + QK_PANEL_ROWS * bytes;
    }
    isa->multiply(kind, ws->pair, blocks, act, n, out, QK_ROWS);
    for (int t = 0; t < n; t++) {
      act[t] += blocks;
    }
  }
}

void qk_product(const qk_isa *isa, qk_workspace *ws, const qk_weights *w, int row,
                const qk_input *input, const int32_t *map, int first, int n, float *out,
                const uint8_t *ahead) {
  if (qk_is_quantised(w->type)) {
    size_t blocks = (size_t)input->cols / QK_BLOCK;
    const qk_act **act = (const qk_act **)ws->tokens;
    for (int i = 0; i < n; i++) {
      act[i] = input->blocks[qk_form_of(w->type)] + (size_t)(map != NULL ? map[i] : first + i) * blocks;
    }
    if (n <= isa->few && row + QK_ROWS <= w->rows) {
      few_product(isa, w, row, act, n, out, ahead);
    } else {
      quantised_product(isa, ws, w, row, act, n, out, ahead);
    }
  } else {
    const float **x = (const float **)ws->tokens;
    for (int i = 0; i < n; i++) {
      x[i] = input->floats + (size_t)(map != NULL ? map[i] : first + i) * (size_t)input->cols;
    }
    isa->products(w->type, w->data + (size_t)row * w->row_bytes, w->row_bytes,
                  qk_min(w->rows - row, QK_ROWS), w->cols, x, n, out, QK_ROWS);
  }
}
