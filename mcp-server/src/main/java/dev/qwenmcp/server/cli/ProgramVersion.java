package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.endpoint.ProductVersion;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class ProgramVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"qwen-mcp " + ProductVersion.current(), "Java " + Runtime.version()};
  }
}
