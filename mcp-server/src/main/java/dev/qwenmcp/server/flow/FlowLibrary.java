package dev.qwenmcp.server.flow;

import dev.qwenmcp.server.flow.declaration.Flow;
import dev.qwenmcp.server.flow.declaration.FlowCheck;
import dev.qwenmcp.server.flow.declaration.FlowFormatException;
import dev.qwenmcp.server.flow.declaration.FlowLimits;
import dev.qwenmcp.server.flow.declaration.FlowSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The flows that can be run by name: those that come with the program, and the files of a folder,
 * which win over shipped ones of the same name. Files are read anew each time.
 */
public final class FlowLibrary {
  private static final List<String> SHIPPED =
      List.of("customer-service", "document-digest", "ticket-triage");

  private static final int MOST_FILES = 200;

  private final Optional<Path> folder;
  private final Supplier<FlowCheck.Surroundings> around;

  /** Read when they are first asked for: the first answer of a server need not wait for them. */
  private final LazyValue<List<FlowEntry>> shipped;

  /**
   * @param folder of the user's flows; it need not exist
   * @param around what flows are checked against, asked for when one is read
   */
  public FlowLibrary(Optional<Path> folder, Supplier<FlowCheck.Surroundings> around) {
    this.folder = folder;
    this.around = new LazyValue<>(around);
    this.shipped =
        new LazyValue<>(() -> SHIPPED.stream().map(name -> shipped(name, around.get())).toList());
  }

  /**
   * What there is.
   *
   * @param flows by name
   * @param problems files that hold no flow, with the reason
   */
  public record Contents(Map<String, FlowEntry> flows, List<String> problems) {}

  private static FlowEntry shipped(String name, FlowCheck.Surroundings around) {
    try {
      return entry(shippedText(name), "shipped", around);
    } catch (FlowFormatException e) {
      throw new IllegalStateException("the shipped flow " + name + " is wrong", e);
    }
  }

  /** The text of a shipped flow. */
  public static String shippedText(String name) {
    try (InputStream in = FlowLibrary.class.getResourceAsStream("shipped/" + name + ".yaml")) {
      if (in == null) {
        throw new IllegalStateException("the flow " + name + " is missing; build the program anew");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FlowEntry entry(String text, String source, FlowCheck.Surroundings around)
      throws FlowFormatException {
    Flow flow = FlowCheck.read(text, around);
    return new FlowEntry(flow, FlowSource.tree(text), source);
  }

  /** Reads a file. */
  public FlowEntry file(Path file) throws IOException, FlowFormatException {
    if (Files.size(file) > 4L * FlowLimits.DECLARATION_CHARACTERS) {
      throw new IOException("the file is too large for a flow");
    }
    return entry(Files.readString(file), file.toString(), around.get());
  }

  /** All flows. */
  public Contents contents() {
    Map<String, FlowEntry> flows = new LinkedHashMap<>();
    shipped.get().forEach(entry -> flows.put(entry.flow().name(), entry));
    List<String> problems = new ArrayList<>();
    for (Path file : files(problems)) {
      try {
        FlowEntry entry = file(file);
        FlowEntry other = flows.put(entry.flow().name(), entry);
        if (other != null && !other.source().equals("shipped")) {
          problems.add(
              "%s and %s both hold the flow %s; the second is used"
                  .formatted(other.source(), file, entry.flow().name()));
        }
      } catch (IOException e) {
        problems.add(file + ": " + e.getMessage());
      } catch (FlowFormatException e) {
        problems.add(file + ": " + e.getMessage());
      }
    }
    return new Contents(flows, problems);
  }

  private List<Path> files(List<String> problems) {
    if (folder.isEmpty() || !Files.isDirectory(folder.get())) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder.get())) {
      return entries
          .filter(file -> file.toString().matches(".*\\.(ya?ml|json)"))
          .filter(Files::isRegularFile)
          .sorted()
          .limit(MOST_FILES)
          .toList();
    } catch (IOException | UncheckedIOException e) {
      problems.add(folder.get() + " cannot be read: " + e.getMessage());
      return List.of();
    }
  }
}
