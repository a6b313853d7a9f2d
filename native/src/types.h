/* Geometry of the weight types, and exact widening of their elements. */
#ifndef QK_TYPES_H
#define QK_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "qk.h"

typedef struct {
  int block_size;  /* elements; 0 for an unknown type */
  int block_bytes;
} qk_geometry;

qk_geometry qk_geometry_of(int type);

/* Bytes of a row of cols elements; 0 if cols is no multiple of the block or the type is unknown. */
uint64_t qk_row_bytes(int type, int64_t cols);

/* Whether activations are quantised for products with this type. */
static inline bool qk_is_quantised(int type) {
  return type != QK_F32 && type != QK_F16 && type != QK_BF16;
}

/* out (cols) = the row's elements. */
void qk_widen_row(int type, const uint8_t *row, int cols, float *out);

/* Unaligned little-endian loads. */
static inline uint16_t qk_load16(const void *p) {
  uint16_t v;
  memcpy(&v, p, sizeof v);
  return v;
}

static inline int32_t qk_load32(const void *p) {
  int32_t v;
  memcpy(&v, p, sizeof v);
  return v;
}

static inline float qk_float_of_bits(uint32_t bits) {
  float f;
  memcpy(&f, &bits, sizeof f);
  return f;
}

static inline uint32_t qk_bits_of_float(float f) {
  uint32_t bits;
  memcpy(&bits, &f, sizeof bits);
  return bits;
}

/* binary16 to binary32, exact. */
static inline float qk_float_of_half(uint16_t h) {
  uint32_t sign = (uint32_t)(h & 0x8000) << 16;
  uint32_t rest = h & 0x7fff;
  if (rest >= 0x7c00) { /* infinite or NaN (made quiet, as the hardware does) */
    return qk_float_of_bits(sign | 0x7f800000 | (rest & 0x3ff) << 13 |
                            (rest > 0x7c00 ? 0x400000 : 0));
  }
  if (rest >= 0x0400) {
    return qk_float_of_bits(sign | ((rest << 13) + ((127 - 15) << 23)));
  }
  float subnormal = (float)rest * 0x1p-24f;
  return qk_float_of_bits(sign | qk_bits_of_float(subnormal));
}

/* binary32 to binary16, round to nearest even. */
static inline uint16_t qk_half_of_float(float f) {
  uint32_t bits = qk_bits_of_float(f);
  uint32_t sign = bits >> 16 & 0x8000;
  bits &= 0x7fffffff;
  if (bits > 0x7f800000) {
    return (uint16_t)(sign | 0x7e00 | (bits >> 13 & 0x3ff));
  }
  if (bits >= 0x477ff000) { /* 65520 and above rounds to infinity */
    return (uint16_t)(sign | 0x7c00);
  }
  if (bits < 0x38800000) { /* below 2^-14: adding 0.5 leaves a multiple of 2^-24 in the low bits */
    float shifted = qk_float_of_bits(bits) + 0.5f;
    return (uint16_t)(sign | (qk_bits_of_float(shifted) - 0x3f000000));
  }
  bits += 0xfff + (bits >> 13 & 1) - ((127 - 15) << 23);
  return (uint16_t)(sign | bits >> 13);
}

static inline float qk_float_of_bfloat(uint16_t b) { return qk_float_of_bits((uint32_t)b << 16); }

/* The eight scales and minima (6 bits each) that the 12 bytes of a K-quant block hold. */
static inline void qk_scales_k4(const uint8_t *packed, uint8_t *scales, uint8_t *minima) {
  for (int j = 0; j < 4; j++) {
    scales[j] = packed[j] & 63;
    minima[j] = packed[j + 4] & 63;
    scales[j + 4] = (uint8_t)((packed[j + 8] & 15) | (packed[j] >> 6) << 4);
    minima[j + 4] = (uint8_t)(packed[j + 8] >> 4 | (packed[j + 4] >> 6) << 4);
  }
}

#endif
