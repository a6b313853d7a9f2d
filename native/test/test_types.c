/* Conversions of numbers, and the exponential of every instruction set. */
#include "../src/cpu.h"
#include "../src/types.h"
#include "harness.h"

static double half_value(int bits) {
  int exponent = bits >> 10 & 31, fraction = bits & 1023;
  double magnitude = exponent == 0 ? ldexp(fraction, -24) : ldexp(1024 + fraction, exponent - 25);
  return bits & 0x8000 ? -magnitude : magnitude;
}

static void halves(void) {
  for (int bits = 0; bits < 0x10000; bits++) {
    float f = qk_float_of_half((uint16_t)bits);
    if ((bits & 0x7c00) == 0x7c00) {
      CHECK(bits & 0x3ff ? isnan(f) : isinf(f), "%x", (unsigned)bits);
    } else {
      CHECK((double)f == half_value(bits), "%x", (unsigned)bits);
      CHECK(qk_half_of_float(f) == bits, "%x", (unsigned)bits);
    }
  }
  /* Between neighbours: below the middle down, above it up, in the middle to the even one. */
  for (int bits = 0; bits < 0x7bff; bits++) {
    float middle = (float)((half_value(bits) + half_value(bits + 1)) / 2);
    CHECK(qk_half_of_float(nextafterf(middle, 0)) == bits, "%x", (unsigned)bits);
    CHECK(qk_half_of_float(nextafterf(middle, INFINITY)) == bits + 1, "%x", (unsigned)bits);
    CHECK(qk_half_of_float(middle) == bits + (bits & 1), "%x", (unsigned)bits);
  }
  CHECK(qk_half_of_float(65519.0f) == 0x7bff && qk_half_of_float(65520.0f) == 0x7c00, "largest");
}

static void row_bytes(void) {
  for (int i = 0; i < all_types_count; i++) {
    qk_geometry g = qk_geometry_of(all_types[i]);
    CHECK(qk_row_bytes(all_types[i], 3 * g.block_size) == 3 * (uint64_t)g.block_bytes, "%s",
          type_name(all_types[i]));
    CHECK(g.block_size == 1 || qk_row_bytes(all_types[i], g.block_size + 1) == 0, "%s",
          type_name(all_types[i]));
  }
  CHECK(qk_row_bytes(9, 256) == 0 && qk_row_bytes(-1, 256) == 0, "unknown types");
}

/* exp(x) to 2 ulp from -87 up, 0 below; the same bits everywhere. */
static void exponential(void) {
  enum { N = 4096 };
  static float x[N], expected[N], actual[N];
  rng r = {1};
  for (int i = 0; i < N; i++) {
    x[i] = rng_float(&r) * (i % 2 == 0 ? 88.0f : 1.0f);
  }
  x[0] = 0, x[1] = -87, x[2] = nextafterf(-87, -100), x[3] = -INFINITY, x[4] = 88.02969f;
  memcpy(expected, x, sizeof x);
  qk_choose_isa("scalar")->exp_minus(expected, N, 0);
  for (int i = 0; i < N; i++) {
    double exact = x[i] < -87 ? 0 : exp(x[i]);
    CHECK(fabs(expected[i] - exact) <= exact * 0x1p-22, "exp(%a) = %a", (double)x[i],
          (double)expected[i]);
  }
  CHECK(expected[0] == 1, "exp(0)");
  const char *names[] = {"avx2", "avxvnni", "avx512", "neon"};
  for (int n = 0; n < 4; n++) {
    const qk_isa *isa = qk_choose_isa(names[n]);
    if (isa != NULL) {
      memcpy(actual, x, sizeof x);
      isa->exp_minus(actual, N - 3, 0); /* not a multiple of the vector */
      CHECK(memcmp(actual, expected, (N - 3) * sizeof *x) == 0, "%s", isa->name);
      CHECK(memcmp(actual + N - 3, x + N - 3, 3 * sizeof *x) == 0, "%s", isa->name);
    }
  }
}

/* A build that encodes AVX-VNNI for this machine must not test something else in its place. */
static void encoding(void) {
#if defined(QK_AVXVNNI_AS_AVX512)
  CHECK(strcmp(qk_choose_isa("avxvnni")->name, "avxvnni") == 0, "avxvnni is left out");
#endif
}

void test_types(void) {
  encoding();
  halves();
  row_bytes();
  exponential();
}
