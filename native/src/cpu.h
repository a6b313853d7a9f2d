/* The instruction set to compute with. */
#ifndef QK_CPU_H
#define QK_CPU_H

#include "isa/isa.h"

/* The best one that the CPU has, at most `ceiling` (null for none); null if no such name exists. */
const qk_isa *qk_choose_isa(const char *ceiling);

#endif
