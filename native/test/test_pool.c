/* Every unit is computed once, whoever is awake; more threads than cores, short and long pauses,
   and other programs that take the cores away. */
#include <pthread.h>
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

static void count_units(void *argument, int worker, qk_piece piece) {
  job *j = argument;
  CHECK(worker >= 0 && worker < j->threads, "worker %d", worker);
  for (int i = piece.begin; i < piece.end; i++) {
    atomic_fetch_add(&j->done[i], 1);
    j->plain[i] += i;
  }
}

static void pause_for(long nanoseconds) {
  struct timespec t = {0, nanoseconds};
  nanosleep(&t, NULL);
}

/* `runs` jobs of many sizes on so many threads, with a pause now and then. */
static void count_with(int threads, int runs) {
  qk_pool *pool = qk_pool_open(threads);
  CHECK(pool != NULL && qk_pool_threads(pool) == threads, "%d threads", threads);
  static job j;
  memset(&j, 0, sizeof j);
  j.threads = threads;
  rng r = {(uint64_t)threads};
  int expected[UNITS] = {0};
  for (int run = 0; run < runs; run++) {
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

/* What each worker was last told to expect, and how many units there were in all. */
typedef struct {
  int expected[8];
  _Atomic int64_t units, sum;
} expectations;

static void check_piece(void *argument, int worker, qk_piece piece) {
  expectations *e = argument;
  CHECK(piece.begin < piece.end, "%d to %d", piece.begin, piece.end);
  CHECK(!piece.follows || e->expected[worker] == piece.begin, "worker %d at %d, expected %d", worker,
        piece.begin, e->expected[worker]);
  e->expected[worker] = piece.next;
  for (int i = piece.begin; i < piece.end; i++) {
    atomic_fetch_add_explicit(&e->sum, i, memory_order_relaxed);
  }
  atomic_fetch_add(&e->units, piece.end - piece.begin);
}

/* Jobs of more units than a range has bits for; what a worker is told about what it comes to. */
static void count_many(void) {
  qk_pool *pool = qk_pool_open(3);
  CHECK(pool != NULL, "3 threads");
  static const int sizes[] = {2, 3, 1000, (1 << 20) - 1, 1 << 20, 3000001};
  for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
    static expectations e;
    memset(&e, 0, sizeof e);
    for (int w = 0; w < 8; w++) {
      e.expected[w] = -1;
    }
    int64_t n = sizes[s];
    qk_pool_run(pool, check_piece, &e, sizes[s]);
    CHECK(e.units == n && e.sum == n * (n - 1) / 2, "%d units", sizes[s]);
  }
  qk_pool_close(pool);
}

static void *burn(void *stop) {
  while (!atomic_load_explicit((atomic_bool *)stop, memory_order_relaxed)) {
  }
  return NULL;
}

/* Threads that hold a unit are preempted by others that compute: nothing is lost or done twice. */
static void count_beside_others(void) {
  enum { OTHERS = 3 };
  static atomic_bool stop;
  pthread_t others[OTHERS];
  atomic_store(&stop, false);
  for (int i = 0; i < OTHERS; i++) {
    CHECK(pthread_create(&others[i], NULL, burn, &stop) == 0, "thread %d", i);
  }
  count_with(2, 200);
  count_with(4, 200);
  atomic_store(&stop, true);
  for (int i = 0; i < OTHERS; i++) {
    pthread_join(others[i], NULL);
  }
}

/* Opening and closing at once: workers that have not begun yet, or sleep, or still spin. */
static void open_and_close(void) {
  for (int i = 0; i < 50; i++) {
    qk_pool *pool = qk_pool_open(4);
    CHECK(pool != NULL, "pool %d", i);
    static job j;
    memset(&j, 0, sizeof j);
    j.threads = 4;
    if (i % 2 == 0) {
      qk_pool_run(pool, count_units, &j, UNITS);
      CHECK(j.done[UNITS - 1] == 1, "pool %d", i);
    }
    if (i % 10 == 0) {
      pause_for(1000 * 1000);
    }
    qk_pool_close(pool);
  }
}

void test_pool(void) {
  for (int threads = 1; threads <= 5; threads += 2) {
    count_with(threads, 3000);
  }
  count_many();
  open_and_close();
  count_beside_others();
}
