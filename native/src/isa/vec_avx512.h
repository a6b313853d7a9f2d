/* 16 lanes as one AVX-512 register. See vec_scalar.h for what each function means. */
#include <immintrin.h>

typedef __m512 vf;
typedef __m512i vi;

/* Added to the bytes of QK_KIND_PLAIN panels: vpdpbusd takes them unsigned. */
#define PLAIN_BIAS 128
/* Tokens of a tile: 2 panels * 6 tokens = 12 integer and 12 float sums of the 32 registers. */
#define TILE_TOKENS 6
#define TILE_PANELS 2
/* Tokens up to which transposing in registers beats a panel: measured. */
#define FEW_TOKENS 4
/* One token has products of its own. */
#define ONE_TOKEN "one_avx512.inc"
/* 8 columns * 2 = 16 integer sums, two registers of values, a broadcast. */
#define VALUE_COLUMNS 8
/* So many columns use the values of a page in one pass: these need not be stored in between. */
#define DIRECT_COLUMNS VALUE_COLUMNS

static inline __mmask16 first_lanes(int n) { return (__mmask16)((1u << n) - 1); }

static inline vf vf_zero(void) { return _mm512_setzero_ps(); }
static inline vf vf_set1(float x) { return _mm512_set1_ps(x); }
static inline vf vf_load(const float *p) { return _mm512_loadu_ps(p); }
static inline void vf_store(float *p, vf v) { _mm512_storeu_ps(p, v); }
static inline vf vf_load_n(const float *p, int n) {
  return _mm512_maskz_loadu_ps(first_lanes(n), p);
}
static inline void vf_store_n(float *p, vf v, int n) {
  _mm512_mask_storeu_ps(p, first_lanes(n), v);
}
static inline vf vf_add(vf a, vf b) { return _mm512_add_ps(a, b); }
static inline vf vf_sub(vf a, vf b) { return _mm512_sub_ps(a, b); }
static inline vf vf_mul(vf a, vf b) { return _mm512_mul_ps(a, b); }
static inline vf vf_div(vf a, vf b) { return _mm512_div_ps(a, b); }
static inline vf vf_max(vf a, vf b) { return _mm512_max_ps(a, b); }
static inline vf vf_min(vf a, vf b) { return _mm512_min_ps(a, b); }
static inline vf vf_abs(vf a) { return _mm512_abs_ps(a); }
static inline vf vf_rint(vf a) {
  return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}
static inline vf vf_fma(vf a, vf b, vf c) { return _mm512_fmadd_ps(a, b, c); }
static inline vf vf_fma_n(vf a, vf b, vf c, int n) {
  return _mm512_mask3_fmadd_ps(a, b, c, first_lanes(n));
}
static inline vf vf_zero_below(vf x, float bound, vf y) {
  return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(x, _mm512_set1_ps(bound), _CMP_GE_OQ), y);
}
static inline vf vf_add_exponent(vf y, vf n) {
  __m512i shifted = _mm512_slli_epi32(_mm512_cvtps_epi32(n), 23);
  return _mm512_castsi512_ps(_mm512_add_epi32(_mm512_castps_si512(y), shifted));
}
static inline float vf_sum(vf v) {
  __m256 a = _mm256_add_ps(_mm512_castps512_ps256(v), _mm512_extractf32x8_ps(v, 1));
  __m128 b = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
  b = _mm_add_ps(b, _mm_movehl_ps(b, b));
  return _mm_cvtss_f32(_mm_add_ss(b, _mm_movehdup_ps(b)));
}
static inline float vf_max_lane(vf v) { return _mm512_reduce_max_ps(v); }

static inline vf vf_load_half(const void *p) {
  return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)p));
}
static inline vf vf_load_bfloat(const void *p) {
  __m512i wide = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)p));
  return _mm512_castsi512_ps(_mm512_slli_epi32(wide, 16));
}
static inline void vf_store_half(void *p, vf v) {
  _mm256_storeu_si256((__m256i *)p,
                      _mm512_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
}

static inline vi vi_set1(int32_t x) { return _mm512_set1_epi32(x); }
static inline vi vi_load(const void *p) { return _mm512_loadu_si512(p); }
static inline void vi_store(void *p, vi v) { _mm512_storeu_si512(p, v); }
static inline vi vi_add(vi a, vi b) { return _mm512_add_epi32(a, b); }
static inline vi vi_add8(vi a, vi b) { return _mm512_add_epi8(a, b); }
static inline vi vi_and(vi a, vi b) { return _mm512_and_si512(a, b); }
static inline vi vi_or(vi a, vi b) { return _mm512_or_si512(a, b); }
static inline vi vi_shr(vi a, int n) { return (vi)((__v16su)a >> n); }
static inline vi vi_shl(vi a, int n) { return (vi)((__v16su)a << n); }
static inline vf vi_float(vi v) { return _mm512_cvtepi32_ps(v); }
static inline vi vi_rint(vf v) { return _mm512_cvtps_epi32(v); }
static inline int32_t vi_sum(vi v) { return _mm512_reduce_add_epi32(v); }
static inline void vi_store8(int8_t *p, vi v) {
  _mm_storeu_si128((__m128i *)p, _mm512_cvtsepi32_epi8(v));
}

static inline vi vi_dot(vi acc, vi w, const int8_t *a) {
  return _mm512_dpbusd_epi32(acc, w, _mm512_set1_epi32(qk_load32(a)));
}
#define vi_dot_plain vi_dot

/* In each lane 4 of a, then 4 of b. */
static inline void vi_store_weights(int16_t *p, vi a, vi b) {
  _mm512_storeu_si512(p, _mm512_packs_epi32(a, b));
}
static inline int pair_slot(int pair) { return pair % 8 / 2 * 4 + pair / 8 * 2 + pair % 2; }
/* 16 and 16 dimensions of two positions side by side, widened. */
static inline void vi_pairs(const int8_t *a, const int8_t *b, vi out[2]) {
  /* Halves are interleaved by 64 bits first, so that the interleaved bytes are in order. */
  __m256i x = _mm256_permute4x64_epi64(_mm256_loadu_si256((const __m256i *)a), 0xd8);
  __m256i y = _mm256_permute4x64_epi64(_mm256_loadu_si256((const __m256i *)b), 0xd8);
  out[0] = _mm512_cvtepi8_epi16(_mm256_unpacklo_epi8(x, y));
  out[1] = _mm512_cvtepi8_epi16(_mm256_unpackhi_epi8(x, y));
}
static inline void vi_store_pairs(uint8_t *p, const int8_t *a, const int8_t *b) {
  vi pairs[2];
  vi_pairs(a, b, pairs);
  _mm512_storeu_si512(p, pairs[0]);
  _mm512_storeu_si512(p + 64, pairs[1]);
}
static inline vi vi_dot_pair(vi acc, vi v, const int16_t *w) {
  /* Not the intrinsic: GCC 12 copies each sum twice in every round of a loop. */
  __asm__("vpdpwssd %2, %1, %0" : "+v"(acc) : "v"(v), "v"(_mm512_set1_epi32(qk_load32(w))));
  return acc;
}
#define vi_dot_halves vi_dot_pair

static inline vf vi_low_half(vi v) { return _mm512_cvtph_ps(_mm512_cvtepi32_epi16(v)); }
static inline vf vi_byte(vi v, int k) {
  return _mm512_cvtepi32_ps(_mm512_and_si512(vi_shr(v, 8 * k), _mm512_set1_epi32(255)));
}
static inline vf vi_signed_byte(vi v, int k) {
  return _mm512_cvtepi32_ps(_mm512_srai_epi32(vi_shl(v, 24 - 8 * k), 24));
}

static inline __m128i column16(const uint8_t *p, size_t stride) {
  __m128i v = _mm_setzero_si128();
  v = _mm_insert_epi16(v, qk_load16(p), 0);
  v = _mm_insert_epi16(v, qk_load16(p + stride), 1);
  v = _mm_insert_epi16(v, qk_load16(p + 2 * stride), 2);
  v = _mm_insert_epi16(v, qk_load16(p + 3 * stride), 3);
  v = _mm_insert_epi16(v, qk_load16(p + 4 * stride), 4);
  v = _mm_insert_epi16(v, qk_load16(p + 5 * stride), 5);
  v = _mm_insert_epi16(v, qk_load16(p + 6 * stride), 6);
  return _mm_insert_epi16(v, qk_load16(p + 7 * stride), 7);
}
static inline vf vf_column_half(const uint8_t *p, size_t stride) {
  return _mm512_cvtph_ps(_mm256_set_m128i(column16(p + 8 * stride, stride), column16(p, stride)));
}

/* Rows r, r + 4, r + 8, r + 12 side by side, by masked broadcasts: these need no shuffle port. */
static inline __m512i four_rows(const uint8_t *p, size_t stride) {
  __m512i v = _mm512_castsi128_si512(_mm_loadu_si128((const __m128i *)p));
  v = _mm512_mask_broadcast_i32x4(v, 0x00f0, _mm_loadu_si128((const __m128i *)(p + 4 * stride)));
  v = _mm512_mask_broadcast_i32x4(v, 0x0f00, _mm_loadu_si128((const __m128i *)(p + 8 * stride)));
  return _mm512_mask_broadcast_i32x4(v, 0xf000,
                                     _mm_loadu_si128((const __m128i *)(p + 12 * stride)));
}
static inline void vi_rows(const uint8_t *p, size_t stride, vi out[4]) {
  __m512i r0 = four_rows(p, stride), r1 = four_rows(p + stride, stride);
  __m512i r2 = four_rows(p + 2 * stride, stride), r3 = four_rows(p + 3 * stride, stride);
  __m512i a = _mm512_unpacklo_epi32(r0, r1), b = _mm512_unpackhi_epi32(r0, r1);
  __m512i c = _mm512_unpacklo_epi32(r2, r3), d = _mm512_unpackhi_epi32(r2, r3);
  out[0] = _mm512_unpacklo_epi64(a, c);
  out[1] = _mm512_unpackhi_epi64(a, c);
  out[2] = _mm512_unpacklo_epi64(b, d);
  out[3] = _mm512_unpackhi_epi64(b, d);
}
