package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.document.folder.AllowedRoots;
import dev.qwenmcp.server.document.folder.DocumentFolders;
import dev.qwenmcp.server.document.folder.FileFailure;
import dev.qwenmcp.server.document.folder.FileSelection;
import dev.qwenmcp.server.document.folder.FolderRequest;
import dev.qwenmcp.server.document.folder.PathException;
import dev.qwenmcp.server.document.folder.SyncProgress;
import dev.qwenmcp.server.document.folder.SyncReport;
import dev.qwenmcp.server.document.reader.DocumentReader;
import dev.qwenmcp.server.document.reader.ParserLimits;
import dev.qwenmcp.server.knowledge.KnowledgeBase;
import dev.qwenmcp.server.knowledge.KnowledgeException;
import dev.qwenmcp.server.knowledge.LuceneKnowledgeBase;
import dev.qwenmcp.server.model.EngineRoom;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code qwen-mcp ingest PATH}: brings a collection into line with a file or folder. */
@Command(
    name = "ingest",
    description = {
      "Add a file or folder to a collection that servers search, also while they run.",
      "A folder that is given again is brought into line: changed files are replaced, documents"
          + " whose file is gone are removed."
    })
final class IngestCommand implements Callable<Integer> {
  /** Whose collections those of servers over standard input are. */
  private static final String PRINCIPAL = "local";

  private static final Duration LOOK = Duration.ofMillis(500);

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PATH", description = "File or folder to read, with all below it.")
  private Path path;

  @Option(
      names = {"-c", "--collection"},
      paramLabel = "NAME",
      defaultValue = "default",
      description = "Collection to add it to (default: ${DEFAULT-VALUE}).")
  private String collection;

  @Option(
      names = "--include",
      paramLabel = "PATTERN",
      description = "Only files that match, such as \"*.md\"; may be repeated.")
  private List<String> include = List.of();

  @Option(
      names = "--exclude",
      paramLabel = "PATTERN",
      description = "No files or folders that match; may be repeated.")
  private List<String> exclude = List.of();

  @Mixin private ContextFlags data;
  @Mixin private EngineFlags engineFlags;
  @Mixin private KnowledgeFlags knowledgeFlags;

  @Override
  public Integer call()
      throws IOException, CliException, PathException, KnowledgeException, InterruptedException {
    if (!collection.matches("[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,63}")) {
      throw new ParameterException(
          spec.commandLine(),
          "--collection takes up to 64 letters, digits, dots, underscores and hyphens, got "
              + collection);
    }
    if (!Files.exists(path)) {
      throw new CliException("there is no file or folder " + path);
    }
    Path real = path.toRealPath();
    AllowedRoots roots =
        AllowedRoots.of(List.of(Files.isDirectory(real) ? real : real.getParent()));
    PrintWriter err = spec.commandLine().getErr();
    if (knowledgeFlags.inMemory()) {
      throw new CliException(
          "collections are kept in memory (--collections or $QWEN_MCP_COLLECTIONS): nothing would"
              + " remain");
    }
    try (ServedEmbedding embedding =
            knowledgeFlags.embedding(engineFlags.options(), EngineRoom.alone());
        KnowledgeBase knowledge =
            new LuceneKnowledgeBase(
                knowledgeFlags.settings(data.dataFolder(), embedding, Optional.empty()));
        DocumentFolders folders =
            new DocumentFolders(
                knowledge,
                roots,
                new DocumentReader(ParserLimits.DEFAULT),
                InstantSource.system())) {
      FolderRequest request =
          new FolderRequest(
              PRINCIPAL, collection, real, roots, new FileSelection(include, exclude), Map.of());
      SyncReport report = folders.ingest(request, Duration.ofDays(1), new Lines(err));
      for (FileFailure failure : report.failures()) {
        err.println("qwen-mcp: " + failure.path() + " " + failure.reason());
      }
      if (report.changed()) {
        awaitVectors(knowledge, err);
      }
      spec.commandLine()
          .getOut()
          .printf(
              "%d added, %d replaced, %d removed, %d unchanged, %d skipped, %d failed%n",
              report.added(),
              report.replaced(),
              report.removed(),
              report.unchanged(),
              report.skipped(),
              report.failures().size());
      return report.failures().isEmpty() ? 0 : 1;
    }
  }

  /** The documents are kept already; without their vectors a server would make these. */
  private void awaitVectors(KnowledgeBase knowledge, PrintWriter err)
      throws KnowledgeException, InterruptedException {
    int last = 0;
    int pending = knowledge.awaitVectors(PRINCIPAL, collection, Duration.ZERO);
    while (pending > 0) {
      if (pending != last) {
        err.printf("%,d passages to embed%n", pending);
        err.flush();
      }
      last = pending;
      pending = knowledge.awaitVectors(PRINCIPAL, collection, LOOK);
    }
  }

  /** A line a second at most. */
  private static final class Lines implements SyncProgress {
    private static final long SECOND = 1_000_000_000L;

    private final PrintWriter err;
    private final long start = System.nanoTime();
    private long last = System.nanoTime();

    Lines(PrintWriter err) {
      this.err = err;
    }

    @Override
    public void told(int done, int all, int passages) {
      long now = System.nanoTime();
      if (now - last > SECOND || done == all && now - start > SECOND && done > 0) {
        double seconds = (now - start) / (double) SECOND;
        err.printf(
            "%,d of %,d files, %.0f files and %.0f passages a second%n",
            done, all, done / seconds, passages / seconds);
        err.flush();
        last = now;
      }
    }
  }
}
