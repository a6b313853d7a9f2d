package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.document.folder.AllowedRoots;
import dev.qwenmcp.server.document.folder.PathException;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which folders documents may be read from. */
final class FolderFlags {
  private static final String VARIABLE = "QWEN_MCP_ALLOW_ROOTS";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--allow-root",
      paramLabel = "DIR",
      description =
          "Folder that ingest may read documents from, with all below it; may be repeated (default:"
              + " those in $QWEN_MCP_ALLOW_ROOTS, separated as in $PATH; none).")
  private List<Path> folders = List.of();

  /** What may be read. */
  AllowedRoots roots() {
    List<Path> allowed = new ArrayList<>(folders);
    String variable = System.getenv(VARIABLE);
    if (allowed.isEmpty() && variable != null) {
      for (String folder : variable.split(Pattern.quote(File.pathSeparator))) {
        if (!folder.isBlank()) {
          allowed.add(Path.of(folder));
        }
      }
    }
    try {
      return AllowedRoots.of(allowed);
    } catch (PathException e) {
      throw new ParameterException(
          spec.commandLine(), "--allow-root or $%s: %s".formatted(VARIABLE, e.getMessage()), e);
    }
  }
}
