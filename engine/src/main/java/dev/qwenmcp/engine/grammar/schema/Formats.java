package dev.qwenmcp.engine.grammar.schema;

import java.util.Map;
import java.util.Set;

/**
 * The formats of JSON Schema as expressions. What they allow is valid by the RFCs. What the RFCs
 * allow and these do not: leap seconds, which only a table of past ones tells; host names in
 * Punycode, which is more than regular; hosts of URIs that are neither names of the DNS nor
 * addresses; mail addresses with quotes or comments, or at a host without a domain.
 */
final class Formats {
  private Formats() {}

  /** Formats of the standard that no expression describes. */
  private static final Set<String> REFUSED =
      Set.of("regex", "idn-email", "idn-hostname", "iri", "iri-reference");

  private static final String DATE =
      "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
          + "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
          + "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
          // 29 February: the year is divisible by 4, and by 400 if by 100.
          + "|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)";
  private static final String TIME =
      "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]+)?"
          + "(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])";
  private static final String DURATION_TIME =
      "T(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S)";
  private static final String DURATION =
      "P(?:[0-9]+W|"
          + DURATION_TIME
          + "|(?:[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?|[0-9]+M(?:[0-9]+D)?|[0-9]+D)(?:"
          + DURATION_TIME
          + ")?)";
  private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
  private static final String HOSTNAME = LABEL + "(?:\\." + LABEL + ")*";
  private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
  private static final String EMAIL =
      // 64 characters before the at sign, a top-level domain of letters after it
      "(?=[^@]{1,64}@)" + ATOM + "(?:\\." + ATOM + ")*@(?:" + LABEL + "\\.)+[A-Za-z]{2,12}";
  private static final String BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
  private static final String IPV4 = BYTE + "(?:\\." + BYTE + "){3}";
  private static final String H16 = "[0-9A-Fa-f]{1,4}";
  private static final String LS32 = "(?:" + H16 + ":" + H16 + "|" + IPV4 + ")";
  private static final String IPV6 = ipv6();
  private static final String UUID = "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}";
  private static final String PCHAR = "(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})";
  private static final String REG_NAME = "(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})";
  private static final String HOST = "(?:" + HOSTNAME + "|\\[" + IPV6 + "\\])";
  private static final String AUTHORITY =
      "(?:(?:" + REG_NAME + "|:)*@)?" + HOST + "(?::[0-9]{1,5})?";
  private static final String QUERY_FRAGMENT =
      "(?:\\?(?:" + PCHAR + "|[/?])*)?(?:#(?:" + PCHAR + "|[/?])*)?";
  private static final String PATH = "(?:/" + PCHAR + "*)*";
  private static final String URI =
      "(?:[A-Za-z][A-Za-z0-9+.-]*:(?://"
          + AUTHORITY
          + PATH
          + "|/?"
          + PCHAR
          + "+"
          + PATH
          + ")|file:///" // the scheme that is used without a host (RFC 8089)
          + PCHAR
          + "+"
          + PATH
          + ")"
          + QUERY_FRAGMENT;
  private static final String SEGMENT_WITHOUT_COLON =
      "(?:[A-Za-z0-9._~!$&'()*+,;=@-]|%[0-9A-Fa-f]{2})+";
  private static final String URI_REFERENCE =
      "(?:"
          + URI
          + "|(?://"
          + AUTHORITY
          + PATH
          + "|/(?:"
          + PCHAR
          + "+"
          + PATH
          + ")?|"
          + SEGMENT_WITHOUT_COLON
          + PATH
          + ")?"
          + QUERY_FRAGMENT
          + ")";
  private static final String VARIABLE =
      "(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2})(?:\\.?(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2}))*"
          + "(?:\\*|:[1-9][0-9]{0,3})?";
  private static final String URI_TEMPLATE =
      // Literals of RFC 6570 with the apostrophe of its erratum 6937.
      "(?:[!#$&'()*+,./0-9:;=?@A-Z\\[\\]_a-z~\\u00A0-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFEF-]"
          + "|[\\uE000-\\uF8FF]|[\\u{10000}-\\u{10FFFD}]|%[0-9A-Fa-f]{2}|\\{[+#./;?&=,!@|]?"
          + VARIABLE
          + "(?:,"
          + VARIABLE
          + ")*\\})*";
  private static final String JSON_POINTER = "(?:/(?:[^/~]|~[01])*)*";

  private static final Map<String, String> EXPRESSIONS =
      Map.ofEntries(
          Map.entry("date", DATE),
          Map.entry("time", TIME),
          Map.entry("date-time", DATE + "[Tt]" + TIME),
          Map.entry("duration", DURATION),
          // "--" as third and fourth character is for labels in Punycode, which is more than
          // regular.
          Map.entry("email", "(?!.*[@.][^.]{2}--)" + EMAIL),
          Map.entry("hostname", "(?!(?:.*\\.)?[^.]{2}--)" + HOSTNAME),
          Map.entry("ipv4", IPV4),
          Map.entry("ipv6", IPV6),
          Map.entry("uuid", UUID),
          Map.entry("uri", URI),
          Map.entry("uri-reference", URI_REFERENCE),
          Map.entry("uri-template", URI_TEMPLATE),
          Map.entry("json-pointer", JSON_POINTER),
          Map.entry("relative-json-pointer", "(?:0|[1-9][0-9]*)(?:#|" + JSON_POINTER + ")"));

  /** Most code points of a format that bounds them. */
  static int maxLength(String format) {
    return switch (format) {
      case "hostname" -> 253;
      case "email" -> 254;
      default -> Branch.NO_MAX;
    };
  }

  /**
   * The expression that a whole string of a format matches, or null if nobody defines the format.
   */
  static String expression(SchemaNode node, String format) {
    if (REFUSED.contains(format)) {
      throw node.error(
          "format", "the format " + format + " is not supported; use a pattern or leave it out");
    }
    return EXPRESSIONS.get(format);
  }

  /** The nine forms of RFC 3986, by how many groups stand before "::". */
  private static String ipv6() {
    StringBuilder out = new StringBuilder("(?:(?:" + H16 + ":){6}" + LS32);
    out.append("|::(?:").append(H16).append(":){5}").append(LS32);
    for (int before = 0; before <= 6; before++) {
      out.append("|(?:");
      if (before == 0) {
        out.append(H16);
      } else {
        out.append("(?:").append(H16).append(":){0,").append(before).append('}').append(H16);
      }
      out.append(")?::");
      int after = 4 - before;
      if (after >= 0) {
        out.append("(?:").append(H16).append(":){").append(after).append('}').append(LS32);
      } else if (after == -1) {
        out.append(H16);
      }
    }
    return out.append(')').toString();
  }
}
