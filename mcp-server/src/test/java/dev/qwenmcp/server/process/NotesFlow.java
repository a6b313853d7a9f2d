package dev.qwenmcp.server.process;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** A flow that leaves one entry each round, so that its context tells how often it ran. */
final class NotesFlow {
  private static final String FLOW =
      """
      flow: written-down
      steps:
        - id: all
          each: %s
          most: 100
          steps:
            - {id: note, tool: context_append, with: {role: document, text: "note ${item}", context_id: "${flow.context_id}"}}
          collect: ${steps.note.version ?? null}
      output: done
      """;

  private NotesFlow() {}

  /** Its declaration; the notes are {@code note 0}, {@code note 1} and so on. */
  static String ofRounds(int rounds) {
    return FLOW.formatted(IntStream.range(0, rounds).boxed().toList());
  }

  /** A server to run it and be killed, with its data and log in a folder. */
  static ServerProcess server(Path folder) throws Exception {
    return new ServerProcess(
        folder, folder.resolve("log"), List.of("-Xmx512m"), List.of("--cache-disk", "0"));
  }
}
