/*
 * 16 lanes as two AVX2 registers, with DOT_PRODUCTS also those of AVX-VNNI. See vec_scalar.h for
 * what each function means.
 */
#include <immintrin.h>

typedef struct {
  __m256 a, b;
} vf;
typedef struct {
  __m256i a, b;
} vi;

#if defined(DOT_PRODUCTS)
/* Added to the bytes of QK_KIND_PLAIN panels: vpdpbusd takes them unsigned. */
#define PLAIN_BIAS 128
/* One panel (2 registers) * 6 tokens: 12 integer sums, 2 weights and an activation of the 16
   registers; float sums are read and written once a block. */
#define TILE_TOKENS 6
#else
/* Signed bytes: vpmaddubsw saturates on products of 8 unsigned and 7 signed bits. */
#define PLAIN_BIAS 0
/* One panel (2 registers) * 4 tokens: 8 integer sums, 2 weights and an activation of the 16
   registers, and what products pass through; float sums are read and written once a block. */
#define TILE_TOKENS 4
#endif
#define TILE_PANELS 1
/* Tokens up to which transposing in registers beats a panel: measured. */
#define FEW_TOKENS 2
/* 4 columns * 2 = 8 integer sums of the 16 registers: 16 dimensions in a pass. */
#define VALUE_COLUMNS 4
#define VALUE_WIDTH 1
/* For so few columns pairs are formed in registers: measured. */
#define DIRECT_COLUMNS VALUE_COLUMNS

static inline __m256i first_lanes(int n) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

static inline vf vf_set1(float x) { return (vf){_mm256_set1_ps(x), _mm256_set1_ps(x)}; }
static inline vf vf_zero(void) { return vf_set1(0.0f); }
static inline vf vf_load(const float *p) {
  return (vf){_mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)};
}
static inline void vf_store(float *p, vf v) {
  _mm256_storeu_ps(p, v.a);
  _mm256_storeu_ps(p + 8, v.b);
}
static inline vf vf_load_n(const float *p, int n) {
  if (n == 16) {
    return vf_load(p);
  }
  vf v = vf_zero();
  v.a = _mm256_maskload_ps(p, first_lanes(n));
  if (n > 8) {
    v.b = _mm256_maskload_ps(p + 8, first_lanes(n - 8));
  }
  return v;
}
static inline void vf_store_n(float *p, vf v, int n) {
  if (n == 16) {
    vf_store(p, v);
    return;
  }
  _mm256_maskstore_ps(p, first_lanes(n), v.a);
  if (n > 8) {
    _mm256_maskstore_ps(p + 8, first_lanes(n - 8), v.b);
  }
}
static inline vf vf_add(vf x, vf y) {
  return (vf){_mm256_add_ps(x.a, y.a), _mm256_add_ps(x.b, y.b)};
}
static inline vf vf_sub(vf x, vf y) {
  return (vf){_mm256_sub_ps(x.a, y.a), _mm256_sub_ps(x.b, y.b)};
}
static inline vf vf_mul(vf x, vf y) {
  return (vf){_mm256_mul_ps(x.a, y.a), _mm256_mul_ps(x.b, y.b)};
}
static inline vf vf_div(vf x, vf y) {
  return (vf){_mm256_div_ps(x.a, y.a), _mm256_div_ps(x.b, y.b)};
}
static inline vf vf_max(vf x, vf y) {
  return (vf){_mm256_max_ps(x.a, y.a), _mm256_max_ps(x.b, y.b)};
}
static inline vf vf_min(vf x, vf y) {
  return (vf){_mm256_min_ps(x.a, y.a), _mm256_min_ps(x.b, y.b)};
}
static inline vf vf_abs(vf x) {
  __m256 sign = _mm256_set1_ps(-0.0f);
  return (vf){_mm256_andnot_ps(sign, x.a), _mm256_andnot_ps(sign, x.b)};
}
static inline vf vf_rint(vf x) {
  enum { NEAREST = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC };
  return (vf){_mm256_round_ps(x.a, NEAREST), _mm256_round_ps(x.b, NEAREST)};
}
static inline vf vf_fma(vf x, vf y, vf z) {
  return (vf){_mm256_fmadd_ps(x.a, y.a, z.a), _mm256_fmadd_ps(x.b, y.b, z.b)};
}
static inline vf vf_fma_n(vf x, vf y, vf z, int n) {
  vf v = vf_fma(x, y, z);
  v.a = _mm256_blendv_ps(z.a, v.a, _mm256_castsi256_ps(first_lanes(n)));
  v.b = _mm256_blendv_ps(z.b, v.b, _mm256_castsi256_ps(first_lanes(n - 8)));
  return v;
}
static inline vf vf_zero_below(vf x, float bound, vf y) {
  __m256 limit = _mm256_set1_ps(bound);
  return (vf){_mm256_and_ps(_mm256_cmp_ps(x.a, limit, _CMP_GE_OQ), y.a),
              _mm256_and_ps(_mm256_cmp_ps(x.b, limit, _CMP_GE_OQ), y.b)};
}
static inline __m256 add_exponent(__m256 y, __m256 n) {
  __m256i shifted = _mm256_slli_epi32(_mm256_cvtps_epi32(n), 23);
  return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(y), shifted));
}
static inline vf vf_add_exponent(vf y, vf n) {
  return (vf){add_exponent(y.a, n.a), add_exponent(y.b, n.b)};
}
static inline float vf_sum(vf v) {
  __m256 a = _mm256_add_ps(v.a, v.b);
  __m128 b = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
  b = _mm_add_ps(b, _mm_movehl_ps(b, b));
  return _mm_cvtss_f32(_mm_add_ss(b, _mm_movehdup_ps(b)));
}
static inline float vf_max_lane(vf v) {
  __m256 a = _mm256_max_ps(v.a, v.b);
  __m128 b = _mm_max_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
  b = _mm_max_ps(b, _mm_movehl_ps(b, b));
  return _mm_cvtss_f32(_mm_max_ss(b, _mm_movehdup_ps(b)));
}

static inline vf halves(__m256i h) {
  return (vf){_mm256_cvtph_ps(_mm256_castsi256_si128(h)),
              _mm256_cvtph_ps(_mm256_extracti128_si256(h, 1))};
}
static inline vf vf_load_half(const void *p) {
  return halves(_mm256_loadu_si256((const __m256i *)p));
}
static inline __m256 bfloats(const void *p) {
  __m256i wide = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)p));
  return _mm256_castsi256_ps(_mm256_slli_epi32(wide, 16));
}
static inline vf vf_load_bfloat(const void *p) {
  return (vf){bfloats(p), bfloats((const char *)p + 16)};
}
static inline void vf_store_half(void *p, vf v) {
  __m128i *out = p;
  _mm_storeu_si128(out, _mm256_cvtps_ph(v.a, _MM_FROUND_TO_NEAREST_INT));
  _mm_storeu_si128(out + 1, _mm256_cvtps_ph(v.b, _MM_FROUND_TO_NEAREST_INT));
}

static inline vi vi_set1(int32_t x) { return (vi){_mm256_set1_epi32(x), _mm256_set1_epi32(x)}; }
static inline vi vi_load(const void *p) {
  const __m256i *v = p;
  return (vi){_mm256_loadu_si256(v), _mm256_loadu_si256(v + 1)};
}
static inline void vi_store(void *p, vi v) {
  __m256i *out = p;
  _mm256_storeu_si256(out, v.a);
  _mm256_storeu_si256(out + 1, v.b);
}
static inline vi vi_add(vi x, vi y) {
  return (vi){_mm256_add_epi32(x.a, y.a), _mm256_add_epi32(x.b, y.b)};
}
static inline vi vi_add8(vi x, vi y) {
  return (vi){_mm256_add_epi8(x.a, y.a), _mm256_add_epi8(x.b, y.b)};
}
static inline vi vi_and(vi x, vi y) {
  return (vi){_mm256_and_si256(x.a, y.a), _mm256_and_si256(x.b, y.b)};
}
static inline vi vi_or(vi x, vi y) {
  return (vi){_mm256_or_si256(x.a, y.a), _mm256_or_si256(x.b, y.b)};
}
static inline vi vi_shr(vi x, int n) {
  return (vi){(__m256i)((__v8su)x.a >> n), (__m256i)((__v8su)x.b >> n)};
}
static inline vi vi_shl(vi x, int n) {
  return (vi){(__m256i)((__v8su)x.a << n), (__m256i)((__v8su)x.b << n)};
}
static inline vf vi_float(vi v) {
  return (vf){_mm256_cvtepi32_ps(v.a), _mm256_cvtepi32_ps(v.b)};
}
static inline vi vi_rint(vf v) {
  return (vi){_mm256_cvtps_epi32(v.a), _mm256_cvtps_epi32(v.b)};
}
static inline int32_t vi_sum(vi v) {
  __m256i a = _mm256_add_epi32(v.a, v.b);
  __m128i b = _mm_add_epi32(_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1));
  b = _mm_add_epi32(b, _mm_shuffle_epi32(b, 0x4e));
  return _mm_cvtsi128_si32(_mm_add_epi32(b, _mm_shuffle_epi32(b, 0xb1)));
}
static inline void vi_store8(int8_t *p, vi v) {
  __m256i words = _mm256_permute4x64_epi64(_mm256_packs_epi32(v.a, v.b), 0xd8);
  __m128i low = _mm256_castsi256_si128(words), high = _mm256_extracti128_si256(words, 1);
  _mm_storeu_si128((__m128i *)p, _mm_packs_epi16(low, high));
}

/* Keeps sums in the order of the source: the compiler would form all products first and spill them. */
static inline __m256i in_turn(__m256i v) {
  __asm__("" : "+x"(v));
  return v;
}
#if defined(DOT_PRODUCTS)
static inline vi vi_dot(vi acc, vi w, const int8_t *quad) {
  __m256i a = _mm256_set1_epi32(qk_load32(quad));
  return (vi){in_turn(_mm256_dpbusd_epi32(acc.a, w.a, a)),
              in_turn(_mm256_dpbusd_epi32(acc.b, w.b, a))};
}
#define vi_dot_plain vi_dot
#else
/* Instead of vi_dot: sums of two products of weights below 128 as 16 bits, which can be added up
   before they are widened. */
#define PAIR_SUMS
static inline vi vi_pair_products(vi w, const int8_t *quad) {
  __m256i a = _mm256_set1_epi32(qk_load32(quad));
  return (vi){_mm256_maddubs_epi16(w.a, a), _mm256_maddubs_epi16(w.b, a)};
}
static inline vi vi_add16(vi x, vi y) {
  return (vi){in_turn(_mm256_add_epi16(x.a, y.a)), in_turn(_mm256_add_epi16(x.b, y.b))};
}
static inline vi vi_sum_pairs(vi pairs) {
  __m256i one = _mm256_set1_epi16(1);
  return (vi){_mm256_madd_epi16(pairs.a, one), _mm256_madd_epi16(pairs.b, one)};
}
/* Lanes 0, 1, 4, 5, 8 .. and the others, summed up. */
static inline void vi_sum_every_other_pair(vi v, uint32_t sum[2]) {
  __m256i a = _mm256_add_epi32(v.a, v.b);
  __m128i b = _mm_add_epi32(_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1));
  b = _mm_add_epi32(b, _mm_shuffle_epi32(b, 0xb1));
  sum[0] = (uint32_t)_mm_cvtsi128_si32(b);
  sum[1] = (uint32_t)_mm_extract_epi32(b, 2);
}
/* Products are not of the sum's instruction. This is the same w, but the compiler does not know, so
   that it forms a product again. */
#define PRODUCTS_APART
static inline vi vi_renewed(vi w) {
  __asm__ volatile("" : "+x"(w.a), "+x"(w.b));
  return w;
}
/* |w| (sign(w) a): at most 128 * 127 * 2 = 32,512, just below saturation. */
static inline __m256i dot_unsigned(__m256i acc, __m256i w, __m256i a) {
  __m256i pairs = _mm256_maddubs_epi16(w, a);
  return in_turn(_mm256_add_epi32(acc, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1))));
}
static inline vi vi_dot_plain(vi acc, vi w, const int8_t *quad) {
  __m256i a = _mm256_set1_epi32(qk_load32(quad));
  return (vi){dot_unsigned(acc.a, _mm256_abs_epi8(w.a), _mm256_sign_epi8(a, w.a)),
              dot_unsigned(acc.b, _mm256_abs_epi8(w.b), _mm256_sign_epi8(a, w.b))};
}
#endif

/* In each half of a register 4 of v.a, then 4 of v.b. */
static inline void vi_store_weights(int16_t *p, vi a, vi b) {
  _mm256_storeu_si256((__m256i *)p, _mm256_packs_epi32(a.a, a.b));
  _mm256_storeu_si256((__m256i *)p + 1, _mm256_packs_epi32(b.a, b.b));
}
static inline int pair_slot(int pair) {
  return pair / 8 * 8 + pair % 4 / 2 * 4 + pair % 8 / 4 * 2 + pair % 2;
}
/* Dimensions 0 .. 3 and 8 .. 11 of two positions, then the others. */
static inline void vi_pairs(const int8_t *a, const int8_t *b, vi out[1]) {
  __m256i x = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)a));
  __m256i y = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)b));
  out[0] = (vi){_mm256_unpacklo_epi16(x, y), _mm256_unpackhi_epi16(x, y)};
}
static inline vi vi_in_order(vi sum) {
  return (vi){_mm256_permute2x128_si256(sum.a, sum.b, 0x20),
              _mm256_permute2x128_si256(sum.a, sum.b, 0x31)};
}
static inline void vi_store_pairs(uint8_t *p, const int8_t *a, const int8_t *b) {
  for (int i = 0; i < 2; i++) {
    vi pair;
    vi_pairs(a + 16 * i, b + 16 * i, &pair);
    vi_store(p + 64 * i, pair);
  }
}
static inline __m256i dot_words(__m256i acc, __m256i v, __m256i w) {
#if defined(DOT_PRODUCTS)
  return in_turn(_mm256_dpwssd_epi32(acc, v, w));
#else
  return in_turn(_mm256_add_epi32(acc, _mm256_madd_epi16(v, w)));
#endif
}
static inline vi vi_dot_pair(vi acc, vi v, const int16_t *w) {
  __m256i pair = _mm256_set1_epi32(qk_load32(w));
  return (vi){dot_words(acc.a, v.a, pair), dot_words(acc.b, v.b, pair)};
}
#define vi_dot_halves vi_dot_pair

static inline vf vi_low_half(vi v) {
  __m256i mask = _mm256_set1_epi32(0xffff);
  __m256i packed = _mm256_packus_epi32(_mm256_and_si256(v.a, mask), _mm256_and_si256(v.b, mask));
  return halves(_mm256_permute4x64_epi64(packed, 0xd8));
}
static inline vf vi_byte(vi v, int k) { return vi_float(vi_and(vi_shr(v, 8 * k), vi_set1(255))); }
static inline vf vi_signed_byte(vi v, int k) {
  vi top = vi_shl(v, 24 - 8 * k);
  return (vf){_mm256_cvtepi32_ps(_mm256_srai_epi32(top.a, 24)),
              _mm256_cvtepi32_ps(_mm256_srai_epi32(top.b, 24))};
}

static inline __m256 column8(const uint8_t *p, size_t stride) {
  __m128i v = _mm_setzero_si128();
  v = _mm_insert_epi16(v, qk_load16(p), 0);
  v = _mm_insert_epi16(v, qk_load16(p + stride), 1);
  v = _mm_insert_epi16(v, qk_load16(p + 2 * stride), 2);
  v = _mm_insert_epi16(v, qk_load16(p + 3 * stride), 3);
  v = _mm_insert_epi16(v, qk_load16(p + 4 * stride), 4);
  v = _mm_insert_epi16(v, qk_load16(p + 5 * stride), 5);
  v = _mm_insert_epi16(v, qk_load16(p + 6 * stride), 6);
  return _mm256_cvtph_ps(_mm_insert_epi16(v, qk_load16(p + 7 * stride), 7));
}
static inline vf vf_column_half(const uint8_t *p, size_t stride) {
  return (vf){column8(p, stride), column8(p + 8 * stride, stride)};
}

/* Rows r and r + 4 side by side. */
static inline __m256i two_rows(const uint8_t *p, size_t stride) {
  return _mm256_inserti128_si256(
      _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)p)),
      _mm_loadu_si128((const __m128i *)(p + 4 * stride)), 1);
}
static inline void eight_rows(const uint8_t *p, size_t stride, __m256i out[4]) {
  __m256i r0 = two_rows(p, stride), r1 = two_rows(p + stride, stride);
  __m256i r2 = two_rows(p + 2 * stride, stride), r3 = two_rows(p + 3 * stride, stride);
  __m256i a = _mm256_unpacklo_epi32(r0, r1), b = _mm256_unpackhi_epi32(r0, r1);
  __m256i c = _mm256_unpacklo_epi32(r2, r3), d = _mm256_unpackhi_epi32(r2, r3);
  out[0] = _mm256_unpacklo_epi64(a, c);
  out[1] = _mm256_unpackhi_epi64(a, c);
  out[2] = _mm256_unpacklo_epi64(b, d);
  out[3] = _mm256_unpackhi_epi64(b, d);
}
static inline void vi_rows(const uint8_t *p, size_t stride, vi out[4]) {
  __m256i low[4], high[4];
  eight_rows(p, stride, low);
  eight_rows(p + 8 * stride, stride, high);
  for (int j = 0; j < 4; j++) {
    out[j] = (vi){low[j], high[j]};
  }
}
