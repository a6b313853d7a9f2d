#include "isa.h"
#include "vec_scalar.h"

#include "table.inc"

const qk_isa qk_isa_scalar = QK_ISA_TABLE("scalar");
