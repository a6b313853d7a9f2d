#include "check.h"
#include "kv.h"

typedef struct {
  const qk_isa *isa;
  const qk_append_args *a;
} job;

static void append_tokens(void *argument, int worker, qk_piece piece) {
  (void)worker;
  const job *j = argument;
  const qk_append_args *a = j->a;
  const qk_kv *kv = &a->kv;
  int dim = kv->head_dim;
  size_t width = (size_t)dim;
  size_t row_bytes = (size_t)qk_row_bytes(kv->type, dim);
  for (int t = piece.begin; t < piece.end; t++) {
    const float *cos = a->cos.data + (size_t)t * (width / 2);
    const float *sin = a->sin.data + (size_t)t * (width / 2);
    for (int h = 0; h < a->heads; h++) {
      float *q = a->q.data + ((size_t)t * (size_t)a->heads + (size_t)h) * width;
      j->isa->rotate(q, dim, a->q_norm.weight.data, a->q_norm.epsilon, cos, sin);
    }
    int position = kv->position[t];
    size_t slot = (size_t)(position % QK_PAGE_TOKENS) * row_bytes;
    for (int h = 0; h < kv->kv_heads; h++) {
      size_t head = ((size_t)t * (size_t)kv->kv_heads + (size_t)h) * width;
      float *k = a->k.data + head;
      j->isa->rotate(k, dim, a->k_norm.weight.data, a->k_norm.epsilon, cos, sin);
      uint8_t *page = qk_page(kv, kv->sequence[t], position / QK_PAGE_TOKENS);
      j->isa->store_kv(kv->type, k, dim, page + qk_page_offset(kv, a->layer, 0, h) + slot);
      j->isa->store_kv(kv->type, a->v.data + head, dim,
                       page + qk_page_offset(kv, a->layer, 1, h) + slot);
    }
  }
}

qk_status qk_append_kv(qk_context *c, const qk_append_args *a) {
  if (c == NULL || a == NULL) {
    return QK_NULL_POINTER;
  }
  QK_TRY(qk_check_kv(c, &a->kv, a->layer, a->heads));
  uint64_t n = (uint64_t)a->kv.n, dim = (uint64_t)a->kv.head_dim;
  if (dim % 2 != 0) {
    return qk_fail(c, QK_BAD_SIZE, "heads of %d cannot be rotated in halves", a->kv.head_dim);
  }
  QK_TRY(qk_check_floats(c, "q", a->q, n * (uint64_t)a->heads * dim));
  QK_TRY(qk_check_floats(c, "k", a->k, n * (uint64_t)a->kv.kv_heads * dim));
  QK_TRY(qk_check_floats(c, "v", a->v, n * (uint64_t)a->kv.kv_heads * dim));
  QK_TRY(qk_check_floats(c, "cos", a->cos, n * dim / 2));
  QK_TRY(qk_check_floats(c, "sin", a->sin, n * dim / 2));
  QK_TRY(qk_check_norm(c, "q norm", a->q_norm, dim));
  QK_TRY(qk_check_norm(c, "k norm", a->k_norm, dim));
  job j = {.isa = c->isa, .a = a};
  qk_pool_run(c->pool, append_tokens, &j, a->kv.n);
  return QK_OK;
}
