package dev.qwenmcp.server.tool;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The prompts, files in {@code prompts/VERSION/PROFILE/NAME.txt}; a profile without a file of its
 * own uses the one of {@code standard}.
 *
 * <p>A change of wording changes what models answer: it goes into a new version. The version that
 * made an entry is written down with it.
 */
final class PromptLibrary {
  static final String VERSION = "v1";
  private static final String STANDARD = "standard";

  private PromptLibrary() {}

  static PromptTemplate get(PromptProfile profile, String name) {
    PromptTemplate own = read(VERSION + "/" + profile.name() + "/" + name);
    PromptTemplate prompt = own != null ? own : read(VERSION + "/" + STANDARD + "/" + name);
    if (prompt == null) {
      throw new IllegalStateException("there is no prompt named " + name);
    }
    return prompt;
  }

  private static PromptTemplate read(String name) {
    try (InputStream in = PromptLibrary.class.getResourceAsStream("prompts/" + name + ".txt")) {
      return in == null
          ? null
          : new PromptTemplate(name, new String(in.readAllBytes(), StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      throw new UncheckedIOException("the prompt " + name + " cannot be read", e);
    }
  }
}
