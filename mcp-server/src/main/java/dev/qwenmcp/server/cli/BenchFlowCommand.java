package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.bench.flow.AskedQuestion;
import dev.qwenmcp.server.bench.flow.FlowBench;
import dev.qwenmcp.server.bench.flow.FlowTable;
import dev.qwenmcp.server.document.folder.AllowedRoots;
import dev.qwenmcp.server.flow.sql.SqliteRunStore;
import dev.qwenmcp.server.model.ModelException;
import dev.qwenmcp.server.protocol.ToolException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** {@code qwen-mcp bench-flow FILE}: the customer-service flow on questions in other words. */
@Command(
    name = "bench-flow",
    description = {
      "Measure the customer-service flow on the sample shop or other documents: is the right entry"
          + " found first, is it said what no entry answers, how long does a question take?",
      "Standard output gets Markdown and the questions that went wrong."
    })
final class BenchFlowCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "Questions as JSON: a list of {\"id\": \"en-warranty\", \"question\": …}, the id empty"
              + " where no entry answers; mcp-server/src/test/resources/dev/qwenmcp/server/flow"
              + " has some.")
  private List<Path> files;

  @Option(
      names = "--documents",
      paramLabel = "FILE",
      description =
          "Documents that are asked about instead of the sample shop, as the tool ingest takes"
              + " them: a list of {\"id\": …, \"title\": …, \"text\": …};"
              + " mcp-server/src/test/resources/dev/qwenmcp/server/answer has some.")
  private Path documents;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description = "How passages are compared: vectors (if left out), hybrid or keywords.")
  private String mode;

  @Mixin private ModelHostFlags models;
  @Mixin private EngineFlags engine;

  @Override
  public Integer call() throws IOException, ModelException, ToolException, InterruptedException {
    List<AskedQuestion> questions = new ArrayList<>();
    for (Path file : files) {
      questions.addAll(AskedQuestion.read(file));
    }
    // Runs are kept on disk as in a server, so that the figures have the cost of that.
    try (TemporaryFolder folder = TemporaryFolder.in(null);
        LocalTools tools =
            new LocalTools(
                new LocalTools.Stores(
                    ContextFlags.inMemory(),
                    SqliteRunStore.in(folder.path(), InstantSource.system()),
                    Optional.empty(),
                    AllowedRoots.NONE),
                models.open(engine.options()),
                Optional.empty())) {
      FlowBench bench = new FlowBench(tools.flows(), new TerminalCall(null), subject());
      new FlowTable(spec.commandLine().getOut()).print(bench.measure(questions));
    }
    return 0;
  }

  private FlowBench.Subject subject() throws IOException {
    if (documents == null) {
      return new FlowBench.Subject(Optional.ofNullable(mode), Optional.empty());
    }
    try {
      return new FlowBench.Subject(
          Optional.ofNullable(mode),
          Optional.of(JsonMapper.shared().readTree(Files.readString(documents))));
    } catch (JacksonException e) {
      throw new IOException(documents + ": expected JSON: " + e.getOriginalMessage(), e);
    }
  }
}
