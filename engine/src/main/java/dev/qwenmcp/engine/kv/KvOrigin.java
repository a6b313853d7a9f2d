package dev.qwenmcp.engine.kv;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What keys and values depend on besides the token ids before them.
 *
 * @param model identity of the model file
 * @param shape architecture, sizes and rotary parameters as the engine understood them
 * @param layout storage type and layout of pages
 * @param adapter id and generation of the adapter, empty for none
 * @param arithmetic version of {@code docs/reference/arithmetic.md} and the kernels' mode
 */
public record KvOrigin(
    String model, String shape, KvLayout layout, String adapter, String arithmetic) {

  /** The key above the first page of every sequence of a scope. */
  public PageKey rootKey(CacheScope scope) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      // Each part with its length, so that no two lists of parts give the same bytes.
      for (String part : List.of(model, shape, layout.toString(), adapter, arithmetic)) {
        write(out, part);
      }
      write(out, scope.salt());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return PageKey.digest(bytes.toByteArray());
  }

  private static void write(DataOutputStream out, String part) throws IOException {
    byte[] utf8 = part.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }
}
