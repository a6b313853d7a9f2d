package dev.qwenmcp.server.protocol;

import java.util.List;
import java.util.function.Consumer;

/** What clients can read and watch by URI; the same in every protocol era. */
public interface Resources {

  /**
   * One of them in a list.
   *
   * @param uri where it is read
   * @param name for programs
   * @param title for people
   * @param description of what it holds
   * @param mimeType of its content
   * @param lastModified ISO 8601, or empty if unknown
   */
  record Listed(
      String uri,
      String name,
      String title,
      String description,
      String mimeType,
      String lastModified) {}

  /**
   * Some of them.
   *
   * @param next goes on with the rest, empty if there is none
   */
  record Page(List<Listed> resources, String next) {
    public Page {
      resources = List.copyOf(resources);
    }
  }

  /**
   * A family of them.
   *
   * @param uriTemplate as in RFC 6570
   */
  record Template(
      String uriTemplate, String name, String title, String description, String mimeType) {}

  /**
   * Part of the content of one.
   *
   * @param text its text, or its bytes in Base64
   * @param binary whether they are bytes
   */
  record Content(String uri, String mimeType, String text, boolean binary) {

    /** Content that is text. */
    public Content(String uri, String mimeType, String text) {
      this(uri, mimeType, text, false);
    }
  }

  /** Families of resources that lists do not name one by one. */
  List<Template> templates();

  /**
   * Those of a principal.
   *
   * @param cursor {@link Page#next} of the page before, empty for the first
   */
  Page list(String principal, String cursor) throws ToolException;

  /**
   * Reads one.
   *
   * @throws ToolException with the code {@code resource_not_found} or one of the tools' own
   */
  List<Content> read(String principal, String uri) throws ToolException;

  /**
   * Makes sure that a principal may watch a resource.
   *
   * @throws ToolException as for {@link #read}
   */
  void requireWatchable(String principal, String uri) throws ToolException;

  /**
   * Hears of changes until closed.
   *
   * @param changed gets the URIs that may read differently now, in their order; on a thread that
   *     must not be kept
   * @param anything called when any resource may have changed
   */
  Watch watch(String principal, Consumer<List<String>> changed, Runnable anything);

  /**
   * Hears until closed that resources have come or gone.
   *
   * @param changed called on a thread that must not be kept
   */
  default Watch watchList(String principal, Runnable changed) {
    return () -> {};
  }

  /** Ends a watch. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }

  /** A server without resources. */
  Resources NONE =
      new Resources() {
        @Override
        public List<Template> templates() {
          return List.of();
        }

        @Override
        public Page list(String principal, String cursor) {
          return new Page(List.of(), "");
        }

        @Override
        public List<Content> read(String principal, String uri) throws ToolException {
          throw notFound(uri);
        }

        @Override
        public void requireWatchable(String principal, String uri) throws ToolException {
          throw notFound(uri);
        }

        @Override
        public Watch watch(String principal, Consumer<List<String>> changed, Runnable anything) {
          return () -> {};
        }
      };

  /** The code of failures that mean that there is no such resource. */
  String NOT_FOUND = "resource_not_found";

  /** No such resource, or none that the caller may know of. */
  static ToolException notFound(String uri) {
    return new ToolException(NOT_FOUND, "no resource " + uri + "; resources/list names them");
  }
}
