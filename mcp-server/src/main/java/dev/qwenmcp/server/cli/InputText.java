package dev.qwenmcp.server.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Texts from files and from standard input, which must be UTF-8. */
final class InputText {
  private InputText() {}

  static String of(Path file) throws IOException, CliException {
    return decode(file.toString(), Files.readAllBytes(file));
  }

  static String of(InputStream in) throws IOException, CliException {
    return decode("standard input", in.readAllBytes());
  }

  private static String decode(String name, byte[] bytes) throws CliException {
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(rest).toString();
    } catch (CharacterCodingException e) {
      throw new CliException(
          name + " is not UTF-8 text (byte " + rest.position() + "); convert it first", e);
    }
  }
}
