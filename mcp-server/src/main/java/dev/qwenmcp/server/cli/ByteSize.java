package dev.qwenmcp.server.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A number of bytes as people write it: {@code 0}, {@code 512M}, {@code 16G}.
 *
 * @param bytes at least 0
 */
record ByteSize(long bytes) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,12})([KMGT]?)(I?B)?");
  private static final String UNITS = "KMGT";

  /** Reads sizes on the command line. */
  static final class Converter implements ITypeConverter<ByteSize> {
    @Override
    public ByteSize convert(String text) {
      Matcher form = FORM.matcher(text.strip().toUpperCase(Locale.ROOT));
      if (!form.matches()) {
        throw new TypeConversionException(
            "expected a number of bytes such as 0, 512M or 16G, got " + text);
      }
      int unit = form.group(2).isEmpty() ? 0 : 1 + UNITS.indexOf(form.group(2));
      try {
        return new ByteSize(Math.multiplyExact(Long.parseLong(form.group(1)), 1L << (10 * unit)));
      } catch (ArithmeticException e) {
        throw new TypeConversionException("more bytes than can be counted: " + text);
      }
    }
  }
}
