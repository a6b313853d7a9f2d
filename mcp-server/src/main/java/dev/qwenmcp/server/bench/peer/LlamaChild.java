package dev.qwenmcp.server.bench.peer;

import dev.qwenmcp.server.bench.BenchException;
import dev.qwenmcp.server.bench.ChildCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * llama.cpp's libraries in a child of this program, so that a crash or a leak there cannot hurt;
 * {@link LlamaRequests} is the other end of the pipe.
 */
final class LlamaChild implements AutoCloseable {
  private final Process child;
  private final Path log;
  private final Writer requests;
  private final BufferedReader answers;

  private LlamaChild(Process child, Path log) {
    this.child = child;
    this.log = log;
    this.requests = child.outputWriter(StandardCharsets.UTF_8);
    this.answers =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Starts the child and waits until the model is loaded. */
  static LlamaChild start(Path folder, PeerLoad load, ChildCommand self) throws BenchException {
    try {
      Path log = Files.createTempFile("llama", ".log");
      Process child =
          self.with(
                  List.of(
                      LlamaRequests.COMMAND,
                      folder.toAbsolutePath().toString(),
                      load.model().toAbsolutePath().toString(),
                      Integer.toString(load.threads()),
                      Integer.toString(load.contextTokens()),
                      Integer.toString(load.vocabulary())))
              .redirectError(log.toFile())
              .start();
      LlamaChild started = new LlamaChild(child, log);
      try {
        started.answer();
      } catch (BenchException e) {
        started.close();
        throw e;
      }
      return started;
    } catch (IOException e) {
      throw new BenchException("cannot start a process for llama.cpp: " + e, e);
    }
  }

  /**
   * Asks for work and waits until it is done.
   *
   * @param line as {@link LlamaRequests} describes
   * @return what follows "ok"
   */
  String ask(String line) throws BenchException {
    try {
      requests.write(line + "\n");
      requests.flush();
    } catch (IOException _) {
      // It has ended: the answer's absence says so, with its last words.
    }
    return answer();
  }

  private String answer() throws BenchException {
    try {
      String line = answers.readLine();
      if (line != null && line.startsWith("ok ")) {
        return line.substring(3);
      }
      throw new BenchException(
          "llama.cpp failed: " + (line == null ? "its process ended" : line) + lastWords());
    } catch (IOException e) {
      throw new BenchException("lost llama.cpp's process: " + e, e);
    }
  }

  private String lastWords() throws IOException {
    String words = LogTail.of(log);
    return words.isEmpty() ? "" : "; its last words: " + words;
  }

  @Override
  public void close() {
    ChildCommand.end(child);
    try {
      Files.deleteIfExists(log);
    } catch (IOException _) {
      // A log left in the temporary folder hurts nobody.
    }
  }
}
