package dev.qwenmcp.server.document;

import dev.qwenmcp.server.document.DocumentException.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.tika.parser.txt.CharsetDetector;
import org.apache.tika.parser.txt.CharsetMatch;

/**
 * Turns the bytes of a text file into text: by its byte order mark, as UTF-8, as UTF-16 or UTF-32
 * where zeros show them, else in the encoding that its bytes speak for, such as GB18030.
 */
public final class TextDecoder {
  /** More of the bytes tell no more about the encoding. */
  private static final int SAMPLE = 64 * 1024;

  /** Of 1,000 characters as many may be control characters that text does not have. */
  private static final int MOST_CONTROLS = 2;

  private static final Charset UTF_32LE = Charset.forName("UTF-32LE");
  private static final Charset UTF_32BE = Charset.forName("UTF-32BE");
  private static final Charset GB18030 = Charset.forName("GB18030");

  /** Confidence of the detector, 0 to 100, that frequent Chinese characters do not overrule. */
  private static final int SURE = 60;

  private TextDecoder() {}

  /**
   * The text without its byte order mark.
   *
   * @throws DocumentException if these are no characters in any encoding
   */
  public static String decode(byte[] bytes) throws DocumentException {
    Set<Charset> candidates = new LinkedHashSet<>();
    byMark(bytes).ifPresent(candidates::add);
    if (candidates.isEmpty()) {
      candidates.add(StandardCharsets.UTF_8);
      byZeros(bytes).ifPresent(candidates::add);
    }
    for (Charset charset : candidates) {
      Optional<String> text = strictly(bytes, charset).filter(TextDecoder::isText);
      if (text.isPresent()) {
        return text.get();
      }
    }
    if (!hasZero(bytes)) {
      for (Charset charset : byFrequency(bytes)) {
        Optional<String> text = strictly(bytes, charset).filter(TextDecoder::isText);
        if (text.isPresent()) {
          return text.get();
        }
      }
    }
    throw new DocumentException(
        Kind.UNSUPPORTED, "holds bytes that are no text in any known encoding; it seems binary");
  }

  private static Optional<Charset> byMark(byte[] bytes) {
    if (startsWith(bytes, 0xef, 0xbb, 0xbf)) {
      return Optional.of(StandardCharsets.UTF_8);
    }
    if (startsWith(bytes, 0xff, 0xfe, 0, 0)) {
      return Optional.of(UTF_32LE);
    }
    if (startsWith(bytes, 0, 0, 0xfe, 0xff)) {
      return Optional.of(UTF_32BE);
    }
    if (startsWith(bytes, 0xff, 0xfe)) {
      return Optional.of(StandardCharsets.UTF_16LE);
    }
    if (startsWith(bytes, 0xfe, 0xff)) {
      return Optional.of(StandardCharsets.UTF_16BE);
    }
    return Optional.empty();
  }

  private static boolean startsWith(byte[] bytes, int... mark) {
    if (bytes.length < mark.length) {
      return false;
    }
    for (int i = 0; i < mark.length; i++) {
      if ((bytes[i] & 0xff) != mark[i]) {
        return false;
      }
    }
    return true;
  }

  /** UTF-16 without a mark: spaces and line ends have zeros, on one side only. */
  private static Optional<Charset> byZeros(byte[] bytes) {
    int even = 0;
    int odd = 0;
    int most = Math.min(bytes.length, SAMPLE);
    for (int i = 0; i < most; i++) {
      if (bytes[i] == 0) {
        if (i % 2 == 0) {
          even++;
        } else {
          odd++;
        }
      }
    }
    if (bytes.length % 2 != 0 || Math.max(even, odd) * 50L < most) {
      return Optional.empty();
    }
    if (even == 0) {
      return Optional.of(StandardCharsets.UTF_16LE);
    }
    return odd == 0 ? Optional.of(StandardCharsets.UTF_16BE) : Optional.empty();
  }

  private static boolean hasZero(byte[] bytes) {
    for (byte b : bytes) {
      if (b == 0) {
        return true;
      }
    }
    return false;
  }

  /** Legacy encodings, the likeliest first. */
  private static Set<Charset> byFrequency(byte[] bytes) {
    CharsetDetector detector = new CharsetDetector(SAMPLE);
    detector.setText(Arrays.copyOf(bytes, Math.min(bytes.length, SAMPLE)));
    CharsetMatch[] matches = detector.detectAll();
    Set<Charset> charsets = new LinkedHashSet<>();
    boolean sure = matches.length > 0 && matches[0].getConfidence() >= SURE;
    if (!sure && looksChinese(bytes)) {
      charsets.add(GB18030);
    }
    for (CharsetMatch match : matches) {
      String name = match.getName().replaceFirst("_(?:rtl|ltr)$", "");
      boolean wide = name.startsWith("UTF-16") || name.startsWith("UTF-32");
      if (!wide && !name.startsWith("IBM") && Charset.isSupported(name)) {
        charsets.add("GB2312".equals(name) || "GBK".equals(name) ? GB18030 : Charset.forName(name));
      }
    }
    return charsets;
  }

  /** Whether most pairs of high bytes are the 3,755 frequent characters of GB 2312 or its marks. */
  private static boolean looksChinese(byte[] bytes) {
    int frequent = 0;
    int pairs = 0;
    for (int i = 0; i + 1 < Math.min(bytes.length, SAMPLE); i++) {
      int lead = bytes[i] & 0xff;
      if (lead < 0x80) {
        continue;
      }
      int trail = bytes[++i] & 0xff;
      pairs++;
      boolean han = lead >= 0xb0 && lead <= 0xd7;
      boolean mark = lead == 0xa1 || lead == 0xa3;
      frequent += trail >= 0xa1 && (han || mark) ? 1 : 0;
    }
    return pairs > 0 && frequent * 10L >= pairs * 9L;
  }

  private static Optional<String> strictly(byte[] bytes, Charset charset) {
    try {
      String text =
          charset
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString();
      return Optional.of(text.startsWith("\ufeff") ? text.substring(1) : text);
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static boolean isText(String text) {
    long controls =
        text.chars()
            .filter(c ->
                c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0x1b
                    || c == 0x7f
                    || c >= 0x80 && c < 0xa0 && c != 0x85)
            .count();
    return text.indexOf('\0') < 0 && controls * 1000 <= (long) MOST_CONTROLS * text.length();
  }
}
