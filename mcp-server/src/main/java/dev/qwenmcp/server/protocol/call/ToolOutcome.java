package dev.qwenmcp.server.protocol.call;

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
   * @param links resources that the result speaks of
   * @param remarks what the tool has to say besides
   */
  record Success(ObjectNode structured, String text, List<ResourceLink> links, List<String> remarks)
      implements ToolOutcome {
    Success(ObjectNode structured, String text, List<ResourceLink> links) {
      this(structured, text, links, List.of());
    }

    @Override
    public ToolOutcome remarked(List<String> given) {
      return new Success(structured, text, links, given);
    }

    Success shortened(
        ObjectNode shorter, String beginning, List<ResourceLink> more, List<String> said) {
      return new Success(shorter, beginning, more, said);
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
