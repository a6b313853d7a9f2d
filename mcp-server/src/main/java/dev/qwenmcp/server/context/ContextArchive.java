package dev.qwenmcp.server.context;

import dev.qwenmcp.engine.Usage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A context as JSON lines, to be kept elsewhere or moved to another machine.
 *
 * <p>UTF-8, one object a line: a {@code context} with {@code format} 1, an {@code entry} for each
 * entry in order, an {@code end} with their number, so that a file that was cut off is recognised.
 * Every entry carries the SHA-256 of its text. The format is described in {@code
 * docs/reference/file-formats.md}.
 */
public final class ContextArchive {
  private static final int FORMAT = 1;
  private static final int STEP = 16;
  private static final JsonMapper JSON = JsonMapper.shared();

  private final ContextStore store;
  private final String principal;

  public ContextArchive(ContextStore store, String principal) {
    this.store = store;
    this.principal = principal;
  }

  /** Writes a context. */
  public void write(ContextId id, Writer out) throws ContextException, IOException {
    ContextInfo info = store.info(principal, id);
    ObjectNode head = object("context").put("format", FORMAT).put("title", info.title());
    head.put("created", info.created().toString()).put("entries", info.entries());
    line(out, head);
    for (int from = 0; from < info.entries(); from += STEP) {
      int count = Math.min(STEP, info.entries() - from);
      for (Entry entry : store.read(principal, id, from, count)) {
        line(out, toJson(entry));
      }
    }
    line(out, object("end").put("entries", info.entries()));
    out.flush();
  }

  private static ObjectNode object(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }

  private static void line(Writer out, ObjectNode object) throws IOException {
    out.write(JSON.writeValueAsString(object));
    out.write('\n');
  }

  private static ObjectNode toJson(Entry entry) {
    ObjectNode json = object("entry").put("index", entry.index()).put("role", entry.role());
    json.put("tool", entry.tool()).put("created", entry.created().toString());
    json.put("sha256", EntryHead.digest(entry.text())).put("text", entry.text());
    if (!entry.structuredJson().isEmpty()) {
      json.put("structured_json", entry.structuredJson());
    }
    if (!entry.model().isNone()) {
      json.putObject("model")
          .put("name", entry.model().name())
          .put("fingerprint", entry.model().fingerprint());
    }
    if (!entry.tokens().isEmpty()) {
      ArrayNode tokens = json.putArray("tokens");
      entry.tokens().forEach(tokens::add);
    }
    Usage usage = entry.usage();
    if (!usage.equals(Usage.NONE)) {
      json.putObject("usage")
          .put("prompt_tokens", usage.promptTokens())
          .put("cached_tokens", usage.cachedTokens())
          .put("restored_tokens", usage.restoredTokens())
          .put("generated_tokens", usage.generatedTokens())
          .put("prompt_seconds", usage.promptSeconds())
          .put("generate_seconds", usage.generateSeconds());
    }
    return json;
  }

  /**
   * Reads a context into a new one, all of it or nothing. Entries get the time at which they are
   * read.
   *
   * @throws ArchiveFormatException if a line is not what it should be
   */
  public ContextInfo read(BufferedReader in)
      throws ContextException, ArchiveFormatException, IOException {
    Lines lines = new Lines(in);
    JsonNode head = lines.next("context");
    if (head.path("format").asInt(0) != FORMAT) {
      throw lines.wrong("format " + FORMAT, "format " + head.path("format"));
    }
    int count = lines.number(head, "entries");
    List<EntryDraft> drafts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      drafts.add(lines.entry(i));
    }
    if (lines.number(lines.next("end"), "entries") != count) {
      throw lines.wrong("an end with " + count + " entries", "another number");
    }
    lines.requireEnd();
    ContextInfo opened = store.open(principal, lines.text(head, "title"));
    try {
      store.append(principal, opened.id(), drafts);
    } catch (ContextException e) {
      store.end(principal, opened.id());
      throw e;
    }
    return store.info(principal, opened.id());
  }

  /** The lines of an archive, each checked. */
  private static final class Lines {
    private final BufferedReader in;
    private int number;

    Lines(BufferedReader in) {
      this.in = in;
    }

    ArchiveFormatException wrong(String expected, String found) {
      return new ArchiveFormatException(number, expected, found);
    }

    JsonNode next(String type) throws IOException, ArchiveFormatException {
      String line = in.readLine();
      number++;
      if (line == null) {
        throw wrong("a line of type " + type, "the end of the file");
      }
      try {
        JsonNode node = JSON.readTree(line);
        if (!node.isObject() || !node.path("type").asString("").equals(type)) {
          throw wrong("an object of type " + type, node.path("type").toString());
        }
        return node;
      } catch (JacksonException e) {
        throw wrong("a line of JSON", e.getOriginalMessage());
      }
    }

    void requireEnd() throws IOException, ArchiveFormatException {
      number++;
      if (in.readLine() != null) {
        throw wrong("the end of the file", "more lines");
      }
    }

    String text(JsonNode object, String name) throws ArchiveFormatException {
      JsonNode value = object.path(name);
      if (!value.isString()) {
        throw wrong("a string " + name, value.isMissingNode() ? "none" : value.toString());
      }
      return value.stringValue();
    }

    int number(JsonNode object, String name) throws ArchiveFormatException {
      JsonNode value = object.path(name);
      if (!value.isInt() || value.intValue() < 0) {
        throw wrong(
            "a number " + name + " from 0 on", value.isMissingNode() ? "none" : value.toString());
      }
      return value.intValue();
    }

    private String optionalText(JsonNode object, String name) throws ArchiveFormatException {
      return object.has(name) ? text(object, name) : "";
    }

    EntryDraft entry(int index) throws IOException, ArchiveFormatException {
      JsonNode entry = next("entry");
      if (number(entry, "index") != index) {
        throw wrong("entry " + index, "entry " + entry.get("index"));
      }
      String text = text(entry, "text");
      if (!EntryHead.digest(text).equals(text(entry, "sha256"))) {
        throw wrong("a text with the SHA-256 that stands beside it", "another");
      }
      return new EntryDraft(
          text(entry, "role"),
          text(entry, "tool"),
          model(entry),
          text,
          structured(entry),
          tokens(entry),
          usage(entry));
    }

    private ModelIdentity model(JsonNode entry) throws ArchiveFormatException {
      if (!entry.has("model")) {
        return ModelIdentity.NONE;
      }
      JsonNode model = entry.get("model");
      return new ModelIdentity(text(model, "name"), optionalText(model, "fingerprint"));
    }

    private String structured(JsonNode entry) throws ArchiveFormatException {
      String json = optionalText(entry, "structured_json");
      try {
        if (!json.isEmpty()) {
          JSON.readTree(json);
        }
        return json;
      } catch (JacksonException e) {
        throw wrong("JSON in structured_json", e.getOriginalMessage());
      }
    }

    private List<Integer> tokens(JsonNode entry) throws ArchiveFormatException {
      List<Integer> tokens = new ArrayList<>();
      for (JsonNode token : entry.path("tokens")) {
        if (!token.isInt() || token.intValue() < 0) {
          throw wrong("token ids from 0 on", token.toString());
        }
        tokens.add(token.intValue());
      }
      return tokens;
    }

    private Usage usage(JsonNode entry) throws ArchiveFormatException {
      if (!entry.has("usage")) {
        return Usage.NONE;
      }
      JsonNode usage = entry.get("usage");
      return new Usage(
          number(usage, "prompt_tokens"),
          number(usage, "cached_tokens"),
          number(usage, "restored_tokens"),
          number(usage, "generated_tokens"),
          usage.path("prompt_seconds").asDouble(0),
          usage.path("generate_seconds").asDouble(0));
    }
  }
}
