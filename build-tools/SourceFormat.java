import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Checks or applies google-java-format to every Java source of the repository.
 *
 * <p>Runs as a source-file program on the build's JDK 25, because the formatter uses the compiler
 * it runs on and Maven itself may run on an older one.
 *
 * <p>Arguments: {@code check} or {@code apply}, then the root directory.
 */
public final class SourceFormat {
  private SourceFormat() {}

  public static void main(String[] args) throws IOException {
    boolean apply =
        switch (args[0]) {
          case "apply" -> true;
          case "check" -> false;
          default -> throw new IllegalArgumentException("-Dformat is check or apply: " + args[0]);
        };
    Path root = Path.of(args[1]).normalize();
    Formatter formatter = new Formatter();
    List<String> wrong = new ArrayList<>();
    for (Path file : sources(root)) {
      String text = Files.readString(file);
      try {
        String imports =
            RemoveUnusedImports.removeUnusedImports(
                ImportOrderer.reorderImports(text, Style.GOOGLE));
        String formatted = formatter.formatSource(imports);
        if (formatted.equals(text)) {
          continue;
        }
        if (apply) {
          Files.writeString(file, formatted);
        } else {
          wrong.add(root.relativize(file).toString());
        }
      } catch (FormatterException e) {
        wrong.add(root.relativize(file) + ": " + e.getMessage());
      }
    }
    if (!wrong.isEmpty()) {
      System.err.println(
          "Not formatted (mvn validate process-sources -N -Dformat=apply mends it):");
      wrong.forEach(name -> System.err.println("  " + name));
      System.exit(1);
    }
  }

  private static List<Path> sources(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(f -> f.toString().endsWith(".java"))
          .filter(f -> !root.relativize(f).toString().contains("target/"))
          .sorted()
          .toList();
    }
  }
}
