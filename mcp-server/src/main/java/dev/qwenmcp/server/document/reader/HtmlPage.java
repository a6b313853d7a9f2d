package dev.qwenmcp.server.document.reader;

import dev.qwenmcp.server.document.Document;
import dev.qwenmcp.server.document.DocumentException;
import dev.qwenmcp.server.document.TextDecoder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.Elements;
import org.jsoup.select.NodeVisitor;

/** The main text of an HTML page: without scripts, navigation and what else stands around it. */
final class HtmlPage {
  private static final int META_REACH = 4096;
  private static final Pattern CHARSET = Pattern.compile("(?i)charset\\s*=\\s*[\"']?[\\w-]+");

  /** A main part that holds less of the page's text is none. */
  private static final double MAIN_SHARE = 0.3;

  private static final String AROUND =
      "nav, footer, aside, form, button, select, [role=navigation], [role=banner],"
          + " [role=contentinfo], [aria-hidden=true], [hidden]";

  private HtmlPage() {}

  static Document read(byte[] content, int mostCharacters) throws IOException, DocumentException {
    org.jsoup.nodes.Document page = parse(content);
    Element root = main(page);
    MarkupText text = new MarkupText(mostCharacters);
    root.traverse(new Feeder(text, new IdentityHashMap<>()));
    Map<String, String> metadata = new HashMap<>();
    for (String name : new String[] {"author", "description", "keywords"}) {
      String value = page.select("meta[name=" + name + "]").attr("content").strip();
      if (!value.isEmpty()) {
        metadata.put(name, value);
      }
    }
    String language = page.select("html").attr("lang").strip();
    if (!language.isEmpty()) {
      metadata.put("language", language);
    }
    String title = page.title().strip();
    return new Document(
        title.isEmpty() ? text.topHeading().orElse("") : title,
        text.text(),
        text.blocks(),
        metadata,
        Format.HTML.mediaType());
  }

  /** In the encoding that the page names, or the one that its bytes speak for. */
  private static org.jsoup.nodes.Document parse(byte[] content)
      throws IOException, DocumentException {
    String head =
        new String(content, 0, Math.min(content.length, META_REACH), StandardCharsets.ISO_8859_1);
    if (CHARSET.matcher(head).find()) {
      return Jsoup.parse(new ByteArrayInputStream(content), null, "");
    }
    return Jsoup.parse(TextDecoder.decode(content), "");
  }

  private static Element main(org.jsoup.nodes.Document page) {
    Element body = page.body();
    body.select(AROUND).remove();
    Elements candidates = body.select("main, [role=main]");
    if (candidates.isEmpty()) {
      candidates = body.select("article");
    }
    boolean one = candidates.size() == 1;
    boolean most = one && length(candidates.first()) >= MAIN_SHARE * length(body);
    return most ? candidates.first() : body;
  }

  private static int length(Element element) {
    int[] length = {0};
    element.traverse(
        (node, depth) -> length[0] += node instanceof TextNode text ? text.text().length() : 0);
    return length[0];
  }

  /** Hands over nodes; a table that only lays out the page is not one. */
  private record Feeder(MarkupText text, Map<Element, Boolean> layouts) implements NodeVisitor {
    @Override
    public void head(Node node, int depth) {
      if (node instanceof TextNode words) {
        text.characters(words.getWholeText());
      } else if (node instanceof Element element) {
        text.open(name(element), element.className());
      }
    }

    @Override
    public void tail(Node node, int depth) {
      if (node instanceof Element element) {
        text.close(name(element));
      }
    }

    private String name(Element element) {
      String name = element.normalName();
      return switch (name) {
        case "table" -> layout(element) ? "div" : name;
        case "td", "th", "tr" -> {
          Element table = element.closest("table");
          yield table == null || layout(table) ? "div" : name;
        }
        default -> name;
      };
    }

    private boolean layout(Element table) {
      return layouts.computeIfAbsent(table, Feeder::laysOut);
    }

    private static boolean laysOut(Element table) {
      return "presentation".equals(table.attr("role"))
          || table.selectFirst("h1, h2, h3, h4, h5, h6, table table, pre") != null;
    }
  }
}
