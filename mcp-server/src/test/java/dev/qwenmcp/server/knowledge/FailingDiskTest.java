package dev.qwenmcp.server.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that cannot be written while a collection is used. */
class FailingDiskTest {
  @TempDir private Path folder;

  private volatile String failure = "";

  /** A volume whose disk fails when it is told to. */
  private final class Failing implements Volume {
    private final Volume volume;

    Failing(Volume volume) {
      this.volume = volume;
    }

    private Directory failing(Directory directory) {
      return new FilterDirectory(directory) {
        @Override
        public IndexOutput createOutput(String name, IOContext context) throws IOException {
          if (!failure.isEmpty()) {
            throw new IOException(failure);
          }
          return super.createOutput(name, context);
        }
      };
    }

    @Override
    public String name() {
      return volume.name();
    }

    @Override
    public String place() {
      return volume.place();
    }

    @Override
    public Manifest manifest() throws KnowledgeException {
      return volume.manifest();
    }

    @Override
    public boolean current() throws KnowledgeException {
      return volume.current();
    }

    @Override
    public void generations(Generation serving, Optional<Generation> next)
        throws IOException, KnowledgeException {
      volume.generations(serving, next);
    }

    @Override
    public Directory words() throws IOException {
      return failing(volume.words());
    }

    @Override
    public Directory vectors(Generation generation) throws IOException {
      return failing(volume.vectors(generation));
    }

    @Override
    public void deleteVectors(Generation generation) throws IOException {
      volume.deleteVectors(generation);
    }
  }

  @Test
  void isSaidAndSearchingGoesOnAndWritingLater() throws Exception {
    EmbeddingChoice choice =
        EmbeddingChoice.of(new Embedders(Optional.of(new TopicEmbedder()), Optional.empty()));
    Volume volume =
        new Failing(
            new DiskShelf(folder, Duration.ofSeconds(1))
                .create("local", "default", Generation.of(choice.preferred())));
    Room room = new Room(0, 1_000_000);
    try (EmbeddingWorker worker = new EmbeddingWorker();
        LuceneCollection collection =
            new LuceneCollection(
                volume,
                new CollectionSettings(
                    new PassageAnalysis(),
                    choice,
                    worker,
                    1,
                    Duration.ofSeconds(1),
                    Optional.empty()))) {
      collection.ingest(List.of(new SourceDocument("a", "", "sandal repair")), _ -> {}, room);
      assertThat(collection.awaitVectors(Duration.ofSeconds(10))).isZero();

      failure = "No space left on device";
      assertThatThrownBy(() ->
              collection.ingest(List.of(new SourceDocument("b", "", "boot polish")), _ -> {}, room))
          .isInstanceOfSatisfying(
              IOException.class,
              e ->
                  assertThat(StorageFailures.of(e, volume).kind())
                      .isEqualTo(KnowledgeException.Kind.STORAGE_FULL));
      assertThat(collection.search(SearchRequest.of("footwear", 5)).passages())
          .extracting(Passage::source)
          .containsExactly("a");
      assertThat(collection.search(SearchRequest.of("polish", 5)).passages()).isEmpty();

      failure = "Read-only file system";
      assertThatThrownBy(() -> collection.forget(List.of("a")))
          .isInstanceOfSatisfying(
              IOException.class,
              e ->
                  assertThat(StorageFailures.of(e, volume).kind())
                      .isEqualTo(KnowledgeException.Kind.STORAGE_READ_ONLY));
      assertThat(collection.sources()).hasSize(1);

      failure = "";
      collection.ingest(List.of(new SourceDocument("b", "", "boot polish")), _ -> {}, room);
      assertThat(collection.awaitVectors(Duration.ofSeconds(10))).isZero();
      assertThat(collection.search(SearchRequest.of("footwear", 5)).passages()).hasSize(2);
    }
  }
}
