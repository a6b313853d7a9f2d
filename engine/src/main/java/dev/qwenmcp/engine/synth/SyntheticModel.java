package dev.qwenmcp.engine.synth;

import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.gguf.GgufDraft;
import dev.qwenmcp.engine.gguf.GgufWriter;
import dev.qwenmcp.engine.gguf.TensorInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A random Qwen3 or Qwen3-MoE model as a complete GGUF file, with tokenizer and chat template.
 *
 * <p>Weights have mean 0 and standard deviation 1/sqrt(cols), norm gains are near 1, so activations
 * and logits keep a size of about 1. Equal arguments give equal bytes; a tensor's weights depend on
 * the seed, its name and type, not on the other tensors.
 *
 * @param shape sizes
 * @param types element type of each matrix
 * @param tokenizer one token for each id of the shape's vocabulary
 * @param seed of all weights
 */
public record SyntheticModel(
    ModelShape shape, TensorTypes types, SyntheticTokenizer tokenizer, long seed) {
  public SyntheticModel {
    if (tokenizer.tokens().size() != shape.vocabulary()) {
      throw new IllegalArgumentException(
          "a tokenizer of "
              + tokenizer.tokens().size()
              + " tokens for a vocabulary of "
              + shape.vocabulary());
    }
  }

  private static final int BUFFER = 1 << 16;

  /** The file in native memory, aligned to 64 bytes. */
  public MemorySegment toMemory(Arena arena) {
    GgufDraft draft = draft();
    MemorySegment bytes = arena.allocate(draft.fileSize(), 64);
    try (GgufWriter writer = GgufWriter.into(bytes, draft)) {
      write(writer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes;
  }

  /** Writes the file and returns its path. */
  public Path writeTo(Path path) throws IOException {
    try (GgufWriter writer = GgufWriter.create(path, draft())) {
      write(writer);
    }
    return path;
  }

  private GgufDraft draft() {
    GgufDraft draft = new GgufDraft();
    metadata(draft);
    tokenizer(draft);
    tensors(draft);
    return draft;
  }

  private void metadata(GgufDraft draft) {
    String a = shape.architecture();
    draft
        .string("general.architecture", a)
        .string("general.name", "random " + a)
        .uint32("general.quantization_version", 2)
        .uint32(a + ".block_count", shape.layers())
        .uint32(a + ".context_length", shape.context())
        .uint32(a + ".embedding_length", shape.width())
        .uint32(a + ".feed_forward_length", shape.ff())
        .uint32(a + ".attention.head_count", shape.heads())
        .uint32(a + ".attention.head_count_kv", shape.kvHeads())
        .uint32(a + ".attention.key_length", shape.headDim())
        .uint32(a + ".attention.value_length", shape.headDim())
        .float32(a + ".attention.layer_norm_rms_epsilon", 1e-6f)
        .float32(a + ".rope.freq_base", shape.ropeBase());
    if (shape.experts() > 0) {
      draft
          .uint32(a + ".expert_count", shape.experts())
          .uint32(a + ".expert_used_count", shape.used())
          .uint32(a + ".expert_feed_forward_length", shape.expertFf());
    }
    shape
        .yarn()
        .ifPresent(yarn ->
            draft
                .string(a + ".rope.scaling.type", "yarn")
                .float32(a + ".rope.scaling.factor", yarn.factor())
                .uint32(a + ".rope.scaling.original_context_length", yarn.originalContext()));
  }

  private void tokenizer(GgufDraft draft) {
    draft
        .string("tokenizer.ggml.model", "gpt2")
        .string("tokenizer.ggml.pre", "qwen2")
        .strings("tokenizer.ggml.tokens", tokenizer.tokens())
        .int32s(
            "tokenizer.ggml.token_type",
            tokenizer.types().stream().mapToInt(Integer::intValue).toArray())
        .strings("tokenizer.ggml.merges", tokenizer.merges())
        .uint32("tokenizer.ggml.eos_token_id", tokenizer.id("<|im_end|>"))
        .uint32("tokenizer.ggml.padding_token_id", tokenizer.id("<|endoftext|>"))
        .uint32("tokenizer.ggml.bos_token_id", tokenizer.id("<|endoftext|>"))
        .bool("tokenizer.ggml.add_bos_token", false)
        .string("tokenizer.chat_template", chatTemplate());
  }

  private void tensors(GgufDraft draft) {
    long d = shape.width();
    long q = (long) shape.heads() * shape.headDim();
    long kv = (long) shape.kvHeads() * shape.headDim();
    vector(draft, "output_norm", d);
    matrix(draft, "token_embd", d, shape.vocabulary());
    if (!shape.tied()) {
      matrix(draft, "output", d, shape.vocabulary());
    }
    for (int layer = 0; layer < shape.layers(); layer++) {
      String block = "blk." + layer + ".";
      vector(draft, block + "attn_norm", d);
      matrix(draft, block + "attn_q", d, q);
      matrix(draft, block + "attn_k", d, kv);
      matrix(draft, block + "attn_v", d, kv);
      vector(draft, block + "attn_q_norm", shape.headDim());
      vector(draft, block + "attn_k_norm", shape.headDim());
      matrix(draft, block + "attn_output", q, d);
      vector(draft, block + "ffn_norm", d);
      if (shape.experts() > 0) {
        long ff = shape.expertFf();
        draft.tensor(
            block + "ffn_gate_inp.weight", GgmlType.F32, List.of(d, (long) shape.experts()));
        matrix(draft, block + "ffn_gate_exps", d, ff, shape.experts());
        matrix(draft, block + "ffn_up_exps", d, ff, shape.experts());
        matrix(draft, block + "ffn_down_exps", ff, d, shape.experts());
      } else {
        matrix(draft, block + "ffn_gate", d, shape.ff());
        matrix(draft, block + "ffn_up", d, shape.ff());
        matrix(draft, block + "ffn_down", shape.ff(), d);
      }
    }
  }

  private static void vector(GgufDraft draft, String name, long size) {
    draft.tensor(name + ".weight", GgmlType.F32, List.of(size));
  }

  /** A matrix, or one for each expert, of {@code sizes = cols, rows[, experts]}. */
  private void matrix(GgufDraft draft, String name, long... sizes) {
    String tensor = name + ".weight";
    List<Long> shape = Arrays.stream(sizes).boxed().toList();
    draft.tensor(tensor, types.typeOf(tensor, sizes[0]), shape);
  }

  private void write(GgufWriter writer) throws IOException {
    for (TensorInfo tensor = writer.due(); tensor != null; tensor = writer.due()) {
      TensorInfo due = tensor;
      writer.write(due.name(), channel -> fill(due, channel));
    }
    writer.finish();
  }

  private void fill(TensorInfo tensor, WritableByteChannel channel) throws IOException {
    boolean gains = tensor.shape().size() == 1;
    SplittableRandom random = new SplittableRandom(31 * seed + tensor.name().hashCode());
    double std = 1 / Math.sqrt(tensor.shape().getFirst());
    RandomBlocks blocks = new RandomBlocks(tensor.type(), std, random);
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    long count = tensor.byteSize() / tensor.type().blockBytes();
    for (long i = 0; i < count; i++) {
      if (buffer.remaining() < tensor.type().blockBytes()) {
        channel.write(buffer.flip());
        buffer.clear();
      }
      if (gains) {
        buffer.putFloat((float) (1 + 0.1 * random.nextGaussian()));
      } else {
        blocks.put(buffer);
      }
    }
    channel.write(buffer.flip());
  }

  private static String chatTemplate() {
    try (InputStream in = SyntheticModel.class.getResourceAsStream("qwen3-chat-template.jinja")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
