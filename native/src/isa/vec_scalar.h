/*
 * 16 lanes as arrays: what every function of the vector layer means, and the unit for CPUs without
 * any of the instruction sets.
 */
#include <math.h>

typedef struct {
  float v[16];
} vf;
typedef struct { /* 16 int32, or 64 bytes in groups of four */
  int32_t v[16];
} vi;

/* What is added to the bytes of QK_KIND_PLAIN panels. */
#define PLAIN_BIAS 0
/* Tokens and panels that `multiply` works on together. */
#define TILE_TOKENS 2
#define TILE_PANELS 1
/* Tokens multiplied without a panel. */
#define FEW_TOKENS 1
/* Columns that share a pass over the values. */
#define VALUE_COLUMNS 2

/* Nothing is in registers here, so nothing needs unrolling. */
#define UNROLL
#define TILE static void

#define LANES for (int i = 0; i < 16; i++)

static inline vf vf_set1(float x) {
  vf r;
  LANES r.v[i] = x;
  return r;
}
static inline vf vf_zero(void) { return vf_set1(0.0f); }
static inline vf vf_load(const float *p) {
  vf r;
  memcpy(r.v, p, sizeof r.v);
  return r;
}
static inline void vf_store(float *p, vf v) { memcpy(p, v.v, sizeof v.v); }
/* The first n lanes; the others are 0. */
static inline vf vf_load_n(const float *p, int n) {
  vf r = vf_zero();
  memcpy(r.v, p, (size_t)n * sizeof *p);
  return r;
}
static inline void vf_store_n(float *p, vf v, int n) { memcpy(p, v.v, (size_t)n * sizeof *p); }
static inline vf vf_add(vf a, vf b) {
  LANES a.v[i] += b.v[i];
  return a;
}
static inline vf vf_sub(vf a, vf b) {
  LANES a.v[i] -= b.v[i];
  return a;
}
static inline vf vf_mul(vf a, vf b) {
  LANES a.v[i] *= b.v[i];
  return a;
}
static inline vf vf_div(vf a, vf b) {
  LANES a.v[i] /= b.v[i];
  return a;
}
static inline vf vf_max(vf a, vf b) {
  LANES a.v[i] = a.v[i] > b.v[i] ? a.v[i] : b.v[i];
  return a;
}
static inline vf vf_min(vf a, vf b) {
  LANES a.v[i] = a.v[i] < b.v[i] ? a.v[i] : b.v[i];
  return a;
}
static inline vf vf_abs(vf a) {
  LANES a.v[i] = fabsf(a.v[i]);
  return a;
}
/* To the nearest integer, ties to even. */
static inline vf vf_rint(vf a) {
  LANES a.v[i] = rintf(a.v[i]);
  return a;
}
/* a * b + c, rounded once. */
static inline vf vf_fma(vf a, vf b, vf c) {
  LANES a.v[i] = fmaf(a.v[i], b.v[i], c.v[i]);
  return a;
}
/* The same in the first n lanes; c in the others. */
static inline vf vf_fma_n(vf a, vf b, vf c, int n) {
  for (int i = 0; i < n; i++) {
    c.v[i] = fmaf(a.v[i], b.v[i], c.v[i]);
  }
  return c;
}
/* x < bound ? 0 : y */
static inline vf vf_zero_below(vf x, float bound, vf y) {
  LANES y.v[i] = x.v[i] >= bound ? y.v[i] : 0.0f;
  return y;
}
static inline int32_t int_of(float x) { /* NaN and what does not fit: some integer */
  return x >= -0x1p30f && x <= 0x1p30f ? (int32_t)rintf(x) : INT32_MIN;
}
/* y * 2^n by adding n (integral) to the exponent field. */
static inline vf vf_add_exponent(vf y, vf n) {
  LANES y.v[i] = qk_float_of_bits(qk_bits_of_float(y.v[i]) + ((uint32_t)int_of(n.v[i]) << 23));
  return y;
}
/* The canonical order of docs/reference/arithmetic.md. */
static inline float vf_sum(vf v) {
  for (int half = 8; half >= 1; half /= 2) {
    for (int i = 0; i < half; i++) {
      v.v[i] += v.v[i + half];
    }
  }
  return v.v[0];
}
static inline float vf_max_lane(vf v) {
  float max = v.v[0];
  LANES max = v.v[i] > max ? v.v[i] : max;
  return max;
}

static inline vf vf_load_half(const void *p) {
  vf r;
  LANES r.v[i] = qk_float_of_half(qk_load16((const uint8_t *)p + 2 * i));
  return r;
}
static inline vf vf_load_bfloat(const void *p) {
  vf r;
  LANES r.v[i] = qk_float_of_bfloat(qk_load16((const uint8_t *)p + 2 * i));
  return r;
}
static inline void vf_store_half(void *p, vf v) {
  uint16_t half[16];
  LANES half[i] = qk_half_of_float(v.v[i]);
  memcpy(p, half, sizeof half);
}

static inline vi vi_set1(int32_t x) {
  vi r;
  LANES r.v[i] = x;
  return r;
}
static inline vi vi_load(const void *p) {
  vi r;
  memcpy(r.v, p, sizeof r.v);
  return r;
}
static inline void vi_store(void *p, vi v) { memcpy(p, v.v, sizeof v.v); }
static inline vi vi_add(vi a, vi b) {
  LANES a.v[i] = (int32_t)((uint32_t)a.v[i] + (uint32_t)b.v[i]);
  return a;
}
/* 64 bytes, each modulo 256. */
static inline vi vi_add8(vi a, vi b) {
  uint8_t x[64], y[64];
  memcpy(x, a.v, 64);
  memcpy(y, b.v, 64);
  for (int i = 0; i < 64; i++) {
    x[i] = (uint8_t)(x[i] + y[i]);
  }
  return vi_load(x);
}
static inline vi vi_and(vi a, vi b) {
  LANES a.v[i] &= b.v[i];
  return a;
}
static inline vi vi_or(vi a, vi b) {
  LANES a.v[i] |= b.v[i];
  return a;
}
/* Logical shifts of 32-bit lanes. */
static inline vi vi_shr(vi a, int n) {
  LANES a.v[i] = (int32_t)((uint32_t)a.v[i] >> n);
  return a;
}
static inline vi vi_shl(vi a, int n) {
  LANES a.v[i] = (int32_t)((uint32_t)a.v[i] << n);
  return a;
}
static inline vf vi_float(vi v) {
  vf r;
  LANES r.v[i] = (float)v.v[i];
  return r;
}
static inline vi vi_rint(vf v) {
  vi r;
  LANES r.v[i] = int_of(v.v[i]);
  return r;
}
static inline int32_t vi_sum(vi v) {
  uint32_t sum = 0;
  LANES sum += (uint32_t)v.v[i];
  return (int32_t)sum;
}
/* 16 int8, saturated. */
static inline void vi_store8(int8_t *p, vi v) {
  LANES p[i] = (int8_t)(v.v[i] < -128 ? -128 : v.v[i] > 127 ? 127 : v.v[i]);
}

/* acc + w . a for four neighbouring elements: w (16 rows, 4) as in a panel below 64, a four int8. */
static inline vi vi_dot(vi acc, vi w, const int8_t *a) {
  int8_t bytes[64];
  memcpy(bytes, w.v, 64);
  LANES {
    for (int j = 0; j < 4; j++) {
      acc.v[i] += bytes[4 * i + j] * a[j];
    }
  }
  return acc;
}
/* The same where w are the bytes of a QK_KIND_PLAIN panel. */
#define vi_dot_plain vi_dot
/*
 * A layer may define PAIR_SUMS and, in place of vi_dot, the parts of run_add in multiply.inc, and
 * VALUE_WIDTH with vi_in_order of attention_q8_0.inc: vec_avx2.h does both, the first without
 * DOT_PRODUCTS.
 */

/* 32 int16, saturated: pair i of them at pair_slot(i). */
static inline int16_t word_of(int32_t x) {
  return (int16_t)(x < -32768 ? -32768 : x > 32767 ? 32767 : x);
}
static inline void vi_store_weights(int16_t *p, vi a, vi b) {
  LANES p[i] = word_of(a.v[i]);
  LANES p[16 + i] = word_of(b.v[i]);
}
static inline int pair_slot(int pair) { return pair; }
/* 32 elements of two rows as int16, twice 16 pairs, in any order that vi_dot_pair knows. */
static inline void vi_store_pairs(uint8_t *p, const int8_t *a, const int8_t *b) {
  int16_t pairs[64];
  for (int i = 0; i < 32; i++) {
    pairs[2 * i] = a[i];
    pairs[2 * i + 1] = b[i];
  }
  memcpy(p, pairs, sizeof pairs);
}
/* acc + v . w for 16 pairs of elements and one pair of weights. */
static inline vi vi_dot_pair(vi acc, vi v, const int16_t *w) {
  int16_t pairs[32];
  memcpy(pairs, v.v, sizeof pairs);
  LANES acc.v[i] += pairs[2 * i] * w[0] + pairs[2 * i + 1] * w[1];
  return acc;
}
/* acc + low half * w[0] + high half * w[1] in each lane; halves are below 2^15. */
#define vi_dot_halves vi_dot_pair

/* The binary16 in the low half of each lane. */
static inline vf vi_low_half(vi v) {
  vf r;
  LANES r.v[i] = qk_float_of_half((uint16_t)v.v[i]);
  return r;
}
/* Byte k of each lane. */
static inline vf vi_byte(vi v, int k) {
  vf r;
  LANES r.v[i] = (float)((uint32_t)v.v[i] >> 8 * k & 255);
  return r;
}
static inline vf vi_signed_byte(vi v, int k) {
  vf r;
  LANES r.v[i] = (int8_t)((uint32_t)v.v[i] >> 8 * k & 255);
  return r;
}
/* The binary16 at p of each of 16 rows. */
static inline vf vf_column_half(const uint8_t *p, size_t stride) {
  vf r;
  LANES r.v[i] = qk_float_of_half(qk_load16(p + (size_t)i * stride));
  return r;
}
/* The 16 bytes at p of each of 16 rows: out[j] has bytes 4j .. 4j+3 of each row in its lanes. */
static inline void vi_rows(const uint8_t *p, size_t stride, vi out[4]) {
  for (int j = 0; j < 4; j++) {
    LANES out[j].v[i] = qk_load32(p + (size_t)i * stride + 4 * (size_t)j);
  }
}
