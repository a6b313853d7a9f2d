package dev.qwenmcp.server.document.reader;

import java.nio.CharBuffer;
import java.util.Locale;
import org.xml.sax.Attributes;
import org.xml.sax.helpers.DefaultHandler;

/** Hands the elements that Tika makes of a document over to {@link MarkupText}. */
final class XhtmlHandler extends DefaultHandler {
  private final MarkupText text;

  XhtmlHandler(MarkupText text) {
    this.text = text;
  }

  @Override
  public void startElement(String uri, String local, String qualified, Attributes attributes) {
    String classes = attributes.getValue("class");
    text.open(local.toLowerCase(Locale.ROOT), classes == null ? "" : classes);
  }

  @Override
  public void endElement(String uri, String local, String qualified) {
    text.close(local.toLowerCase(Locale.ROOT));
  }

  @Override
  public void characters(char[] characters, int start, int length) {
    text.characters(CharBuffer.wrap(characters, start, length));
  }

  @Override
  public void ignorableWhitespace(char[] characters, int start, int length) {
    text.characters(CharBuffer.wrap(characters, start, length));
  }
}
