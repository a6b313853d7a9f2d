package dev.qwenmcp.server.bench.retrieval;

import dev.qwenmcp.server.knowledge.Chunk;
import dev.qwenmcp.server.knowledge.SourceDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes many distinct passages of whatever text a folder holds, to measure large collections with:
 * every three sentences that follow each other, beginning at each sentence.
 */
public final class TextPassages {
  /** Of JSON, texts as short as labels and answers are left out. */
  private static final int SHORTEST_TEXT = 80;

  private static final int SENTENCES = 3;
  private static final int SHORTEST = 60;
  private static final int LONGEST = 1_500;
  private static final int PASSAGES_A_DOCUMENT = 100;
  private static final long LARGEST_FILE = 32L << 20;

  private final int wanted;
  private final Set<String> seen = new HashSet<>();
  private final List<SourceDocument> documents = new ArrayList<>();

  private TextPassages(int wanted) {
    this.wanted = wanted;
  }

  /**
   * Documents with as many passages in all as are wanted, or fewer if the folder has less text.
   *
   * @param folder whose {@code .txt}, {@code .md}, {@code .json}, {@code .jsonl} and Cranfield
   *     files are read in the order of their names
   */
  public static List<SourceDocument> of(Path folder, int wanted) throws IOException {
    TextPassages passages = new TextPassages(wanted);
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      if (Files.size(file) <= LARGEST_FILE && passages.seen.size() < wanted) {
        passages.read(folder.relativize(file).toString(), file);
      }
    }
    return passages.documents;
  }

  private void read(String name, Path file) throws IOException {
    if (name.endsWith(".txt") || name.endsWith("cran.all.1400")) {
      add(name, text(file));
    } else if (name.endsWith(".json") || name.endsWith(".jsonl")) {
      StringBuilder all = new StringBuilder();
      for (String json :
          name.endsWith(".jsonl") ? text(file).split("\n") : new String[] {text(file)}) {
        try {
          collect(JsonMapper.shared().readTree(json), all);
        } catch (JacksonException e) {
          continue; // not JSON after all: nothing to read
        }
      }
      add(name, all.toString());
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  private static void collect(JsonNode node, StringBuilder all) {
    if (node.isString() && node.asString().length() >= SHORTEST_TEXT) {
      all.append(node.asString()).append("\n\n");
    }
    node.forEach(child -> collect(child, all));
  }

  private void add(String name, String text) {
    List<Integer> starts = new ArrayList<>();
    BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
    sentences.setText(text);
    for (int at = sentences.first(); at != BreakIterator.DONE; at = sentences.next()) {
      starts.add(at);
    }
    List<Chunk> chunks = new ArrayList<>();
    for (int i = 0; i + SENTENCES < starts.size() && seen.size() < wanted; i++) {
      int start = starts.get(i);
      int end = starts.get(i + SENTENCES);
      if (end - start >= SHORTEST
          && end - start <= LONGEST
          && seen.add(text.substring(start, end).strip())) {
        chunks.add(new Chunk(start, end));
      }
      if (chunks.size() == PASSAGES_A_DOCUMENT) {
        flush(name, text, chunks);
      }
    }
    flush(name, text, chunks);
  }

  /** The part of the text that these passages are of becomes a document. */
  private void flush(String name, String text, List<Chunk> chunks) {
    if (chunks.isEmpty()) {
      return;
    }
    int from = chunks.getFirst().start();
    int to = chunks.getLast().end();
    List<Chunk> moved =
        chunks.stream().map(c -> new Chunk(c.start() - from, c.end() - from)).toList();
    documents.add(
        new SourceDocument(
            name + "#" + from, "", text.substring(from, to), java.util.Map.of(), moved));
    chunks.clear();
  }
}
