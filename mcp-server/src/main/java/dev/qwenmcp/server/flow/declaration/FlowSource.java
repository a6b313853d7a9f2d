package dev.qwenmcp.server.flow.declaration;

import tools.jackson.databind.JsonNode;

/** The text of a declaration as JSON values, to be kept with its runs. */
public final class FlowSource {
  private FlowSource() {}

  /**
   * @throws FlowFormatException if it is no YAML or JSON
   */
  public static JsonNode tree(String declaration) throws FlowFormatException {
    return FlowText.parse(declaration).tree();
  }
}
