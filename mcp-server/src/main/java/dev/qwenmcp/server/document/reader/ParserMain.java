package dev.qwenmcp.server.document.reader;

import dev.qwenmcp.server.document.Document;
import dev.qwenmcp.server.document.DocumentException;
import dev.qwenmcp.server.document.DocumentException.Kind;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.SynchronousQueue;

/**
 * The process that parses what is not plain text: reads requests from standard input and answers on
 * standard output until its input ends. It opens no file and no connection.
 *
 * <p>What goes wrong beyond an exception (memory, time, a crash) ends this process alone.
 */
public final class ParserMain {
  /** The stack of the thread that parses; deeper nesting is an error. */
  private static final long STACK_BYTES = 8L << 20;

  private static final Set<String> LOCAL = Set.of("jar", "file", "jrt", "nested");

  private ParserMain() {}

  /**
   * Ends when standard input does, even while something is parsed.
   *
   * @throws InterruptedException never
   */
  public static void main(String[] arguments) throws InterruptedException {
    URL.setURLStreamHandlerFactory(
        protocol -> LOCAL.contains(protocol) ? null : new NoConnections());
    OutputStream out = new FileOutputStream(FileDescriptor.out);
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    BlockingQueue<Frames.Request> requests = new SynchronousQueue<>();
    Thread parsing = new Thread(null, () -> answer(requests, out), "parse", STACK_BYTES);
    parsing.setDaemon(true);
    parsing.start();
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in)))) {
      while (true) {
        requests.put(Frames.readRequest(in));
      }
    } catch (IOException e) {
      Runtime.getRuntime().halt(0); // the server is gone, or wants this process to go
    }
  }

  private static void answer(BlockingQueue<Frames.Request> requests, OutputStream stream) {
    try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(stream))) {
      while (true) {
        Frames.Request request = requests.take();
        try {
          Frames.write(out, parse(request));
        } catch (DocumentException e) {
          Frames.write(out, e);
        }
      }
    } catch (IOException | InterruptedException e) {
      Runtime.getRuntime().halt(1);
    }
  }

  /** Also for tests, which need no process for it. */
  static Document parse(Frames.Request request) throws DocumentException {
    try {
      return request.format() == Format.HTML
          ? HtmlPage.read(request.content(), request.mostCharacters())
          : TikaDocument.read(request.format(), request.content(), request.mostCharacters());
    } catch (MarkupText.TooLongException e) {
      throw new DocumentException(
          Kind.TOO_LARGE,
          "has more than %,d characters of text; split it".formatted(request.mostCharacters()),
          e);
    } catch (StackOverflowError e) {
      throw new DocumentException(Kind.DAMAGED, "is nested too deep to be read", e);
    } catch (IOException | RuntimeException e) {
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new DocumentException(
          Kind.DAMAGED, "cannot be parsed, it may be damaged: " + reason, e);
    }
  }

  /** Refuses what a document refers to elsewhere. */
  private static final class NoConnections extends URLStreamHandler {
    @Override
    protected URLConnection openConnection(URL url) throws IOException {
      throw new IOException("documents are read without connections, but one asks for " + url);
    }
  }
}
