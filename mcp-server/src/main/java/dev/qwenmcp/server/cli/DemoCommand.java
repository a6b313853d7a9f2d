package dev.qwenmcp.server.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code qwen-mcp demo}. */
@Command(name = "demo", description = "Show what the product does, with the embedded model.")
final class DemoCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    throw new UnsupportedOperationException();
  }
}
