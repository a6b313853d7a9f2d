package dev.qwenmcp.server.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * JSON-RPC over a pair of streams, one message a line, until the client has enough.
 *
 * <p>The input's end lets running calls finish within {@link TransportLimits#drain()} and answers
 * them; a client that closes the output cancels everything at once.
 */
public final class StdioTransport {
  private static final Logger LOG = LoggerFactory.getLogger(StdioTransport.class);

  private final TransportLimits limits;

  public StdioTransport(TransportLimits limits) {
    this.limits = limits;
  }

  /**
   * Serves until the input ends or the output breaks.
   *
   * @return whether the client has been sent all answers
   * @throws InterruptedException if interrupted; running calls are cancelled then
   */
  public boolean serve(InputStream in, OutputStream out, RpcService service)
      throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    LineWriter writer = new LineWriter(out, limits.queuedLines());
    Outlet outlet = new LineOutlet(writer);
    Connection connection = new Connection(service, Principals.LOCAL, outlet);
    writer.start(() -> {
      connection.abandon();
      end.countDown();
    });
    // A thread of its own, because nothing can wake a thread from a read of standard input.
    Thread.ofPlatform()
        .daemon()
        .name("rpc-reader")
        .start(() -> {
          try {
            read(in, connection, outlet);
          } finally {
            end.countDown();
          }
        });
    try {
      end.await();
      service.ending();
      connection.drain(limits.drain(), "the input ended");
      return writer.close(limits.grace());
    } finally {
      connection.abandon();
    }
  }

  private void read(InputStream in, Connection connection, Outlet outlet) {
    LineReader lines = new LineReader(in, limits.maxMessageBytes());
    try {
      LineReader.Line line = lines.next();
      while (line != null) {
        if (line.tooLong()) {
          connection.refuse(line.length(), limits.maxMessageBytes(), outlet);
        } else {
          connection.acceptLine(line.content(), outlet);
        }
        line = lines.next();
      }
    } catch (IOException e) {
      LOG.info("The input ended: {}", e.getMessage());
    }
  }

  /** Each message a line of the only output. */
  private record LineOutlet(LineWriter writer, RpcCodec codec) implements Outlet {
    LineOutlet(LineWriter writer) {
      this(writer, new RpcCodec());
    }

    @Override
    public void send(JsonNode answer) {
      writer.write(codec.line(answer));
    }

    @Override
    public void nothing() {
      // A cancelled call leaves no line.
    }

    @Override
    public boolean offer(JsonNode message) {
      return writer.offer(codec.line(message));
    }
  }
}
