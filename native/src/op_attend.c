/*
 * Attention in tiles of one page. A unit of work is one kv head for a block of tokens: the tile's
 * keys and values are unpacked once and used for all query heads of the group and all tokens.
 */
#include <math.h>

#include "check.h"
#include "kv.h"
#include "product.h"

enum {
  /* Tokens times query heads of a unit: unpacking a tile costs about as much as using it 8 times,
     and 128 heads of 128 floats take 64 KiB of second-level cache. */
  MAX_COLUMNS = 128,
  MAX_BLOCK_TOKENS = 32
};

typedef struct {
  int first, count;
} token_block;

typedef struct {
  const qk_isa *isa;
  const qk_attend_args *a;
  int group; /* query heads of a kv head */
  int parts; /* pieces that a group is cut into so that all threads have work */
  int blocks;
  token_block *block;
  size_t worker_bytes;
  char *worker_memory;
} job;

/* A unit's memory. A column is one query head of one token. */
typedef struct {
  qk_panel pair[2];
  const void *columns[MAX_COLUMNS];
  int counts[MAX_COLUMNS];
  qk_softmax states[MAX_COLUMNS];
  float scores[MAX_COLUMNS * QK_PAGE_TOKENS];
  float *acc;       /* (columns, head_dim) */
  float *floats;    /* (64, head_dim) values of F16 and F32 pages */
  qk_values values; /* of Q8_0 pages */
  qk_act *q;        /* (columns, head_dim / 32) */
} unit_memory;

/* While keys are unpacked, `ahead`, the values, comes into cache. */
static void score_tile(const job *j, unit_memory *m, const uint8_t *keys, size_t stride, int rows,
                       int first, int columns, const uint8_t *ahead) {
  const qk_kv *kv = &j->a->kv;
  float *scores = m->scores + (size_t)first * QK_PAGE_TOKENS;
  int dim = kv->head_dim;
  if (kv->type != QK_Q8_0) {
    j->isa->products(kv->type, keys, stride, rows, dim, (const float **)m->columns + first,
                     columns, scores, QK_PAGE_TOKENS);
    return;
  }
  memset(scores, 0, (size_t)columns * QK_PAGE_TOKENS * sizeof *scores);
  int all = dim / QK_BLOCK;
  if (columns <= j->isa->few) {
    const qk_act *act[MAX_COLUMNS];
    for (int i = 0; i < columns; i++) {
      act[i] = m->q + (size_t)(first + i) * (size_t)all;
    }
    size_t panel_bytes = QK_PANEL_ROWS * stride;
    for (int r = 0; r < rows; r += QK_PANEL_ROWS) {
      const uint8_t *at = keys + (size_t)r * stride, *next = at + panel_bytes;
      j->isa->multiply_few(QK_Q8_0, at, stride, all, act, columns, scores + r, QK_PAGE_TOKENS,
                           (qk_ahead){.near = r + QK_PANEL_ROWS < rows ? next : ahead,
                                      .far = ahead});
      ahead += panel_bytes;
    }
    return;
  }
  for (int r = 0; r < rows; r += QK_ROWS) {
    for (int b = 0; b < all; b += QK_PANEL_BLOCKS) {
      int blocks = qk_min(all - b, QK_PANEL_BLOCKS);
      const qk_act *act[MAX_COLUMNS];
      for (int i = 0; i < columns; i++) {
        act[i] = m->q + (size_t)(first + i) * (size_t)all + b;
      }
      for (int p = 0; p < 2 && r + p * QK_PANEL_ROWS < rows; p++) {
        j->isa->unpack(QK_Q8_0,
                       keys + (size_t)(r + p * QK_PANEL_ROWS) * stride + (size_t)b * 34, stride,
                       blocks, &m->pair[p], ahead);
        ahead += QK_PANEL_ROWS * (size_t)blocks * 34;
      }
      j->isa->multiply(QK_KIND_PLAIN, m->pair, blocks, act, columns, scores + r, QK_PAGE_TOKENS);
    }
  }
}

/* Scores become weights, and the weighted values are added. */
static void add_tile(const job *j, unit_memory *m, const uint8_t *values, size_t stride, int rows,
                     int first, int columns, const uint8_t *ahead) {
  const qk_kv *kv = &j->a->kv;
  int dim = kv->head_dim;
  float *scores = m->scores + (size_t)first * QK_PAGE_TOKENS;
  float *acc = m->acc + (size_t)first * (size_t)dim;
  const int *counts = m->counts + first;
  if (kv->type == QK_Q8_0) {
    int blocks = dim / QK_BLOCK;
    j->isa->unpack_values(values, stride, rows, blocks, columns, &m->values, ahead);
    j->isa->add_values_q8_0(&m->values, blocks, scores, counts, columns, j->a->scale,
                            m->states + first, acc);
    return;
  }
  for (int i = 0; i < columns; i++) {
    j->isa->softmax_tile(scores + (size_t)i * QK_PAGE_TOKENS, counts[i], j->a->scale,
                         &m->states[first + i], acc + (size_t)i * (size_t)dim, dim);
  }
  /* 16 widened rows of 128 take 8 KiB of first-level cache. With many columns their sums, which
     each step reads and writes, are the larger part, and fewer steps are better. */
  int step = columns <= 16 ? 16 : QK_PAGE_TOKENS;
  for (int r = 0; r < rows; r += step) {
    int count = qk_min(rows - r, step);
    j->isa->widen_kv(kv->type, values + (size_t)r * stride, stride, count, dim, m->floats,
                     ahead + (size_t)r * stride);
    j->isa->add_values(m->floats, dim, scores, counts, r, count, columns, acc);
  }
}

/* Attention of the query heads `head` .. `head + heads - 1` of one kv head for a block of tokens. */
static void attend_block(const job *j, unit_memory *m, token_block block, int kv_head, int head,
                         int heads) {
  const qk_attend_args *a = j->a;
  const qk_kv *kv = &a->kv;
  int dim = kv->head_dim;
  size_t width = (size_t)dim, stride = (size_t)qk_row_bytes(kv->type, dim);
  int columns = block.count * heads;
  const int32_t *position = kv->position + block.first;
  for (int i = 0; i < columns; i++) {
    size_t token = (size_t)(block.first + i / heads);
    const float *q = a->q.data + (token * (size_t)a->heads + (size_t)(head + i % heads)) * width;
    m->columns[i] = q;
    if (kv->type == QK_Q8_0) {
      j->isa->quantise(QK_FORM_32, q, dim, m->q + (size_t)i * (width / QK_BLOCK));
    }
    m->states[i] = (qk_softmax){.max = -INFINITY};
  }
  memset(m->acc, 0, (size_t)columns * width * sizeof(float));

  int last = position[block.count - 1];
  for (int page = 0, done = 0; page <= last / QK_PAGE_TOKENS; page++) {
    int start = page * QK_PAGE_TOKENS;
    while (position[done] < start) { /* tokens that end before this tile */
      done++;
    }
    int first = done * heads;
    int rows = qk_min(last - start + 1, QK_PAGE_TOKENS);
    size_t keys_at = qk_page_offset(kv, a->layer, 0, kv_head);
    const uint8_t *memory = qk_page(kv, kv->sequence[block.first], page);
    const uint8_t *keys = memory + keys_at, *next_keys = keys;
    const uint8_t *values = memory + qk_page_offset(kv, a->layer, 1, kv_head);
    if (page < last / QK_PAGE_TOKENS) {
      next_keys = qk_page(kv, kv->sequence[block.first], page + 1) + keys_at;
    }
    score_tile(j, m, keys, stride, rows, first, columns - first, values);
    for (int i = first; i < columns; i++) {
      m->counts[i] = qk_min(position[i / heads] - start + 1, QK_PAGE_TOKENS);
    }
    add_tile(j, m, values, stride, rows, first, columns - first, next_keys);
  }
  for (int i = 0; i < columns; i++) {
    size_t token = (size_t)(block.first + i / heads);
    float *out = a->out.data + (token * (size_t)a->heads + (size_t)(head + i % heads)) * width;
    j->isa->finish_attention(&m->states[i], m->acc + (size_t)i * width, dim, out);
  }
}

static void attend_units(void *argument, int worker, qk_piece piece) {
  const job *j = argument;
  char *base = j->worker_memory + (size_t)worker * j->worker_bytes;
  unit_memory *m = (unit_memory *)(void *)base;
  for (int unit = piece.begin; unit < piece.end; unit++) {
    /* Last tokens first: they attend to most, and small units at the end finish evenly. */
    int block = j->blocks - 1 - unit / (j->a->kv.kv_heads * j->parts);
    int kv_head = unit / j->parts % j->a->kv.kv_heads, part = unit % j->parts;
    int from = j->group * part / j->parts, to = j->group * (part + 1) / j->parts;
    attend_block(j, m, j->block[block], kv_head, kv_head * j->group + from, to - from);
  }
}

/* Runs of tokens of one sequence with rising positions, at most `most` long. */
static int split_tokens(const qk_kv *kv, int most, token_block *block) {
  int blocks = 0;
  for (int t = 0; t < kv->n; blocks++) {
    int first = t++;
    while (t < kv->n && t - first < most && kv->sequence[t] == kv->sequence[first] &&
           kv->position[t] > kv->position[t - 1]) {
      t++;
    }
    if (block != NULL) {
      block[blocks] = (token_block){first, t - first};
    }
  }
  return blocks;
}

static size_t lay_out(job *j, int threads, int columns, void *base) {
  size_t dim = (size_t)j->a->kv.head_dim;
  qk_layout layout = {.base = base};
  j->block = qk_lay(&layout, (size_t)j->blocks * sizeof(token_block));
  size_t before = layout.used;
  j->worker_memory = NULL;
  for (int i = 0; i < threads; i++) {
    unit_memory *m = qk_lay(&layout, sizeof *m);
    float *acc = qk_lay(&layout, (size_t)columns * dim * sizeof(float));
    float *floats = NULL;
    qk_values values = {0};
    qk_act *q = NULL;
    if (j->a->kv.type == QK_Q8_0) {
      size_t blocks = dim / QK_BLOCK;
      values.pairs = qk_lay(&layout, QK_PAGE_TOKENS * dim * sizeof(int16_t));
      values.d = qk_lay(&layout, QK_PAGE_TOKENS * blocks * sizeof(float));
      values.steps = qk_lay(&layout, QK_PAGE_TOKENS * blocks * sizeof(float));
      values.step = qk_lay(&layout, blocks * sizeof(float));
      values.weights =
          qk_lay(&layout, QK_VALUE_COLUMNS * QK_PAGE_TOKENS * blocks * sizeof(int16_t));
      values.column_step = qk_lay(&layout, QK_VALUE_COLUMNS * blocks * sizeof(float));
      q = qk_lay(&layout, (size_t)columns * blocks * sizeof(qk_act));
    } else {
      floats = qk_lay(&layout, QK_PAGE_TOKENS * dim * sizeof(float));
    }
    if (m != NULL) {
      m->acc = acc;
      m->floats = floats;
      m->values = values;
      m->q = q;
    }
    if (i == 0) {
      j->worker_memory = (char *)m;
      j->worker_bytes = layout.used - before;
    }
  }
  return layout.used;
}

qk_status qk_attend(qk_context *c, const qk_attend_args *a) {
  if (c == NULL || a == NULL) {
    return QK_NULL_POINTER;
  }
  const qk_kv *kv = &a->kv;
  QK_TRY(qk_check_kv(c, kv, a->layer, a->heads));
  if (a->heads % kv->kv_heads != 0) {
    return qk_fail(c, QK_BAD_SIZE, "%d heads over %d kv heads", a->heads, kv->kv_heads);
  }
  uint64_t width = (uint64_t)kv->n * (uint64_t)a->heads * (uint64_t)kv->head_dim;
  QK_TRY(qk_check_floats(c, "q", a->q, width));
  QK_TRY(qk_check_floats(c, "out", a->out, width));
  QK_TRY(qk_check_apart(c, "q", a->q.data, width * 4, "out", a->out.data, width * 4));

  job j = {.isa = c->isa, .a = a, .group = a->heads / kv->kv_heads};
  int most = MAX_COLUMNS / j.group;
  most = most < 1 ? 1 : qk_min(most, MAX_BLOCK_TOKENS);
  j.blocks = split_tokens(kv, most, NULL);
  /* Enough pieces for all threads, and none of more columns than there is room for. */
  int units = j.blocks * kv->kv_heads;
  j.parts = (2 * c->threads + units - 1) / units;
  int needed = (j.group + MAX_COLUMNS - 1) / MAX_COLUMNS;
  j.parts = qk_min(j.parts < needed ? needed : j.parts, j.group);
  int columns = qk_min(MAX_COLUMNS, most * ((j.group + j.parts - 1) / j.parts));
  QK_TRY(qk_reserve(c, lay_out(&j, c->threads, columns, NULL)));
  lay_out(&j, c->threads, columns, c->scratch);
  split_tokens(kv, most, j.block);
  qk_pool_run(c->pool, attend_units, &j, units * j.parts);
  return QK_OK;
}
