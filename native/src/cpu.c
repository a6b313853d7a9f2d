#include "cpu.h"

#include <stdbool.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#define HWCAP_DOT_PRODUCT (1UL << 20) /* HWCAP_ASIMDDP of the Linux ABI */
#endif

#if defined(__x86_64__)
/* Not every compiler's __builtin_cpu_supports knows this one. */
static bool has_f16c(void) {
  unsigned a, b, c = 0, d;
  return __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & bit_F16C) != 0;
}

static bool has_avx2(void) { /* the builtin asks the system whether it keeps the registers, too */
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && has_f16c();
}

static bool has_avx512(void) {
  return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512vnni");
}

/* Not every compiler's __builtin_cpu_supports knows this one, either. */
static bool has_avxvnni(void) {
#if defined(QK_AVXVNNI_AS_AVX512) /* in tests and benchmarks, see build.sh */
  return has_avx512();
#else
  unsigned a = 0, b, c, d;
  return has_avx2() && __get_cpuid_count(7, 1, &a, &b, &c, &d) != 0 && (a >> 4 & 1) != 0;
#endif
}
#elif defined(__aarch64__)
static bool has_neon(void) { return true; }

static bool has_dot_product(void) {
#if defined(__linux__)
  return (getauxval(AT_HWCAP) & HWCAP_DOT_PRODUCT) != 0;
#else
  return true; /* every Apple CPU of this architecture since 2018 */
#endif
}
#endif

static bool always(void) { return true; }

const qk_isa *qk_choose_isa(const char *ceiling) {
  /* Falling order. `name` is what the ceiling may say; both NEON units bear one name. */
  const struct {
    const char *name;
    const qk_isa *isa;
    bool (*usable)(void);
  } sets[] = {
#if defined(__x86_64__)
      {"avx512", &qk_isa_avx512, has_avx512},
      {"avxvnni", &qk_isa_avxvnni, has_avxvnni},
      {"avx2", &qk_isa_avx2, has_avx2},
#elif defined(__aarch64__)
      {"neon", &qk_isa_neon_dotprod, has_dot_product},
      {"neon", &qk_isa_neon, has_neon},
#endif
      {"scalar", &qk_isa_scalar, always},
  };
  bool reached = ceiling == NULL || ceiling[0] == '\0';
  for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
    reached = reached || strcmp(ceiling, sets[i].name) == 0;
    if (reached && sets[i].usable()) {
      return sets[i].isa;
    }
  }
  return NULL;
}
