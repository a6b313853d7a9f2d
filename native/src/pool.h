/*
 * A pool of threads that share one job at a time. Each begins with units of its own, neighbours in
 * memory, and takes half of what another has left when it is done with them, so that a thread which
 * the system does not run keeps nothing but the piece that it is at.
 */
#ifndef QK_POOL_H
#define QK_POOL_H

#include <stdbool.h>

typedef struct qk_pool qk_pool;

/* Units of a job that a worker computes in one go. */
typedef struct {
  int begin, end; /* units begin .. end - 1 */
  bool follows;   /* the piece before was this worker's too and named `begin` as what comes next */
  int next;       /* the unit that this worker will most likely come to after these; -1 for none */
} qk_piece;

/* The unit that this worker will most likely come to after `unit`, which is in its piece; or -1. */
static inline int qk_next_unit(qk_piece piece, int unit) {
  return unit + 1 < piece.end ? unit + 1 : piece.next;
}

/* Whether nobody knew that this worker would come to `unit`, so that nothing was fetched for it. */
static inline bool qk_is_first(qk_piece piece, int unit) {
  return unit == piece.begin && !piece.follows;
}

/* Computes a piece; worker is 0 .. threads - 1, 0 for the calling thread. */
typedef void qk_work(void *job, int worker, qk_piece piece);

/* Null if memory or threads cannot be had. */
qk_pool *qk_pool_open(int threads);
void qk_pool_close(qk_pool *pool);
int qk_pool_threads(const qk_pool *pool);

/* Returns when all units are done. What the workers wrote is visible to the caller. */
void qk_pool_run(qk_pool *pool, qk_work *work, void *job, int units);

#endif
