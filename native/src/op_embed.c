#include "check.h"
#include "product.h"

/* Rows are few and short next to the products: one thread widens them. */
qk_status qk_embed(qk_context *c, const qk_embed_args *a) {
  if (c == NULL || a == NULL) {
    return QK_NULL_POINTER;
  }
  QK_TRY(qk_check_count(c, "n", a->n, QK_MAX_TOKENS));
  QK_TRY(qk_check_matrix(c, "table", &a->table, 1));
  size_t cols = (size_t)a->table.cols;
  QK_TRY(qk_check_floats(c, "x", a->x, (uint64_t)a->n * cols));
  if (a->tokens == NULL) {
    return qk_fail(c, QK_NULL_POINTER, "tokens are null");
  }
  for (int t = 0; t < a->n; t++) {
    if (a->tokens[t] < 0 || a->tokens[t] >= a->table.rows) {
      return qk_fail(c, QK_BAD_INDEX, "token %d of %d is %d, the table has %d rows", t, a->n,
                     a->tokens[t], a->table.rows);
    }
  }
  qk_weights table = qk_weights_of(&a->table, 0);
  for (int t = 0; t < a->n; t++) {
    qk_widen_row(table.type, qk_row_at(&table, a->tokens[t]), table.cols,
                 a->x.data + (size_t)t * cols);
  }
  return QK_OK;
}
