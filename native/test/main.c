#include <time.h>

#include "harness.h"

int main(void) {
  static const struct {
    const char *name;
    void (*run)(void);
  } tests[] = {
      {"types", test_types},         {"pool", test_pool},     {"project", test_project},
      {"attention", test_attention}, {"mixture", test_mixture}, {"errors", test_errors},
      {"limits", test_limits},
  };
  for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
    clock_t start = clock();
    tests[i].run();
    printf("ok %s, %.1f s of CPU time\n", tests[i].name,
           (double)(clock() - start) / CLOCKS_PER_SEC);
    fflush(stdout);
  }
  return 0;
}
