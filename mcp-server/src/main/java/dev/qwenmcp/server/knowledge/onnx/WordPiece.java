package dev.qwenmcp.server.knowledge.onnx;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * BERT's tokenizer: words and single characters, each cut into the longest pieces of a vocabulary.
 *
 * <p>The rules are those of the models' own {@code tokenizer.json} (BertNormalizer,
 * BertPreTokenizer, WordPiece of Devlin et al. 2019 after Schuster & Nakajima 2012): control
 * characters go, ideographs and punctuation stand alone, case and accents are folded where the
 * model's vocabulary is. A library would bring native code of its own for these hundred lines.
 * Immutable, for many threads.
 */
final class WordPiece {
  private static final String CONTINUES = "##";

  /** A longer word is unknown as a whole, as in the original. */
  private static final int MOST_WORD = 100;

  private final Map<String, Integer> vocabulary;
  private final boolean fold;
  private final int unknown;
  private final int begin;
  private final int end;

  /**
   * Makes a tokenizer of a vocabulary.
   *
   * @param vocabulary pieces with their ids; those that continue a word begin with "##"
   * @param fold whether the vocabulary is of lower case without accents
   * @throws IllegalArgumentException if [UNK], [CLS] or [SEP] is missing
   */
  WordPiece(Map<String, Integer> vocabulary, boolean fold) {
    this.vocabulary = Map.copyOf(vocabulary);
    this.fold = fold;
    this.unknown = id("[UNK]");
    this.begin = id("[CLS]");
    this.end = id("[SEP]");
  }

  private int id(String piece) {
    Integer id = vocabulary.get(piece);
    if (id == null) {
      throw new IllegalArgumentException("the vocabulary has no " + piece + "; it is not BERT's");
    }
    return id;
  }

  /**
   * A tokenized text.
   *
   * @param ids [CLS], the pieces, [SEP]
   * @param unknown how many of the pieces are [UNK]
   */
  record Tokens(long[] ids, int unknown) {
    /** Share of the pieces that the model knows, 0 for a text without any. */
    double known() {
      int pieces = ids.length - 2;
      return pieces == 0 ? 0 : 1 - (double) unknown / pieces;
    }
  }

  /** The first {@code most} ids of a text, [CLS] and [SEP] included. */
  Tokens tokenize(String text, int most) {
    List<Integer> ids = new ArrayList<>();
    for (String word : words(text)) {
      if (ids.size() >= most - 2) {
        break;
      }
      addPieces(word, ids);
    }
    List<Integer> kept = ids.subList(0, Math.min(ids.size(), most - 2));
    long[] all = new long[kept.size() + 2];
    all[0] = begin;
    int unknowns = 0;
    for (int i = 0; i < kept.size(); i++) {
      all[i + 1] = kept.get(i);
      unknowns += kept.get(i) == unknown ? 1 : 0;
    }
    all[all.length - 1] = end;
    return new Tokens(all, unknowns);
  }

  private void addPieces(String word, List<Integer> ids) {
    int before = ids.size();
    if (word.codePointCount(0, word.length()) > MOST_WORD) {
      ids.add(unknown);
      return;
    }
    int start = 0;
    while (start < word.length()) {
      int stop = word.length();
      Integer id = null;
      while (stop > start) {
        String piece = word.substring(start, stop);
        id = vocabulary.get(start == 0 ? piece : CONTINUES + piece);
        if (id != null) {
          break;
        }
        stop = word.offsetByCodePoints(stop, -1);
      }
      if (id == null) { // one unknown piece makes the word unknown
        ids.subList(before, ids.size()).clear();
        ids.add(unknown);
        return;
      }
      ids.add(id);
      start = stop;
    }
  }

  private List<String> words(String text) {
    String folded =
        fold ? Normalizer.normalize(text, Normalizer.Form.NFD).toLowerCase(Locale.ROOT) : text;
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    folded
        .codePoints()
        .forEach(c -> {
          if (isDropped(c) || (fold && Character.getType(c) == Character.NON_SPACING_MARK)) {
            return;
          }
          boolean alone = isIdeograph(c) || isPunctuation(c);
          if (alone || isSpace(c)) {
            finish(word, words);
          }
          if (!isSpace(c)) {
            word.appendCodePoint(c);
          }
          if (alone) {
            finish(word, words);
          }
        });
    finish(word, words);
    return words;
  }

  private static void finish(StringBuilder word, List<String> words) {
    if (!word.isEmpty()) {
      words.add(word.toString());
      word.setLength(0);
    }
  }

  private static boolean isSpace(int c) {
    return c == '\t' || c == '\n' || c == '\r' || Character.isSpaceChar(c);
  }

  private static boolean isDropped(int c) {
    return c == 0xFFFD
        || switch (Character.getType(c)) {
          case Character.CONTROL -> c != '\t' && c != '\n' && c != '\r';
          case Character.FORMAT, Character.PRIVATE_USE, Character.UNASSIGNED -> true;
          default -> false;
        };
  }

  /** Characters of these blocks are words of their own; kana and Hangul are not among them. */
  private static boolean isIdeograph(int c) {
    return (c >= 0x4E00 && c <= 0x9FFF)
        || (c >= 0x3400 && c <= 0x4DBF)
        || (c >= 0x20000 && c <= 0x2CEAF)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0x2F800 && c <= 0x2FA1F);
  }

  private static boolean isPunctuation(int c) {
    if ((c >= 33 && c <= 47) || (c >= 58 && c <= 64) || (c >= 91 && c <= 96)) {
      return true;
    }
    if (c >= 123 && c <= 126) {
      return true;
    }
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }
}
