package dev.qwenmcp.server.bench.peer;

import dev.qwenmcp.server.bench.BenchException;
import dev.qwenmcp.server.bench.ChildCommand;
import dev.qwenmcp.server.bench.reuse.Call.Phase;
import dev.qwenmcp.server.bench.reuse.PromptReader;
import dev.qwenmcp.server.bench.reuse.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * llama.cpp that keeps what it has read as its server does: {@link LlamaPromptCache} while it runs,
 * and over a restart the files that a user can save and load by hand.
 */
final class LlamaPromptReader implements PromptReader {
  private static final int WARM_UP_TOKENS = 64;

  private final Path folder;
  private final PeerLoad load;
  private final ChildCommand self;
  private final Path states; // folder of saved documents
  private final Map<Integer, Path> saved = new HashMap<>();
  private final Set<Integer> atHand = new HashSet<>(); // documents read or loaded since the start
  private final List<String> conditions = new ArrayList<>();
  private LlamaChild child;
  private int flash = -1; // 1 for flash attention, 0 for none, -1 until tried

  private LlamaPromptReader(
      Path folder, PeerLoad load, ChildCommand self, Path states, LlamaChild child) {
    this.folder = folder;
    this.load = load;
    this.self = self;
    this.states = states;
    this.child = child;
  }

  /** Starts a process and waits until the model is loaded. */
  static LlamaPromptReader start(Path folder, PeerLoad load, ChildCommand self)
      throws BenchException {
    try {
      Path states = Files.createTempDirectory("llama-states");
      return new LlamaPromptReader(
          folder, load, self, states, LlamaChild.start(folder, load, self));
    } catch (IOException e) {
      throw new BenchException("no folder for llama.cpp's states: " + e, e);
    }
  }

  @Override
  public Reading read(Prompt prompt, Phase phase) throws BenchException {
    if (flash < 0) {
      return readWithTheFasterSetting(prompt);
    }
    if (phase == Phase.COLD) {
      Reading reading = read(prompt, flash);
      save(prompt.document());
      return reading;
    }
    if (atHand.contains(prompt.document())) {
      return read(prompt, flash);
    }
    double loading = load(prompt.document());
    Reading reading = read(prompt, flash);
    return new Reading(
        reading.promptTokens(),
        reading.cachedTokens(),
        reading.cachedTokens(),
        reading.promptSeconds(),
        reading.seconds() + loading);
  }

  private Reading readWithTheFasterSetting(Prompt prompt) throws BenchException {
    for (int setting = 0; setting < 2; setting++) {
      child.ask("prompt %d 0 %d".formatted(WARM_UP_TOKENS, setting));
    }
    Reading with = read(prompt, 1);
    Reading without = read(prompt, 0);
    flash = with.seconds() <= without.seconds() ? 1 : 0;
    conditions.add(
        String.format(
            Locale.ROOT,
            "%s, keys and values F16: the faster of two settings for the first prompt (with flash"
                + " attention %.2f s, without %.2f s); one slot and a cache of prompts in memory, as its"
                + " server has them, without that server's own time",
            PeerFolder.setting(flash == 1),
            with.seconds(),
            without.seconds()));
    save(prompt.document());
    return flash == 1 ? with : without;
  }

  private Reading read(Prompt prompt, int setting) throws BenchException {
    String answer =
        child.ask(
            "read %d %d %d %d %d"
                .formatted(
                    setting,
                    prompt.document(),
                    prompt.documentTokens(),
                    prompt.task(),
                    prompt.taskTokens()));
    String[] words = answer.split(" ");
    double seconds = Double.parseDouble(words[0]);
    return new Reading(
        prompt.documentTokens() + prompt.taskTokens(),
        Integer.parseInt(words[1]),
        0,
        seconds,
        seconds);
  }

  private void save(int document) throws BenchException {
    Path file = states.resolve(document + ".state");
    double seconds = Double.parseDouble(child.ask("save %d %s".formatted(flash, file)));
    if (saved.isEmpty()) {
      conditions.add(
          String.format(
              Locale.ROOT,
              "saving a document by hand, so that it outlasts llama.cpp's process, took it %.2f s"
                  + " (%.0f MB), which no figure contains",
              seconds,
              file.toFile().length() * 1e-6));
    }
    saved.put(document, file);
    atHand.add(document);
  }

  /** Loads what was saved; the seconds that took. */
  private double load(int document) throws BenchException {
    Path file = saved.get(document);
    if (file == null) {
      throw new BenchException("document " + document + " was never read");
    }
    atHand.add(document);
    return Double.parseDouble(child.ask("load %d %s".formatted(flash, file)));
  }

  @Override
  public void restart() throws BenchException {
    child.close();
    atHand.clear();
    child = LlamaChild.start(folder, load, self);
  }

  @Override
  public List<String> conditions() {
    return List.copyOf(conditions);
  }

  @Override
  public void close() {
    child.close();
    try {
      for (Path file : saved.values()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(states);
    } catch (IOException _) {
      // What is left lies in the temporary folder.
    }
  }
}
