#include "context.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cpu.h"

qk_status qk_fail(qk_context *context, qk_status status, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(context->message, sizeof context->message, format, arguments);
  va_end(arguments);
  return status;
}

qk_status qk_reserve(qk_context *context, size_t bytes) {
  if (bytes <= context->scratch_bytes) {
    return QK_OK;
  }
  /* An eighth more, so that slowly growing batches do not allocate each time. */
  size_t size = bytes + bytes / 8;
  void *memory = size < bytes ? NULL : qk_allocate(size);
  if (memory == NULL) {
    return qk_fail(context, QK_NO_MEMORY, "no memory for %zu bytes of scratch", bytes);
  }
  memset(memory, 0, size); /* so that idle lanes of panels compute on defined numbers */
  qk_free(context->scratch);
  context->scratch = memory;
  context->scratch_bytes = size;
  return QK_OK;
}

qk_status qk_open(int32_t threads, qk_context **out) {
  if (out == NULL) {
    return QK_NULL_POINTER;
  }
  *out = NULL;
  if (threads < 1 || threads > QK_MAX_THREADS) {
    return QK_BAD_SIZE;
  }
  const qk_isa *isa = qk_choose_isa(getenv("QWEN_MCP_ISA"));
  if (isa == NULL) {
    return QK_BAD_ISA;
  }
  qk_context *context = calloc(1, sizeof *context);
  if (context == NULL) {
    return QK_NO_MEMORY;
  }
  context->isa = isa;
  context->threads = threads;
  context->pool = qk_pool_open(threads);
  if (context->pool == NULL) {
    free(context);
    return QK_NO_THREAD;
  }
  *out = context;
  return QK_OK;
}

void qk_close(qk_context *context) {
  if (context != NULL) {
    qk_pool_close(context->pool);
    qk_free(context->scratch);
    free(context);
  }
}

const char *qk_isa_name(const qk_context *context) {
  return context == NULL ? "" : context->isa->name;
}

const char *qk_message(const qk_context *context) {
  return context == NULL ? "no context" : context->message;
}

int32_t qk_version(void) { return QK_VERSION; }
