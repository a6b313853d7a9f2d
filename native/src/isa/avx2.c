/* Compiled with -mavx2 -mfma -mf16c. */
#include <math.h>

#include "isa.h"
#include "vec_avx2.h"

#include "table.inc"

const qk_isa qk_isa_avx2 = QK_ISA_TABLE("avx2");
