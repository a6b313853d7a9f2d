package dev.qwenmcp.server.hub;

import java.net.URI;

/** A place that models are fetched from. */
sealed interface Hub permits HuggingFace, ModelScope {
  /** Its folder, and its name in records. */
  String name();

  /** Where to look for what is asked for, in {@code repository}. */
  HubListing list(HubHttp http, String repository, String revision)
      throws HubException, InterruptedException;

  /** Where a file's bytes are. */
  URI download(String repository, String revision, HubFile file);

  /** Where it is, for people: host and port. */
  default String shown() {
    return HubHttp.shown(base());
  }

  URI base();
}
