package dev.qwenmcp.server.document.folder;

import dev.qwenmcp.server.document.Document;
import dev.qwenmcp.server.knowledge.SourceInfo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The metadata by which documents of files are filtered and known again. */
final class SourceFields {
  static final String FOLDER = "folder";
  static final String SHA256 = "sha256";
  static final String STAMP = "stamp";
  static final String READ_AS = "read_as";

  /** Changes when documents are read or cut otherwise, so that they are read again. */
  private static final int VERSION = 1;

  private static final int MOST_FIELDS = 30;
  private static final int MOST_CHARACTERS = 1000;

  private SourceFields() {}

  /** How a request has its documents read: another value has unchanged files read again. */
  static String readAs(FolderRequest request) {
    if (request.metadata().isEmpty()) {
      return Integer.toString(VERSION);
    }
    try {
      byte[] given = new TreeMap<>(request.metadata()).toString().getBytes(StandardCharsets.UTF_8);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(given);
      return VERSION + "-" + HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  /** All that is kept of a document's file. */
  static Map<String, String> of(
      FolderScan.FoundFile file, FileContent content, Document document, FolderRequest request) {
    Map<String, String> fields = new TreeMap<>();
    document
        .metadata()
        .forEach((name, value) -> {
          if (fields.size() < MOST_FIELDS && !value.isBlank()) {
            fields.put(name, value.substring(0, Math.min(value.length(), MOST_CHARACTERS)));
          }
        });
    fields.putAll(request.metadata());
    fields.put("path", file.relative());
    fields.put(FOLDER, folder(file, request).toString());
    fields.put("uri", file.path().toUri().toString());
    fields.put("media_type", document.mediaType());
    fields.put("modified", content.state().modified().toString());
    fields.put("size", Long.toString(content.state().size()));
    fields.put(SHA256, content.sha256());
    fields.put(READ_AS, readAs(request));
    return fields;
  }

  private static Path folder(FolderScan.FoundFile file, FolderRequest request) {
    return file.path().equals(request.path()) ? request.path().getParent() : request.path();
  }

  /** Whether a document came from a file. */
  static boolean fromFile(SourceInfo source) {
    return source.metadata().containsKey(SHA256) && source.metadata().containsKey(FOLDER);
  }

  static Optional<String> get(SourceInfo source, String name) {
    return Optional.ofNullable(source.metadata().get(name));
  }
}
