package dev.qwenmcp.server.install;

import java.util.Optional;

/** A client's configuration as text, whose entry for one server can be set and removed. */
interface ConfigurationText {

  /**
   * The text with the entry; the same text if it has it already.
   *
   * @throws InstallException if the text is not what it should be
   */
  String with(String server, ServerEntry entry) throws InstallException;

  /**
   * The text without the entry, or nothing if it has none.
   *
   * @throws InstallException if the text is not what it should be
   */
  Optional<String> without(String server) throws InstallException;
}
