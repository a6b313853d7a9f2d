package dev.qwenmcp.engine.kernel.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryCacheTest {
  private static final byte[] CONTENT = {1, 2, 3};

  @TempDir Path temporary;
  private Path folder;
  private LibraryCache cache;

  @BeforeEach
  void inMissingFolders() {
    folder = temporary.resolve("a/b");
    cache = new LibraryCache(folder);
  }

  private static List<Path> filesBelow(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void keepsOneCopyForTheOwnerAlone() throws IOException {
    Path file;
    try (LibraryCache.Copy copy = cache.copy("lib", CONTENT)) {
      file = copy.file();
    }
    assertThat(file).hasBinaryContent(CONTENT).startsWith(folder);
    assertThat(filesBelow(folder)).containsExactly(file);
    assertThat(Files.getPosixFilePermissions(file.getParent()))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void writesNothingWhenTheCopyIsThere() throws IOException {
    Path file = cache.copy("lib", CONTENT).file();
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
    assertThat(cache.copy("lib", CONTENT).file()).isEqualTo(file);
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(FileTime.fromMillis(1_000));
  }

  @Test
  void replacesADamagedCopy() throws IOException {
    Path file = cache.copy("lib", CONTENT).file();
    Files.write(file, new byte[] {9});
    assertThat(cache.copy("lib", CONTENT).file()).isEqualTo(file).hasBinaryContent(CONTENT);
  }

  @Test
  void keepsVersionsApart() throws IOException {
    Path first = cache.copy("lib", CONTENT).file();
    Path second = cache.copy("lib", new byte[] {4}).file();
    assertThat(second).isNotEqualTo(first);
    assertThat(first).hasBinaryContent(CONTENT);
  }

  @Test
  void forgetsVersionsThatNobodyStarts() throws IOException {
    Path old = cache.copy("lib", new byte[] {4}).file();
    Path recent = cache.copy("lib", new byte[] {5}).file();
    Instant now = Instant.now();
    Files.setLastModifiedTime(
        old.getParent(), FileTime.from(now.minus(LibraryCache.KEPT.plusDays(1))));
    Files.setLastModifiedTime(
        recent.getParent(), FileTime.from(now.minus(LibraryCache.KEPT.minusDays(1))));
    Path file = cache.copy("lib", CONTENT).file();
    assertThat(filesBelow(folder)).containsExactlyInAnyOrder(recent, file);
  }

  @Test
  void survivesARaceOfWriters() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      Callable<Path> copying = () -> cache.copy("lib", CONTENT).file();
      List<Future<Path>> files = threads.invokeAll(Collections.nCopies(64, copying));
      for (Future<Path> file : files) {
        assertThat(file.get()).startsWith(folder).hasBinaryContent(CONTENT);
      }
    }
    assertThat(filesBelow(folder)).hasSize(1);
  }

  @Test
  void usesATemporaryFileWhereOthersMayWrite() throws IOException {
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    checkTemporary();
  }

  @Test
  void usesATemporaryFileWhereAFileIsInTheWay() throws IOException {
    Files.createDirectories(folder.getParent());
    Files.write(folder, CONTENT);
    checkTemporary();
  }

  private void checkTemporary() throws IOException {
    Path file;
    try (LibraryCache.Copy copy = cache.copy("lib", CONTENT)) {
      file = copy.file();
      assertThat(copy.temporary()).isTrue();
      assertThat(file).hasBinaryContent(CONTENT);
      assertThat(file.startsWith(folder)).isFalse();
    }
    assertThat(file.getParent()).doesNotExist();
  }
}
