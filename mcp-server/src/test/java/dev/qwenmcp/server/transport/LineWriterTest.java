package dev.qwenmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LineWriterTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static byte[] line(String text) {
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void writesWholeLinesInOrderFromManyThreads() throws InterruptedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LineWriter writer = new LineWriter(out, 2);
    writer.start(() -> {});
    Thread[] threads = new Thread[4];
    for (int t = 0; t < threads.length; t++) {
      String name = "t" + t;
      threads[t] =
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < 500; i++) {
                  writer.write(line(name + " " + i));
                }
              });
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(writer.close(PATIENCE)).isTrue();
    String text = out.toString(StandardCharsets.UTF_8);
    assertThat(text.lines().count()).isEqualTo(2000);
    assertThat(text.lines().filter(l -> l.startsWith("t2 ")).toList())
        .isSortedAccordingTo(Comparator.comparing(l -> Integer.parseInt(l.substring(3))));
  }

  /** A client that reads nothing until it is told to. */
  private static final class Stuck extends OutputStream {
    final CountDownLatch reached = new CountDownLatch(1);
    final CountDownLatch go = new CountDownLatch(1);
    volatile boolean gone;

    @Override
    public void write(int b) throws IOException {
      reached.countDown();
      try {
        go.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      if (gone) {
        throw new IOException("Broken pipe");
      }
    }
  }

  @Test
  void offersNothingWithoutRoomAndGivesUpClosingInTime() throws InterruptedException {
    Stuck out = new Stuck();
    LineWriter writer = new LineWriter(out, 1);
    writer.start(() -> {});
    writer.write(line("being written"));
    out.reached.await();
    assertThat(writer.offer(line("queued"))).isTrue();

    assertThat(writer.offer(line("no room"))).isFalse();
    assertThat(writer.close(Duration.ofMillis(50))).isFalse();
    out.go.countDown();
  }

  @Test
  void freesWhoeverWaitsWhenTheClientGoes() throws InterruptedException {
    Stuck out = new Stuck();
    CountDownLatch broken = new CountDownLatch(1);
    LineWriter writer = new LineWriter(out, 1);
    writer.start(broken::countDown);
    writer.write(line("being written"));
    out.reached.await();
    writer.write(line("queued"));
    Thread waiting = Thread.ofPlatform().start(() -> writer.write(line("waits")));

    out.gone = true;
    out.go.countDown();

    assertThat(broken.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(waiting.join(PATIENCE)).isTrue();
    assertThat(writer.write(line("later"))).isFalse();
    assertThat(writer.offer(line("later"))).isFalse();
    assertThat(writer.close(PATIENCE)).isFalse();
  }
}
