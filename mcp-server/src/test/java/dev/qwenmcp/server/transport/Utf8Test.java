package dev.qwenmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class Utf8Test {

  @Property
  void plainBytesAreThoseFromOneTo127(@ForAll @Size(max = 40) byte[] bytes) {
    boolean plain = true;
    for (byte b : bytes) {
      plain &= b > 0;
    }
    assertThat(Utf8.of(bytes).plain()).isEqualTo(plain);
  }

  @Property
  void oneByteAmongPlainOnesIsSeenWhereverItIs(
      @ForAll @IntRange(min = 1, max = 40) int length,
      @ForAll @IntRange(max = 39) int at,
      @ForAll byte other) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 'a');
    bytes[at % length] = other;
    assertThat(Utf8.of(bytes).plain()).isEqualTo(other > 0);
  }

  @Property
  void partsAreAsPlainAsTheWhole(
      @ForAll @Size(max = 60) byte[] bytes, @ForAll @IntRange(max = 60) int cut) {
    int middle = Math.min(cut, bytes.length);
    Plainness plainness = new Plainness();
    plainness.add(bytes, 0, middle);
    plainness.add(bytes, middle, bytes.length);
    assertThat(plainness.plain()).isEqualTo(Utf8.of(bytes).plain());
  }
}
