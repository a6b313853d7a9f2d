package dev.qwenmcp.server.web;

import java.util.Map;

/**
 * A request of the page.
 *
 * @param principal who asks
 * @param parameters of the address, the first of each name
 */
record ApiRequest(String principal, Map<String, String> parameters) {
  ApiRequest {
    parameters = Map.copyOf(parameters);
  }

  /** A parameter, or what stands for it. */
  String text(String name, String otherwise) {
    return parameters.getOrDefault(name, otherwise);
  }

  /** A parameter that must be there. */
  String required(String name) throws ApiException {
    String value = parameters.get(name);
    if (value == null || value.isBlank()) {
      throw ApiException.badRequest(name + " is missing: add ?" + name + "=…");
    }
    return value;
  }

  /** A whole number within bounds, or what stands for it. */
  int number(String name, int otherwise, int least, int most) throws ApiException {
    String value = parameters.get(name);
    if (value == null) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw ApiException.badRequest(
        "%s is a whole number from %d to %d".formatted(name, least, most));
  }
}
