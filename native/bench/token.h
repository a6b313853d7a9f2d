/* What a token costs: all products of a model of real shape, one after another. */
#ifndef QK_BENCH_TOKEN_H
#define QK_BENCH_TOKEN_H

#include "qk.h"

/* Prints bytes a second of each operation and of all, for every model whose name has the filter. */
void qk_bench_tokens(qk_context *context, double bandwidth, double (*now)(void),
                     const char *filter);

#endif
