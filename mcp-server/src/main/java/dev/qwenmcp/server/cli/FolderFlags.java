package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.document.folder.AllowedRoots;
import dev.qwenmcp.server.document.folder.PathException;
import java.nio.file.Path;
import java.util.List;
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
      split = Settings.SEPARATOR,
      defaultValue = "${env:QWEN_MCP_ALLOW_ROOTS}",
      description =
          "Folder that ingest may read documents from, with all below it; may be repeated (default:"
              + " those in $QWEN_MCP_ALLOW_ROOTS, separated as in $PATH; none).")
  private List<Path> folders;

  /** What may be read. */
  AllowedRoots roots() {
    try {
      return AllowedRoots.of(folders == null ? List.of() : folders);
    } catch (PathException e) {
      throw new ParameterException(
          spec.commandLine(), "--allow-root or $%s: %s".formatted(VARIABLE, e.getMessage()), e);
    }
  }
}
