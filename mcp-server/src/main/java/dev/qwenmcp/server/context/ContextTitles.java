package dev.qwenmcp.server.context;

import java.text.Normalizer;
import java.util.Locale;

/** Titles as they are kept and as they are searched. */
public final class ContextTitles {
  private ContextTitles() {}

  /** Without the zero character, which not every database can keep. */
  public static String kept(String title) {
    return title.replace('\0', '\ufffd');
  }

  /** The same for titles that differ in case or width. */
  public static String folded(String title) {
    return Normalizer.normalize(kept(title), Normalizer.Form.NFKC)
        .toUpperCase(Locale.ROOT)
        .toLowerCase(Locale.ROOT);
  }
}
