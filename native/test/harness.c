#include "harness.h"

#include "../src/cpu.h"
#include "../src/types.h"

const int all_types[] = {QK_F32,  QK_F16,  QK_BF16, QK_Q8_0, QK_Q4_0, QK_Q4_1,
                         QK_Q5_0, QK_Q5_1, QK_Q4_K, QK_Q5_K, QK_Q6_K};
const int all_types_count = sizeof all_types / sizeof all_types[0];

const char *type_name(int type) {
  static const char *const names[] = {"F32",  "F16",  "BF16", "Q8_0", "Q4_0", "Q4_1",
                                      "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"};
  for (int i = 0; i < all_types_count; i++) {
    if (all_types[i] == type) {
      return names[i];
    }
  }
  return "?";
}

uint64_t rng_next(rng *r) {
  uint64_t z = r->state += 0x9e3779b97f4a7c15;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

float rng_float(rng *r) { return (float)(int32_t)(rng_next(r) >> 32) * 0x1p-31f; }

int rng_below(rng *r, int n) { return (int)(rng_next(r) % (uint64_t)n); }

static struct {
  void **memory;
  size_t count;
} pieces;

void *allocate(size_t bytes) {
  void *p = NULL;
  if (posix_memalign(&p, 64, bytes) != 0) {
    abort();
  }
  memset(p, 0, bytes);
  pieces.memory = realloc(pieces.memory, (pieces.count + 1) * sizeof(void *));
  pieces.memory[pieces.count++] = p;
  return p;
}

void free_all(void) {
  for (size_t i = 0; i < pieces.count; i++) {
    free(pieces.memory[i]);
  }
  free(pieces.memory);
  pieces.memory = NULL;
  pieces.count = 0;
}

qk_floats zero_floats(size_t count) { return (qk_floats){allocate(count * sizeof(float)), count}; }

qk_floats make_floats(rng *r, size_t count, float scale) {
  qk_floats f = zero_floats(count);
  for (size_t i = 0; i < count; i++) {
    f.data[i] = rng_float(r) * scale;
  }
  return f;
}

static void put_half(uint8_t *at, float value) {
  uint16_t half = qk_half_of_float(value);
  memcpy(at, &half, sizeof half);
}

/* A random block; scales get a random sign, as files may have either. */
static void make_block(rng *r, int type, uint8_t *block, int bytes) {
  for (int i = 0; i < bytes; i++) {
    block[i] = (uint8_t)(rng_next(r) >> 40);
  }
  float d = (0.5f + 0.5f * rng_float(r)) * (rng_below(r, 4) == 0 ? -0.01f : 0.01f);
  switch (type) {
    case QK_Q8_0: put_half(block, d / 16); break;
    case QK_Q4_1:
    case QK_Q5_1: put_half(block + 2, -8 * d); /* fall through */
    case QK_Q4_0:
    case QK_Q5_0: put_half(block, d); break;
    case QK_Q4_K:
    case QK_Q5_K:
      put_half(block, d / 32);
      put_half(block + 2, d / 4);
      break;
    case QK_Q6_K: put_half(block + 208, d / 128); break;
    default: break;
  }
}

qk_matrix make_matrix(rng *r, int type, int experts, int rows, int cols) {
  size_t row_bytes = (size_t)qk_row_bytes(type, cols);
  size_t bytes = row_bytes * (size_t)rows * (size_t)experts;
  uint8_t *data = allocate(bytes);
  qk_geometry g = qk_geometry_of(type);
  for (size_t at = 0; at < bytes; at += (size_t)g.block_bytes) {
    float value = rng_float(r) * 0.1f;
    if (type == QK_F32) {
      memcpy(data + at, &value, 4);
    } else if (type == QK_F16) {
      put_half(data + at, value);
    } else if (type == QK_BF16) {
      uint16_t top = (uint16_t)(qk_bits_of_float(value) >> 16);
      memcpy(data + at, &top, 2);
    } else {
      make_block(r, type, data + at, g.block_bytes);
    }
  }
  return (qk_matrix){data, bytes, type, experts, rows, cols};
}

double half_at(const uint8_t *at) { return qk_float_of_half(qk_load16(at)); }

/* Written apart from src/: element by element, from the description of each format. */
static double element(int type, const uint8_t *b, int i) {
  double d = qk_float_of_half(qk_load16(b));
  switch (type) {
    case QK_F32: {
      float f;
      memcpy(&f, b, 4);
      return f;
    }
    case QK_F16: return d;
    case QK_BF16: return qk_float_of_bfloat(qk_load16(b));
    case QK_Q8_0: return d * (int8_t)b[2 + i];
    default: break;
  }
  int j = i % 16, shift = i / 16 * 4;
  double m = qk_float_of_half(qk_load16(b + 2));
  switch (type) {
    case QK_Q4_0: return d * ((b[2 + j] >> shift & 15) - 8);
    case QK_Q4_1: return d * (b[4 + j] >> shift & 15) + m;
    case QK_Q5_0:
      return d * (((b[6 + j] >> shift & 15) | (b[2 + i / 8] >> i % 8 & 1) << 4) - 16);
    case QK_Q5_1:
      return d * ((b[8 + j] >> shift & 15) | (b[4 + i / 8] >> i % 8 & 1) << 4) + m;
    default: break;
  }
  if (type == QK_Q6_K) {
    int half = i / 128, quarter = i / 32 % 4, l = i % 32;
    int low = b[half * 64 + (quarter & 1) * 32 + l] >> (quarter & 2) * 2 & 15;
    int high = b[128 + half * 32 + l] >> quarter * 2 & 3;
    double scale = qk_float_of_half(qk_load16(b + 208));
    return scale * (int8_t)b[192 + i / 16] * ((low | high << 4) - 32);
  }
  int block = i / 32, l = i % 32, scale, minimum;
  const uint8_t *s = b + 4, *nibbles = b + (type == QK_Q5_K ? 48 : 16);
  if (block < 4) {
    scale = s[block] & 63;
    minimum = s[block + 4] & 63;
  } else {
    scale = (s[block + 4] & 15) + 16 * (s[block - 4] >> 6);
    minimum = (s[block + 4] >> 4) + 16 * (s[block] >> 6);
  }
  int u = nibbles[block / 2 * 32 + l] >> block % 2 * 4 & 15;
  if (type == QK_Q5_K) {
    u += 16 * (b[16 + l] >> block & 1);
  }
  return d * scale * u - m * minimum;
}

void widen(const qk_matrix *m, int row, double *out) {
  qk_geometry g = qk_geometry_of(m->type);
  const uint8_t *data =
      (const uint8_t *)m->data + (size_t)row * (size_t)qk_row_bytes(m->type, m->cols);
  for (int i = 0; i < m->cols; i++) {
    out[i] = element(m->type, data + (size_t)(i / g.block_size) * (size_t)g.block_bytes,
                     i % g.block_size);
  }
}

qk_context *open_context(const char *isa, int threads) {
  setenv("QWEN_MCP_ISA", isa, 1);
  qk_context *c = NULL;
  qk_status status = qk_open(threads, &c);
  CHECK(status == QK_OK, "qk_open: %d", status);
  return c;
}

void must(qk_context *c, qk_status status) {
  CHECK(status == QK_OK, "status %d: %s", status, qk_message(c));
}

void check_everywhere(const char *name, test_case *run, uint64_t seed, size_t bytes) {
#if defined(__x86_64__)
  static const char *const isas[] = {"scalar", "avx2", "avxvnni", "avx512"};
#else
  static const char *const isas[] = {"scalar", "neon"};
#endif
  uint8_t *expected = malloc(bytes), *actual = malloc(bytes);
  qk_context *scalar = open_context("scalar", 1);
  memset(expected, 0xa5, bytes);
  run(scalar, seed, expected, bytes);
  qk_close(scalar);
  size_t last = sizeof isas / sizeof isas[0] - 1;
  for (size_t i = 0; i <= last; i++) {
    qk_context *available = open_context(isas[i], 1);
    bool falls_back = strcmp(qk_isa_name(available), isas[i]) != 0;
    qk_close(available);
    if (falls_back && i < last) {
      continue; /* the CPU lacks it: that is the one before, once more */
    }
    for (int threads = i == last ? 1 : 3; threads <= 3; threads++) {
      qk_context *c = open_context(isas[i], threads);
      memset(actual, 0xa5, bytes);
      run(c, seed, actual, bytes);
      for (size_t at = 0; at < bytes / 4; at++) {
        float e, a;
        memcpy(&e, expected + 4 * at, 4);
        memcpy(&a, actual + 4 * at, 4);
        CHECK(memcmp(&e, &a, 4) == 0, "%s, seed %llu, %s with %d threads: [%zu] is %a, not %a",
              name, (unsigned long long)seed, qk_isa_name(c), threads, at, (double)a, (double)e);
      }
      qk_close(c);
    }
  }
  free(expected);
  free(actual);
}
