package dev.qwenmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class LineReaderTest {
  private static final int LIMIT = 8;

  /** Gives at most a few bytes at a time, as a pipe may. */
  private static final class Dribble extends InputStream {
    private final InputStream source;
    private final Random random;
    private final int most;

    Dribble(byte[] bytes, long seed) {
      this(bytes, seed, 5);
    }

    Dribble(byte[] bytes, long seed, int most) {
      this.source = new ByteArrayInputStream(bytes);
      this.random = new Random(seed);
      this.most = most;
    }

    @Override
    public int read() throws IOException {
      return source.read();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return source.read(buffer, offset, Math.min(length, 1 + random.nextInt(most)));
    }
  }

  private static List<String> lines(InputStream in) throws IOException {
    LineReader reader = new LineReader(in, LIMIT);
    List<String> lines = new ArrayList<>();
    LineReader.Line line = reader.next();
    while (line != null) {
      lines.add(line.tooLong() ? "too long" : text(line.content()));
      if (!line.tooLong()) {
        Utf8 content = line.content();
        byte[] copy = Arrays.copyOfRange(content.bytes(), content.from(), content.to());
        assertThat(content.plain()).isEqualTo(Utf8.of(copy).plain());
      }
      line = reader.next();
    }
    return lines;
  }

  private static String text(Utf8 content) {
    return new String(
        content.bytes(), content.from(), content.length(), StandardCharsets.ISO_8859_1);
  }

  /** What the reader should give, written the plain way. */
  private static List<String> expected(String text) {
    List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
    if (lines.getLast().isEmpty()) {
      lines.removeLast();
    }
    lines.replaceAll(line -> {
      String content = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
      return content.length() <= LIMIT ? content : "too long";
    });
    return lines;
  }

  @Property
  void splitsAnyStreamHoweverItArrives(
      @ForAll @StringLength(max = 80) @CharRange(from = 'a', to = 'c') String letters,
      @ForAll @IntRange(max = 1_000_000) int seed)
      throws IOException {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    letters
        .chars()
        .forEach(c -> {
          text.append((char) c);
          text.append(List.of("", "", "", "", "", "é", "\0").get(random.nextInt(7)));
          text.append(List.of("", "", "", "", "\n", "\r\n", "\r").get(random.nextInt(7)));
        });

    assertThat(lines(new Dribble(text.toString().getBytes(StandardCharsets.ISO_8859_1), seed)))
        .isEqualTo(expected(text.toString()));
  }

  @Test
  void seesOneForeignByteWhereverItIsInALongLine() throws IOException {
    for (int at : new int[] {0, 65_535, 65_536, 150_000, 199_999}) {
      byte[] bytes = new byte[2 * 200_001];
      Arrays.fill(bytes, (byte) 'a');
      bytes[200_000] = '\n';
      bytes[400_001] = '\n';
      bytes[at] = (byte) 0xC3;
      LineReader reader = new LineReader(new Dribble(bytes, 7, 9_000), 1 << 20);
      assertThat(reader.next().content().plain()).as("foreign at %d", at).isFalse();
      assertThat(reader.next().content().plain()).as("behind it").isTrue();
    }
  }

  @Test
  void holdsNoMoreThanTheLimitOfAnEndlessLine() throws IOException {
    long length = 3L << 30;
    InputStream endless =
        new InputStream() {
          private long left = length;

          @Override
          public int read() {
            return left-- > 0 ? 'x' : -1;
          }

          @Override
          public int read(byte[] buffer, int offset, int count) {
            int given = (int) Math.min(left, count);
            left -= given;
            return given == 0 ? -1 : given;
          }
        };

    assertThat(new LineReader(endless, LIMIT).next().length()).isEqualTo(length);
  }
}
