package dev.qwenmcp.server.hub;

import dev.qwenmcp.server.hub.HubException.Kind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model as people name it: {@code OWNER/NAME}, and after a colon which of its files.
 *
 * @param repository {@code OWNER/NAME}
 * @param choice a quantisation such as {@code Q4_K_M} or the name of a file, empty if left out
 */
public record ModelReference(String repository, String choice) {
  private static final String PART = "[A-Za-z0-9][A-Za-z0-9._-]{0,95}";
  private static final Pattern FORM =
      Pattern.compile("(" + PART + "/" + PART + ")(?::([A-Za-z0-9][A-Za-z0-9._-]{0,199}))?");

  /**
   * Reads a name.
   *
   * @throws HubException if it is none
   */
  public static ModelReference parse(String text) throws HubException {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches() || text.contains("..")) {
      throw new HubException(
          Kind.NAME,
          "expected a name such as Qwen/Qwen3-30B-A3B-GGUF:Q4_K_M (OWNER/NAME, and after a colon a"
              + " quantisation or a file), got "
              + text);
    }
    return new ModelReference(form.group(1), form.group(2) == null ? "" : form.group(2));
  }

  @Override
  public String toString() {
    return choice.isEmpty() ? repository : repository + ":" + choice;
  }
}
