package dev.qwenmcp.server.transport;

import java.io.IOException;
import java.io.OutputStream;

/** A stream that can tell that its reader has gone before anything is written to it. */
abstract class WatchedOutput extends OutputStream {

  /** Whether nobody will ever read what is written. */
  abstract boolean readerGone() throws IOException;
}
