package dev.qwenmcp.server.context.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFileTest {
  @TempDir private Path folder;

  private FileChannel written() throws IOException {
    FileChannel file =
        FileChannel.open(
            folder.resolve("a"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    file.write(ByteBuffer.wrap(new byte[] {1, 2}));
    return file;
  }

  @Test
  void whatCouldNotBeSyncedIsNotTakenForWritten() throws Exception {
    FileChannel channel = written();
    TextFile file =
        TextFile.syncing(
            "a",
            channel,
            () -> {
              throw new IOException("No space left on device");
            });
    for (int attempt = 0; attempt < 2; attempt++) { // a transaction may be tried again
      assertThatThrownBy(file::awaitSynced)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("No space left on device");
    }
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aFileIsSyncedBeforeItsFolderAndThenClosed() throws Exception {
    FileChannel channel = written();
    boolean[] open = {false};
    TextFile file = TextFile.syncing("a", channel, () -> open[0] = channel.isOpen());
    file.awaitSynced();
    assertThat(open[0]).isTrue();
    assertThat(channel.isOpen()).isFalse();
    assertThat(file.name()).isEqualTo("a");
    assertThat(folder.resolve("a")).hasSize(2);
  }
}
