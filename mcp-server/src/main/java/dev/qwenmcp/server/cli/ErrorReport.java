package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.ContextOverflowException;
import dev.qwenmcp.engine.chat.ChatTemplateException;
import dev.qwenmcp.engine.gguf.GgufFormatException;
import dev.qwenmcp.engine.kv.KvMemoryException;
import dev.qwenmcp.server.bench.BenchException;
import dev.qwenmcp.server.context.ContextException;
import dev.qwenmcp.server.document.folder.PathException;
import dev.qwenmcp.server.hub.HubException;
import dev.qwenmcp.server.knowledge.KnowledgeException;
import dev.qwenmcp.server.model.ModelException;
import dev.qwenmcp.server.settings.SettingsException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns exceptions into one line on standard error and an exit status. */
final class ErrorReport implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private final Settings settings;

  ErrorReport(Settings settings) {
    this.settings = settings;
  }

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    boolean verbose = ((Main) command.getCommandSpec().root().userObject()).verbose();
    PrintWriter err = command.getErr();
    err.println("qwen-mcp: " + describe(failure));
    if (verbose) {
      failure.printStackTrace(err);
    }
    err.flush();
    return CommandLine.ExitCode.SOFTWARE;
  }

  @Override
  public int handleParseException(ParameterException failure, String[] args) {
    CommandLine command = failure.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("qwen-mcp: " + failure.getMessage() + origin(failure));
    if (failure.getCause() instanceof SettingsException) {
      err.flush(); // how to use the command would not help
      return CommandLine.ExitCode.USAGE;
    }
    if (!UnmatchedArgumentException.printSuggestions(failure, err)) {
      command.usage(err, command.getColorScheme());
    }
    err.flush();
    return CommandLine.ExitCode.USAGE;
  }

  /** Where a value that is wrong comes from, if not from the command line. */
  private String origin(ParameterException failure) {
    if (failure.getArgSpec() == null) {
      return "";
    }
    try {
      return settings
          .value(failure.getArgSpec())
          .filter(value -> value.texts().contains(failure.getValue()))
          .map(value -> " (from " + value.origin() + ")")
          .orElse("");
    } catch (SettingsException e) {
      return "";
    }
  }

  /** One line for people. */
  static String describe(Throwable failure) {
    String message = failure.getMessage() == null ? "" : failure.getMessage().strip();
    return switch (failure) {
      case CliException _ -> message;
      case ModelException _ -> message;
      case HubException _ -> message;
      case BenchException _ -> message;
      case ContextException _ -> message;
      case KnowledgeException _ -> message;
      case PathException _ -> message;
      case GgufFormatException _ -> message;
      case ContextOverflowException _ -> message;
      case ChatTemplateException _ -> message;
      case NoSuchFileException e -> "no file " + e.getFile() + "; check the path";
      case AccessDeniedException e -> "no permission for " + e.getFile() + "; check who may use it";
      case FileSystemException _ -> message;
      case UncheckedIOException e -> describe(e.getCause());
      case KvMemoryException _ -> message;
      case IOException _ -> message.isEmpty() ? failure.toString() : message;
      case IllegalArgumentException _ when !message.isEmpty() -> message;
      case InterruptedException _ -> "interrupted";
      default ->
          "internal error: " + failure + "; run again with --verbose and report what it prints";
    };
  }
}
