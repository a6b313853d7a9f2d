/* The limits are measured by every instruction set of this machine and are plausible. */
#include "harness.h"

void test_limits(void) {
  static const char *const sets[] = {"scalar", "avx2", "avxvnni", "avx512", "neon"};
  for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
    setenv("QWEN_MCP_ISA", sets[i], 1);
    qk_context *c = NULL;
    if (qk_open(2, &c) == QK_BAD_ISA) {
      continue; /* of another architecture */
    }
    qk_limits limits = {0, 0};
    must(c, qk_measure_limits(c, 1 << 20, &limits));
    /* From far below what an emulator does to far above any machine. */
    CHECK(limits.read_bytes > 1e3 && limits.read_bytes < 1e14, "%g bytes/s", limits.read_bytes);
    CHECK(limits.int8_products > 1e3 && limits.int8_products < 1e15, "%g products/s",
          limits.int8_products);
    qk_close(c);
  }
  setenv("QWEN_MCP_ISA", "", 1);
}
