package dev.qwenmcp.engine.grammar.regular;

/** The part of the parser that reads bracketed classes and escapes. */
final class RegexClassParser {
  private final RegexParser in;

  RegexClassParser(RegexParser in) {
    this.in = in;
  }

  /** {@code [...]} or {@code [^...]}. */
  CodePoints bracket() {
    in.next();
    boolean negated = in.skip("^");
    CodePoints set = CodePoints.NONE;
    while (!in.skip("]")) {
      if (in.atEnd()) {
        throw in.error("']' is missing");
      }
      Element first = element();
      if (in.peek() != '-') {
        set = set.or(first.set);
        continue;
      }
      in.next();
      if (in.peek() == ']') {
        set = set.or(first.set).or(CodePoints.of('-'));
        continue;
      }
      Element last = element();
      if (first.codePoint < 0 || last.codePoint < 0) {
        // A class such as \d at an end of a "range": the hyphen is an ordinary character.
        set = set.or(first.set).or(CodePoints.of('-')).or(last.set);
      } else if (first.codePoint > last.codePoint) {
        throw in.error("a range is reversed");
      } else {
        set = set.or(CodePoints.range(first.codePoint, last.codePoint));
      }
    }
    return negated ? set.complement() : set;
  }

  /** A member of a class: a set, and its code point if it is one that a range can begin with. */
  private record Element(CodePoints set, int codePoint) {}

  private Element element() {
    if (in.peek() != '\\') {
      int c = in.next();
      return new Element(CodePoints.of(c), c);
    }
    escaped = -1;
    CodePoints set = escape(true);
    return new Element(set, escaped);
  }

  private int escaped; // the single code point of the last escape, or -1

  /** An escape, standing at its backslash. */
  CodePoints escape(boolean inClass) {
    in.next();
    int c = in.next();
    return switch (c) {
      case 'd' -> CharClasses.DIGIT;
      case 'D' -> CharClasses.DIGIT.complement();
      case 'w' -> CharClasses.WORD;
      case 'W' -> CharClasses.WORD.complement();
      case 's' -> CharClasses.SPACE;
      case 'S' -> CharClasses.SPACE.complement();
      case 'p' -> property();
      case 'P' -> property().complement();
      case 't' -> single('\t');
      case 'n' -> single('\n');
      case 'r' -> single('\r');
      case 'f' -> single('\f');
      case 'v' -> single(0x0B);
      case 'a' -> single(0x07);
      case 'e' -> single(0x1B);
      case '0' -> single(0);
      case 'c' -> single(in.next() & 31);
      case 'x' -> single(in.hex(2));
      case 'u' -> single(unicode());
      case 'b', 'B' -> {
        if (c == 'b' && inClass) {
          yield single('\b');
        }
        throw in.error("word boundaries are not supported");
      }
      case 'A' -> throw in.error("\\A is not supported, write ^");
      case 'z', 'Z' -> throw in.error("\\" + (char) c + " is not supported, write $");
      default -> {
        if (c >= '1' && c <= '9') {
          throw in.error("back references are not supported");
        }
        if (Character.isLetter(c)) {
          throw in.error("the escape \\" + Character.toString(c) + " is not supported");
        }
        yield single(c);
      }
    };
  }

  private CodePoints single(int codePoint) {
    escaped = codePoint;
    return CodePoints.of(codePoint);
  }

  private int unicode() {
    if (in.skip("{")) {
      String digits = in.until('}');
      if (!digits.matches("[0-9a-fA-F]{1,6}") || Integer.parseInt(digits, 16) > 0x10FFFF) {
        throw in.error("a code point in hexadecimal digits must stand between the braces");
      }
      return Integer.parseInt(digits, 16);
    }
    int code = in.hex(4);
    if (Character.isHighSurrogate((char) code) && in.skip("\\u")) {
      return Character.toCodePoint((char) code, (char) in.hex(4));
    }
    return code;
  }

  private CodePoints property() {
    if (!in.skip("{")) {
      throw in.error("a property in braces must follow \\p");
    }
    String name = in.until('}');
    CodePoints set = CharClasses.property(name);
    if (set == null) {
      throw in.error(
          "the property " + name + " is not supported (general categories such as L, Lu, Nd are)");
    }
    return set;
  }
}
