/* Where keys and values lie in pages. */
#ifndef QK_KV_H
#define QK_KV_H

#include "types.h"

/* Offset of the 64 rows of a head: kind 0 keys, 1 values. */
static inline size_t qk_page_offset(const qk_kv *kv, int layer, int kind, int head) {
  size_t row_bytes = (size_t)qk_row_bytes(kv->type, kv->head_dim);
  return ((2 * (size_t)layer + (size_t)kind) * (size_t)kv->kv_heads + (size_t)head) *
         QK_PAGE_TOKENS * row_bytes;
}

static inline uint8_t *qk_page(const qk_kv *kv, int sequence, int page) {
  return (uint8_t *)(uintptr_t)kv->tables[sequence][page];
}

#endif
