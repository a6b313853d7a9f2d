/* Compiled for the first version of the architecture. */
#include <math.h>

#include "isa.h"
#include "vec_neon.h"

#include "table.inc"

const qk_isa qk_isa_neon = QK_ISA_TABLE("neon");
