package dev.qwenmcp.server.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.qwenmcp.server.knowledge.KnowledgeException.Kind;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a collection does when its files are not what they should be. */
class DamagedCollectionsTest {
  private static final String ME = "local";
  private static final int ROUNDS = Integer.getInteger("damage.rounds", 30);

  @TempDir private Path folder;

  private KnowledgeBase open() {
    Embedders models = new Embedders(Optional.of(new TopicEmbedder()), Optional.empty());
    return new LuceneKnowledgeBase(
        KnowledgeSettings.in(folder, EmbeddingChoice.of(models))
            .withPatience(Duration.ofSeconds(2)));
  }

  private static void fill(KnowledgeBase base, String collection) throws Exception {
    for (int i = 0; i < 3; i++) {
      base.ingest(
          ME,
          collection,
          List.of(
              new SourceDocument("a" + i, "Sandals", "sandal repair " + i),
              new SourceDocument("b" + i, "Cars", "vehicle repair " + i)),
          _ -> {});
      base.awaitVectors(ME, collection, Duration.ofSeconds(20));
    }
  }

  private List<Path> files(String part) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .filter(f -> f.toString().contains(part) && !f.endsWith("write.lock"))
          .sorted()
          .toList();
    }
  }

  private Path collectionOf(String name) throws IOException {
    for (Path manifest : files("collection.json")) {
      if (Files.readString(manifest).contains("\"" + name + "\"")) {
        return manifest.getParent();
      }
    }
    throw new AssertionError("no collection " + name);
  }

  @Test
  void damageIsNeverAnswersThatAreWrongAndOthersGoOn() throws Exception {
    try (KnowledgeBase base = open()) {
      fill(base, "good");
      fill(base, "bad");
    }
    Path bad = collectionOf("bad");
    Random random = new Random(Long.getLong("damage.seed", 7));
    int told = 0;
    for (int round = 0; round < ROUNDS; round++) {
      List<Path> files = files(bad.toString());
      Path file = files.get(random.nextInt(files.size()));
      byte[] sound = Files.readAllBytes(file);
      byte[] damaged = sound.clone();
      if (damaged.length == 0 || file.endsWith("lock")) {
        continue;
      }
      if (random.nextInt(3) == 0) {
        damaged = Arrays.copyOf(sound, random.nextInt(sound.length));
      } else {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(file, damaged);
      try (KnowledgeBase base = open()) {
        List<String> found = new ArrayList<>();
        base.search(ME, "bad", SearchRequest.of("sandal", 9).mode(SearchMode.KEYWORDS))
            .passages()
            .forEach(p -> found.add(p.source()));
        assertThat(found).containsExactlyInAnyOrder("a0", "a1", "a2");
        base.search(ME, "bad", SearchRequest.of("footwear", 9)).passages();
      } catch (KnowledgeException e) {
        told++;
        assertThat(e.kind())
            .as("%s: %s", file, e.getMessage())
            .isIn(Kind.DAMAGED, Kind.NEWER_FORMAT, Kind.UNKNOWN_COLLECTION);
      }
      try (KnowledgeBase base = open()) {
        assertThat(base.search(ME, "good", SearchRequest.of("sandal", 9)).passages()).isNotEmpty();
        assertThat(base.collections(ME)).extracting(CollectionInfo::name).contains("good");
      }
      if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), damaged)) {
        Files.write(file, sound); // else the vectors were thrown away and made again
      }
    }
    assertThat(told).isPositive();
  }

  @Test
  void aDamagedCollectionCanBeRemovedAndMadeAgain() throws Exception {
    try (KnowledgeBase base = open()) {
      fill(base, "bad");
    }
    for (Path file : files("words")) {
      Files.write(file, new byte[] {1, 2, 3});
    }
    try (KnowledgeBase base = open()) {
      assertThatThrownBy(() -> base.search(ME, "bad", SearchRequest.of("sandal", 1)))
          .isInstanceOfSatisfying(
              KnowledgeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
          .hasMessageContaining("whole_collection");
      assertThat(base.collections(ME).getFirst().problem()).contains("damaged");
      base.drop(ME, "bad");
      fill(base, "bad");
      assertThat(base.search(ME, "bad", SearchRequest.of("sandal", 9)).passages()).hasSize(3);
    }
  }

  @Test
  void damagedVectorsAreMadeAgain() throws Exception {
    try (KnowledgeBase base = open()) {
      fill(base, "bad");
    }
    for (Path file : files("vectors-")) {
      Files.write(file, new byte[] {1, 2, 3});
    }
    try (KnowledgeBase base = open()) {
      assertThat(base.search(ME, "bad", SearchRequest.of("sandal", 9)).passages()).hasSize(3);
      assertThat(base.awaitVectors(ME, "bad", Duration.ofSeconds(20))).isZero();
      assertThat(
              base.search(ME, "bad", SearchRequest.of("footwear", 9).mode(SearchMode.VECTORS))
                  .passages())
          .hasSize(3);
    }
  }

  @Test
  void aNewerFormatIsLeftAlone() throws Exception {
    try (KnowledgeBase base = open()) {
      fill(base, "new");
    }
    Path manifest = collectionOf("new").resolve("collection.json");
    Files.writeString(
        manifest, Files.readString(manifest).replaceFirst("\"format\" : 1", "\"format\" : 9"));
    try (KnowledgeBase base = open()) {
      assertThatThrownBy(() -> base.sources(ME, "new"))
          .isInstanceOfSatisfying(
              KnowledgeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NEWER_FORMAT));
      assertThatThrownBy(
              () -> base.ingest(ME, "new", List.of(new SourceDocument("x", "", "y")), _ -> {}))
          .isInstanceOf(KnowledgeException.class);
    }
  }

  @Test
  void aFolderThatCannotBeWrittenIsSearchedStill() throws Exception {
    try (KnowledgeBase base = open()) {
      fill(base, "default");
    }
    List<Path> folders;
    try (Stream<Path> all = Files.walk(folder)) {
      folders = all.filter(Files::isDirectory).toList();
    }
    try {
      for (Path each : folders) {
        Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("r-xr-xr-x"));
      }
      assumeThat(Files.isWritable(folder)).as("this user may write everywhere").isFalse();
      try (KnowledgeBase base = open()) {
        assertThat(base.search(ME, "default", SearchRequest.of("sandal", 9)).passages()).hasSize(3);
        assertThatThrownBy(() ->
                base.ingest(ME, "default", List.of(new SourceDocument("x", "", "y")), _ -> {}))
            .isInstanceOfSatisfying(
                KnowledgeException.class,
                e -> assertThat(e.kind()).isEqualTo(Kind.STORAGE_READ_ONLY))
            .hasMessageContaining("--data-dir");
      }
    } finally {
      for (Path each : folders) {
        Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
  }

  @Test
  void aFileInThePlaceOfTheFolderIsSaid() throws Exception {
    Path file = Files.createFile(folder.resolve("in-the-way"));
    Embedders models = new Embedders(Optional.of(new TopicEmbedder()), Optional.empty());
    try (KnowledgeBase base =
        new LuceneKnowledgeBase(
            KnowledgeSettings.in(file.resolve("knowledge"), EmbeddingChoice.of(models)))) {
      assertThatThrownBy(() -> fill(base, "default"))
          .isInstanceOfSatisfying(
              KnowledgeException.class,
              e -> assertThat(e.kind()).isEqualTo(Kind.STORAGE_READ_ONLY));
      assertThatThrownBy(() -> base.sources(ME, "default"))
          .isInstanceOfSatisfying(
              KnowledgeException.class,
              e -> assertThat(e.kind()).isEqualTo(Kind.UNKNOWN_COLLECTION));
    }
  }

  /** Needs a small file system, such as {@code mount -t tmpfs -o size=4m none DIR}. */
  @Test
  void aFullDiskIsSaidAndSearchedStill() throws Exception {
    String small = System.getProperty("small.disk", "");
    assumeThat(small).as("-Dsmall.disk names a small file system").isNotEmpty();
    Path disk = Path.of(small);
    FileStore store = Files.getFileStore(disk);
    assumeThat(store.getTotalSpace()).isLessThan(64L << 20);
    try (KnowledgeBase base =
        new LuceneKnowledgeBase(
            KnowledgeSettings.in(disk.resolve("k"), EmbeddingChoice.of(Embedders.NONE)))) {
      base.ingest(ME, "default", List.of(new SourceDocument("a", "", "sandal")), _ -> {});
      StringBuilder text = new StringBuilder();
      Random random = new Random(1);
      while (text.length() < 2_000_000) {
        text.append(Long.toString(random.nextLong(), 36)).append(' ');
      }
      int kept = 0;
      try {
        for (; kept < 40; kept++) {
          base.ingest(
              ME, "default", List.of(new SourceDocument("x" + kept, "", text.toString())), _ -> {});
        }
        throw new AssertionError("the disk is not small");
      } catch (KnowledgeException e) {
        assertThat(e.kind()).isEqualTo(Kind.STORAGE_FULL);
      }
      assertThat(base.search(ME, "default", SearchRequest.of("sandal", 1)).passages()).hasSize(1);
      assertThat(base.sources(ME, "default")).hasSize(kept + 1);
      base.drop(ME, "default");
      base.ingest(ME, "default", List.of(new SourceDocument("a", "", "sandal")), _ -> {});
    }
  }
}
