package dev.qwenmcp.server.hub;

import dev.qwenmcp.server.hub.HubException.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The models among a repository's files, and which of them a name means. */
final class FileChoice {
  /** A name that is harmless in any folder. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]{0,199}");

  private static final Pattern SPLIT = Pattern.compile("(.+)-(\\d{5})-of-(\\d{5})");
  private static final String SUFFIX = ".gguf";

  private FileChoice() {}

  /**
   * One model, of one file or of several parts.
   *
   * @param name the file's name without suffix and number
   * @param parts in order, all there
   */
  record Model(String name, List<HubFile> parts) {
    long bytes() {
      return parts.stream().mapToLong(HubFile::bytes).sum();
    }

    /** What stands behind the last - or . of the name: the quantisation, where names are usual. */
    String tag() {
      int at = Math.max(name.lastIndexOf('-'), name.lastIndexOf('.'));
      return name.substring(at + 1);
    }
  }

  /**
   * All whole models of a listing, by name.
   *
   * @throws HubException if a file's name or size is none
   */
  static List<Model> models(HubListing listing) throws HubException {
    Map<String, List<HubFile>> parts = new TreeMap<>();
    Map<String, Integer> counts = new TreeMap<>();
    for (HubFile file : listing.files()) {
      if (!file.path().toLowerCase(Locale.ROOT).endsWith(SUFFIX)) {
        continue;
      }
      check(file);
      String stem = file.name().substring(0, file.name().length() - SUFFIX.length());
      Matcher split = SPLIT.matcher(stem);
      String name = split.matches() ? split.group(1) : stem;
      counts.put(name, split.matches() ? Integer.parseInt(split.group(3)) : 1);
      parts.computeIfAbsent(name, _ -> new ArrayList<>()).add(file);
    }
    List<Model> models = new ArrayList<>();
    for (Map.Entry<String, List<HubFile>> entry : parts.entrySet()) {
      List<HubFile> files = entry.getValue();
      files.sort(Comparator.comparing(HubFile::name));
      boolean distinct = files.stream().map(HubFile::name).distinct().count() == files.size();
      if (distinct && files.size() == counts.get(entry.getKey())) {
        models.add(new Model(entry.getKey(), List.copyOf(files)));
      }
    }
    return models;
  }

  private static void check(HubFile file) throws HubException {
    boolean harmless = NAME.matcher(file.name()).matches() && !file.name().contains("..");
    for (String folder : file.path().split("/", -1)) {
      harmless &= !folder.isEmpty() && !folder.equals(".") && !folder.equals("..");
    }
    if (!harmless || file.path().contains("\\") || file.path().length() > 500) {
      throw new HubException(
          Kind.MALFORMED,
          "the hub lists a file whose name could lead out of its folder: "
              + HubHttp.shortened(file.path()));
    }
    if (file.bytes() <= 0) {
      throw new HubException(Kind.MALFORMED, "the hub states no size of " + file.path());
    }
  }

  /**
   * The model that a choice means.
   *
   * @param choice a quantisation in any case, a file's or a model's name, or empty if there is but
   *     one
   * @throws HubException if it means none or several; the message lists them
   */
  static Model of(List<Model> models, String choice) throws HubException {
    if (models.isEmpty()) {
      throw new HubException(
          Kind.NOT_FOUND,
          "the repository has no GGUF files; repositories that do are often named …-GGUF");
    }
    String wanted = choice.toLowerCase(Locale.ROOT);
    String stem =
        wanted.endsWith(SUFFIX) ? wanted.substring(0, wanted.length() - SUFFIX.length()) : wanted;
    List<Model> exact =
        models.stream()
            .filter(model -> model.name().toLowerCase(Locale.ROOT).equals(stem))
            .toList();
    List<Model> fitting =
        !exact.isEmpty()
            ? exact
            : models.stream()
                .filter(model -> wanted.isEmpty() || hasTag(model.name(), wanted))
                .toList();
    if (fitting.size() == 1) {
      return fitting.getFirst();
    }
    throw new HubException(
        Kind.NAME,
        (fitting.isEmpty() ? "no model is \"" + choice + "\"" : "several models fit")
            + "; choose one of "
            + String.join(", ", models.stream().map(Model::name).limit(40).toList())
            + ", by its quantisation or name after a colon");
  }

  /** Whether the name ends with the tag, as a word of its own: Q4_K is no tag of …-Q4_K_M. */
  private static boolean hasTag(String name, String tag) {
    String lower = name.toLowerCase(Locale.ROOT);
    int at = lower.length() - tag.length();
    return at > 0 && lower.endsWith(tag) && "-._".indexOf(lower.charAt(at - 1)) >= 0;
  }
}
