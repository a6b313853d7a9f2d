/*
 * qk: the kernels of a Qwen3 transformer on CPUs.
 *
 * OPERATION   One call computes one fused operation over a batch of n tokens:
 *
 *               qk_embed          x = rows of the embedding table
 *               qk_project        y = or += W norm(x), several W sharing one input
 *               qk_append_kv      per-head norm and rotation of q and k; k and v into the KV pages
 *               qk_attend         causal attention of q over the pages of each sequence
 *               qk_feed_forward   x += down (silu(gate norm(x)) * (up norm(x)))
 *               qk_mixture        x += the weighted feed-forwards of each token's top experts
 *
 *             The arithmetic is fixed to the bit by docs/reference/arithmetic.md: results depend neither on the
 *             instruction set, nor on the number of threads, nor on the rest of the batch.
 *
 * DATA        Activations are float32, row-major (n, width), without gaps. Weights are used as
 *             they lie in a GGUF file: rows one after another, each type->row_bytes(cols) long,
 *             types QK_F32 ... QK_BF16 below (numbered as in GGUF). A quantised row holds a
 *             multiple of its block (32, K-quants 256).
 *             A KV page holds 64 positions of one sequence for all layers:
 *             page[layer][K=0|V=1][kv head][position % 64][row bytes], type F32, F16 or Q8_0.
 *
 * CHECKS      Every call checks pointers, sizes, types and indices before it computes; nothing is
 *             written unless QK_OK is returned (qk_message says what was wrong). Contents are not
 *             trusted either: NaNs and absurd scales give absurd numbers, never a stray access.
 *             That the memory behind a pointer is as long as the caller says is the caller's word.
 *
 * THREADS     A context owns threads - 1 workers; the calling thread is the other one. Work is
 *             handed out in small pieces to whoever asks, so a thread that the system preempts
 *             delays the piece in its hands and nothing else. Waiting threads spin for some
 *             microseconds, then yield, then sleep. One call at a time for each context (the
 *             caller serialises); several contexts are independent. No call keeps a pointer after
 *             it returns, except that qk_message's text lives until the next call.
 *
 * DISPATCH    The best instruction set that the CPU has is chosen by qk_open: avx512 (F, BW, DQ,
 *             VL, VNNI), avxvnni (AVX2, FMA, F16C, AVX-VNNI), avx2 (AVX2, FMA, F16C),
 *             neon-dotprod, neon, scalar.
 *
 * MEMORY      Scratch belongs to the context, 64-byte aligned (2 MiB with huge pages where large),
 *             grows to what the largest call needs, and is freed by qk_close. When it cannot grow
 *             the call returns QK_NO_MEMORY and the context stays usable.
 *
 * ENVIRONMENT QWEN_MCP_ISA=scalar|avx2|avxvnni|avx512|neon is a ceiling for the instruction set; a
 *             name that does not exist for this CPU's architecture makes qk_open fail.
 */
#ifndef QK_H
#define QK_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define QK_API __attribute__((visibility("default")))
#else
#define QK_API
#endif

/* Changes whenever a structure or the meaning of a call does. */
#define QK_VERSION 2

typedef enum {
  QK_OK = 0,
  QK_NULL_POINTER = 1, /* a required pointer is null or not aligned to its elements */
  QK_BAD_SIZE = 2,     /* a buffer is too small, shapes do not fit, or a count is out of range */
  QK_BAD_TYPE = 3,     /* an unknown type, or a row that is no multiple of its block */
  QK_BAD_INDEX = 4,    /* a token id, layer, sequence or position outside its range */
  QK_NO_MEMORY = 5,    /* scratch memory could not be allocated */
  QK_NO_THREAD = 6,    /* a worker could not be started */
  QK_BAD_ISA = 7       /* QWEN_MCP_ISA names no instruction set of this architecture */
} qk_status;

enum {
  QK_F32 = 0,
  QK_F16 = 1,
  QK_Q4_0 = 2,
  QK_Q4_1 = 3,
  QK_Q5_0 = 6,
  QK_Q5_1 = 7,
  QK_Q8_0 = 8,
  QK_Q4_K = 12,
  QK_Q5_K = 13,
  QK_Q6_K = 14,
  QK_BF16 = 30
};

/* Limits that keep every product of sizes within 64 bits. */
enum {
  QK_MAX_THREADS = 256,
  QK_MAX_TOKENS = 1 << 16, /* of one call */
  QK_MAX_COLS = 1 << 20,   /* of a weight matrix, so also of x */
  QK_MAX_EXPERTS = 1 << 12,
  QK_MAX_HEAD_DIM = 1024,
  QK_PAGE_TOKENS = 64
};

typedef struct qk_context qk_context;

/* A buffer of count floats. */
typedef struct {
  float *data;
  uint64_t count;
} qk_floats;

/* W (experts, rows, cols); experts is 1 for a single matrix. bytes must be exactly its size. */
typedef struct {
  const void *data;
  uint64_t bytes;
  int32_t type, experts, rows, cols;
} qk_matrix;

/* y_i = x_i / sqrt(mean(x^2) + epsilon) * weight_i; none where weight.data is null. */
typedef struct {
  qk_floats weight;
  float epsilon;
  int32_t reserved;
} qk_norm;

/* x (n, table.cols) = table rows of the n tokens. */
typedef struct {
  qk_matrix table;
  const int32_t *tokens;
  int32_t n, reserved;
  qk_floats x;
} qk_embed_args;

/*
 * y (n, weight.rows), replaced, or added to where add is not 0. y must not overlap the input.
 * maxima (n, weight.rows / 32 rounded up), null for none, gets the largest of each 32 neighbours of
 * y, or NaN where one of them is; it must overlap neither the input nor y.
 */
typedef struct {
  qk_matrix weight;
  qk_floats y;
  qk_floats maxima;
  int32_t add, reserved;
} qk_output;

/* For each output: y = or += W norm(x), x (n, cols). */
typedef struct {
  int32_t n, outputs;
  qk_floats x;
  qk_norm norm;
  const qk_output *output;
} qk_project_args;

/*
 * Where the n tokens stand: token t is position[t] of sequence[t]; tables[s] is the array of the
 * page_counts[s] page addresses of sequence s. Tokens of one sequence come in rising order.
 */
typedef struct {
  int32_t n, type, layers, kv_heads, head_dim, sequences;
  const int32_t *sequence, *position;
  const uint64_t *const *tables;
  const int32_t *page_counts;
  uint64_t page_bytes; /* of every page; must be what the five numbers above make it */
} qk_kv;

/* q (n, heads, head_dim), k and v (n, kv_heads, head_dim), cos and sin (n, head_dim / 2). */
typedef struct {
  qk_kv kv;
  int32_t layer, heads;
  qk_floats q, k, v;
  qk_norm q_norm, k_norm;
  qk_floats cos, sin;
} qk_append_args;

/* out (n, heads, head_dim) = attention of q; query head h reads kv head h / (heads / kv_heads). */
typedef struct {
  qk_kv kv;
  int32_t layer, heads;
  qk_floats q, out;
  float scale;
  int32_t reserved;
} qk_attend_args;

/* x (n, d) += down (d, ff) (silu(gate (ff, d) norm(x)) * (up (ff, d) norm(x))). */
typedef struct {
  int32_t n, reserved;
  qk_floats x;
  qk_norm norm;
  qk_matrix gate, up, down;
} qk_feed_forward_args;

/* As above for the `used` best experts of each token; router is F32 (experts, d). */
typedef struct {
  int32_t n, used;
  qk_floats x;
  qk_norm norm;
  qk_matrix router, gate, up, down;
  int32_t *routing; /* the chosen experts (n, used) are written here; may be null */
  uint64_t routing_count;
} qk_mixture_args;

/* What the machine can do at most with the threads of a context. */
typedef struct {
  double read_bytes;    /* bytes a second read from memory, one after another */
  double int8_products; /* multiply-adds a second of the instruction set's int8 dot product */
} qk_limits;

/* Opens a context that computes with this many threads (1 .. QK_MAX_THREADS). */
QK_API qk_status qk_open(int32_t threads, qk_context **out);
/* Stops the workers and frees everything; null is ignored. */
QK_API void qk_close(qk_context *context);
/* Instruction set of the context: "avx512", "avxvnni", "avx2", "neon-dotprod", "neon", "scalar". */
QK_API const char *qk_isa_name(const qk_context *context);
/* What was wrong in the last call that did not return QK_OK. */
QK_API const char *qk_message(const qk_context *context);
/* QK_VERSION of the library. */
QK_API int32_t qk_version(void);

/*
 * Memory of arbitrary content for other uses than one call's, in pages of 2 MiB from that size on
 * where the system has such; null if there is none, or for 0 bytes. Any thread may call both.
 */
QK_API void *qk_allocate(uint64_t bytes);
/* Frees such memory; null is ignored. */
QK_API void qk_free(void *memory);

QK_API qk_status qk_embed(qk_context *context, const qk_embed_args *args);
QK_API qk_status qk_project(qk_context *context, const qk_project_args *args);
QK_API qk_status qk_append_kv(qk_context *context, const qk_append_args *args);
QK_API qk_status qk_attend(qk_context *context, const qk_attend_args *args);
QK_API qk_status qk_feed_forward(qk_context *context, const qk_feed_forward_args *args);
QK_API qk_status qk_mixture(qk_context *context, const qk_mixture_args *args);

/*
 * Measures the limits; takes about half a second. `bytes` (1 MiB .. 16 GiB, a whole number of MiB)
 * are allocated, read some times and freed: far more than the last cache holds, or it is the cache
 * that is measured. On failure nothing is written.
 */
QK_API qk_status qk_measure_limits(qk_context *context, uint64_t bytes, qk_limits *out);

#ifdef __cplusplus
}
#endif
#endif
