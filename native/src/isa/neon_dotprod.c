/* Compiled with -march=armv8.2-a+dotprod. */
#include <math.h>

#include "isa.h"
#include "vec_neon.h"

#include "table.inc"

const qk_isa qk_isa_neon_dotprod = QK_ISA_TABLE("neon-dotprod");
