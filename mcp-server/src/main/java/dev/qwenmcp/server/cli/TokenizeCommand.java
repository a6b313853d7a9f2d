package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.tokenizer.BpeTokenizer;
import dev.qwenmcp.server.model.ModelException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code qwen-mcp tokenize MODEL TEXT}: the ids of a text. */
@Command(
    name = "tokenize",
    description = {
      "Print the token ids of a text in one line, separated by spaces.",
      "The text is plain: special tokens in it are taken as ordinary characters. It comes from the"
          + " command line, from a file, or from standard input."
    })
final class TokenizeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "MODEL",
      description = "Path or name of a model (default: the embedded one).")
  private String model;

  @Parameters(index = "1", arity = "0..1", paramLabel = "TEXT", description = "The text.")
  private String text;

  @Option(names = "--file", paramLabel = "F", description = "File that holds the text.")
  private Path file;

  @Mixin private ModelFlags models;

  @Override
  public Integer call() throws IOException, ModelException, CliException {
    if (text != null && file != null) {
      throw new ParameterException(
          spec.commandLine(), "the text comes from TEXT or from --file, not from both");
    }
    try (GgufFile gguf = models.catalog().resolve(model).open()) {
      int[] ids = BpeTokenizer.of(gguf.metadata()).encode(text());
      spec.commandLine()
          .getOut()
          .println(IntStream.of(ids).mapToObj(Integer::toString).collect(Collectors.joining(" ")));
    }
    return 0;
  }

  private String text() throws IOException, CliException {
    if (text != null) {
      return text;
    }
    return file != null ? InputText.of(file) : InputText.of(System.in);
  }
}
