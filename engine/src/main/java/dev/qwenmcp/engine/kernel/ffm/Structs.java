package dev.qwenmcp.engine.kernel.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/** The structures of {@code qk.h}, field by field. */
final class Structs {
  private Structs() {}

  /** qk_floats. */
  static final StructLayout FLOATS =
      MemoryLayout.structLayout(ADDRESS.withName("data"), JAVA_LONG.withName("count"));

  /** qk_matrix. */
  static final StructLayout MATRIX =
      MemoryLayout.structLayout(
          ADDRESS.withName("data"),
          JAVA_LONG.withName("bytes"),
          JAVA_INT.withName("type"),
          JAVA_INT.withName("experts"),
          JAVA_INT.withName("rows"),
          JAVA_INT.withName("cols"));

  /** qk_norm. */
  static final StructLayout NORM =
      MemoryLayout.structLayout(
          FLOATS.withName("weight"), JAVA_FLOAT.withName("epsilon"), JAVA_INT.withName("reserved"));

  /** qk_kv. */
  static final StructLayout KV =
      MemoryLayout.structLayout(
          JAVA_INT.withName("n"),
          JAVA_INT.withName("type"),
          JAVA_INT.withName("layers"),
          JAVA_INT.withName("kv_heads"),
          JAVA_INT.withName("head_dim"),
          JAVA_INT.withName("sequences"),
          ADDRESS.withName("sequence"),
          ADDRESS.withName("position"),
          ADDRESS.withName("tables"),
          ADDRESS.withName("page_counts"),
          JAVA_LONG.withName("page_bytes"));

  /** qk_output. */
  static final StructLayout OUTPUT =
      MemoryLayout.structLayout(
          MATRIX.withName("weight"),
          FLOATS.withName("y"),
          FLOATS.withName("maxima"),
          JAVA_INT.withName("add"),
          JAVA_INT.withName("reserved"));

  /** qk_embed_args. */
  static final StructLayout EMBED =
      MemoryLayout.structLayout(
          MATRIX.withName("table"),
          ADDRESS.withName("tokens"),
          JAVA_INT.withName("n"),
          JAVA_INT.withName("reserved"),
          FLOATS.withName("x"));

  /** qk_project_args. */
  static final StructLayout PROJECT =
      MemoryLayout.structLayout(
          JAVA_INT.withName("n"),
          JAVA_INT.withName("outputs"),
          FLOATS.withName("x"),
          NORM.withName("norm"),
          ADDRESS.withName("output"));

  /** qk_append_args. */
  static final StructLayout APPEND =
      MemoryLayout.structLayout(
          KV.withName("kv"),
          JAVA_INT.withName("layer"),
          JAVA_INT.withName("heads"),
          FLOATS.withName("q"),
          FLOATS.withName("k"),
          FLOATS.withName("v"),
          NORM.withName("q_norm"),
          NORM.withName("k_norm"),
          FLOATS.withName("cos"),
          FLOATS.withName("sin"));

  /** qk_attend_args. */
  static final StructLayout ATTEND =
      MemoryLayout.structLayout(
          KV.withName("kv"),
          JAVA_INT.withName("layer"),
          JAVA_INT.withName("heads"),
          FLOATS.withName("q"),
          FLOATS.withName("out"),
          JAVA_FLOAT.withName("scale"),
          JAVA_INT.withName("reserved"));

  /** qk_feed_forward_args. */
  static final StructLayout FEED_FORWARD =
      MemoryLayout.structLayout(
          JAVA_INT.withName("n"),
          JAVA_INT.withName("reserved"),
          FLOATS.withName("x"),
          NORM.withName("norm"),
          MATRIX.withName("gate"),
          MATRIX.withName("up"),
          MATRIX.withName("down"));

  /** qk_mixture_args. */
  static final StructLayout MIXTURE =
      MemoryLayout.structLayout(
          JAVA_INT.withName("n"),
          JAVA_INT.withName("used"),
          FLOATS.withName("x"),
          NORM.withName("norm"),
          MATRIX.withName("router"),
          MATRIX.withName("gate"),
          MATRIX.withName("up"),
          MATRIX.withName("down"),
          ADDRESS.withName("routing"),
          JAVA_LONG.withName("routing_count"));
}
