package dev.qwenmcp.server.endpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection on which a test says what no HTTP client would. */
public final class RawHttp implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;

  private final Socket socket;

  public RawHttp(int port) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(PATIENCE_MILLIS);
  }

  public RawHttp send(String bytes) throws IOException {
    return send(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  public RawHttp send(byte[] bytes) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(bytes);
    out.flush();
    return this;
  }

  /** Reads up to a text, or to the end. */
  public String readUntil(String text) throws IOException {
    StringBuilder read = new StringBuilder();
    InputStream in = socket.getInputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      read.append((char) b);
      if (read.length() >= text.length()
          && read.indexOf(text, read.length() - text.length()) >= 0) {
        break;
      }
    }
    return read.toString();
  }

  /** The status line's number. */
  public int status() throws IOException {
    return Integer.parseInt(readUntil("\r\n").split(" ")[1]);
  }

  /** Sends no more, and reads on. */
  public RawHttp finish() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
