#include "harness.h"

int main(void) {
  static const struct {
    const char *name;
    void (*run)(void);
  } tests[] = {
      {"project", test_project},
  };
  for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
    tests[i].run();
    printf("ok %s\n", tests[i].name);
    fflush(stdout);
  }
  return 0;
}
