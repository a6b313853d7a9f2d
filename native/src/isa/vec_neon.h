/* 16 lanes as four NEON registers. See vec_scalar.h for what each function means. */
#include <arm_neon.h>

typedef struct {
  float32x4_t v[4];
} vf;
typedef struct {
  int32x4_t v[4];
} vi;

/* All products are of signed bytes. */
#define PLAIN_BIAS 0
/* One panel (4 registers) * 3 tokens: 12 integer and 12 float sums of the 32 registers. */
#define TILE_TOKENS 3
#define TILE_PANELS 1
/* Tokens multiplied without a panel: a vector of 16 lanes takes four of the 32 registers. */
#define FEW_TOKENS 1
/* 2 columns * 2 * 4 = 16 integer sums and 8 registers of values of the 32. */
#define VALUE_COLUMNS 2

#define PARTS for (int i = 0; i < 4; i++)

static inline vf vf_set1(float x) {
  vf r;
  PARTS r.v[i] = vdupq_n_f32(x);
  return r;
}
static inline vf vf_zero(void) { return vf_set1(0.0f); }
static inline vf vf_load(const float *p) {
  vf r;
  PARTS r.v[i] = vld1q_f32(p + 4 * i);
  return r;
}
static inline void vf_store(float *p, vf v) { PARTS vst1q_f32(p + 4 * i, v.v[i]); }
static inline vf vf_load_n(const float *p, int n) {
  if (n == 16) {
    return vf_load(p);
  }
  float lanes[16] = {0};
  memcpy(lanes, p, (size_t)n * sizeof *p);
  return vf_load(lanes);
}
static inline void vf_store_n(float *p, vf v, int n) {
  if (n == 16) {
    vf_store(p, v);
    return;
  }
  float lanes[16];
  vf_store(lanes, v);
  memcpy(p, lanes, (size_t)n * sizeof *p);
}
static inline vf vf_add(vf a, vf b) {
  PARTS a.v[i] = vaddq_f32(a.v[i], b.v[i]);
  return a;
}
static inline vf vf_sub(vf a, vf b) {
  PARTS a.v[i] = vsubq_f32(a.v[i], b.v[i]);
  return a;
}
static inline vf vf_mul(vf a, vf b) {
  PARTS a.v[i] = vmulq_f32(a.v[i], b.v[i]);
  return a;
}
static inline vf vf_div(vf a, vf b) {
  PARTS a.v[i] = vdivq_f32(a.v[i], b.v[i]);
  return a;
}
static inline vf vf_max(vf a, vf b) {
  PARTS a.v[i] = vmaxq_f32(a.v[i], b.v[i]);
  return a;
}
static inline vf vf_min(vf a, vf b) {
  PARTS a.v[i] = vminq_f32(a.v[i], b.v[i]);
  return a;
}
static inline vf vf_abs(vf a) {
  PARTS a.v[i] = vabsq_f32(a.v[i]);
  return a;
}
static inline vf vf_rint(vf a) {
  PARTS a.v[i] = vrndnq_f32(a.v[i]);
  return a;
}
static inline vf vf_fma(vf a, vf b, vf c) {
  PARTS c.v[i] = vfmaq_f32(c.v[i], a.v[i], b.v[i]);
  return c;
}
static inline vf vf_fma_n(vf a, vf b, vf c, int n) {
  float sum[16], kept[16];
  vf_store(sum, vf_fma(a, b, c));
  vf_store(kept, c);
  memcpy(kept, sum, (size_t)n * sizeof *sum);
  return vf_load(kept);
}
static inline vf vf_zero_below(vf x, float bound, vf y) {
  PARTS {
    uint32x4_t keep = vcgeq_f32(x.v[i], vdupq_n_f32(bound));
    y.v[i] = vreinterpretq_f32_u32(vandq_u32(keep, vreinterpretq_u32_f32(y.v[i])));
  }
  return y;
}
static inline vf vf_add_exponent(vf y, vf n) {
  PARTS {
    int32x4_t shifted = vshlq_n_s32(vcvtnq_s32_f32(n.v[i]), 23);
    y.v[i] = vreinterpretq_f32_s32(vaddq_s32(vreinterpretq_s32_f32(y.v[i]), shifted));
  }
  return y;
}
static inline float vf_sum(vf v) {
  float32x4_t a = vaddq_f32(vaddq_f32(v.v[0], v.v[2]), vaddq_f32(v.v[1], v.v[3]));
  float32x2_t b = vadd_f32(vget_low_f32(a), vget_high_f32(a));
  return vget_lane_f32(b, 0) + vget_lane_f32(b, 1);
}
static inline float vf_max_lane(vf v) {
  return vmaxvq_f32(vmaxq_f32(vmaxq_f32(v.v[0], v.v[1]), vmaxq_f32(v.v[2], v.v[3])));
}

static inline float32x4_t widen_half(uint16x4_t h) {
  return vcvt_f32_f16(vreinterpret_f16_u16(h));
}
static inline uint16x4_t load4(const void *p) {
  return vreinterpret_u16_u8(vld1_u8(p));
}
static inline vf vf_load_half(const void *p) {
  vf r;
  PARTS r.v[i] = widen_half(load4((const uint8_t *)p + 8 * i));
  return r;
}
static inline vf vf_load_bfloat(const void *p) {
  vf r;
  PARTS r.v[i] = vreinterpretq_f32_u32(vshll_n_u16(load4((const uint8_t *)p + 8 * i), 16));
  return r;
}
static inline void vf_store_half(void *p, vf v) {
  PARTS vst1_u8((uint8_t *)p + 8 * i, vreinterpret_u8_f16(vcvt_f16_f32(v.v[i])));
}

static inline vi vi_set1(int32_t x) {
  vi r;
  PARTS r.v[i] = vdupq_n_s32(x);
  return r;
}
static inline vi vi_load(const void *p) {
  vi r;
  PARTS r.v[i] = vreinterpretq_s32_u8(vld1q_u8((const uint8_t *)p + 16 * i));
  return r;
}
static inline void vi_store(void *p, vi v) {
  PARTS vst1q_u8((uint8_t *)p + 16 * i, vreinterpretq_u8_s32(v.v[i]));
}
static inline vi vi_add(vi a, vi b) {
  PARTS a.v[i] = vaddq_s32(a.v[i], b.v[i]);
  return a;
}
static inline vi vi_add8(vi a, vi b) {
  PARTS a.v[i] = vreinterpretq_s32_u8(
      vaddq_u8(vreinterpretq_u8_s32(a.v[i]), vreinterpretq_u8_s32(b.v[i])));
  return a;
}
static inline vi vi_and(vi a, vi b) {
  PARTS a.v[i] = vandq_s32(a.v[i], b.v[i]);
  return a;
}
static inline vi vi_or(vi a, vi b) {
  PARTS a.v[i] = vorrq_s32(a.v[i], b.v[i]);
  return a;
}
static inline vi vi_shl(vi a, int n) {
  PARTS a.v[i] = vshlq_s32(a.v[i], vdupq_n_s32(n));
  return a;
}
static inline vi vi_shr(vi a, int n) {
  PARTS a.v[i] =
      vreinterpretq_s32_u32(vshlq_u32(vreinterpretq_u32_s32(a.v[i]), vdupq_n_s32(-n)));
  return a;
}
static inline vf vi_float(vi v) {
  vf r;
  PARTS r.v[i] = vcvtq_f32_s32(v.v[i]);
  return r;
}
static inline vi vi_rint(vf v) {
  vi r;
  PARTS r.v[i] = vcvtnq_s32_f32(v.v[i]);
  return r;
}
static inline int32_t vi_sum(vi v) {
  return vaddvq_s32(vaddq_s32(vaddq_s32(v.v[0], v.v[1]), vaddq_s32(v.v[2], v.v[3])));
}
static inline void vi_store8(int8_t *p, vi v) {
  int16x8_t low = vcombine_s16(vqmovn_s32(v.v[0]), vqmovn_s32(v.v[1]));
  int16x8_t high = vcombine_s16(vqmovn_s32(v.v[2]), vqmovn_s32(v.v[3]));
  vst1q_s8(p, vcombine_s8(vqmovn_s16(low), vqmovn_s16(high)));
}

static inline vi vi_dot(vi acc, vi w, const int8_t *quad) {
  int8x16_t a = vreinterpretq_s8_s32(vdupq_n_s32(qk_load32(quad)));
  PARTS {
    int8x16_t bytes = vreinterpretq_s8_s32(w.v[i]);
#if defined(__ARM_FEATURE_DOTPROD)
    acc.v[i] = vdotq_s32(acc.v[i], bytes, a);
#else
    int32x4_t low = vpaddlq_s16(vmull_s8(vget_low_s8(bytes), vget_low_s8(a)));
    int32x4_t high = vpaddlq_s16(vmull_high_s8(bytes, a));
    acc.v[i] = vaddq_s32(acc.v[i], vpaddq_s32(low, high));
#endif
  }
  return acc;
}
#define vi_dot_plain vi_dot
#if !defined(__ARM_FEATURE_DOTPROD)
/* See vec_avx2.h. */
#define PRODUCTS_APART
static inline vi vi_renewed(vi w) {
  PARTS __asm__ volatile("" : "+w"(w.v[i]));
  return w;
}
#endif

static inline void vi_store_weights(int16_t *p, vi a, vi b) {
  vst1q_s16(p, vcombine_s16(vqmovn_s32(a.v[0]), vqmovn_s32(a.v[1])));
  vst1q_s16(p + 8, vcombine_s16(vqmovn_s32(a.v[2]), vqmovn_s32(a.v[3])));
  vst1q_s16(p + 16, vcombine_s16(vqmovn_s32(b.v[0]), vqmovn_s32(b.v[1])));
  vst1q_s16(p + 24, vcombine_s16(vqmovn_s32(b.v[2]), vqmovn_s32(b.v[3])));
}
static inline int pair_slot(int pair) { return pair; }
/* Not side by side: 16 elements of the one, then 16 of the other. */
static inline void store_words(uint8_t *p, const int8_t *bytes) {
  int8x16_t x = vld1q_s8(bytes);
  vst1q_u8(p, vreinterpretq_u8_s16(vmovl_s8(vget_low_s8(x))));
  vst1q_u8(p + 16, vreinterpretq_u8_s16(vmovl_s8(vget_high_s8(x))));
}
static inline void vi_store_pairs(uint8_t *p, const int8_t *a, const int8_t *b) {
  store_words(p, a);
  store_words(p + 32, b);
  store_words(p + 64, a + 16);
  store_words(p + 96, b + 16);
}
static inline vi vi_dot_pair(vi acc, vi v, const int16_t *w) {
  for (int k = 0; k < 2; k++) {
    int16x8_t low = vreinterpretq_s16_s32(v.v[2 * k]), high = vreinterpretq_s16_s32(v.v[2 * k + 1]);
    acc.v[0] = vmlal_n_s16(acc.v[0], vget_low_s16(low), w[k]);
    acc.v[1] = vmlal_high_n_s16(acc.v[1], low, w[k]);
    acc.v[2] = vmlal_n_s16(acc.v[2], vget_low_s16(high), w[k]);
    acc.v[3] = vmlal_high_n_s16(acc.v[3], high, w[k]);
  }
  return acc;
}
static inline vi vi_dot_halves(vi acc, vi v, const int16_t *w) {
  PARTS {
    acc.v[i] = vmlaq_n_s32(acc.v[i], vandq_s32(v.v[i], vdupq_n_s32(0xffff)), w[0]);
    acc.v[i] = vmlaq_n_s32(acc.v[i], vshrq_n_s32(v.v[i], 16), w[1]);
  }
  return acc;
}

static inline vf vi_low_half(vi v) {
  vf r;
  PARTS r.v[i] = widen_half(vmovn_u32(vreinterpretq_u32_s32(v.v[i])));
  return r;
}
static inline vf vi_byte(vi v, int k) { return vi_float(vi_and(vi_shr(v, 8 * k), vi_set1(255))); }
static inline vf vi_signed_byte(vi v, int k) {
  vi top = vi_shl(v, 24 - 8 * k);
  PARTS top.v[i] = vshrq_n_s32(top.v[i], 24);
  return vi_float(top);
}
static inline vf vf_column_half(const uint8_t *p, size_t stride) {
  uint16_t column[16];
  for (size_t r = 0; r < 16; r++) {
    column[r] = qk_load16(p + r * stride);
  }
  return vf_load_half(column);
}

/* A 4 x 4 transposition of 32-bit elements for each four rows. */
static inline void vi_rows(const uint8_t *p, size_t stride, vi out[4]) {
  for (int i = 0; i < 4; i++, p += 4 * stride) {
    int32x4_t r[4];
    for (size_t j = 0; j < 4; j++) {
      r[j] = vreinterpretq_s32_u8(vld1q_u8(p + j * stride));
    }
    int64x2_t a = vreinterpretq_s64_s32(vtrn1q_s32(r[0], r[1]));
    int64x2_t b = vreinterpretq_s64_s32(vtrn2q_s32(r[0], r[1]));
    int64x2_t c = vreinterpretq_s64_s32(vtrn1q_s32(r[2], r[3]));
    int64x2_t d = vreinterpretq_s64_s32(vtrn2q_s32(r[2], r[3]));
    out[0].v[i] = vreinterpretq_s32_s64(vtrn1q_s64(a, c));
    out[1].v[i] = vreinterpretq_s32_s64(vtrn1q_s64(b, d));
    out[2].v[i] = vreinterpretq_s32_s64(vtrn2q_s64(a, c));
    out[3].v[i] = vreinterpretq_s32_s64(vtrn2q_s64(b, d));
  }
}
