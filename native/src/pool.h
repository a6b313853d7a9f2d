/*
 * A pool of threads that share one job at a time. Units of the job are handed out dynamically, so
 * that a thread which the system does not run takes none.
 */
#ifndef QK_POOL_H
#define QK_POOL_H

typedef struct qk_pool qk_pool;

/* Computes units begin .. end - 1; worker is 0 .. threads - 1, 0 for the calling thread. */
typedef void qk_work(void *job, int worker, int begin, int end);

/* Null if memory or threads cannot be had. */
qk_pool *qk_pool_open(int threads);
void qk_pool_close(qk_pool *pool);
int qk_pool_threads(const qk_pool *pool);

/* Returns when all units are done. What the workers wrote is visible to the caller. */
void qk_pool_run(qk_pool *pool, qk_work *work, void *job, int units);

#endif
