#include <stdlib.h>

#include "qk.h"
#if defined(__linux__)
#include <sys/mman.h>
#endif

enum { PAGE = 4096, HUGE_PAGE = 2 << 20 };

void *qk_allocate(uint64_t bytes) {
  size_t page = bytes >= HUGE_PAGE ? HUGE_PAGE : PAGE;
  if (bytes == 0 || bytes > SIZE_MAX / 2) {
    return NULL;
  }
  size_t size = ((size_t)bytes + page - 1) / page * page;
  void *memory = NULL;
  if (posix_memalign(&memory, page, size) != 0) {
    return NULL;
  }
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  if (page == HUGE_PAGE) {
    madvise(memory, size, MADV_HUGEPAGE); /* advice: without it only speed is lost */
  }
#endif
  return memory;
}

void qk_free(void *memory) { free(memory); }
