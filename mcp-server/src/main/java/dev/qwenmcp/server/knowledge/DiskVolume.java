package dev.qwenmcp.server.knowledge;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.IOUtils;

/** A collection in a folder. */
final class DiskVolume implements Volume {
  static final String MANIFEST = "collection.json";

  private final Path folder;
  private final String id;
  private final String name;

  DiskVolume(Path folder, Manifest manifest) {
    this.folder = folder;
    this.id = manifest.id();
    this.name = manifest.name();
  }

  /** The manifest in a folder; none if there is no collection. */
  static Optional<Manifest> read(Path folder) throws KnowledgeException {
    try {
      String json = Files.readString(folder.resolve(MANIFEST), StandardCharsets.UTF_8);
      return Optional.of(Manifest.of(json, folder.toString()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (CharacterCodingException e) {
      throw StorageFailures.damaged("a collection", folder.toString(), e);
    } catch (IOException e) {
      if (!Files.isDirectory(folder)) {
        return Optional.empty();
      }
      throw StorageFailures.of(e, "a collection", folder.toString());
    }
  }

  /** Puts a manifest in the place of the one before: others see the one or the other. */
  static void write(Path folder, Manifest manifest) throws IOException {
    Path aside = Files.createTempFile(folder, MANIFEST, ".part");
    try {
      try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(manifest.toJson().getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(
          aside,
          folder.resolve(MANIFEST),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      IOUtils.fsync(folder, true);
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String place() {
    return folder.toString();
  }

  @Override
  public Manifest manifest() throws KnowledgeException {
    return read(folder)
        .filter(manifest -> manifest.id().equals(id))
        .orElseThrow(() -> LuceneKnowledgeBase.gone(name));
  }

  @Override
  public boolean current() throws KnowledgeException {
    return read(folder).filter(manifest -> manifest.id().equals(id)).isPresent();
  }

  @Override
  public void generations(Generation serving, Optional<Generation> next)
      throws IOException, KnowledgeException {
    Optional<Manifest> now = read(folder);
    if (now.isPresent() && now.get().id().equals(id)) {
      write(folder, now.get().with(serving, next));
    }
  }

  @Override
  public Directory words() throws IOException {
    return FSDirectory.open(folder.resolve(id).resolve("words"));
  }

  @Override
  public Directory vectors(Generation generation) throws IOException {
    return FSDirectory.open(folder.resolve(id).resolve(generation.index()));
  }

  @Override
  public void deleteVectors(Generation generation) throws IOException {
    Trees.delete(folder.resolve(id).resolve(generation.index()));
  }
}
