package dev.qwenmcp.engine.kernel.ffm;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.qwenmcp.engine.kernel.ExpertMatrix;
import dev.qwenmcp.engine.kernel.Kernels;
import dev.qwenmcp.engine.kernel.KvBatch;
import dev.qwenmcp.engine.kernel.Matrix;
import dev.qwenmcp.engine.kv.KvLayout;
import dev.qwenmcp.engine.kv.PageTable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The arguments of one call at a time in native memory. Nothing is allocated once the arrays have
 * grown to the largest batch.
 *
 * <p>Structures hold plain addresses: the caller keeps the operation, and with it every segment,
 * reachable until the call returns.
 */
public final class Arguments {
  /** Outputs that qk_project takes. */
  private static final int MAX_OUTPUTS = 16;

  private final StructWriter struct;
  private final StructWriter outputs;
  private final NativeArray tokens = new NativeArray();
  private final NativeArray sequences = new NativeArray();
  private final NativeArray positions = new NativeArray();
  private final NativeArray tables = new NativeArray();
  private final NativeArray pageCounts = new NativeArray();

  public Arguments(Arena arena) {
    long largest = Math.max(Structs.MIXTURE.byteSize(), Structs.APPEND.byteSize());
    struct = new StructWriter(arena.allocate(largest, 8));
    outputs = new StructWriter(arena.allocate(MAX_OUTPUTS * Structs.OUTPUT.byteSize(), 8));
  }

  /** An array that grows; what it was before is freed by the garbage collector. */
  private static final class NativeArray {
    private MemorySegment memory = MemorySegment.NULL;

    MemorySegment ofSize(long bytes) {
      if (memory.byteSize() < bytes) {
        memory = Arena.ofAuto().allocate(2 * bytes, 8);
      }
      return memory;
    }

    MemorySegment of(int[] values) {
      MemorySegment array = ofSize(4L * values.length);
      MemorySegment.copy(values, 0, array, JAVA_INT, 0, values.length);
      return array;
    }
  }

  /** qk_embed_args. */
  public MemorySegment of(Kernels.Embed op) {
    matrix(struct.begin(), op.table())
        .address(tokens.of(op.tokens()))
        .integer(op.tokens().length)
        .integer(0)
        .floats(op.x());
    return struct.end(Structs.EMBED);
  }

  /**
   * qk_project_args.
   *
   * @throws IllegalArgumentException for more outputs than the native kernels take
   */
  public MemorySegment of(Kernels.Project op) {
    int count = op.outputs().size();
    if (count > MAX_OUTPUTS) {
      throw new IllegalArgumentException(
          count + " outputs share an input, at most " + MAX_OUTPUTS + " can");
    }
    outputs.begin();
    for (Kernels.Output output : op.outputs()) {
      matrix(outputs, output.weight()).floats(output.y());
      if (output.maxima() == null) {
        outputs.word(0).word(0);
      } else {
        outputs.floats(output.maxima());
      }
      outputs.integer(output.add() ? 1 : 0).integer(0);
    }
    struct
        .begin()
        .integer(op.n())
        .integer(count)
        .floats(op.x())
        .norm(op.norm())
        .address(outputs.end(Structs.OUTPUT, count));
    return struct.end(Structs.PROJECT);
  }

  /** qk_append_args. */
  public MemorySegment of(Kernels.AppendKv op) {
    batch(struct.begin(), op.batch())
        .integer(op.layer())
        .integer(op.heads())
        .floats(op.q())
        .floats(op.k())
        .floats(op.v())
        .norm(op.qNorm())
        .norm(op.kNorm())
        .floats(op.rotation().cos())
        .floats(op.rotation().sin());
    return struct.end(Structs.APPEND);
  }

  /** qk_attend_args. */
  public MemorySegment of(Kernels.Attend op) {
    batch(struct.begin(), op.batch())
        .integer(op.layer())
        .integer(op.heads())
        .floats(op.q())
        .floats(op.out())
        .real(op.scale())
        .integer(0);
    return struct.end(Structs.ATTEND);
  }

  /** qk_feed_forward_args. */
  public MemorySegment of(Kernels.FeedForward op) {
    struct.begin().integer(op.n()).integer(0).floats(op.x()).norm(op.norm());
    matrix(struct, op.gate());
    matrix(struct, op.up());
    matrix(struct, op.down());
    return struct.end(Structs.FEED_FORWARD);
  }

  /** qk_mixture_args. */
  public MemorySegment of(Kernels.Mixture op) {
    struct.begin().integer(op.n()).integer(op.used()).floats(op.x()).norm(op.norm());
    matrix(struct, op.router());
    experts(op.gate());
    experts(op.up());
    experts(op.down());
    if (op.routing() == null) {
      struct.word(0).word(0);
    } else {
      struct.address(op.routing()).word(op.routing().byteSize() / Integer.BYTES);
    }
    return struct.end(Structs.MIXTURE);
  }

  private static StructWriter matrix(StructWriter writer, Matrix m) {
    return writer.matrix(m.data(), m.type().id(), 1, m.rows(), m.cols());
  }

  private void experts(ExpertMatrix m) {
    struct.matrix(m.data(), m.type().id(), m.experts(), m.rows(), m.cols());
  }

  /** qk_kv. */
  private StructWriter batch(StructWriter writer, KvBatch batch) {
    KvLayout layout = batch.layout();
    List<PageTable> sequenceTables = batch.tables();
    int count = sequenceTables.size();
    MemorySegment addresses = tables.ofSize(8L * count);
    MemorySegment counts = pageCounts.ofSize(4L * count);
    for (int s = 0; s < count; s++) {
      PageTable table = sequenceTables.get(s);
      MemorySegment pages = table.addresses();
      if (pages.byteSize() < 8L * table.size()) {
        throw new IllegalArgumentException(
            table.size() + " pages, but addresses of " + pages.byteSize() / 8);
      }
      addresses.setAtIndex(JAVA_LONG, s, pages.address());
      counts.setAtIndex(JAVA_INT, s, table.size());
    }
    return writer
        .integer(batch.tokens())
        .integer(layout.type().ggmlType().id())
        .integer(layout.layers())
        .integer(layout.kvHeads())
        .integer(layout.headDim())
        .integer(count)
        .address(sequences.of(batch.sequence()))
        .address(positions.of(batch.position()))
        .address(addresses)
        .address(counts)
        .word(layout.pageBytes());
  }
}
