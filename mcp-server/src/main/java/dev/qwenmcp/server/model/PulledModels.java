package dev.qwenmcp.server.model;

import dev.qwenmcp.engine.gguf.GgufFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The models that were pulled, in {@code HUB/OWNER/NAME/} of a folder.
 *
 * <p>A model is there once its record is: that is written last.
 */
public final class PulledModels {
  /** End of a record's name. */
  public static final String RECORD = ".pulled.json";

  /** The record lies this deep. */
  private static final int DEPTH = 4;

  private static final System.Logger LOG = System.getLogger(PulledModels.class.getName());
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Path folder;

  /**
   * @param folder need not exist
   */
  public PulledModels(Path folder) {
    this.folder = folder;
  }

  public Path folder() {
    return folder;
  }

  /**
   * A model with its place.
   *
   * @param record the file that says so
   * @param model what it says
   */
  public record Found(Path record, PulledFile model) {
    /** The first file, by which the engine finds the others. */
    public Path file() {
      return record.resolveSibling(model.parts().getFirst().file());
    }

    CatalogModel catalogModel() {
      return new CatalogModel(
          model.name(),
          ModelKind.PULLED,
          "Pulled from %s: %s".formatted(model.hub(), model.repository()),
          List.of(),
          model.licence(),
          () -> GgufFile.open(file()));
    }
  }

  /** All of them, by name. */
  public List<Found> all() throws ModelException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Found> found = new ArrayList<>();
    try (Stream<Path> paths = Files.find(folder, DEPTH, (path, _) -> isRecord(path))) {
      for (Path path : paths.sorted().toList()) {
        read(path, found);
      }
    } catch (IOException e) {
      throw new ModelException("cannot list the pulled models of " + folder + ": " + e, e);
    }
    return found;
  }

  private static boolean isRecord(Path path) {
    return path.getFileName().toString().endsWith(RECORD) && Files.isRegularFile(path);
  }

  private static void read(Path path, List<Found> found) throws IOException {
    try {
      PulledFile model = JSON.readValue(Files.readString(path), PulledFile.class);
      if (model.format() != PulledFile.FORMAT || model.name() == null || model.parts().isEmpty()) {
        throw new IOException("another format than " + PulledFile.FORMAT);
      }
      for (PulledFile.Part part : model.parts()) {
        if (!Path.of(part.file()).equals(Path.of(part.file()).getFileName())) {
          throw new IOException("a part outside its folder");
        }
      }
      found.add(new Found(path, model));
    } catch (JacksonException | NullPointerException | InvalidPathException | IOException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "{0} is left out of the models: it is no record of a pulled model ({1}); pull it again",
          path,
          e.getMessage());
    }
  }

  /** Removes a model: first its record, so that no half of it is ever chosen. */
  public void remove(Found found) throws IOException {
    Files.deleteIfExists(found.record());
    for (PulledFile.Part part : found.model().parts()) {
      Files.deleteIfExists(found.record().resolveSibling(part.file()));
    }
  }

  /** Writes a record, so that the model is there. */
  public static void write(Path record, PulledFile model) throws IOException {
    Path whole = record.resolveSibling(record.getFileName() + ".tmp");
    Files.writeString(whole, JSON.writeValueAsString(model) + "\n");
    Files.move(whole, record, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
