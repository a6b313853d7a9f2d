#include "routing.h"

void qk_lay_routing(qk_layout *layout, qk_routing *r) {
  size_t pairs = (size_t)r->n * (size_t)r->used;
  r->chosen = qk_lay(layout, pairs * sizeof(int32_t));
  r->weights = qk_lay(layout, pairs * sizeof(float));
  r->offsets = qk_lay(layout, ((size_t)r->experts + 1) * sizeof(int32_t));
  r->tokens = qk_lay(layout, pairs * sizeof(int32_t));
  r->pairs = qk_lay(layout, pairs * sizeof(int32_t));
}

void qk_choose_experts(const qk_isa *isa, qk_routing *r, int token, float *p) {
  int experts = r->experts;
  float max = p[0];
  for (int e = 1; e < experts; e++) {
    max = p[e] > max ? p[e] : max;
  }
  isa->exp_minus(p, experts, max);
  float sum = 0.0f;
  for (int e = 0; e < experts; e++) {
    sum += p[e];
  }
  for (int e = 0; e < experts; e++) {
    p[e] /= sum;
  }

  int32_t *chosen = r->chosen + (size_t)token * (size_t)r->used;
  float *weights = r->weights + (size_t)token * (size_t)r->used;
  float total = 0.0f;
  for (int k = 0; k < r->used; k++) {
    int best = -1;
    for (int e = 0; e < experts; e++) {
      bool taken = false;
      for (int i = 0; i < k && !taken; i++) {
        taken = chosen[i] == e;
      }
      if (!taken && (best < 0 || p[e] > p[best])) {
        best = e;
      }
    }
    chosen[k] = best;
    weights[k] = p[best];
    total += p[best];
  }
  total = total > 6.103515625e-5f ? total : 6.103515625e-5f;
  for (int k = 0; k < r->used; k++) {
    weights[k] /= total;
  }
}

void qk_group_by_expert(qk_routing *r) {
  int pairs = r->n * r->used;
  memset(r->offsets, 0, ((size_t)r->experts + 1) * sizeof(int32_t));
  for (int i = 0; i < pairs; i++) {
    r->offsets[r->chosen[i] + 1]++;
  }
  for (int e = 0; e < r->experts; e++) {
    r->offsets[e + 1] += r->offsets[e];
  }
  for (int i = 0; i < pairs; i++) { /* offsets[e] moves to the end of e's pairs ... */
    int pair = r->offsets[r->chosen[i]]++;
    r->tokens[pair] = i / r->used;
    r->pairs[i] = pair;
  }
  for (int e = r->experts; e > 0; e--) { /* ... which is the start of the next */
    r->offsets[e] = r->offsets[e - 1];
  }
  r->offsets[0] = 0;
}
