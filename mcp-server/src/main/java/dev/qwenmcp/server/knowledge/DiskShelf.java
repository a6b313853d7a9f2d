package dev.qwenmcp.server.knowledge;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.lucene.store.Directory;

/**
 * Keeps collections in a folder that several processes share.
 *
 * <pre>
 *   {principal}/{collection}/collection.json        the manifest; the collection is there while it is
 *   {principal}/{collection}/{id}/words/            Lucene index of heads and passages
 *   {principal}/{collection}/{id}/vectors-{models}/ Lucene index of a generation's vectors
 *   {principal}/{collection}/lock                   held while a collection is made or removed
 * </pre>
 *
 * <p>Folders of principals and collections are named by digests, so that any name is a file name
 * and none leads out of the folder. A collection that is made again gets another id, so that a
 * process that still reads the old one cannot mistake it.
 */
final class DiskShelf implements Shelf {
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rwx------");
  private static final int ID_BYTES = 16;

  private final Path folder;
  private final Duration patience;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param folder made when the first collection is
   * @param patience how long to wait for other processes
   */
  DiskShelf(Path folder, Duration patience) {
    this.folder = folder;
    this.patience = patience;
  }

  private Path of(String principal) {
    return folder.resolve(Digests.shortName(principal));
  }

  private Path of(String principal, String name) {
    return of(principal).resolve(Digests.shortName(name));
  }

  @Override
  public SortedMap<String, Found> list(String principal) throws KnowledgeException {
    SortedMap<String, Found> found = new TreeMap<>();
    for (Path collection : children(of(principal))) {
      try {
        Optional<Volume> volume = open(collection);
        volume.ifPresent(v -> found.put(v.name(), new Found(volume, Optional.empty())));
      } catch (KnowledgeException e) {
        // Its name is in the manifest, which cannot be read: the folder's stands for it.
        String name = collection.getFileName().toString();
        found.put(name, new Found(Optional.empty(), Optional.of(e)));
      }
    }
    return found;
  }

  private static List<Path> children(Path parent) throws KnowledgeException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(parent)) {
      stream.forEach(children::add);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      if (!Files.isDirectory(parent)) { // nor is there anything in it
        return List.of();
      }
      throw StorageFailures.of(e, "the collections", parent.toString());
    }
    return children;
  }

  @Override
  public Optional<Volume> find(String principal, String name) throws KnowledgeException {
    return open(of(principal, name));
  }

  private static Optional<Volume> open(Path collection) throws KnowledgeException {
    return DiskVolume.read(collection).map(manifest -> new DiskVolume(collection, manifest));
  }

  @Override
  public Volume create(String principal, String name, Generation serving)
      throws IOException, KnowledgeException {
    Path collection = of(principal, name);
    makePrivate(collection);
    try (FileLock _ = FileLock.of(collection.resolve("lock"), patience)) {
      Optional<Volume> there = open(collection);
      if (there.isPresent()) {
        return there.get();
      }
      deleteRemains(collection);
      byte[] id = new byte[ID_BYTES];
      random.nextBytes(id);
      Manifest manifest =
          new Manifest(
              Manifest.FORMAT,
              HexFormat.of().formatHex(id),
              principal,
              name,
              serving,
              Optional.empty());
      DiskVolume volume = new DiskVolume(collection, manifest);
      try (Directory words = volume.words()) {
        WordWriter.create(words);
      }
      DiskVolume.write(collection, manifest);
      return volume;
    }
  }

  @Override
  public boolean remove(String principal, String name) throws IOException, KnowledgeException {
    Path collection = of(principal, name);
    Path byFolder = of(principal).resolve(name);
    if (!Files.exists(collection)
        && name.matches("[0-9a-f]{32}")
        && Files.exists(byFolder.resolve(DiskVolume.MANIFEST))) {
      collection = byFolder; // one whose manifest cannot be read is listed by its folder's name
    }
    if (!Files.exists(collection.resolve(DiskVolume.MANIFEST))) {
      return false;
    }
    try (FileLock _ = FileLock.of(collection.resolve("lock"), patience)) {
      boolean there = Files.deleteIfExists(collection.resolve(DiskVolume.MANIFEST));
      deleteRemains(collection);
      return there;
    }
  }

  /** Deletes what is left of removed collections; only while the lock is held and none is there. */
  private static void deleteRemains(Path collection) throws IOException, KnowledgeException {
    for (Path child : children(collection)) {
      if (Files.isDirectory(child)) {
        Trees.delete(child);
      }
    }
  }

  @Override
  public Iterable<Volume> all() throws KnowledgeException {
    List<Volume> all = new ArrayList<>();
    for (Path principal : children(folder)) {
      for (Path collection : children(principal)) {
        try {
          open(collection).ifPresent(all::add);
        } catch (KnowledgeException e) {
          continue; // told to whoever asks for it
        }
      }
    }
    return all;
  }

  /** What users tell the server is for their eyes only. */
  private static void makePrivate(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER));
    } else {
      Files.createDirectories(folder);
    }
  }
}
