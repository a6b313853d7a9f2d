package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.synth.ModelShape;
import dev.qwenmcp.engine.synth.SyntheticModel;
import dev.qwenmcp.engine.synth.SyntheticTokenizer;
import dev.qwenmcp.engine.synth.TensorTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code qwen-mcp synth SHAPE TYPE FILE}: a model of random weights, to measure speed with. */
@Command(
    name = "synth",
    description = {
      "Write a GGUF file of random, well-scaled weights with Qwen3's tokenizer.",
      "It says nothing sensible, but runs as fast as the real model of its shape."
    })
final class SynthCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "SHAPE",
      description =
          "qwen3-0.6b, moe-mid, qwen3-30b-a3b or qwen3-30b-active (dense, of the latter's active"
              + " weights); the options below change its sizes.")
  private String shape;

  @Parameters(
      index = "1",
      paramLabel = "TYPE",
      description = "Q4_K_M (llama.cpp's mix) or one type for all matrices: F16, Q8_0, Q4_0 ...")
  private String type;

  @Parameters(index = "2", paramLabel = "FILE", description = "The file to write.")
  private Path file;

  @Option(names = "--seed", defaultValue = "1", description = "Seed of the weights (default: 1).")
  private long seed;

  @Option(names = "--layers", paramLabel = "N", description = "Transformer blocks.")
  private Integer layers;

  @Option(names = "--width", paramLabel = "N", description = "Elements of the residual stream.")
  private Integer width;

  @Option(
      names = "--heads",
      paramLabel = "Q,KV,DIM",
      split = ",",
      arity = "1",
      description = "Query heads, key/value heads, elements of a head.")
  private int[] heads;

  @Option(names = "--ff", paramLabel = "N", description = "Width of a dense feed-forward.")
  private Integer ff;

  @Option(
      names = "--experts",
      paramLabel = "N,USED,WIDTH",
      split = ",",
      arity = "1",
      description = "Experts, experts of each token, width of one; 0,0,0 for a dense model.")
  private int[] experts;

  @Option(
      names = "--tied",
      paramLabel = "true|false",
      arity = "1",
      description = "Whether the head is the embedding.")
  private Boolean tied;

  @Override
  public Integer call() throws IOException {
    ModelShape sizes = sizes();
    TensorTypes types = types(sizes);
    SyntheticModel model = new SyntheticModel(sizes, types, SyntheticTokenizer.qwen3(), seed);
    model.writeTo(file);
    spec.commandLine().getOut().println(file + ": " + Files.size(file) + " bytes");
    return 0;
  }

  private ModelShape sizes() {
    ModelShape sizes =
        switch (shape.toLowerCase(Locale.ROOT)) {
          case "qwen3-0.6b" -> ModelShape.qwen3Small();
          case "moe-mid" -> ModelShape.mixtureMedium();
          case "qwen3-30b-a3b" -> ModelShape.qwen3Large();
          case "qwen3-30b-active" -> ModelShape.qwen3LargeActive();
          default ->
              throw wrong(
                  "SHAPE is qwen3-0.6b, moe-mid, qwen3-30b-a3b or qwen3-30b-active, not '"
                      + shape
                      + "'");
        };
    sizes = layers == null ? sizes : sizes.withLayers(positive("--layers", layers));
    sizes = width == null ? sizes : sizes.withWidth(positive("--width", width));
    sizes = ff == null ? sizes : sizes.withFf(positive("--ff", ff));
    sizes = tied == null ? sizes : sizes.withTied(tied);
    if (heads != null) {
      if (heads.length != 3 || heads[1] < 1 || heads[0] % heads[1] != 0 || heads[2] % 2 != 0) {
        throw wrong("--heads is Q,KV,DIM with Q a multiple of KV and DIM even, as in 16,4,128");
      }
      sizes = sizes.withHeads(heads[0], heads[1], positive("--heads", heads[2]));
    }
    if (experts != null) {
      if (experts.length != 3 || experts[0] < 0 || experts[1] > experts[0]) {
        throw wrong("--experts is N,USED,WIDTH with USED at most N, as in 64,8,512");
      }
      sizes = sizes.withExperts(experts[0], experts[1], experts[2]);
    }
    return sizes;
  }

  private int positive(String option, int value) {
    if (value < 1) {
      throw wrong(option + " is at least 1, not " + value);
    }
    return value;
  }

  private TensorTypes types(ModelShape sizes) {
    if (type.equalsIgnoreCase("Q4_K_M")) {
      return TensorTypes.q4KM(sizes);
    }
    for (GgmlType known : GgmlType.values()) {
      if (known.supported() && known.name().equalsIgnoreCase(type)) {
        return TensorTypes.all(known);
      }
    }
    throw wrong("TYPE is Q4_K_M or a type that the engine computes with, not '" + type + "'");
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
