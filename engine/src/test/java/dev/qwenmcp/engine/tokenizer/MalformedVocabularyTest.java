package dev.qwenmcp.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.engine.gguf.GgufFormatException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MalformedVocabularyTest {
  private final List<String> tokens = new ArrayList<>();
  private final List<Integer> types = new ArrayList<>();
  private final List<String> merges = new ArrayList<>();

  /** The 256 bytes, "he" and "the" by merges, and an end-of-turn token. */
  MalformedVocabularyTest() {
    int next = 0x100;
    for (int b = 0; b < 256; b++) {
      boolean prints = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
      add(Character.toString(prints ? b : next++), 1);
    }
    add("he", 1);
    add("the", 1);
    add("<|im_end|>", 3);
    merges.add("h e");
    merges.add("t he");
  }

  private void add(String token, int type) {
    tokens.add(token);
    types.add(type);
  }

  private BpeTokenizer tokenizer() throws GgufFormatException {
    int[] typeIds = types.stream().mapToInt(Integer::intValue).toArray();
    Vocabulary vocabulary = new Vocabulary("some.gguf", tokens, typeIds);
    return new BpeTokenizer(vocabulary, new MergeTable("some.gguf", vocabulary, merges), 258);
  }

  @Test
  void isAcceptedWhenItIsNotMalformed() throws GgufFormatException {
    BpeTokenizer tokenizer = tokenizer();
    assertThat(tokenizer.encode("the he")).containsExactly(257, tokenizer.encode(" ")[0], 256);
    assertThat(tokenizer.decode(tokenizer.encode("\0 thé"))).isEqualTo("\0 thé");
  }

  @Test
  void isRefusedWithoutATokenForEachByte() {
    tokens.set(tokens.indexOf("Ġ"), "zz");
    assertRefused("one token for each byte", "0x20");
  }

  @Test
  void isRefusedWithATokenThatStandsTwice() {
    add("the", 1);
    assertRefused("differ", "\"the\" as tokens 257 and 259");
  }

  @Test
  void isRefusedWithASpecialTokenThatStandsTwice() {
    add("<|im_end|>", 4);
    assertRefused("differ", "\"<|im_end|>\" as tokens 258 and 259");
  }

  @Test
  void isRefusedWithANormalTokenOutsideTheByteAlphabet() {
    add("你", 1);
    assertRefused("byte alphabet", "token 259, \"你\"");
  }

  @Test
  void isRefusedWithAnUnknownType() {
    add("<0x0A>", 6);
    assertRefused("token_type 1 to 5", "6 for token \"<0x0A>\"");
    types.set(259, 0);
    assertRefused("token_type 1 to 5", "0 for token");
    types.set(259, -1);
    assertRefused("token_type 1 to 5", "-1 for token");
  }

  @Test
  void isRefusedWithTypesForFewerTokens() {
    types.removeLast();
    assertRefused("token_type of 259 elements", "258");
  }

  @Test
  void isRefusedWithAMergeOfUnknownParts() {
    merges.add("qu a");
    assertRefused("no token is the left part", "merge 2, \"qu a\"");
    merges.set(2, "a qu");
    assertRefused("no token is the right part", "merge 2");
    merges.set(2, "a b");
    assertRefused("no token is the result", "merge 2");
  }

  @Test
  void isRefusedWithAMergeThatIsNoPair() {
    for (String merge : new String[] {"he", "", " ", "h ", " h", "t h e", "h  e", "h\te", "你 好"}) {
      merges.set(1, merge);
      assertRefused("tokenizer.ggml.merges", "merge 1, \"" + merge + "\"");
    }
  }

  @Test
  void isRefusedWithAMergeThatStandsTwice() {
    merges.add("h e");
    assertRefused("differ", "merge 2");
  }

  /** Thousands of tokens in one slot of a table of 4,096 would each walk past all others. */
  @Test
  void isRefusedWhenItWasMadeToBeSlow() {
    int slot = 7;
    for (int number = 0; tokens.size() < 2000; number++) {
      String token = Integer.toString(number, 36) + "~";
      byte[] bytes = token.getBytes(StandardCharsets.US_ASCII);
      if ((Vocabulary.hash(bytes, 0, bytes.length) & 4095) == slot) {
        add(token, 1);
      }
    }
    assertRefused("differ (in their hashes as well)", "~");
  }

  @Test
  void mayHoldEmptyAndUnusedTokens() throws GgufFormatException {
    add("", 1);
    add("", 1);
    add("[PAD261]", 5);
    add("[PAD261]", 5);
    assertThat(tokenizer().decode(259, 257, 261, 262)).isEqualTo("the");
  }

  private void assertRefused(String expected, String found) {
    assertThatThrownBy(this::tokenizer)
        .isInstanceOf(GgufFormatException.class)
        .hasMessageStartingWith("some.gguf: expected ")
        .hasMessageContaining(expected)
        .hasMessageContaining(found);
  }
}
