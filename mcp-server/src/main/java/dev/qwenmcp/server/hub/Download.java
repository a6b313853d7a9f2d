package dev.qwenmcp.server.hub;

import dev.qwenmcp.server.hub.HubException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fetches one file: into {@code NAME.part}, from where the last attempt ended, and to its name once
 * its checksum is right. {@code NAME.etag} tells which version the part is of.
 */
final class Download {
  private static final int CHUNK = 1 << 16;
  private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

  private final HubHttp http;
  private final URI source;
  private final HubFile file;
  private final Path target;
  private final Path part;
  private final Path tag;
  private final LongConsumer progress;

  /** Of the bytes in the part. */
  private MessageDigest digest = sha256();

  /**
   * @param source where the file is
   * @param target where it is to be
   * @param progress hears how many bytes of it are on disk
   */
  Download(HubHttp http, URI source, HubFile file, Path target, LongConsumer progress) {
    this.http = http;
    this.source = source;
    this.file = file;
    this.target = target;
    this.part = target.resolveSibling(target.getFileName() + ".part");
    this.tag = target.resolveSibling(target.getFileName() + ".etag");
    this.progress = progress;
  }

  /** Bytes that an earlier attempt left. */
  long begun() {
    try {
      return Files.exists(part) ? Math.min(Files.size(part), file.bytes()) : 0;
    } catch (IOException _) {
      return 0;
    }
  }

  /**
   * Fetches the file.
   *
   * @throws HubException if it cannot be had; what has come stays for the next time, unless its
   *     checksum is wrong
   */
  void run() throws HubException, InterruptedException {
    Path lockFile = target.resolveSibling(target.getFileName() + ".lock");
    try (FileChannel lock =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = locked(lock)) {
      if (held == null) {
        throw new HubException(
            Kind.LOCKED,
            target.getFileName() + " is being fetched by another process; wait until it has ended");
      }
      fetch();
      Files.deleteIfExists(tag);
      Files.deleteIfExists(lockFile);
    } catch (IOException e) {
      throw new HubException(
          Kind.DISK,
          "%s cannot be written: %s; what has come is kept, pull again once that is mended"
              .formatted(part, e.getMessage()),
          e);
    }
  }

  private static FileLock locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null;
    }
  }

  private void fetch() throws IOException, HubException, InterruptedException {
    try (FileChannel out =
        FileChannel.open(
            part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      if (out.size() > file.bytes()) {
        startAnew(out);
      }
      hashBegun(out);
      transfer(out);
      verify(out);
      out.force(true);
    }
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void transfer(FileChannel out) throws IOException, HubException, InterruptedException {
    Pauses pauses = new Pauses(http.settings());
    while (out.size() < file.bytes()) {
      long before = out.size();
      Failure failure = attempt(out).orElse(null);
      if (out.size() > before) {
        pauses.gained();
      }
      if (failure != null) {
        pauses.before(failure.why(), failure.retryAfter());
      }
    }
  }

  /** A transfer that ended early. */
  private record Failure(HubException why, Duration retryAfter) {}

  /** One request; the failures that it returns may be worth another one. */
  private Optional<Failure> attempt(FileChannel out)
      throws IOException, HubException, InterruptedException {
    long from = out.size();
    String known = from > 0 && Files.exists(tag) ? Files.readString(tag).strip() : "";
    Map<String, String> headers = new HashMap<>();
    headers.put("Accept-Encoding", "identity");
    if (from > 0) {
      headers.put("Range", "bytes=" + from + "-");
      if (known.startsWith("\"")) { // a weak one must not be compared byte for byte
        headers.put("If-Range", known);
      }
    }
    HttpResponse<InputStream> response;
    try {
      response = http.open(source, headers);
    } catch (IOException e) {
      return Optional.of(new Failure(HubHttp.broken(source, e), Duration.ZERO));
    }
    try (InputStream body = response.body()) {
      int status = response.statusCode();
      if (status == 416 && from > 0) {
        startAnew(out);
        return Optional.empty();
      }
      if (status != 200 && status != 206) {
        return Optional.of(
            new Failure(http.failure(response, file.path()), HubHttp.retryAfter(response)));
      }
      if (from > 0 && !continues(response, from, known)) {
        startAnew(out);
        if (status == 206) {
          return Optional.empty(); // of another version: ask for the whole file
        }
      }
      checkLength(response, out.size());
      remember(response);
      return copy(body, out);
    }
  }

  /** Whether the body goes on exactly where the part ends. */
  private boolean continues(HttpResponse<?> response, long from, String known) {
    String now = response.headers().firstValue("ETag").orElse("");
    Matcher range = RANGE.matcher(response.headers().firstValue("Content-Range").orElse(""));
    return response.statusCode() == 206
        && range.matches()
        && Long.parseLong(range.group(1)) == from
        && Long.parseLong(range.group(3)) == file.bytes()
        && (known.isEmpty() || now.isEmpty() || known.equals(now));
  }

  /** A body of another length than the file's is of another version, or no file at all. */
  private void checkLength(HttpResponse<?> response, long from) throws HubException {
    long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
    if (length >= 0 && length != file.bytes() - from) {
      throw new HubException(
          Kind.MALFORMED,
          "%s announces %,d bytes for %s, of which the hub lists %,d; the file may just have changed: pull again"
              .formatted(HubHttp.shown(response.uri()), length + from, file.path(), file.bytes()));
    }
  }

  private void remember(HttpResponse<?> response) throws IOException {
    Optional<String> etag = response.headers().firstValue("ETag").filter(e -> e.length() < 300);
    if (etag.isPresent()) {
      Files.writeString(tag, etag.get());
    } else {
      Files.deleteIfExists(tag);
    }
  }

  private Optional<Failure> copy(InputStream body, FileChannel out) throws IOException {
    byte[] chunk = new byte[CHUNK];
    long at = out.size();
    try (StallGuard guard = new StallGuard(body, http.settings().stall())) {
      while (at < file.bytes()) {
        int read;
        try {
          read = body.read(chunk, 0, (int) Math.min(chunk.length, file.bytes() - at));
        } catch (IOException e) {
          return Optional.of(new Failure(HubHttp.broken(source, e), Duration.ZERO));
        }
        if (read < 0) {
          String why = guard.stalled() ? "the transfer stalled" : "the transfer ended early";
          return Optional.of(
              new Failure(
                  HubHttp.broken(source, new IOException(why + " at " + at + " bytes")),
                  Duration.ZERO));
        }
        ByteBuffer bytes = ByteBuffer.wrap(chunk, 0, read);
        while (bytes.hasRemaining()) {
          at += out.write(bytes, at);
        }
        digest.update(chunk, 0, read);
        guard.count(read);
        progress.accept(at);
      }
    }
    return Optional.empty();
  }

  private void verify(FileChannel out) throws IOException, HubException {
    String found = HexFormat.of().formatHex(digest.digest());
    if (!file.sha256().isEmpty() && !file.sha256().equals(found)) {
      out.truncate(0);
      Files.deleteIfExists(tag);
      throw new HubException(
          Kind.CHECKSUM,
          "%s arrived with the checksum %s instead of %s and was thrown away; pull again, and if that does not help, do not trust the hub's address"
              .formatted(file.name(), found, file.sha256()));
    }
  }

  private void startAnew(FileChannel out) throws IOException {
    out.truncate(0);
    digest = sha256();
    Files.deleteIfExists(tag);
    progress.accept(0);
  }

  private void hashBegun(FileChannel out) throws IOException {
    hash(out, digest);
    progress.accept(out.size());
  }

  /** The checksum of a whole file, 64 hexadecimal digits. */
  static String sha256(Path file) throws IOException {
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      MessageDigest digest = sha256();
      hash(in, digest);
      return HexFormat.of().formatHex(digest.digest());
    }
  }

  private static void hash(FileChannel in, MessageDigest digest) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(1 << 20);
    long at = 0;
    while (in.read(chunk, at) > 0) {
      at += chunk.position();
      digest.update(chunk.flip());
      chunk.clear();
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
