#include "input.h"

void qk_lay_input(qk_layout *layout, qk_prepare *p, int threads, qk_needs needs) {
  size_t n = (size_t)p->n, cols = (size_t)p->input.cols;
  bool norm = p->norm.weight.data != NULL;
  for (int form = 0; form < QK_FORMS; form++) {
    p->input.blocks[form] =
        needs.blocks[form] ? qk_lay(layout, n * (cols / QK_BLOCK) * sizeof(qk_act)) : NULL;
  }
  p->normed = norm && needs.floats ? qk_lay(layout, n * cols * sizeof(float)) : NULL;
  p->rows = norm && !needs.floats ? qk_lay(layout, (size_t)threads * cols * sizeof(float)) : NULL;
  p->input.floats = !needs.floats ? NULL : norm ? p->normed : p->x;
}

void qk_prepare_tokens(void *job, int worker, qk_piece piece) {
  qk_prepare *p = job;
  int cols = p->input.cols;
  size_t width = (size_t)cols;
  for (int t = piece.begin; t < piece.end; t++) {
    const float *x = p->x + (size_t)t * width;
    if (p->norm.weight.data != NULL) {
      float *out = p->normed != NULL ? p->normed + (size_t)t * width
                                     : p->rows + (size_t)worker * width;
      p->isa->norm(x, p->norm.weight.data, p->norm.epsilon, cols, out);
      x = out;
    }
    for (int form = 0; form < QK_FORMS; form++) {
      if (p->input.blocks[form] != NULL) {
        p->isa->quantise((qk_form)form, x, cols,
                         p->input.blocks[form] + (size_t)t * (width / QK_BLOCK));
      }
    }
  }
}

void qk_prepare_input(qk_pool *pool, qk_prepare *prepare) {
  qk_pool_run(pool, qk_prepare_tokens, prepare, prepare->n);
}
