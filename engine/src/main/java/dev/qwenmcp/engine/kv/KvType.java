package dev.qwenmcp.engine.kv;

import dev.qwenmcp.engine.gguf.GgmlType;

/** Storage type of keys and values. */
public enum KvType {
  F32(GgmlType.F32),
  F16(GgmlType.F16),
  Q8_0(GgmlType.Q8_0);

  private final GgmlType ggmlType;

  KvType(GgmlType ggmlType) {
    this.ggmlType = ggmlType;
  }

  public GgmlType ggmlType() {
    return ggmlType;
  }

  /** Bytes of one head's key or value vector. */
  public long rowBytes(int headDim) {
    return ggmlType.rowBytes(headDim);
  }
}
