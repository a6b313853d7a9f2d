package dev.qwenmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class EightBytesTest {

  private static int first(byte[] bytes, int from, boolean newline) {
    int at = from;
    while (at < bytes.length && !(newline ? bytes[at] == '\n' : ends(bytes[at]))) {
      at++;
    }
    return at;
  }

  private static boolean ends(byte b) {
    return b == '"' || b == '\\' || b >= 0 && b < ' ';
  }

  @Property
  void findsTheFirstOfSuchBytes(
      @ForAll @Size(max = 90) byte[] bytes, @ForAll @IntRange(max = 90) int from) {
    int begin = Math.min(from, bytes.length);

    assertThat(EightBytes.indexOf('\n', bytes, begin, bytes.length))
        .isEqualTo(first(bytes, begin, true));
    assertThat(EightBytes.endOfPlain(bytes, begin, bytes.length))
        .isEqualTo(first(bytes, begin, false));
  }

  @Property
  void findsOneSpecialByteAmongAnyThatAreNone(
      @ForAll @Size(max = 90) byte[] bytes, @ForAll @IntRange(max = 89) int place) {
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = bytes[i] == '\n' || ends(bytes[i]) ? (byte) (bytes[i] + 0x80) : bytes[i];
    }
    int at = bytes.length == 0 ? 0 : place % bytes.length;
    if (bytes.length > 0) {
      bytes[at] = '\n';
    }

    assertThat(EightBytes.indexOf('\n', bytes, 0, bytes.length)).isEqualTo(at);
    assertThat(EightBytes.endOfPlain(bytes, 0, bytes.length)).isEqualTo(at);
  }
}
