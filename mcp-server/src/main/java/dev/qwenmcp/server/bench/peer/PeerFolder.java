package dev.qwenmcp.server.bench.peer;

import dev.qwenmcp.server.bench.BenchException;
import dev.qwenmcp.server.bench.ChildCommand;
import dev.qwenmcp.server.bench.Contender;
import dev.qwenmcp.server.bench.reuse.PromptReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder with llama.cpp: its {@code llama-bench}, or its shared libraries of a version whose
 * structures are known.
 */
public sealed interface PeerFolder {
  /** The version whose structures {@link LlamaLibrary} knows. */
  String KNOWN_VERSION = "v0.5.0";

  /** What is in it, for people. */
  String description();

  /**
   * What loads the model.
   *
   * @param load what to load and how
   * @param self how this program starts itself again
   */
  Contender.Source contender(PeerLoad load, ChildCommand self);

  /**
   * What loads the model to read prompts with, keeping what was read.
   *
   * @param load what to load and how; its context is chosen later
   * @param self how this program starts itself again
   * @throws BenchException if what is in the folder cannot do that
   */
  PromptReader.Source reader(PeerLoad load, ChildCommand self) throws BenchException;

  /**
   * Looks into a folder.
   *
   * @throws BenchException if it holds neither, or another version
   */
  static PeerFolder of(Path folder) throws BenchException {
    Path bench = folder.resolve("llama-bench");
    if (Files.isExecutable(bench)) {
      return new BenchProgram(bench);
    }
    Matcher library =
        find(folder, "libllama\\.?(v[0-9.]+)?\\.(?:so|dylib)")
            .orElseThrow(() ->
                new BenchException(
                    folder
                        + " holds neither an executable llama-bench nor libllama; give llama.cpp's"
                        + " build/bin folder or one with its shared libraries"));
    if (!KNOWN_VERSION.equals(library.group(1))) {
      throw new BenchException(
          library.group()
              + " is not the version whose structures are known ("
              + KNOWN_VERSION
              + "); give a folder with that version's libraries, or one with llama-bench of any"
              + " version");
    }
    Path ggml =
        folder.resolve(
            find(folder, "libggml\\." + Pattern.quote(KNOWN_VERSION) + "\\.(?:so|dylib)")
                .orElseThrow(() ->
                    new BenchException(
                        folder + " holds libllama but no libggml of " + KNOWN_VERSION))
                .group());
    return new Libraries(folder, folder.resolve(library.group()), ggml);
  }

  private static Optional<Matcher> find(Path folder, String name) throws BenchException {
    Pattern pattern = Pattern.compile(name);
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> pattern.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .findFirst();
    } catch (IOException e) {
      throw new BenchException("cannot list " + folder + ": " + e, e);
    }
  }

  /**
   * @param program its path
   */
  record BenchProgram(Path program) implements PeerFolder {
    @Override
    public String description() {
      return "llama.cpp's llama-bench";
    }

    @Override
    public Contender.Source contender(PeerLoad load, ChildCommand self) {
      return () -> new LlamaBench(program, load);
    }

    @Override
    public PromptReader.Source reader(PeerLoad load, ChildCommand self) throws BenchException {
      throw new BenchException(
          program
              + " keeps no prompts; give a folder with the shared libraries of llama.cpp "
              + KNOWN_VERSION);
    }
  }

  /**
   * @param folder with the backends
   * @param llama libllama
   * @param ggml libggml
   */
  record Libraries(Path folder, Path llama, Path ggml) implements PeerFolder {
    @Override
    public String description() {
      return "llama.cpp " + KNOWN_VERSION;
    }

    @Override
    public Contender.Source contender(PeerLoad load, ChildCommand self) {
      return () -> LlamaProcess.start(folder, load, self);
    }

    @Override
    public PromptReader.Source reader(PeerLoad load, ChildCommand self) {
      return tokens -> LlamaPromptReader.start(folder, load.withContext(tokens), self);
    }
  }

  /** Names of the settings, which every peer tries both. */
  List<String> SETTINGS = List.of(setting(true), setting(false));

  /** The name of a setting. */
  static String setting(boolean flashAttention) {
    return flashAttention ? "llama.cpp, flash attention" : "llama.cpp, no flash attention";
  }
}
