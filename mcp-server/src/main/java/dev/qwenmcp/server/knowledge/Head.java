package dev.qwenmcp.server.knowledge;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.lucene.util.BytesRef;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is known of a stored document beside its text.
 *
 * @param id its name
 * @param title possibly empty
 * @param characters UTF-16 units of title and text
 * @param first number of its first passage, another for each document under the same id
 * @param passages how many it has; their numbers follow {@code first}
 * @param hash of its content
 * @param metadata what it was given with
 */
record Head(
    String id,
    String title,
    long characters,
    long first,
    int passages,
    String hash,
    Map<String, String> metadata) {

  BytesRef bytes() {
    return new BytesRef(
        JsonMapper.shared().writeValueAsString(this).getBytes(StandardCharsets.UTF_8));
  }

  static Head of(BytesRef bytes) {
    return JsonMapper.shared().readValue(bytes.bytes, bytes.offset, bytes.length, Head.class);
  }

  /** For people and programs. */
  SourceInfo info(int vectors) {
    return new SourceInfo(id, title, passages, vectors, characters, hash, metadata);
  }
}
