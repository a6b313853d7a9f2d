package dev.qwenmcp.engine.grammar;

import dev.qwenmcp.engine.SharedData;
import dev.qwenmcp.engine.json.JsonReader;
import dev.qwenmcp.engine.json.JsonValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/** Vocabularies for tests. */
public final class Vocabularies {
  private Vocabularies() {}

  /** All single bytes, then random pieces of the texts, which may cut characters. */
  public static byte[][] piecesOf(Collection<byte[]> texts, int pieces, Random random) {
    List<byte[]> all = List.copyOf(texts);
    TreeSet<byte[]> tokens = new TreeSet<>(Arrays::compareUnsigned);
    for (int b = 0; b < 256; b++) {
      tokens.add(new byte[] {(byte) b});
    }
    for (int i = 0; i < pieces; i++) {
      byte[] text = all.get(random.nextInt(all.size()));
      if (text.length > 0) {
        int from = random.nextInt(text.length);
        tokens.add(
            Arrays.copyOfRange(text, from, Math.min(text.length, from + 1 + random.nextInt(7))));
      }
    }
    List<byte[]> shuffled = new ArrayList<>(tokens);
    Collections.shuffle(shuffled, random);
    return shuffled.toArray(byte[][]::new);
  }

  /** A vocabulary that JSON texts of many kinds can be written with, some of it nonsense. */
  public static byte[][] json() {
    List<byte[]> texts = new ArrayList<>();
    for (String text :
        List.of(
            "{\"name\": \"Ann Lee\", \"age\": 42, \"tags\": [\"a\", \"b\"], \"id\": null}",
            "{\"x\":-1.5e-10,\"y\":[true,false,null],\"z\":{\"k\":\"v\"}}",
            "\"caf\u00e9 \u4e2d\u6587 \uD83D\uDE00 \\\" \\\\ \\n \\u00e9 \\ud83d\\ude00\"",
            "[[], {}, \"\", 0, 100, 2024-02-29T12:30:00Z, 123e4567-e89b-12d3]",
            "a@b.example.com http://example.org/path?q=1#f 192.168.0.1 ::1",
            "    \n\t  \",\n  \": \"}, {\"]}],[\"")) {
      texts.add(text.getBytes(StandardCharsets.UTF_8));
    }
    return piecesOf(texts, 1500, new Random(7));
  }

  public static TokenTrie trie(byte[][] tokens) {
    return new TokenTrie(tokens.length, id -> tokens[id]);
  }

  /** The tokens of Qwen3, control tokens left out. */
  public static byte[][] qwen3() {
    String text;
    try {
      text = Files.readString(SharedData.require("data/qwen3-tokenizer/vocab.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int[] byteOf = new int[512];
    int others = 0;
    for (int b = 0; b < 256; b++) {
      boolean printable = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
      byteOf[printable ? b : 256 + others++] = b;
    }
    byte[][] tokens = new byte[151_936][];
    ((JsonValue.Obj) JsonReader.read(text))
        .members()
        .forEach((token, id) -> {
          byte[] bytes = new byte[token.length()];
          for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) byteOf[token.charAt(i)];
          }
          tokens[((JsonValue.Number) id).value().intValueExact()] = bytes;
        });
    return tokens;
  }
}
