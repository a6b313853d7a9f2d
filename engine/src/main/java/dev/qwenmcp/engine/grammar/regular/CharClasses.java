package dev.qwenmcp.engine.grammar.regular;

import java.util.Arrays;
import java.util.Map;

/** The named classes of regular expressions, as ECMAScript defines them. */
final class CharClasses {
  private CharClasses() {}

  static final CodePoints DIGIT = CodePoints.range('0', '9');
  static final CodePoints WORD = CodePoints.ranges('0', '9', 'A', 'Z', '_', '_', 'a', 'z');
  static final CodePoints DOT =
      CodePoints.ranges('\n', '\n', '\r', '\r', 0x2028, 0x2029).complement();

  /** WhiteSpace and LineTerminator. */
  static final CodePoints SPACE =
      CodePoints.ranges(
          0x09, 0x0D, 0x20, 0x20, 0xA0, 0xA0, 0x1680, 0x1680, 0x2000, 0x200A, 0x2028, 0x2029,
          0x202F, 0x202F, 0x205F, 0x205F, 0x3000, 0x3000, 0xFEFF, 0xFEFF);

  /** Values of {@link Character#getType} by the general category's short name. */
  private static final Map<String, Byte> CATEGORIES =
      Map.ofEntries(
          Map.entry("Lu", Character.UPPERCASE_LETTER),
          Map.entry("Ll", Character.LOWERCASE_LETTER),
          Map.entry("Lt", Character.TITLECASE_LETTER),
          Map.entry("Lm", Character.MODIFIER_LETTER),
          Map.entry("Lo", Character.OTHER_LETTER),
          Map.entry("Mn", Character.NON_SPACING_MARK),
          Map.entry("Mc", Character.COMBINING_SPACING_MARK),
          Map.entry("Me", Character.ENCLOSING_MARK),
          Map.entry("Nd", Character.DECIMAL_DIGIT_NUMBER),
          Map.entry("Nl", Character.LETTER_NUMBER),
          Map.entry("No", Character.OTHER_NUMBER),
          Map.entry("Pc", Character.CONNECTOR_PUNCTUATION),
          Map.entry("Pd", Character.DASH_PUNCTUATION),
          Map.entry("Ps", Character.START_PUNCTUATION),
          Map.entry("Pe", Character.END_PUNCTUATION),
          Map.entry("Pi", Character.INITIAL_QUOTE_PUNCTUATION),
          Map.entry("Pf", Character.FINAL_QUOTE_PUNCTUATION),
          Map.entry("Po", Character.OTHER_PUNCTUATION),
          Map.entry("Sm", Character.MATH_SYMBOL),
          Map.entry("Sc", Character.CURRENCY_SYMBOL),
          Map.entry("Sk", Character.MODIFIER_SYMBOL),
          Map.entry("So", Character.OTHER_SYMBOL),
          Map.entry("Zs", Character.SPACE_SEPARATOR),
          Map.entry("Zl", Character.LINE_SEPARATOR),
          Map.entry("Zp", Character.PARAGRAPH_SEPARATOR),
          Map.entry("Cc", Character.CONTROL),
          Map.entry("Cf", Character.FORMAT),
          Map.entry("Co", Character.PRIVATE_USE),
          Map.entry("Cn", Character.UNASSIGNED));

  private static final Map<String, String> LONG_NAMES =
      Map.of(
          "Letter", "L",
          "Mark", "M",
          "Number", "N",
          "Punctuation", "P",
          "Symbol", "S",
          "Separator", "Z",
          "Other", "C",
          "Uppercase_Letter", "Lu",
          "Lowercase_Letter", "Ll",
          "Decimal_Number", "Nd");

  /** The set of a general category by its short name, one-letter name or long name; else null. */
  static CodePoints property(String name) {
    String wanted = name.replaceFirst("^(General_Category|gc)=", "");
    wanted = LONG_NAMES.getOrDefault(wanted, wanted);
    int types = 0; // bit per value of getType
    for (var category : CATEGORIES.entrySet()) {
      if (!wanted.isEmpty()
          && (category.getKey().equals(wanted)
              || wanted.length() == 1 && category.getKey().startsWith(wanted))) {
        types |= 1 << category.getValue();
      }
    }
    if (types == 0) {
      return null;
    }
    int[] ranges = new int[64];
    int n = 0;
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if ((types >> Character.getType(c) & 1) == 0) {
        continue;
      }
      if (n > 0 && ranges[n - 1] == c - 1) {
        ranges[n - 1] = c;
      } else {
        if (n == ranges.length) {
          ranges = Arrays.copyOf(ranges, 2 * n);
        }
        ranges[n++] = c;
        ranges[n++] = c;
      }
    }
    return CodePoints.ranges(Arrays.copyOf(ranges, n));
  }
}
