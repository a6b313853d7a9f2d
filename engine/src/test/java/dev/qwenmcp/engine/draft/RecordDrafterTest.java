package dev.qwenmcp.engine.draft;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** With bytes for tokens. */
class RecordDrafterTest {
  private static final String TEXT =
      "Delivery D-7 went to Ada Brandt in Lisbon: 34 crates of cork. "
          + "Delivery D-12 went to Omar Haddad in Bergen: 5 crates of copper wire. "
          + "Delivery D-31 went to Mei Lin Tanaka in Trieste: 71 crates of roof tiles. "
          + "Delivery D-44 went to Ruth Cole in Lisbon: 8 crates of oak planks. ";

  private final RecordDrafter drafter = drafter();

  private static RecordDrafter drafter() {
    return new RecordDrafter(token -> new byte[] {(byte) token}, RecordDrafterTest::tokens);
  }

  private static int[] tokens(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return IntStream.range(0, bytes.length).map(i -> bytes[i] & 0xff).toArray();
  }

  private static String text(int[] tokens) {
    byte[] bytes = new byte[tokens.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) tokens[i];
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** What is guessed after a prompt and a text that was written token by token. */
  private String guess(String prompt, String written) {
    drafter.accept(tokens(prompt + written.charAt(0)));
    write(written.substring(1));
    return text(drafter.draft(1000, _ -> true).tokens());
  }

  private void write(String written) {
    for (int token : tokens(written)) {
      drafter.draft(1, _ -> true);
      drafter.accept(token);
    }
  }

  @Test
  void fillsTheFrameOfTheRecordBeforeWithTheNextValues() {
    String written =
        """
        [{"id": "D-7", "to": "Ada Brandt", "city": "Lisbon", "goods": "34 crates of cork"},
         {"id": "D-12", "to": "\
        """;
    assertThat(guess(TEXT + "\nAs JSON:\n", written))
        .startsWith("Omar Haddad\", \"city\": \"Bergen\", \"goods\":");
  }

  @Test
  void goesOnWithinAValueToItsEndAndTheFrameAfterIt() {
    String written =
        """
        [{"id": "D-7", "to": "Ada Brandt", "city": "Lisbon"}, {"id": "D-12", "to": "Om\
        """;
    assertThat(guess(TEXT + "\nAs JSON:\n", written))
        .startsWith("ar Haddad\", \"city\": \"Bergen\"}");
  }

  @Test
  void valuesMayComeInAnotherOrderThanInTheText() {
    String written = "Lisbon;Ada Brandt;D-7\nBergen;Omar Haddad;D-12\nTrieste;";
    assertThat(guess(TEXT + "\nAs a table:\n", written)).startsWith("Mei Lin Tanaka;D-31\n");
  }

  @Test
  void namesOfTheFrameMayStandInThePrompt() {
    String prompt =
        "List id, to and city of each:\n" + TEXT + "\nJSON with \"id\", \"to\", \"city\":\n";
    String written =
        """
        [{"id": "D-7", "to": "Ada Brandt", "city": "Lisbon"},
         {"id": "D-12", "to": "Omar Haddad", "city": "Bergen"},
         {"id": "D-31", \
        """;
    assertThat(guess(prompt, written))
        .startsWith("\"to\": \"Mei Lin Tanaka\", \"city\": \"Trieste");
  }

  @Test
  void findsTheFrameAgainAfterWhatNothingForetells() {
    String written =
        """
        [{"id": "D-7", "late": "yes", "city": "Lisbon"},
         {"id": "D-12", "late": "no", "ci\
        """;
    assertThat(guess(TEXT + "\nAs JSON:\n", written)).startsWith("ty\": \"Bergen\"}");
  }

  @Test
  void chineseRecordsToo() {
    String prompt = "货物甲运往里斯本，收件人王明。货物乙运往上海，收件人李小华。货物丙运往北京，收件人赵云。\n";
    String written = "甲：里斯本，王明\n乙：上海，李小华\n丙：";
    assertThat(guess(prompt, written)).startsWith("北京，赵云");
  }

  @Test
  void guessesNothingBeforeThereIsARecord() {
    assertThat(guess(TEXT + "\nThe first one:\n", "It went to Ada Brandt,")).isEmpty();
    assertThat(drafter().draft(5, _ -> true).tokens()).isEmpty();
  }

  @Test
  void guessesNothingThatMayNotComeAndNoMoreThanWanted() {
    String written = "Ada Brandt, Lisbon\nOmar Haddad, ";
    guess(TEXT, written);
    assertThat(drafter.draft(100, token -> token != 'B').tokens()).isEmpty();
    assertThat(text(drafter.draft(3, _ -> true).tokens())).isEqualTo("Ber");
  }

  @Test
  void moreSpeaksForGuessesThatCameTrue() {
    String written = "Ada Brandt, Lisbon\nOmar Haddad, ";
    guess(TEXT, written);
    int first = drafter.draft(20, _ -> true).support();
    drafter.accept(tokens("Bergen"));
    int confirmed = drafter.draft(20, _ -> true).support();
    assertThat(confirmed).isEqualTo(first + 6);
    drafter.accept('x', '\n');
    assertThat(drafter.draft(20, _ -> true).support()).isLessThan(confirmed);
  }

  /** Texts of a few words, in which everything seems to be copied from everywhere. */
  @Property(tries = 300)
  void anyTextCanBeFollowed(@ForAll long seed) {
    Random random = new Random(seed);
    RecordDrafter any = drafter();
    any.accept(tokens(words(random, random.nextInt(40))));
    for (int i = 0; i < 20; i++) {
      int[] guess = any.draft(15, _ -> true).tokens();
      assertThat(guess.length).isLessThanOrEqualTo(15);
      any.accept(random.nextBoolean() ? guess : tokens(words(random, 1 + random.nextInt(3))));
    }
  }

  /** Long ones, of pieces of the prompt and of what was written. */
  @Property(tries = 100)
  void longCopiesCanBeFollowed(@ForAll long seed) {
    Random random = new Random(seed);
    RecordDrafter any = drafter();
    StringBuilder all = new StringBuilder(words(random, 30 + random.nextInt(200)));
    any.accept(tokens(all.toString()));
    for (int i = 0; i < 150; i++) {
      int[] guess = any.draft(15, _ -> true).tokens();
      int from = random.nextInt(all.length());
      int[] more =
          switch (random.nextInt(4)) {
            case 0 -> guess;
            case 1 -> tokens(words(random, 1 + random.nextInt(3)));
            default ->
                tokens(all.substring(from, Math.min(all.length(), from + random.nextInt(60))));
          };
      all.append(text(more));
      for (int token : more) {
        any.accept(token);
        any.draft(15, _ -> true);
      }
    }
  }

  @Test
  void valuesAtTheEndOfWhatIsKnownAreRepeated() {
    StringBuilder written = new StringBuilder();
    for (int i = 0; i < 248; i++) {
      written.append(" w").append((char) ('a' + i / 26)).append((char) ('a' + i % 26));
    }
    for (int shorter = 0; shorter < 12; shorter++) { // whatever the index of the last word
      RecordDrafter any = drafter();
      any.accept(tokens("List: Ada in Lisbon. Omar in Lisbon. Mei in Bergen.\nx"));
      for (int token :
          tokens(written.substring(4 * shorter) + "\nAda;Lisbon\nOmar;Lisbon\nMei;Bergen\n")) {
        any.draft(15, _ -> true);
        any.accept(token);
      }
    }
  }

  @Test
  void aRecordThatReachesIntoThisOneIsNoneBefore() {
    RecordDrafter any = drafter();
    any.accept(tokens("k s y x q k z. end g"));
    for (int token : tokens(" h i j l m n o p r t u v x s y x s y x z x z s y x z ")) {
      any.draft(15, _ -> true);
      any.accept(token);
    }
    assertThat(any.draft(15, _ -> true).tokens()).isNotNull();
  }

  @Test
  void guessesNothingThatBeginsWithinACharacter() {
    byte[] rare = "糖".getBytes(StandardCharsets.UTF_8);
    RecordDrafter any = drafter();
    any.accept(tokens("甲在糖城。乙在糖城。丙在糖城。\nx"));
    for (int token : tokens("\n甲：糖城\n乙：糖城\n丙：")) {
      any.draft(15, _ -> true);
      any.accept(token);
    }
    assertThat(text(any.draft(15, _ -> true).tokens())).startsWith("糖");
    any.accept(rare[0] & 0xff);
    assertThat(any.draft(15, _ -> true).tokens()).isEmpty();
  }

  private static String words(Random random, int count) {
    List<String> all =
        List.of("a", " b", " c", " a", " b", ", ", "\"", "\n", "1", "2", "汉", "é", "«", "，");
    return IntStream.range(0, count)
        .mapToObj(_ -> all.get(random.nextInt(all.size())))
        .collect(Collectors.joining());
  }
}
