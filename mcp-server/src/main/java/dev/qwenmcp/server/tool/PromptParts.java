package dev.qwenmcp.server.tool;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Texts as they stand in prompts: marked off, so that what they say is not taken for the task. */
final class PromptParts {
  private PromptParts() {}

  /** A document; every tool writes it alike, so that their prompts share their beginnings. */
  static String document(PromptProfile profile, String text) {
    return PromptLibrary.get(profile, "document").fill(Map.of("text", inert(text)));
  }

  /** What a search found, with the remark that it is data. */
  static String passages(PromptProfile profile, List<PassageView> passages) {
    PromptTemplate one = PromptLibrary.get(profile, "passage");
    List<String> parts = new ArrayList<>();
    for (PassageView passage : passages) {
      parts.add(
          one.fill(
              Map.of(
                  "number", Integer.toString(parts.size() + 1),
                  "source", attribute(passage.source()),
                  "title", attribute(passage.title()),
                  "text", inert(passage.text()))));
    }
    return PromptLibrary.get(profile, "passages")
        .fill(Map.of("passages", String.join("\n", parts)));
  }

  /** A text that cannot end the mark it stands in. */
  private static String inert(String text) {
    return text.replace("</document", "<\\/document").replace("</passage", "<\\/passage");
  }

  private static String attribute(String text) {
    return text.replace('"', '\'').replace('\n', ' ').replace("<", "‹").replace(">", "›");
  }
}
