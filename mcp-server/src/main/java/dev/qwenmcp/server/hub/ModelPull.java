package dev.qwenmcp.server.hub;

import dev.qwenmcp.server.hub.HubException.Kind;
import dev.qwenmcp.server.model.PulledFile;
import dev.qwenmcp.server.model.PulledModels;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Fetches models from one hub into the folder of pulled models. */
public final class ModelPull implements AutoCloseable {
  /** Left free for others. */
  private static final long SPARE_BYTES = 256L << 20;

  private final Hub hub;
  private final HubHttp http;
  private final PulledModels models;

  /** Hubs whose interfaces are known. */
  public enum Site {
    HUGGINGFACE("https://huggingface.co", "main"),
    MODELSCOPE("https://modelscope.cn", "master");

    private final String address;
    private final String branch;

    Site(String address, String branch) {
      this.address = address;
      this.branch = branch;
    }

    /** Its address where no other is given. */
    public URI address() {
      return URI.create(address);
    }

    /** The revision where no other is given. */
    public String branch() {
      return branch;
    }

    private Hub at(URI base) {
      return switch (this) {
        case HUGGINGFACE -> new HuggingFace(base);
        case MODELSCOPE -> new ModelScope(base);
      };
    }
  }

  /**
   * @param base address of the hub, or of what answers as it does
   * @param token of the user, empty for none; sent to that address alone
   * @param models where pulled ones are kept
   */
  public ModelPull(Site site, URI base, String token, PulledModels models, HubSettings settings) {
    this.hub = site.at(base);
    this.http = new HubHttp(base, token, settings);
    this.models = models;
  }

  /**
   * A model that can be fetched.
   *
   * @param tag what to write after the colon
   */
  public record Offer(String name, String tag, int parts, long bytes) {}

  /** The models of a repository. */
  public List<Offer> offers(ModelReference reference, String revision)
      throws HubException, InterruptedException {
    return FileChoice.models(hub.list(http, reference.repository(), revision)).stream()
        .map(model -> new Offer(model.name(), model.tag(), model.parts().size(), model.bytes()))
        .toList();
  }

  /**
   * Fetches a model, going on where an earlier attempt ended.
   *
   * @param revision branch, tag or commit
   * @return what is now among the pulled models
   */
  public PulledModels.Found pull(ModelReference reference, String revision, PullListener listener)
      throws HubException, InterruptedException {
    HubListing listing = hub.list(http, reference.repository(), revision);
    FileChoice.Model model = FileChoice.of(FileChoice.models(listing), reference.choice());
    listener.note(
        "%s from %s: %s in %d file%s, licence %s"
            .formatted(
                model.name(),
                hub.shown(),
                inWords(model.bytes()),
                model.parts().size(),
                model.parts().size() == 1 ? "" : "s",
                listing.licence().isEmpty() ? "not stated" : listing.licence()));
    Path folder = folder(reference);
    Job job = new Job(reference, listing, folder, model.bytes(), listener);
    long before = 0;
    List<PulledFile.Part> parts = new ArrayList<>();
    for (HubFile file : model.parts()) {
      fetch(job, file, before);
      before += file.bytes();
      parts.add(new PulledFile.Part(file.name(), file.bytes(), file.sha256()));
    }
    PulledFile record =
        new PulledFile(
            PulledFile.FORMAT,
            model.name(),
            hub.name(),
            reference.repository(),
            listing.revision(),
            listing.licence(),
            parts);
    Path place = folder.resolve(model.name() + PulledModels.RECORD);
    try {
      PulledModels.write(place, record);
    } catch (IOException e) {
      throw new HubException(Kind.DISK, place + " cannot be written: " + e.getMessage(), e);
    }
    return new PulledModels.Found(place, record);
  }

  /**
   * One pull.
   *
   * @param total bytes of all its files
   */
  private record Job(
      ModelReference reference,
      HubListing listing,
      Path folder,
      long total,
      PullListener listener) {}

  /**
   * Fetches one file.
   *
   * @param before bytes of the files before it
   */
  private void fetch(Job job, HubFile file, long before) throws HubException, InterruptedException {
    PullListener listener = job.listener();
    Path target = job.folder().resolve(file.name());
    if (complete(file, target)) {
      listener.note(file.name() + " is there already");
      listener.progress(before + file.bytes(), job.total());
      return;
    }
    Download download =
        new Download(
            http,
            hub.download(job.reference().repository(), job.listing().revision(), file),
            file,
            target,
            done -> listener.progress(before + done, job.total()));
    long begun = download.begun();
    if (begun > 0) {
      listener.note("%s: going on after %s".formatted(file.name(), inWords(begun)));
    }
    checkSpace(job.folder(), file.bytes() - begun, file.name());
    download.run();
    listener.note(
        file.sha256().isEmpty()
            ? file.name() + " is there; the hub states no checksum, so only its size was checked"
            : file.name() + " is there, and its checksum is right");
  }

  /** Whether the very file is there; one without a known checksum is fetched again. */
  private static boolean complete(HubFile file, Path target) throws HubException {
    try {
      return !file.sha256().isEmpty()
          && Files.isRegularFile(target)
          && Files.size(target) == file.bytes()
          && Download.sha256(target).equals(file.sha256());
    } catch (IOException e) {
      throw new HubException(Kind.DISK, target + " cannot be read: " + e.getMessage(), e);
    }
  }

  private Path folder(ModelReference reference) throws HubException {
    Path folder = models.folder().resolve(hub.name()).resolve(reference.repository());
    try {
      return Files.createDirectories(folder).toRealPath();
    } catch (IOException e) {
      throw new HubException(Kind.DISK, folder + " cannot be made: " + e.getMessage(), e);
    }
  }

  private static void checkSpace(Path folder, long wanted, String name) throws HubException {
    long free;
    try {
      free = Files.getFileStore(folder).getUsableSpace();
    } catch (IOException e) {
      throw new HubException(Kind.DISK, folder + " cannot be looked at: " + e.getMessage(), e);
    }
    if (free < wanted + SPARE_BYTES) {
      throw new HubException(
          Kind.SPACE,
          "%s needs %s more, and %s has %s free; make room, or choose another folder with --pulled-dir"
              .formatted(name, inWords(wanted + SPARE_BYTES), folder, inWords(free)));
    }
  }

  /** Bytes for people. */
  public static String inWords(long bytes) {
    if (bytes < 1L << 20) {
      return String.format(Locale.ROOT, "%,d bytes", bytes);
    }
    return bytes < 1L << 30
        ? String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20))
        : String.format(Locale.ROOT, "%.2f GiB", bytes / (double) (1L << 30));
  }

  @Override
  public void close() {
    http.close();
  }
}
