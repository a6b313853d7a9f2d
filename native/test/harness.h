/*
 * What the C tests share. A case computes something with a context and hands over all of its
 * output; it must give the same bits with every instruction set and number of threads.
 */
#ifndef QK_TEST_HARNESS_H
#define QK_TEST_HARNESS_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "qk.h"

#define CHECK(condition, ...)                                  \
  do {                                                         \
    if (!(condition)) {                                        \
      fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition); \
      fprintf(stderr, __VA_ARGS__);                            \
      fputc('\n', stderr);                                     \
      exit(1);                                                 \
    }                                                          \
  } while (0)

/* The weight types, and their names. */
extern const int all_types[];
extern const int all_types_count;
const char *type_name(int type);

/* A generator of its own for each seed (splitmix64). */
typedef struct {
  uint64_t state;
} rng;
uint64_t rng_next(rng *r);
/* Uniform in [-1, 1). */
float rng_float(rng *r);
int rng_below(rng *r, int n);

/* Memory of exactly this size, so that the sanitiser sees every access beyond it. */
void *allocate(size_t bytes);
qk_floats make_floats(rng *r, size_t count, float scale);
qk_floats zero_floats(size_t count);
/* Random bits with scales that make elements of about 0.05. */
qk_matrix make_matrix(rng *r, int type, int experts, int rows, int cols);
/* The binary16 at this place. */
double half_at(const uint8_t *at);
/* Everything freed that the functions above made. */
void free_all(void);

/* The elements of row `row` as doubles, by the definition of the formats. */
void widen(const qk_matrix *m, int row, double *out);

qk_context *open_context(const char *isa, int threads);
void must(qk_context *c, qk_status status);

/* Computes into out (bytes); must depend on nothing but the seed. */
typedef void test_case(qk_context *c, uint64_t seed, void *out, size_t bytes);
/* Runs it on the scalar unit, then compares all other units and numbers of threads with it. */
void check_everywhere(const char *name, test_case *run, uint64_t seed, size_t bytes);

void test_types(void);
void test_pool(void);
void test_project(void);
void test_attention(void);
void test_mixture(void);
void test_errors(void);
void test_limits(void);

#endif
