package dev.qwenmcp.server.web;

/** What is answered at a path under {@code /api/}. */
@FunctionalInterface
interface ApiAnswer {
  /**
   * @return a record, which becomes the JSON
   * @throws ApiException if the request cannot be answered
   */
  Object to(ApiRequest request) throws ApiException;
}
