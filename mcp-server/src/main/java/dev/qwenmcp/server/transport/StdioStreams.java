package dev.qwenmcp.server.transport;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The process's standard input and output, taken for the protocol alone.
 *
 * <p>From then on {@link System#out} is standard error and {@link System#in} is empty. On Linux and
 * macOS descriptor 1 itself is standard error too, and the protocol is written to a duplicate of
 * what it was: so a C library that prints cannot break into a message. On other systems, where that
 * is not done, {@link #nativeOutputDiverted()} says so.
 *
 * @param in what the client sends
 * @param out the only way to the client
 * @param nativeOutputDiverted whether writes of native code to descriptor 1 go to standard error
 */
public record StdioStreams(InputStream in, OutputStream out, boolean nativeOutputDiverted) {

  /** Does ahead, on another thread, what takes the longest of {@link #take}. */
  public static void prepare() {
    if (PosixDescriptors.available()) {
      PosixDescriptors.link();
    }
  }

  /**
   * Takes the streams; called once, before anything can print.
   *
   * @throws IOException if standard output is closed
   */
  public static StdioStreams take() throws IOException {
    System.setOut(System.err);
    System.setIn(InputStream.nullInputStream());
    InputStream in = new FileInputStream(FileDescriptor.in);
    if (PosixDescriptors.available()) {
      return new StdioStreams(in, PosixDescriptors.divertStandardOutput(), true);
    }
    return new StdioStreams(in, new FileOutputStream(FileDescriptor.out), false);
  }
}
