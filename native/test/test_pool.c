/* Every unit is computed once, whoever is awake; more threads than cores, short and long pauses. */
#include <stdatomic.h>
#include <time.h>

#include "../src/pool.h"
#include "harness.h"

enum { UNITS = 1000 };

typedef struct {
  int threads;
  _Atomic int done[UNITS];
  int plain[UNITS]; /* written without atomics: the pool must make it visible */
} job;

static void count_units(void *argument, int worker, int begin, int end) {
  job *j = argument;
  CHECK(worker >= 0 && worker < j->threads, "worker %d", worker);
  for (int i = begin; i < end; i++) {
    atomic_fetch_add(&j->done[i], 1);
    j->plain[i] += i;
  }
}

static void pause_for(long nanoseconds) {
  struct timespec t = {0, nanoseconds};
  nanosleep(&t, NULL);
}

void test_pool(void) {
  for (int threads = 1; threads <= 5; threads += 2) {
    qk_pool *pool = qk_pool_open(threads);
    CHECK(pool != NULL && qk_pool_threads(pool) == threads, "%d threads", threads);
    static job j;
    memset(&j, 0, sizeof j);
    j.threads = threads;
    rng r = {(uint64_t)threads};
    int expected[UNITS] = {0};
    for (int run = 0; run < 3000; run++) {
      int units = run % 100 == 0 ? UNITS : rng_below(&r, 9);
      qk_pool_run(pool, count_units, &j, units);
      for (int i = 0; i < units; i++) {
        expected[i]++;
        CHECK(j.done[i] == expected[i] && j.plain[i] == expected[i] * i, "run %d unit %d", run, i);
      }
      if (run % 200 == 0) {
        pause_for(1000 * 1000); /* long enough for the workers to sleep */
      }
    }
    qk_pool_close(pool);
  }
}
