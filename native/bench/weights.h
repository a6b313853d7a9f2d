/* Data for benchmarks. */
#ifndef QK_BENCH_WEIGHTS_H
#define QK_BENCH_WEIGHTS_H

#include <stdbool.h>
#include <stddef.h>

#include "qk.h"

/* Memory in huge pages where the system gives any; ends the program where there is none. */
void *qk_bench_reserve(size_t bytes);

/*
 * Random weights of a sane size. Mapped weights lie in pages of 4 KiB, as a model file's do
 * (qk_bench_unmap frees them); others in huge pages (free).
 */
qk_matrix qk_bench_matrix(int type, int experts, int rows, int cols, bool mapped);
void qk_bench_unmap(qk_matrix *matrix);

/* Random in [-1, 1); freed by free. */
qk_floats qk_bench_floats(size_t count);

#endif
