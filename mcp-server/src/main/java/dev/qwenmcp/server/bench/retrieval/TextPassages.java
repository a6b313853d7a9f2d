package dev.qwenmcp.server.bench.retrieval;

import dev.qwenmcp.server.knowledge.Chunk;
import dev.qwenmcp.server.knowledge.SourceDocument;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes many distinct short passages of whatever prose a folder holds, to measure large collections
 * with: sentences that follow each other, until they are as long as a short paragraph. No sentence
 * is in two passages.
 */
public final class TextPassages {
  /** Letters that a passage has at least; an East Asian character counts as three. */
  private static final int ENOUGH = 110;

  private static final int LETTERS_A_CHARACTER = 3;

  /** Longer ones are no prose: tables, or texts without sentences. */
  private static final int LONGEST = 900;

  private static final int PASSAGES_A_DOCUMENT = 100;
  private static final long LARGEST_FILE = 32L << 20;

  /** Of JSON, shorter texts are names and labels. */
  private static final int SHORTEST_TEXT = 12;

  private static final String SENTENCE_ENDS = ".?!\"'”’。？！…";

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
   *     files are read in the order of their names, also those in {@code .gz} and {@code .zip}
   */
  public static List<SourceDocument> of(Path folder, int wanted) throws IOException {
    TextPassages passages = new TextPassages(wanted);
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      if (Files.size(file) <= LARGEST_FILE && passages.seen.size() < wanted) {
        passages.read(folder.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return passages.documents;
  }

  private void read(String name, byte[] bytes) throws IOException {
    if (name.endsWith(".gz")) {
      try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
        read(name.substring(0, name.length() - ".gz".length()), in.readAllBytes());
      }
    } else if (name.endsWith(".zip")) {
      try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(bytes))) {
        for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
          read(name + "/" + entry.getName(), in.readAllBytes());
        }
      }
    } else if (name.endsWith(".txt") || name.endsWith(".md") || name.endsWith("cran.all.1400")) {
      add(name, new String(bytes, StandardCharsets.UTF_8));
    } else if (name.endsWith(".json") || name.endsWith(".jsonl")) {
      String text = new String(bytes, StandardCharsets.UTF_8);
      StringBuilder all = new StringBuilder();
      for (String json : name.endsWith(".jsonl") ? text.split("\n") : new String[] {text}) {
        try {
          collect(JsonMapper.shared().readTree(json), all);
        } catch (JacksonException e) {
          continue; // not JSON after all: nothing to read
        }
      }
      add(name, all.toString());
    }
  }

  private static void collect(JsonNode node, StringBuilder all) {
    if (node.isString() && node.asString().length() >= SHORTEST_TEXT) {
      all.append(node.asString()).append("\n\n");
    }
    node.forEach(child -> collect(child, all));
  }

  private void add(String name, String text) {
    List<Chunk> chunks = new ArrayList<>();
    BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
    sentences.setText(text);
    int start = sentences.first();
    for (int end = sentences.next();
        end != BreakIterator.DONE && seen.size() < wanted;
        end = sentences.next()) {
      String passage = text.substring(start, end).strip();
      if (letters(passage) < ENOUGH && end - start <= LONGEST) {
        continue;
      }
      if (isProse(passage) && seen.add(passage)) {
        chunks.add(new Chunk(start, end));
      }
      start = end;
      if (chunks.size() == PASSAGES_A_DOCUMENT) {
        flush(name, text, chunks);
      }
    }
    flush(name, text, chunks);
  }

  private static int letters(String text) {
    return text.codePoints()
        .map(c ->
            Character.isIdeographic(c) ? LETTERS_A_CHARACTER : Character.isLetterOrDigit(c) ? 1 : 0)
        .sum();
  }

  /** Whether it ends as sentences do and consists of words for the most part. */
  private static boolean isProse(String text) {
    long words = text.codePoints().filter(c -> Character.isLetter(c) || c == ' ').count();
    return !text.isEmpty()
        && text.length() <= LONGEST
        && SENTENCE_ENDS.indexOf(text.charAt(text.length() - 1)) >= 0
        && words >= 0.8 * text.codePointCount(0, text.length());
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
        new SourceDocument(name + "#" + from, "", text.substring(from, to), Map.of(), moved));
    chunks.clear();
  }
}
