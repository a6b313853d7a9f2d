/* What the machine can do at most. */
#ifndef QK_BENCH_LIMITS_H
#define QK_BENCH_LIMITS_H

/* Bytes a second that `threads` threads read from memory in huge pages. */
double qk_measure_bandwidth(int threads, double (*now)(void));

/* int8 multiply-adds a second in registers; NaN where no AVX-512 VNNI instruction exists. */
double qk_measure_int8_peak(int threads, double (*now)(void));

#endif
