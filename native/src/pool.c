#include "pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define relax() _mm_pause()
#elif defined(__aarch64__)
#define relax() __asm__ volatile("isb" ::: "memory")
#else
#define relax() ((void)0)
#endif

/*
 * Rounds of waiting. A pause takes 15 to 45 ns, so 2000 are about 50 us: longer than the caller
 * needs between two operations. Between two tokens it needs longer, and a thread that sleeps then
 * misses the first three or four operations of the next one: a virtual machine takes 100 us and
 * more to run it again. So a worker goes on to look for 300 rounds of some 1 us in which it lets
 * any other program have its core first, and only then sleeps.
 */
enum { SPIN_ROUNDS = 2000, YIELD_ROUNDS = 300 };

/*
 * A worker's range is generation << 40 | begin << 20 | end: units that are its own and nobody has
 * begun (in jobs of more than 2^20 units, grains of several). It takes them from the front, others take from the back, both by compare and swap; only
 * the worker itself refills it, when it is empty, with what it took from another. A range with
 * units is one of the current job, which cannot be complete then, so `work` and `job` are the ones
 * that belong to it: the caller changes them only when all units are done. The generation keeps a
 * thread that slept through a whole job from mistaking the next one's range for what it saw.
 */
typedef struct {
  _Alignas(64) _Atomic uint64_t units;
  /* Of the worker alone: where its last piece ended, and which unit it named as the next. */
  int next;
} range;

enum {
  UNIT_BITS = 20,
  MAX_GRAINS = (1 << UNIT_BITS) - 1,
  GENERATIONS = (1 << 24) - 1,
  /* Of what a worker has left, it takes this part at a time: few exchanges, and when the system
     takes its core away, little that others have to wait for. */
  PIECES = 16
};

struct qk_pool {
  int threads, started;
  _Atomic(qk_work *) work;
  _Atomic(void *) job;
  _Atomic int units, grains;
  uint32_t generation; /* the caller's */
  _Alignas(64) _Atomic int done;
  _Alignas(64) _Atomic int sleeping;
  _Atomic bool caller_sleeps;
  _Atomic bool closing;
  pthread_mutex_t mutex;
  pthread_cond_t wake, finished;
  range *ranges; /* one a thread */
  struct qk_worker {
    qk_pool *pool;
    pthread_t thread;
    int index;
  } workers[];
};

static uint64_t pack(uint64_t generation, int begin, int end) {
  return generation << (2 * UNIT_BITS) | (uint64_t)begin << UNIT_BITS | (uint64_t)end;
}
static int begin_of(uint64_t r) { return (int)(r >> UNIT_BITS) & MAX_GRAINS; }
static int end_of(uint64_t r) { return (int)r & MAX_GRAINS; }
static uint64_t generation_of(uint64_t r) { return r >> (2 * UNIT_BITS); }
static int units_of(uint64_t r) { return end_of(r) - begin_of(r); }

static int grain_of(int units) { return (int)(((int64_t)units + MAX_GRAINS - 1) / MAX_GRAINS); }

static void run_piece(qk_pool *pool, int worker, qk_work *work, void *job, qk_piece piece) {
  int units = atomic_load_explicit(&pool->units, memory_order_relaxed);
  int grains = atomic_load_explicit(&pool->grains, memory_order_relaxed);
  int count = piece.end - piece.begin;
  if (units > grains) {
    int grain = grain_of(units);
    piece.begin *= grain;
    piece.end = piece.end == grains ? units : piece.end * grain;
    piece.next = piece.next < 0 ? -1 : piece.next * grain;
  }
  work(job, worker, piece);
  if (atomic_fetch_add(&pool->done, count) + count == grains &&
      atomic_load(&pool->caller_sleeps)) {
    pthread_mutex_lock(&pool->mutex);
    pthread_cond_signal(&pool->finished);
    pthread_mutex_unlock(&pool->mutex);
  }
}

/* Computes a piece of the worker's own units; false if there are none. */
static bool take_own(qk_pool *pool, int worker) {
  range *own = &pool->ranges[worker];
  uint64_t seen = atomic_load(&own->units);
  for (;;) {
    int left = units_of(seen), begin = begin_of(seen), end = end_of(seen);
    if (left == 0) {
      return false;
    }
    int count = left < PIECES ? 1 : left / PIECES;
    qk_work *work = atomic_load_explicit(&pool->work, memory_order_relaxed);
    void *job = atomic_load_explicit(&pool->job, memory_order_relaxed);
    uint64_t rest = pack(generation_of(seen), begin + count, end);
    if (atomic_compare_exchange_weak(&own->units, &seen, rest)) {
      qk_piece piece = {.begin = begin,
                        .end = begin + count,
                        .follows = own->next == begin,
                        .next = count < left ? begin + count : -1};
      own->next = piece.next;
      run_piece(pool, worker, work, job, piece);
      return true;
    }
  }
}

/*
 * Takes half of another worker's units, those at the back; false if nobody has any. The worker's
 * own range, empty when it last looked, may have been filled for a next job meanwhile: so only
 * units of the generation that it is empty in are taken.
 */
static bool take_over(qk_pool *pool, int worker) {
  uint64_t own = atomic_load(&pool->ranges[worker].units);
  if (units_of(own) > 0) {
    return true;
  }
  for (int i = 1; i < pool->threads; i++) {
    range *other = &pool->ranges[(worker + i) % pool->threads];
    uint64_t seen = atomic_load(&other->units);
    while (units_of(seen) > 0 && generation_of(seen) == generation_of(own)) {
      int begin = begin_of(seen), end = end_of(seen), middle = begin + units_of(seen) / 2;
      uint64_t rest = pack(generation_of(seen), begin, middle);
      if (atomic_compare_exchange_weak(&other->units, &seen, rest)) {
        pool->ranges[worker].next = -1;
        atomic_store(&pool->ranges[worker].units, pack(generation_of(seen), middle, end));
        return true;
      }
    }
  }
  return false;
}

/* Computes some units; false if none were left. */
static bool take_units(qk_pool *pool, int worker) {
  return take_own(pool, worker) || (take_over(pool, worker) && take_own(pool, worker));
}

static bool work_left(qk_pool *pool) {
  for (int i = 0; i < pool->threads; i++) {
    if (units_of(atomic_load(&pool->ranges[i].units)) > 0) {
      return true;
    }
  }
  return false;
}

static void sleep_until_work(qk_pool *pool) {
  pthread_mutex_lock(&pool->mutex);
  atomic_fetch_add(&pool->sleeping, 1);
  while (!work_left(pool) && !atomic_load(&pool->closing)) {
    pthread_cond_wait(&pool->wake, &pool->mutex);
  }
  atomic_fetch_sub(&pool->sleeping, 1);
  pthread_mutex_unlock(&pool->mutex);
}

static void *worker_main(void *argument) {
  struct qk_worker *worker = argument;
  qk_pool *pool = worker->pool;
  int idle = 0;
  while (!atomic_load(&pool->closing)) {
    if (take_units(pool, worker->index)) {
      idle = 0;
    } else if (++idle < SPIN_ROUNDS) {
      relax();
    } else if (idle < SPIN_ROUNDS + YIELD_ROUNDS) {
      sched_yield();
    } else {
      sleep_until_work(pool);
      idle = 0;
    }
  }
  return NULL;
}

static void wake_all(qk_pool *pool) {
  pthread_mutex_lock(&pool->mutex);
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->mutex);
}

qk_pool *qk_pool_open(int threads) {
  size_t bytes = sizeof(qk_pool) + (size_t)threads * sizeof(struct qk_worker);
  qk_pool *pool = aligned_alloc(64, (bytes + 63) / 64 * 64);
  if (pool == NULL) {
    return NULL;
  }
  pool->ranges = aligned_alloc(64, (size_t)threads * sizeof *pool->ranges);
  if (pool->ranges == NULL) {
    free(pool);
    return NULL;
  }
  pool->generation = 0;
  for (int i = 0; i < threads; i++) {
    atomic_init(&pool->ranges[i].units, 0);
    pool->ranges[i].next = -1;
  }
  atomic_init(&pool->work, NULL);
  atomic_init(&pool->job, NULL);
  atomic_init(&pool->units, 0);
  atomic_init(&pool->grains, 0);
  atomic_init(&pool->done, 0);
  atomic_init(&pool->sleeping, 0);
  atomic_init(&pool->caller_sleeps, false);
  atomic_init(&pool->closing, false);
  pthread_mutex_init(&pool->mutex, NULL);
  pthread_cond_init(&pool->wake, NULL);
  pthread_cond_init(&pool->finished, NULL);
  pool->threads = threads;
  pool->started = 1;
  for (int i = 1; i < threads; i++) {
    pool->workers[i] = (struct qk_worker){.pool = pool, .index = i};
    if (pthread_create(&pool->workers[i].thread, NULL, worker_main, &pool->workers[i]) != 0) {
      qk_pool_close(pool);
      return NULL;
    }
    pool->started++;
  }
  return pool;
}

void qk_pool_close(qk_pool *pool) {
  atomic_store(&pool->closing, true);
  wake_all(pool);
  for (int i = 1; i < pool->started; i++) {
    pthread_join(pool->workers[i].thread, NULL);
  }
  pthread_cond_destroy(&pool->finished);
  pthread_cond_destroy(&pool->wake);
  pthread_mutex_destroy(&pool->mutex);
  free(pool->ranges);
  free(pool);
}

int qk_pool_threads(const qk_pool *pool) { return pool->threads; }

void qk_pool_run(qk_pool *pool, qk_work *work, void *job, int units) {
  if (pool->threads == 1 || units <= 1) {
    if (units > 0) {
      work(job, 0, (qk_piece){.begin = 0, .end = units, .follows = false, .next = -1});
    }
    return;
  }
  atomic_store_explicit(&pool->work, work, memory_order_relaxed);
  atomic_store_explicit(&pool->job, job, memory_order_relaxed);
  int grain = grain_of(units), grains = (int)(((int64_t)units + grain - 1) / grain);
  atomic_store_explicit(&pool->units, units, memory_order_relaxed);
  atomic_store_explicit(&pool->grains, grains, memory_order_relaxed);
  atomic_store(&pool->done, 0);
  pool->generation = (pool->generation + 1) & GENERATIONS;
  for (int i = pool->threads - 1; i >= 0; i--) {
    int64_t begin = (int64_t)grains * i / pool->threads;
    int64_t end = (int64_t)grains * (i + 1) / pool->threads;
    pool->ranges[i].next = -1;
    atomic_store(&pool->ranges[i].units, pack(pool->generation, (int)begin, (int)end));
  }
  if (atomic_load(&pool->sleeping) > 0) {
    wake_all(pool);
  }
  while (take_units(pool, 0)) {
  }
  for (int round = 0; round < SPIN_ROUNDS; round++) {
    if (atomic_load(&pool->done) == grains) {
      return;
    }
    relax();
  }
  pthread_mutex_lock(&pool->mutex);
  atomic_store(&pool->caller_sleeps, true);
  while (atomic_load(&pool->done) != grains) {
    pthread_cond_wait(&pool->finished, &pool->mutex);
  }
  atomic_store(&pool->caller_sleeps, false);
  pthread_mutex_unlock(&pool->mutex);
}
