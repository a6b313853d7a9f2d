package dev.qwenmcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds all pages in Markdown to each other, and what sources say of them. */
class DocumentationTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** How sources name a page. */
  private static final Pattern PAGE = Pattern.compile("docs/[a-z0-9/-]+\\.md");

  /** How the page of promises names a test. */
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+(?:Test|Contract))`");

  /** Folders with sources of tests. */
  private static final List<Path> TESTS =
      List.of(ROOT.resolve("engine/src/test"), ROOT.resolve("mcp-server/src/test"));

  private static final Set<String> SOURCES =
      Set.of("java", "c", "h", "inc", "sh", "py", "ts", "js", "json", "yaml", "xml", "service");

  private static final Map<Path, Page> PAGES = new HashMap<>();

  /**
   * A page.
   *
   * @param anchors of its headings
   * @param targets of its links and pictures, as written
   * @param shape levels of headings, rows of tables, and lines of code without remarks, in order
   */
  private record Page(Set<String> anchors, List<String> targets, List<String> shape) {}

  @BeforeAll
  static void readPages() throws IOException {
    Parser parser = Parser.builder().extensions(List.of(TablesExtension.create())).build();
    for (Path file : files(name -> name.endsWith(".md"))) {
      PAGES.put(file, page(parser.parse(Files.readString(file))));
    }
  }

  @Test
  void everyLinkLeadsToAPageAndAHeadingThatAreThere() {
    List<String> broken = new ArrayList<>();
    PAGES.forEach((file, page) ->
        page.targets().stream()
            .map(URI::create)
            .filter(target -> !target.isAbsolute() && !leadsSomewhere(file, target))
            .forEach(target -> broken.add(ROOT.relativize(file) + " → " + target)));

    assertThat(PAGES).hasSizeGreaterThan(30);
    assertThat(broken).isEmpty();
  }

  @Test
  void theIndicesNameEveryPage() {
    Path docs = ROOT.resolve("docs");
    Path decisions = docs.resolve("adr");
    Set<Path> named = new HashSet<>();
    for (Path index : List.of(docs.resolve("README.md"), decisions.resolve("README.md"))) {
      named.add(index);
      PAGES
          .get(index)
          .targets()
          .forEach(
              target -> named.add(index.resolveSibling(URI.create(target).getPath()).normalize()));
    }

    assertThat(PAGES.keySet().stream().filter(file -> file.startsWith(docs)))
        .allMatch(named::contains);
  }

  @Test
  void pagesThatSourcesNameAreThere() throws IOException {
    Set<String> missing = new TreeSet<>();
    int named = 0;
    for (Path file : files(DocumentationTest::isSource)) {
      Matcher mentions = PAGE.matcher(Files.readString(file));
      while (mentions.find()) {
        named++;
        if (!Files.exists(ROOT.resolve(mentions.group()))) {
          missing.add(ROOT.relativize(file) + ": " + mentions.group());
        }
      }
    }

    assertThat(named).isPositive();
    assertThat(missing).isEmpty();
  }

  @Test
  void promisesNameTestsThatThereAre() throws IOException {
    Set<String> tests = new HashSet<>();
    for (Path folder : TESTS) {
      try (Stream<Path> files = Files.walk(folder)) {
        files.map(file -> file.getFileName().toString().replace(".java", "")).forEach(tests::add);
      }
    }
    Matcher named = TEST.matcher(Files.readString(ROOT.resolve("docs/reference/promises.md")));
    Set<String> promised = new TreeSet<>();
    while (named.find()) {
      promised.add(named.group(1));
    }

    assertThat(promised).hasSizeGreaterThan(50).isSubsetOf(tests);
  }

  @Test
  void theChineseReadmeHasWhatTheEnglishHas() {
    Page english = PAGES.get(ROOT.resolve("README.md"));
    Page chinese = PAGES.get(ROOT.resolve("README.zh.md"));

    assertThat(chinese.shape()).isEqualTo(english.shape());
    assertThat(
            chinese.targets().stream().map(target -> target.replace("README.md", "README.zh.md")))
        .containsExactlyInAnyOrderElementsOf(
            english.targets().stream()
                .map(target -> target.replace("README.md", "README.zh.md"))
                .toList());
  }

  private static boolean leadsSomewhere(Path from, URI target) {
    Path to = target.getPath().isEmpty() ? from : from.resolveSibling(target.getPath()).normalize();
    if (!to.startsWith(ROOT) || !Files.exists(to)) {
      return false;
    }
    return target.getFragment() == null
        || PAGES.containsKey(to) && PAGES.get(to).anchors().contains(target.getFragment());
  }

  private static Page page(Node document) {
    Page page = new Page(new HashSet<>(), new ArrayList<>(), new ArrayList<>());
    document.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Heading heading) {
            page.anchors().add(anchor(text(heading), page.anchors()));
            super.visit(heading);
          }

          @Override
          public void visit(Link link) {
            page.targets().add(link.getDestination());
            super.visit(link);
          }

          @Override
          public void visit(Image image) {
            page.targets().add(image.getDestination());
            super.visit(image);
          }
        });
    return page;
  }

  /** As GitHub makes it: letters, digits, hyphens; the second of a kind gets a number. */
  private static String anchor(String heading, Set<String> taken) {
    String plain =
        heading
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^\\p{L}\\p{N}\\p{M}_ -]", "")
            .replace(' ', '-');
    String anchor = plain;
    for (int i = 1; taken.contains(anchor); i++) {
      anchor = plain + "-" + i;
    }
    return anchor;
  }

  private static String text(Node heading) {
    StringBuilder text = new StringBuilder();
    heading.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Text part) {
            text.append(part.getLiteral());
          }

          @Override
          public void visit(Code part) {
            text.append(part.getLiteral());
          }
        });
    return text.toString();
  }

  private static boolean isSource(String name) {
    return SOURCES.contains(name.substring(name.lastIndexOf('.') + 1)) || name.equals("qwen-mcp");
  }

  /** Files of the repository with such names, but what was built or fetched and what tests read. */
  private static List<Path> files(Predicate<String> named) throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            boolean leftOut =
                name.equals("target") || name.equals("node_modules") || folder.endsWith("src/test");
            return !folder.equals(ROOT) && (leftOut || name.startsWith("."))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && named.test(file.getFileName().toString())) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }
}
