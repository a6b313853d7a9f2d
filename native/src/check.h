/* Checks of arguments. Each sets the context's message and returns a status. */
#ifndef QK_CHECK_H
#define QK_CHECK_H

#include "context.h"

/* Returns from the calling function unless the status is QK_OK. */
#define QK_TRY(call)            \
  do {                          \
    qk_status status_ = (call); \
    if (status_ != QK_OK) {     \
      return status_;           \
    }                           \
  } while (0)

qk_status qk_check_count(qk_context *c, const char *name, int64_t value, int64_t max);
/* A buffer of at least `count` floats. */
qk_status qk_check_floats(qk_context *c, const char *name, qk_floats floats, uint64_t count);
/* Null or `count` gains. */
qk_status qk_check_norm(qk_context *c, const char *name, qk_norm norm, uint64_t count);
/* Known type, sizes in range, bytes exact; `experts` 0 for any number. */
qk_status qk_check_matrix(qk_context *c, const char *name, const qk_matrix *m, int experts);
qk_status qk_check_shape(qk_context *c, const char *name, const qk_matrix *m, int rows, int cols);
/* The batch, its tables and the pages up to each token; layer and heads within them. */
qk_status qk_check_kv(qk_context *c, const qk_kv *kv, int layer, int heads);
qk_status qk_check_apart(qk_context *c, const char *a_name, const void *a, uint64_t a_bytes,
                         const char *b_name, const void *b, uint64_t b_bytes);

#endif
