/* Compiled with -mavx2 -mfma -mf16c -mavxvnni. */
#include <math.h>

#include "isa.h"
#define DOT_PRODUCTS
#include "vec_avx2.h"

#include "table.inc"

const qk_isa qk_isa_avxvnni = QK_ISA_TABLE("avxvnni");
