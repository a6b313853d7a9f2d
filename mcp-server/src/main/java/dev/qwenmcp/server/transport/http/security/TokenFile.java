package dev.qwenmcp.server.transport.http.security;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The bearer tokens of a data folder: {@code tokens.json}, its owner's alone.
 *
 * <p>A change writes a new file and puts it in the old one's place, so a reader sees all of it or
 * nothing; several processes that change it do so one after the other.
 */
public final class TokenFile {
  private static final String NAME = "tokens.json";
  private static final String LOCK = "tokens.lock";
  private static final int FORMAT = 1;

  private final Path folder;
  private final JsonMapper json = new JsonMapper();

  /**
   * @param folder need not exist
   */
  public TokenFile(Path folder) {
    this.folder = folder;
  }

  public Path path() {
    return folder.resolve(NAME);
  }

  /**
   * The tokens, none if there is no file.
   *
   * @throws TokenFileException if others may read the file, or it is damaged
   */
  public List<StoredToken> read() throws IOException {
    byte[] text;
    try {
      if (Files.exists(path()) && OwnerOnly.open(path())) {
        throw new TokenFileException(
            "others may read or change %s; say chmod 600 %s, and consider its tokens known"
                .formatted(path(), path()));
      }
      text = Files.readAllBytes(path());
    } catch (NoSuchFileException e) {
      return List.of();
    }
    try {
      return parsed(json.readTree(text));
    } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
      throw new TokenFileException(
          "%s is damaged (%s); restore it, or remove it and create the tokens anew"
              .formatted(path(), e.getMessage()),
          e);
    }
  }

  private static List<StoredToken> parsed(JsonNode file) {
    if (file.path("format").asInt(0) != FORMAT || !file.path("tokens").isArray()) {
      throw new IllegalArgumentException("expected format " + FORMAT + " and an array of tokens");
    }
    List<StoredToken> tokens = new ArrayList<>();
    for (JsonNode token : file.path("tokens")) {
      Set<Grant> grants = EnumSet.noneOf(Grant.class);
      for (JsonNode grant : token.path("grants")) {
        grants.add(Grant.valueOf(grant.asString("").toUpperCase(Locale.ROOT)));
      }
      tokens.add(
          new StoredToken(
              token.path("name").asString(""),
              token.path("sha256").asString(""),
              Instant.parse(token.path("created").asString("")),
              grants));
    }
    return List.copyOf(tokens);
  }

  /**
   * Changes the tokens.
   *
   * @param change of those that there are to those that shall be; what it throws changes nothing
   * @throws TokenFileException as {@link #read}
   */
  public void change(UnaryOperator<List<StoredToken>> change) throws IOException {
    Files.createDirectories(folder);
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      write(change.apply(read()));
    }
  }

  private void write(List<StoredToken> tokens) throws IOException {
    ObjectNode file = JsonNodeFactory.instance.objectNode().put("format", FORMAT);
    ArrayNode list = file.putArray("tokens");
    for (StoredToken token : tokens) {
      ObjectNode entry =
          list.addObject()
              .put("name", token.name())
              .put("sha256", token.sha256())
              .put("created", token.created().toString());
      ArrayNode grants = entry.putArray("grants");
      token.grants().stream().sorted().forEach(grant -> grants.add(grant.word()));
    }
    Path made = OwnerOnly.create(folder, "tokens", ".new");
    try {
      try (FileChannel out = FileChannel.open(made, StandardOpenOption.WRITE)) {
        out.write(
            java.nio.ByteBuffer.wrap(
                json.writerWithDefaultPrettyPrinter().writeValueAsBytes(file)));
        out.force(true);
      }
      Files.move(made, path(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(made);
    }
  }
}
