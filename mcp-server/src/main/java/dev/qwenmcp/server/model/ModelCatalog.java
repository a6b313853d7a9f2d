package dev.qwenmcp.server.model;

import dev.qwenmcp.engine.gguf.GgufFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The models that can be chosen by name: GGUF files of the user and the embedded model.
 *
 * <p>A file's name in the catalogue is its file name without {@code .gguf}; the parts of a split
 * model count as one, named without {@code -00001-of-0000N}.
 */
public final class ModelCatalog {
  private static final Pattern PART = Pattern.compile("(.+)-(\\d{5})-of-\\d{5}");
  private static final String SUFFIX = ".gguf";

  private final Map<String, CatalogModel> models;

  private ModelCatalog(Map<String, CatalogModel> models) {
    this.models = models;
  }

  /** Holds the given models, the default first. */
  static ModelCatalog of(List<CatalogModel> models) throws ModelException {
    Map<String, CatalogModel> byName = new LinkedHashMap<>();
    for (CatalogModel model : models) {
      add(byName, model);
    }
    return new ModelCatalog(byName);
  }

  /**
   * The embedded model, which is the default, and the GGUF files of a folder by name.
   *
   * @param folder searched without its subfolders; null for none
   * @throws ModelException if the folder cannot be read or two files claim one name
   */
  public static ModelCatalog of(Path folder) throws ModelException {
    List<CatalogModel> models = new ArrayList<>();
    models.add(EmbeddedModel.catalogModel());
    if (folder != null) {
      ggufFiles(folder).stream().map(ModelCatalog::fileModel).forEach(models::add);
    }
    return of(models);
  }

  /**
   * These models and the pulled ones behind them; where one of a pulled model's name is here
   * already, the pulled one is not reached by it.
   *
   * @throws ModelException if the pulled ones cannot be listed
   */
  public ModelCatalog with(PulledModels pulled) throws ModelException {
    Map<String, CatalogModel> all = new LinkedHashMap<>(models);
    for (PulledModels.Found found : pulled.all()) {
      all.putIfAbsent(found.model().name(), found.catalogModel());
    }
    return new ModelCatalog(all);
  }

  /**
   * A catalogue whose first models are the given ones, in their order.
   *
   * @param namesOrPaths names of this catalogue or paths of GGUF files
   * @throws ModelException if one is neither, or two files claim one name
   */
  public ModelCatalog startingWith(List<String> namesOrPaths) throws ModelException {
    Map<String, CatalogModel> ordered = new LinkedHashMap<>();
    for (String nameOrPath : namesOrPaths) {
      add(ordered, resolve(nameOrPath));
    }
    models.forEach(ordered::putIfAbsent);
    return new ModelCatalog(ordered);
  }

  /** All models, the default first. */
  public List<CatalogModel> models() {
    return List.copyOf(models.values());
  }

  /** The model that answers where none is named. */
  public CatalogModel defaultModel() {
    return models.values().iterator().next();
  }

  /**
   * Finds what a person means by a model argument.
   *
   * @param nameOrPath a name of this catalogue, else the path of a GGUF file; null for the default
   * @throws ModelException if it is neither
   */
  public CatalogModel resolve(String nameOrPath) throws ModelException {
    if (nameOrPath == null) {
      return defaultModel();
    }
    CatalogModel known = models.get(nameOrPath);
    if (known != null) {
      return known;
    }
    Path file = Path.of(nameOrPath);
    if (Files.isDirectory(file)) {
      throw new ModelException(
          nameOrPath + " is a folder; give a GGUF file in it, or its name with --models-dir");
    }
    if (!Files.exists(file)) {
      throw new ModelException(
          "no model "
              + nameOrPath
              + ": neither a file nor one of "
              + String.join(", ", models.keySet()));
    }
    return fileModel(file);
  }

  private static void add(Map<String, CatalogModel> models, CatalogModel model)
      throws ModelException {
    CatalogModel other = models.putIfAbsent(model.name(), model);
    if (other != null) {
      throw new ModelException(
          "two models are named "
              + model.name()
              + " ("
              + other.description()
              + " and "
              + model.description()
              + "); rename one of the files");
    }
  }

  private static CatalogModel fileModel(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    String stem = stem(absolute);
    Matcher part = PART.matcher(stem);
    return new CatalogModel(
        part.matches() ? part.group(1) : stem,
        absolute.toString(),
        List.of(),
        () -> GgufFile.open(absolute));
  }

  private static List<Path> ggufFiles(Path folder) throws ModelException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(ModelCatalog::isModel).sorted().toList();
    } catch (IOException e) {
      throw new ModelException("cannot list the models of " + folder + ": " + e, e);
    }
  }

  private static boolean isModel(Path file) {
    if (!file.toString().toLowerCase(Locale.ROOT).endsWith(SUFFIX) || !Files.isRegularFile(file)) {
      return false;
    }
    Matcher part = PART.matcher(stem(file));
    return !part.matches() || part.group(2).equals("00001");
  }

  private static String stem(Path file) {
    String name = file.getFileName().toString();
    boolean gguf = name.toLowerCase(Locale.ROOT).endsWith(SUFFIX);
    return gguf ? name.substring(0, name.length() - SUFFIX.length()) : name;
  }
}
