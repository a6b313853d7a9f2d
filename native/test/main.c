/* qk-test [NAME...]: the named tests, or all. */
#include <time.h>

#include "harness.h"

static bool wanted(const char *name, int count, char **names) {
  for (int i = 0; i < count; i++) {
    if (strcmp(name, names[i]) == 0) {
      return true;
    }
  }
  return count == 0;
}

int main(int count, char **arguments) {
  static const struct {
    const char *name;
    void (*run)(void);
  } tests[] = {
      {"types", test_types},         {"pool", test_pool},     {"project", test_project},
      {"attention", test_attention}, {"mixture", test_mixture}, {"errors", test_errors},
      {"limits", test_limits},
  };
  for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
    if (!wanted(tests[i].name, count - 1, arguments + 1)) {
      continue;
    }
    clock_t start = clock();
    tests[i].run();
    printf("ok %s, %.1f s of CPU time\n", tests[i].name,
           (double)(clock() - start) / CLOCKS_PER_SEC);
    fflush(stdout);
  }
  return 0;
}
