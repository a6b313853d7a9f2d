/* Compiled with -mavx512{f,bw,dq,vl,vnni} -mf16c -mfma. */
#include <math.h>

#include "isa.h"
#include "vec_avx512.h"

#include "table.inc"

const qk_isa qk_isa_avx512 = QK_ISA_TABLE("avx512");
