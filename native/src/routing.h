/* Which experts each token goes to, and which tokens each expert gets. */
#ifndef QK_ROUTING_H
#define QK_ROUTING_H

#include "context.h"

typedef struct {
  int n, used, experts;
  int32_t *chosen;  /* (n, used) experts of each token, best first */
  float *weights;   /* (n, used) */
  int32_t *offsets; /* (experts + 1): expert e has pairs offsets[e] .. offsets[e + 1] - 1 */
  int32_t *tokens;  /* (n * used): token of each pair */
  int32_t *pairs;   /* (n, used): pair of each choice */
} qk_routing;

void qk_lay_routing(qk_layout *layout, qk_routing *routing);

/* From the logits (experts) of one token, which are overwritten. */
void qk_choose_experts(const qk_isa *isa, qk_routing *routing, int token, float *logits);

/* Sorts the choices by expert, keeping the order of tokens. */
void qk_group_by_expert(qk_routing *routing);

#endif
