#include "types.h"

qk_geometry qk_geometry_of(int type) {
  switch (type) {
    case QK_F32: return (qk_geometry){1, 4};
    case QK_F16:
    case QK_BF16: return (qk_geometry){1, 2};
    case QK_Q4_0: return (qk_geometry){32, 18};
    case QK_Q4_1: return (qk_geometry){32, 20};
    case QK_Q5_0: return (qk_geometry){32, 22};
    case QK_Q5_1: return (qk_geometry){32, 24};
    case QK_Q8_0: return (qk_geometry){32, 34};
    case QK_Q4_K: return (qk_geometry){256, 144};
    case QK_Q5_K: return (qk_geometry){256, 176};
    case QK_Q6_K: return (qk_geometry){256, 210};
    default: return (qk_geometry){0, 0};
  }
}

uint64_t qk_row_bytes(int type, int64_t cols) {
  qk_geometry g = qk_geometry_of(type);
  if (g.block_size == 0 || cols <= 0 || cols % g.block_size != 0) {
    return 0;
  }
  return (uint64_t)(cols / g.block_size) * (uint64_t)g.block_bytes;
}

/* Q4_0, Q4_1, Q5_0, Q5_1: d, [m], [32 high bits], 16 bytes of nibbles (low half, high half). */
static void widen_legacy(const uint8_t *block, bool has_min, bool has_high, float *out) {
  float d = qk_float_of_half(qk_load16(block));
  float m = has_min ? qk_float_of_half(qk_load16(block + 2)) : 0.0f;
  const uint8_t *rest = block + (has_min ? 4 : 2);
  uint32_t high = has_high ? (uint32_t)qk_load32(rest) : 0;
  const uint8_t *nibbles = rest + (has_high ? 4 : 0);
  int centre = has_min ? 0 : has_high ? 16 : 8;
  for (int i = 0; i < 32; i++) {
    int u = i < 16 ? nibbles[i] & 15 : nibbles[i - 16] >> 4;
    u |= (int)(high >> i & 1) << 4;
    float product = d * (float)(u - centre);
    out[i] = has_min ? product + m : product;
  }
}

/* Q4_K, Q5_K: d, dmin, 12 bytes of scales, [32 bytes of high bits], 128 bytes of nibbles. */
static void widen_k45(const uint8_t *block, bool has_high, float *out) {
  float d = qk_float_of_half(qk_load16(block));
  float dmin = qk_float_of_half(qk_load16(block + 2));
  uint8_t scales[8], minima[8];
  qk_scales_k4(block + 4, scales, minima);
  const uint8_t *high = block + 16;
  const uint8_t *nibbles = block + (has_high ? 48 : 16);
  for (int b = 0; b < 8; b++) {
    float dw = d * (float)scales[b];
    float m = dmin * (float)minima[b];
    for (int i = 0; i < 32; i++) {
      int u = nibbles[b / 2 * 32 + i] >> (b % 2 * 4) & 15;
      if (has_high) {
        u |= (high[i] >> b & 1) << 4;
      }
      out[b * 32 + i] = dw * (float)u - m;
    }
  }
}

/* Q6_K: 128 bytes of low nibbles, 64 bytes of high bit pairs, 16 int8 scales, d. */
static void widen_k6(const uint8_t *block, float *out) {
  float d = qk_float_of_half(qk_load16(block + 208));
  for (int i = 0; i < 256; i++) {
    int half = i / 128, quarter = i % 128 / 32, l = i % 32;
    int low = block[half * 64 + quarter % 2 * 32 + l] >> (quarter / 2 * 4) & 15;
    int high = block[128 + half * 32 + l] >> (quarter * 2) & 3;
    int scale = (int8_t)block[192 + i / 16];
    out[i] = d * (float)scale * (float)((low | high << 4) - 32);
  }
}

void qk_widen_row(int type, const uint8_t *row, int cols, float *out) {
  switch (type) {
    case QK_F32: memcpy(out, row, (size_t)cols * 4); return;
    case QK_F16:
      for (int i = 0; i < cols; i++) {
        out[i] = qk_float_of_half(qk_load16(row + 2 * (size_t)i));
      }
      return;
    case QK_BF16:
      for (int i = 0; i < cols; i++) {
        out[i] = qk_float_of_bfloat(qk_load16(row + 2 * (size_t)i));
      }
      return;
    default: break;
  }
  qk_geometry g = qk_geometry_of(type);
  for (int i = 0; i < cols; i += g.block_size, row += g.block_bytes, out += g.block_size) {
    switch (type) {
      case QK_Q4_0: widen_legacy(row, false, false, out); break;
      case QK_Q4_1: widen_legacy(row, true, false, out); break;
      case QK_Q5_0: widen_legacy(row, false, true, out); break;
      case QK_Q5_1: widen_legacy(row, true, true, out); break;
      case QK_Q4_K: widen_k45(row, false, out); break;
      case QK_Q5_K: widen_k45(row, true, out); break;
      case QK_Q6_K: widen_k6(row, out); break;
      case QK_Q8_0: {
        float d = qk_float_of_half(qk_load16(row));
        for (int j = 0; j < 32; j++) {
          out[j] = d * (float)(int8_t)row[2 + j];
        }
        break;
      }
      default: break;
    }
  }
}
