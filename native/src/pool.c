#include "pool.h"

#include <pthread.h>
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
 * Rounds of waiting before a thread sleeps. A pause takes 15 to 45 ns, so about 50 us: longer than
 * the caller needs between two operations, shorter than the cost of waking up twice.
 */
enum { SPIN_ROUNDS = 2000 };

/*
 * The ticket is generation << 32 | units not yet handed out. A unit is taken by compare and swap.
 * That only succeeds on the current generation with units left, so its job cannot be complete and
 * `work`, `job` and `units` are the ones that belong to it: the caller changes them only when all
 * units are done.
 */
struct qk_pool {
  int threads;
  _Alignas(64) _Atomic uint64_t ticket;
  _Atomic(qk_work *) work;
  _Atomic(void *) job;
  _Atomic int units;
  _Alignas(64) _Atomic int done;
  _Alignas(64) _Atomic int sleeping;
  _Atomic bool caller_sleeps;
  _Atomic bool closing;
  pthread_mutex_t mutex;
  pthread_cond_t wake, finished;
  struct qk_worker {
    qk_pool *pool;
    pthread_t thread;
    int index;
  } workers[];
};

static uint32_t units_left(uint64_t ticket) { return (uint32_t)ticket; }

/* Takes and computes some units; false if none were left. */
static bool take_units(qk_pool *pool, int worker) {
  uint64_t ticket = atomic_load(&pool->ticket);
  for (;;) {
    uint32_t left = units_left(ticket);
    if (left == 0) {
      return false;
    }
    /* Large pieces first, single units at the end: few exchanges and an even finish. */
    uint32_t count = left / (4 * (uint32_t)pool->threads);
    count = count < 1 ? 1 : count;
    qk_work *work = atomic_load_explicit(&pool->work, memory_order_relaxed);
    void *job = atomic_load_explicit(&pool->job, memory_order_relaxed);
    int units = atomic_load_explicit(&pool->units, memory_order_relaxed);
    if (atomic_compare_exchange_weak(&pool->ticket, &ticket, ticket - count)) {
      int begin = units - (int)left;
      work(job, worker, begin, begin + (int)count);
      if (atomic_fetch_add(&pool->done, (int)count) + (int)count == units &&
          atomic_load(&pool->caller_sleeps)) {
        pthread_mutex_lock(&pool->mutex);
        pthread_cond_signal(&pool->finished);
        pthread_mutex_unlock(&pool->mutex);
      }
      return true;
    }
  }
}

static void sleep_until_work(qk_pool *pool) {
  pthread_mutex_lock(&pool->mutex);
  atomic_fetch_add(&pool->sleeping, 1);
  while (units_left(atomic_load(&pool->ticket)) == 0 && !atomic_load(&pool->closing)) {
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
  atomic_init(&pool->ticket, 0);
  atomic_init(&pool->work, NULL);
  atomic_init(&pool->job, NULL);
  atomic_init(&pool->units, 0);
  atomic_init(&pool->done, 0);
  atomic_init(&pool->sleeping, 0);
  atomic_init(&pool->caller_sleeps, false);
  atomic_init(&pool->closing, false);
  pthread_mutex_init(&pool->mutex, NULL);
  pthread_cond_init(&pool->wake, NULL);
  pthread_cond_init(&pool->finished, NULL);
  pool->threads = 1;
  for (int i = 1; i < threads; i++) {
    pool->workers[i] = (struct qk_worker){.pool = pool, .index = i};
    if (pthread_create(&pool->workers[i].thread, NULL, worker_main, &pool->workers[i]) != 0) {
      qk_pool_close(pool);
      return NULL;
    }
    pool->threads++;
  }
  return pool;
}

void qk_pool_close(qk_pool *pool) {
  atomic_store(&pool->closing, true);
  wake_all(pool);
  for (int i = 1; i < pool->threads; i++) {
    pthread_join(pool->workers[i].thread, NULL);
  }
  pthread_cond_destroy(&pool->finished);
  pthread_cond_destroy(&pool->wake);
  pthread_mutex_destroy(&pool->mutex);
  free(pool);
}

int qk_pool_threads(const qk_pool *pool) { return pool->threads; }

void qk_pool_run(qk_pool *pool, qk_work *work, void *job, int units) {
  if (pool->threads == 1 || units <= 1) {
    if (units > 0) {
      work(job, 0, 0, units);
    }
    return;
  }
  atomic_store_explicit(&pool->work, work, memory_order_relaxed);
  atomic_store_explicit(&pool->job, job, memory_order_relaxed);
  atomic_store_explicit(&pool->units, units, memory_order_relaxed);
  atomic_store(&pool->done, 0);
  uint64_t generation = (atomic_load(&pool->ticket) >> 32) + 1;
  atomic_store(&pool->ticket, generation << 32 | (uint32_t)units);
  if (atomic_load(&pool->sleeping) > 0) {
    wake_all(pool);
  }
  while (take_units(pool, 0)) {
  }
  for (int round = 0; round < SPIN_ROUNDS; round++) {
    if (atomic_load(&pool->done) == units) {
      return;
    }
    relax();
  }
  pthread_mutex_lock(&pool->mutex);
  atomic_store(&pool->caller_sleeps, true);
  while (atomic_load(&pool->done) != units) {
    pthread_cond_wait(&pool->finished, &pool->mutex);
  }
  atomic_store(&pool->caller_sleeps, false);
  pthread_mutex_unlock(&pool->mutex);
}
