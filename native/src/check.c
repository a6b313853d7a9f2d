#include "check.h"

#include <inttypes.h>
#include <math.h>

#include "types.h"

/* The sizes that callers in other languages lay structures out by. */
_Static_assert(sizeof(qk_floats) == 16 && sizeof(qk_matrix) == 32 && sizeof(qk_norm) == 24 &&
                   sizeof(qk_kv) == 64 && sizeof(qk_output) == 72 &&
                   sizeof(qk_embed_args) == 64 && sizeof(qk_project_args) == 56 &&
                   sizeof(qk_append_args) == 200 && sizeof(qk_attend_args) == 112 &&
                   sizeof(qk_feed_forward_args) == 144 && sizeof(qk_mixture_args) == 192,
               "the binary interface changed: count QK_VERSION up");

static bool misaligned(const void *p, uintptr_t alignment) {
  return ((uintptr_t)p & (alignment - 1)) != 0;
}

qk_status qk_check_count(qk_context *c, const char *name, int64_t value, int64_t max) {
  if (value < 1 || value > max) {
    return qk_fail(c, QK_BAD_SIZE, "%s is %" PRId64 ", must be 1 .. %" PRId64, name, value, max);
  }
  return QK_OK;
}

qk_status qk_check_floats(qk_context *c, const char *name, qk_floats floats, uint64_t count) {
  if (floats.data == NULL || misaligned(floats.data, 4)) {
    return qk_fail(c, QK_NULL_POINTER, "%s is null or not aligned to 4 bytes", name);
  }
  if (floats.count < count) {
    return qk_fail(c, QK_BAD_SIZE, "%s holds %" PRIu64 " floats, needs %" PRIu64, name,
                   floats.count, count);
  }
  return QK_OK;
}

qk_status qk_check_norm(qk_context *c, const char *name, qk_norm norm, uint64_t count) {
  return norm.weight.data == NULL ? QK_OK : qk_check_floats(c, name, norm.weight, count);
}

qk_status qk_check_matrix(qk_context *c, const char *name, const qk_matrix *m, int experts) {
  if (m->data == NULL || misaligned(m->data, m->type == QK_F32 ? 4 : 1)) {
    return qk_fail(c, QK_NULL_POINTER, "%s is null or not aligned to its elements", name);
  }
  if (m->rows < 1 || m->cols < 1 || m->cols > QK_MAX_COLS || m->experts < 1 ||
      m->experts > QK_MAX_EXPERTS || (experts != 0 && m->experts != experts)) {
    return qk_fail(c, QK_BAD_SIZE, "%s is %d x (%d, %d)", name, m->experts, m->rows, m->cols);
  }
  uint64_t row_bytes = qk_row_bytes(m->type, m->cols);
  if (row_bytes == 0) {
    return qk_fail(c, QK_BAD_TYPE, "%s: type %d cannot have rows of %d", name, m->type, m->cols);
  }
  /* 2^22 row bytes * 2^31 rows * 2^12 experts would not fit in 64 bits. */
  uint64_t bytes;
  if (__builtin_mul_overflow(row_bytes, (uint64_t)m->rows * (uint64_t)m->experts, &bytes) ||
      bytes != m->bytes) {
    return qk_fail(c, QK_BAD_SIZE, "%s of type %d, %d x (%d, %d), has %" PRIu64 " bytes", name,
                   m->type, m->experts, m->rows, m->cols, m->bytes);
  }
  return QK_OK;
}

qk_status qk_check_shape(qk_context *c, const char *name, const qk_matrix *m, int rows, int cols) {
  if (m->rows != rows || m->cols != cols) {
    return qk_fail(c, QK_BAD_SIZE, "%s is (%d, %d), must be (%d, %d)", name, m->rows, m->cols,
                   rows, cols);
  }
  return QK_OK;
}

static qk_status check_tables(qk_context *c, const qk_kv *kv) {
  if (kv->sequence == NULL || kv->position == NULL || kv->tables == NULL ||
      kv->page_counts == NULL) {
    return qk_fail(c, QK_NULL_POINTER, "sequence, position, tables and page counts are required");
  }
  for (int s = 0; s < kv->sequences; s++) {
    if (kv->tables[s] == NULL || misaligned(kv->tables[s], 8)) {
      return qk_fail(c, QK_NULL_POINTER, "page table %d is null or not aligned to 8 bytes", s);
    }
  }
  for (int t = 0; t < kv->n; t++) {
    int s = kv->sequence[t], position = kv->position[t];
    if (s < 0 || s >= kv->sequences) {
      return qk_fail(c, QK_BAD_INDEX, "token %d is of sequence %d of %d", t, s, kv->sequences);
    }
    if (position < 0 || position / QK_PAGE_TOKENS >= kv->page_counts[s]) {
      return qk_fail(c, QK_BAD_INDEX, "token %d: position %d has no page, sequence %d has %d", t,
                     position, s, kv->page_counts[s]);
    }
    /* The pages before are checked with the token that follows or at its own end. */
    bool last = t + 1 == kv->n || kv->sequence[t + 1] != s || kv->position[t + 1] < position;
    for (int page = 0; last && page <= position / QK_PAGE_TOKENS; page++) {
      uint64_t address = kv->tables[s][page];
      if (address == 0 || (address & 3) != 0) {
        return qk_fail(c, QK_NULL_POINTER, "page %d of sequence %d is null or not aligned", page,
                       s);
      }
    }
  }
  return QK_OK;
}

qk_status qk_check_kv(qk_context *c, const qk_kv *kv, int layer, int heads) {
  QK_TRY(qk_check_count(c, "n", kv->n, QK_MAX_TOKENS));
  QK_TRY(qk_check_count(c, "layers", kv->layers, 1 << 12));
  QK_TRY(qk_check_count(c, "kv heads", kv->kv_heads, 1 << 12));
  QK_TRY(qk_check_count(c, "head dimension", kv->head_dim, QK_MAX_HEAD_DIM));
  QK_TRY(qk_check_count(c, "sequences", kv->sequences, QK_MAX_TOKENS));
  QK_TRY(qk_check_count(c, "heads", heads, 1 << 12));
  if (kv->type != QK_F32 && kv->type != QK_F16 && kv->type != QK_Q8_0) {
    return qk_fail(c, QK_BAD_TYPE, "pages cannot be of type %d", kv->type);
  }
  uint64_t row = qk_row_bytes(kv->type, kv->head_dim);
  if (row == 0) {
    return qk_fail(c, QK_BAD_TYPE, "type %d cannot store heads of %d", kv->type, kv->head_dim);
  }
  /* At most 2^13 * 2^12 * 2^6 * 2^12 bytes. */
  uint64_t bytes = 2 * (uint64_t)kv->layers * (uint64_t)kv->kv_heads * QK_PAGE_TOKENS * row;
  if (kv->page_bytes != bytes) {
    return qk_fail(c, QK_BAD_SIZE, "pages have %" PRIu64 " bytes, must have %" PRIu64,
                   kv->page_bytes, bytes);
  }
  if (layer < 0 || layer >= kv->layers) {
    return qk_fail(c, QK_BAD_INDEX, "layer %d of %d", layer, kv->layers);
  }
  return check_tables(c, kv);
}

qk_status qk_check_apart(qk_context *c, const char *a_name, const void *a, uint64_t a_bytes,
                         const char *b_name, const void *b, uint64_t b_bytes) {
  uintptr_t x = (uintptr_t)a, y = (uintptr_t)b;
  if (x < y + b_bytes && y < x + a_bytes) {
    return qk_fail(c, QK_BAD_SIZE, "%s and %s overlap", a_name, b_name);
  }
  return QK_OK;
}
