package dev.qwenmcp.server.install;

import dev.qwenmcp.server.install.JsonOutline.Member;
import dev.qwenmcp.server.install.JsonOutline.Node;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON, with comments and trailing commas as editors take them: one member of the outermost object
 * holds the servers by name. Everything else keeps its bytes.
 */
final class JsonConfiguration implements ConfigurationText {
  private static final JsonMapper LENIENT =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** An entry as a client has it. */
  interface EntryForm {
    /**
     * The entry.
     *
     * @throws InstallException if the client cannot have such
     */
    ObjectNode of(ServerEntry entry) throws InstallException;
  }

  /** Members of an entry that say how the server is reached. */
  private static final Set<String> OWN =
      Set.of("type", "command", "args", "url", "httpUrl", "serverUrl");

  private static final String INDENT = "  ";

  private final String text;
  private final String servers;
  private final EntryForm form;
  private final ObjectNode content;

  /**
   * @param text empty for a file that does not exist yet
   * @param servers name of the member that holds the servers
   * @param form of an entry
   * @throws InstallException if it is no JSON object, or the servers are none
   */
  JsonConfiguration(String text, String servers, EntryForm form) throws InstallException {
    this.text = text.isBlank() ? "{}\n" : text;
    this.servers = servers;
    this.form = form;
    this.content = read(this.text);
    JsonNode there = content.get(servers);
    if (there != null && !there.isObject()) {
      throw new InstallException("\"" + servers + "\" is not an object; mend it first");
    }
  }

  private static ObjectNode read(String text) throws InstallException {
    try {
      if (LENIENT.readTree(text.startsWith("\uFEFF") ? text.substring(1) : text)
          instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException e) {
      throw new InstallException("is not JSON: " + e.getOriginalMessage() + at(e), e);
    }
    throw new InstallException("holds no JSON object");
  }

  private static String at(JacksonException e) {
    return e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr();
  }

  @Override
  public String with(String server, ServerEntry entry) throws InstallException {
    ObjectNode value = merged(content.path(servers).get(server), form.of(entry));
    if (value.equals(content.path(servers).get(server))) {
      return text;
    }
    ObjectNode expected = content.deepCopy();
    (expected.get(servers) instanceof ObjectNode there ? there : expected.putObject(servers))
        .set(server, value);
    Node root = JsonOutline.of(text);
    Optional<Node> there = root.member(servers).flatMap(Member::object);
    String changed;
    if (there.isEmpty()) {
      ObjectNode wrapped = JsonNodeFactory.instance.objectNode();
      wrapped.set(server, value);
      changed = insert(root, servers, wrapped, 1);
    } else {
      Optional<Member> old = there.get().member(server);
      changed =
          old.isPresent()
              ? text.substring(0, old.get().valueBegin())
                  + pretty(value, 2)
                  + text.substring(old.get().end())
              : insert(there.get(), server, value, 2);
    }
    return checked(changed, expected);
  }

  /** The entry with what its user has added to the old one, such as an environment. */
  private static ObjectNode merged(JsonNode old, ObjectNode entry) {
    if (old instanceof ObjectNode there) {
      there.properties().stream()
          .filter(p -> !OWN.contains(p.getKey()) && !entry.has(p.getKey()))
          .forEach(p -> entry.set(p.getKey(), p.getValue()));
    }
    return entry;
  }

  @Override
  public Optional<String> without(String server) throws InstallException {
    if (!content.path(servers).has(server)) {
      return Optional.empty();
    }
    ObjectNode expected = content.deepCopy();
    ((ObjectNode) expected.get(servers)).remove(server);
    Node holder = JsonOutline.of(text).member(servers).flatMap(Member::object).orElseThrow();
    int index = holder.members().indexOf(holder.member(server).orElseThrow());
    Member member = holder.members().get(index);
    int begin = member.begin();
    int end = member.end();
    if (index + 1 < holder.members().size()) {
      end = trailingComma(end, holder.end()) + 1;
      if (lineBegin(begin) >= 0 && lineEnd(end) >= 0) { // nothing else stands on its lines
        begin = lineBegin(begin);
        end = lineEnd(end);
      }
    } else if (index > 0) {
      begin = holder.members().get(index - 1).end(); // with the comma before
      end = trailing(end);
    } else {
      begin = holder.begin() + 1;
      end = holder.end();
    }
    return Optional.of(checked(text.substring(0, begin) + text.substring(end), expected));
  }

  /** Where the line begins, if nothing but blanks stands before, else -1. */
  private int lineBegin(int from) {
    int begin = from;
    while (begin > 0 && " \t".indexOf(text.charAt(begin - 1)) >= 0) {
      begin--;
    }
    return begin > 0 && text.charAt(begin - 1) == '\n' ? begin : -1;
  }

  /** After the end of the line, if nothing but blanks stands there, else -1. */
  private int lineEnd(int from) {
    int end = from;
    while (end < text.length() && " \t\r".indexOf(text.charAt(end)) >= 0) {
      end++;
    }
    return end < text.length() && text.charAt(end) == '\n' ? end + 1 : -1;
  }

  /** After a trailing comma that follows directly. */
  private int trailing(int from) {
    return from < text.length() && text.charAt(from) == ',' ? from + 1 : from;
  }

  /** Adds a member to an object, as its last one. */
  private String insert(Node object, String name, ObjectNode value, int depth) {
    String member =
        newline()
            + INDENT.repeat(depth)
            + JsonNodeFactory.instance.stringNode(name)
            + ": "
            + pretty(value, depth);
    if (object.members().isEmpty()) {
      return text.substring(0, object.begin() + 1)
          + member
          + emptyRest(object)
          + newline()
          + INDENT.repeat(depth - 1)
          + text.substring(object.end());
    }
    int end = object.members().getLast().end();
    int comma = trailingComma(end, object.end());
    return comma >= 0
        ? text.substring(0, comma + 1) + member + text.substring(comma + 1)
        : text.substring(0, end) + "," + member + text.substring(end);
  }

  /** What stands in an object without members: comments, which stay. */
  private String emptyRest(Node object) {
    String inside = text.substring(object.begin() + 1, object.end()).strip();
    return inside.isEmpty() ? "" : newline() + inside;
  }

  /** Of a comma between a member and the end of its object that is no part of a comment, or -1. */
  private int trailingComma(int from, int to) {
    int at = from;
    while (at < to) {
      if (text.startsWith("//", at)) {
        at = text.indexOf('\n', at);
      } else if (text.startsWith("/*", at)) {
        at = text.indexOf("*/", at) + 2;
      } else if (text.charAt(at) == ',') {
        return at;
      } else {
        at++;
      }
    }
    return -1;
  }

  private String newline() {
    return text.contains("\r\n") ? "\r\n" : "\n";
  }

  private String pretty(ObjectNode value, int depth) {
    StringBuilder out = new StringBuilder("{");
    String separator = "";
    for (var property : value.properties()) {
      out.append(separator)
          .append(newline())
          .append(INDENT.repeat(depth + 1))
          .append(JsonNodeFactory.instance.stringNode(property.getKey()))
          .append(": ");
      separator = ",";
      out.append(
          property.getValue() instanceof ObjectNode object
              ? pretty(object, depth + 1)
              : property.getValue().toString().replace("\",\"", "\", \""));
    }
    return out.append(newline()).append(INDENT.repeat(depth)).append('}').toString();
  }

  /** A text that says anything else than it should is not written. */
  private static String checked(String changed, ObjectNode expected) throws InstallException {
    if (!read(changed).equals(expected)) {
      throw new InstallException(
          "is written in a way that cannot be changed safely; add the entry by hand (--print shows it)");
    }
    return changed;
  }
}
