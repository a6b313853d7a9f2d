package dev.qwenmcp.server.context.sql;

import dev.qwenmcp.server.context.ChangeFeed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that is written to after each change, so that the file system tells other processes.
 *
 * <p>Its content means nothing, and neither does a lost notice: listeners look by themselves too.
 */
final class NoticeFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NoticeFile.class);

  private final Path file;
  private final FileChannel channel;

  NoticeFile(Path file) throws IOException {
    this.file = file;
    this.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /** Tells everybody that something was committed. */
  void touch() {
    try {
      channel.write(ByteBuffer.wrap(new byte[] {1}), 0);
    } catch (IOException e) {
      LOG.debug("Others will notice a little later", e);
    }
  }

  ChangeFeed.Signal signal() {
    try {
      WatchService watcher = file.getFileSystem().newWatchService();
      file.getParent().register(watcher, StandardWatchEventKinds.ENTRY_MODIFY);
      return new Watching(watcher);
    } catch (IOException | UnsupportedOperationException e) {
      LOG.debug("No notices of the file system, looking by itself", e);
      return new Sleeping();
    }
  }

  private static final class Watching implements ChangeFeed.Signal {
    private final WatchService watcher;

    Watching(WatchService watcher) {
      this.watcher = watcher;
    }

    @Override
    public void await(long millis) throws InterruptedException {
      WatchKey key = watcher.poll(millis, TimeUnit.MILLISECONDS);
      if (key != null) {
        key.pollEvents();
        key.reset();
      }
    }

    @Override
    public void close() {
      try {
        watcher.close();
      } catch (IOException e) {
        LOG.debug("Closing a watch", e);
      }
    }
  }

  private static final class Sleeping implements ChangeFeed.Signal {
    @Override
    public void await(long millis) throws InterruptedException {
      Thread.sleep(millis);
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
