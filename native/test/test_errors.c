/* Every wrong argument gets its status and a message, and nothing is written. */
#include "harness.h"

#define EXPECT(status, call)                                                              \
  do {                                                                                    \
    qk_status got_ = (call);                                                              \
    CHECK(got_ == (status), "got %d, wanted %d: %s", got_, status, qk_message(context)); \
    CHECK(strlen(qk_message(context)) > 5, "no message");                                 \
  } while (0)

static qk_context *context;
static rng r = {11};

static void opening(void) {
  qk_context *c = NULL;
  CHECK(qk_open(1, NULL) == QK_NULL_POINTER, "null");
  CHECK(qk_open(0, &c) == QK_BAD_SIZE && c == NULL, "no threads");
  CHECK(qk_open(QK_MAX_THREADS + 1, &c) == QK_BAD_SIZE && c == NULL, "too many threads");
  setenv("QWEN_MCP_ISA", "sse9", 1);
  CHECK(qk_open(1, &c) == QK_BAD_ISA && c == NULL, "unknown instruction set");
  setenv("QWEN_MCP_ISA", "", 1);
  CHECK(qk_version() == QK_VERSION, "version");
  qk_close(NULL);
}

static void embedding(void) {
  qk_matrix table = make_matrix(&r, QK_Q8_0, 1, 4, 64);
  int32_t tokens[] = {0, 3}, outside[] = {0, 4}, negative[] = {-1, 0};
  qk_floats x = zero_floats(128);
  const qk_embed_args good = {.table = table, .tokens = tokens, .n = 2, .x = x};
  must(context, qk_embed(context, &good));
  CHECK(qk_embed(NULL, &good) == QK_NULL_POINTER, "no context");
  CHECK(qk_embed(context, NULL) == QK_NULL_POINTER, "no arguments");
  memset(x.data, 0, x.count * 4);
  qk_embed_args a = good;
  a.tokens = outside;
  EXPECT(QK_BAD_INDEX, qk_embed(context, &a));
  a.tokens = negative;
  EXPECT(QK_BAD_INDEX, qk_embed(context, &a));
  a.tokens = NULL;
  EXPECT(QK_NULL_POINTER, qk_embed(context, &a));
  a = good, a.n = 0;
  EXPECT(QK_BAD_SIZE, qk_embed(context, &a));
  a = good, a.n = INT32_MAX;
  EXPECT(QK_BAD_SIZE, qk_embed(context, &a));
  a = good, a.x.count = 127;
  EXPECT(QK_BAD_SIZE, qk_embed(context, &a));
  a = good, a.x.data = (float *)((char *)x.data + 1);
  EXPECT(QK_NULL_POINTER, qk_embed(context, &a));
  for (int i = 0; i < 128; i++) {
    CHECK(x.data[i] == 0, "something was written");
  }
}

static void limits(void) {
  qk_limits out = {-1, -1};
  CHECK(qk_measure_limits(NULL, 1 << 20, &out) == QK_NULL_POINTER, "no context");
  EXPECT(QK_NULL_POINTER, qk_measure_limits(context, 1 << 20, NULL));
  EXPECT(QK_NULL_POINTER, qk_measure_limits(context, 1 << 20, (qk_limits *)((char *)&out + 1)));
  EXPECT(QK_BAD_SIZE, qk_measure_limits(context, 0, &out));
  EXPECT(QK_BAD_SIZE, qk_measure_limits(context, (1 << 20) + 8, &out));
  EXPECT(QK_BAD_SIZE, qk_measure_limits(context, (16ull << 30) + (1 << 20), &out));
  EXPECT(QK_BAD_SIZE, qk_measure_limits(context, UINT64_MAX, &out));
  CHECK(out.read_bytes == -1 && out.int8_products == -1, "something was written");
}

static void memory(void) {
  CHECK(qk_allocate(0) == NULL, "0 bytes");
  CHECK(qk_allocate(UINT64_MAX) == NULL, "more than there can be");
  static const uint64_t sizes[] = {1, 4097, (2 << 20) - 1, 2 << 20, (6 << 20) + 1};
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    uint8_t *bytes = qk_allocate(sizes[i]);
    CHECK(bytes != NULL && (uintptr_t)bytes % (sizes[i] < (2 << 20) ? 4096 : 2 << 20) == 0,
          "%p for %llu bytes", (void *)bytes, (unsigned long long)sizes[i]);
    if (bytes != NULL) {
      memset(bytes, 0xa5, sizes[i]);
    }
    qk_free(bytes);
  }
  qk_free(NULL);
}

static void matrices(void) {
  qk_matrix w = make_matrix(&r, QK_Q4_K, 1, 3, 256);
  qk_floats x = make_floats(&r, 512, 1), y = zero_floats(6);
  qk_output output = {.weight = w, .y = y};
  const qk_project_args good = {.n = 2, .outputs = 1, .x = x, .output = &output};
  must(context, qk_project(context, &good));
  output.weight.bytes--;
  EXPECT(QK_BAD_SIZE, qk_project(context, &good));
  output.weight = w, output.weight.cols = 255;
  EXPECT(QK_BAD_TYPE, qk_project(context, &good));
  output.weight = w, output.weight.type = 10;
  EXPECT(QK_BAD_TYPE, qk_project(context, &good));
  output.weight = w, output.weight.type = -5;
  EXPECT(QK_BAD_TYPE, qk_project(context, &good));
  output.weight = w, output.weight.rows = INT32_MAX;
  EXPECT(QK_BAD_SIZE, qk_project(context, &good));
  output.weight = w, output.weight.rows = -1;
  EXPECT(QK_BAD_SIZE, qk_project(context, &good));
  output.weight = w, output.weight.experts = 2;
  EXPECT(QK_BAD_SIZE, qk_project(context, &good));
  output.weight = w, output.weight.data = NULL;
  EXPECT(QK_NULL_POINTER, qk_project(context, &good));
  output.weight = w, output.y.count = 5;
  EXPECT(QK_BAD_SIZE, qk_project(context, &good));
  output.y = (qk_floats){x.data + 511, 6};
  EXPECT(QK_BAD_SIZE, qk_project(context, &good)); /* overlaps x */
  output.y = y, output.maxima = (qk_floats){x.data + 511, 2};
  EXPECT(QK_BAD_SIZE, qk_project(context, &good)); /* overlaps x */
  output.maxima = (qk_floats){y.data + 5, 2};
  EXPECT(QK_BAD_SIZE, qk_project(context, &good)); /* overlaps y */
  output.maxima = zero_floats(1);
  EXPECT(QK_BAD_SIZE, qk_project(context, &good));
  output.maxima = (qk_floats){NULL, 0};
  qk_project_args a = good;
  a.x.count = 511;
  EXPECT(QK_BAD_SIZE, qk_project(context, &a));
  a = good, a.outputs = 0;
  EXPECT(QK_BAD_SIZE, qk_project(context, &a));
  a = good, a.output = NULL;
  EXPECT(QK_NULL_POINTER, qk_project(context, &a));
  a = good, a.norm.weight = (qk_floats){x.data, 255};
  EXPECT(QK_BAD_SIZE, qk_project(context, &a));
  qk_output both[] = {output, {.weight = make_matrix(&r, QK_F32, 1, 1, 128), .y = y}};
  a = good, a.outputs = 2, a.output = both;
  EXPECT(QK_BAD_SIZE, qk_project(context, &a)); /* different cols */
}

static void pages(void) {
  enum { DIM = 32, PAGE = 2 * 1 * 64 * 34 };
  uint64_t table[2] = {(uint64_t)(uintptr_t)allocate(PAGE), (uint64_t)(uintptr_t)allocate(PAGE)};
  const uint64_t *tables[] = {table};
  int32_t counts[] = {2}, sequence[] = {0}, position[] = {127};
  qk_floats q = make_floats(&r, 2 * DIM, 1), out = zero_floats(2 * DIM);
  qk_kv kv = {.n = 1, .type = QK_Q8_0, .layers = 1, .kv_heads = 1, .head_dim = DIM,
              .sequences = 1, .sequence = sequence, .position = position, .tables = tables,
              .page_counts = counts, .page_bytes = PAGE};
  qk_attend_args a = {.kv = kv, .heads = 2, .q = q, .out = out, .scale = 1};
  must(context, qk_attend(context, &a));
  position[0] = 128;
  EXPECT(QK_BAD_INDEX, qk_attend(context, &a));
  position[0] = -1;
  EXPECT(QK_BAD_INDEX, qk_attend(context, &a));
  position[0] = 127, sequence[0] = 1;
  EXPECT(QK_BAD_INDEX, qk_attend(context, &a));
  sequence[0] = 0, a.layer = 1;
  EXPECT(QK_BAD_INDEX, qk_attend(context, &a));
  a.layer = 0, a.kv.page_bytes = PAGE - 34;
  EXPECT(QK_BAD_SIZE, qk_attend(context, &a));
  a.kv.page_bytes = PAGE, a.kv.type = QK_Q4_0;
  EXPECT(QK_BAD_TYPE, qk_attend(context, &a));
  a.kv.type = QK_Q8_0, a.kv.head_dim = 48;
  EXPECT(QK_BAD_TYPE, qk_attend(context, &a));
  a.kv.head_dim = DIM, a.kv.kv_heads = INT32_MAX;
  EXPECT(QK_BAD_SIZE, qk_attend(context, &a));
  a.kv = kv, a.heads = 0;
  EXPECT(QK_BAD_SIZE, qk_attend(context, &a));
  a.heads = 2, a.out = q;
  EXPECT(QK_BAD_SIZE, qk_attend(context, &a)); /* overlap */
  a.out = out, a.kv.tables = NULL;
  EXPECT(QK_NULL_POINTER, qk_attend(context, &a));
  a.kv = kv, table[0] = 0;
  EXPECT(QK_NULL_POINTER, qk_attend(context, &a));
  table[0] = table[1];
  qk_append_args append = {.kv = kv, .heads = 2, .q = q, .k = q, .v = q,
                           .cos = {q.data, DIM / 2 - 1}, .sin = q};
  EXPECT(QK_BAD_SIZE, qk_append_kv(context, &append));
}

static void mixtures(void) {
  qk_matrix router = make_matrix(&r, QK_F32, 1, 4, 32);
  qk_matrix gate = make_matrix(&r, QK_Q8_0, 4, 64, 32), down = make_matrix(&r, QK_Q8_0, 4, 32, 64);
  qk_floats x = make_floats(&r, 32, 1);
  int32_t routing[2];
  const qk_mixture_args good = {.n = 1, .used = 2, .x = x, .router = router, .gate = gate,
                                .up = gate, .down = down, .routing = routing, .routing_count = 2};
  must(context, qk_mixture(context, &good));
  qk_mixture_args a = good;
  a.used = 5;
  EXPECT(QK_BAD_SIZE, qk_mixture(context, &a));
  a.used = 0;
  EXPECT(QK_BAD_SIZE, qk_mixture(context, &a));
  a = good, a.routing_count = 1;
  EXPECT(QK_BAD_SIZE, qk_mixture(context, &a));
  a = good, a.up = down;
  EXPECT(QK_BAD_SIZE, qk_mixture(context, &a));
  a = good, a.gate.experts = 3;
  EXPECT(QK_BAD_SIZE, qk_mixture(context, &a));
  a = good, a.router = make_matrix(&r, QK_F16, 1, 4, 32);
  EXPECT(QK_BAD_TYPE, qk_mixture(context, &a));
  qk_feed_forward_args f = {.n = 1, .x = x, .gate = gate, .up = gate, .down = down};
  EXPECT(QK_BAD_SIZE, qk_feed_forward(context, &f)); /* experts */
}

void test_errors(void) {
  opening();
  context = open_context("", 2);
  embedding();
  limits();
  memory();
  matrices();
  pages();
  mixtures();
  qk_close(context);
  free_all();
}
