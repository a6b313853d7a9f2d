/* What a context holds, and how operations get their scratch memory. */
#ifndef QK_CONTEXT_H
#define QK_CONTEXT_H

#include <stddef.h>

#include "isa/isa.h"
#include "pool.h"
#include "qk.h"

struct qk_context {
  const qk_isa *isa;
  qk_pool *pool;
  int threads;
  void *scratch;
  size_t scratch_bytes;
  char message[256];
};

/*
 * Hands out pieces of scratch, 64-byte aligned. An operation lays out its memory twice with the
 * same code: once with base null, which only adds up `used`, once with the memory itself.
 */
typedef struct {
  char *base;
  size_t used;
} qk_layout;

static inline void *qk_lay(qk_layout *layout, size_t bytes) {
  size_t at = layout->used;
  layout->used += (bytes + 63) / 64 * 64;
  return layout->base == NULL ? NULL : layout->base + at;
}

/* Scratch of at least this size; QK_NO_MEMORY with a message if it cannot be had. */
qk_status qk_reserve(qk_context *context, size_t bytes);

/* Sets the message and returns the status. */
__attribute__((format(printf, 3, 4))) qk_status qk_fail(qk_context *context, qk_status status,
                                                        const char *format, ...);

#endif
