package dev.qwenmcp.server.protocol.call;

import dev.qwenmcp.server.protocol.Content;
import dev.qwenmcp.server.protocol.ResourceLink;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** How a call ended, before a protocol era gives it its form. */
public sealed interface ToolOutcome {

  /**
   * The tool answered.
   *
   * @param structured conforms to the tool's result schema
   * @param text the same for readers of text
   * @param contents pictures and the like that belong to it
   * @param links resources that the result speaks of
   * @param remarks what the tool has to say besides
   */
  record Success(
      ObjectNode structured,
      String text,
      List<Content> contents,
      List<ResourceLink> links,
      List<String> remarks)
      implements ToolOutcome {

    @Override
    public ToolOutcome remarked(List<String> given) {
      return new Success(structured, text, contents, links, given);
    }

    Success shortened(
        ObjectNode shorter, String beginning, List<ResourceLink> more, List<String> said) {
      return new Success(shorter, beginning, contents, more, said);
    }
  }

  /**
   * The tool did not answer; the model that called it may read why and mend the call.
   *
   * @param code stable, machine-readable
   * @param message what was wrong, what was expected, what to do
   */
  record Failure(String code, String message) implements ToolOutcome {
    @Override
    public ToolOutcome remarked(List<String> given) {
      return this;
    }
  }

  /** The same outcome with remarks; a failure says itself what is wrong. */
  ToolOutcome remarked(List<String> given);
}
