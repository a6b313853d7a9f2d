package dev.qwenmcp.server.knowledge;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;

/**
 * What is known of a passage besides its text, as terms, and as points where it is a number or a
 * date.
 *
 * <p>A point has two dimensions, a digest of its name and its value: any number of names fits into
 * one field.
 */
final class Metadata {
  /** Id of the document; also what a document is replaced and removed by. */
  static final String SOURCE = "source";

  private static final String TERMS = "metadata";
  private static final String NUMBERS = "metadata.number";
  private static final String DATES = "metadata.date";
  private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,300}(\\.\\d{1,300})?");
  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}(T.{1,40})?");

  /** Doubles hold whole numbers of 53 bits exactly. */
  private static final int DIGITS = 12;

  private Metadata() {}

  static void add(Document document, String source, Map<String, String> metadata) {
    document.add(new StringField(SOURCE, source, Store.YES));
    metadata.forEach((name, value) -> {
      document.add(new StringField(TERMS, pair(name, value), Store.NO));
      number(value)
          .ifPresent(x -> document.add(new DoublePoint(NUMBERS, (double) digest(name), x)));
      day(value)
          .ifPresent(
              t -> document.add(new LongPoint(DATES, digest(name), t.from().toEpochMilli())));
    });
  }

  static Term document(String source) {
    return new Term(SOURCE, source);
  }

  /** Passages that meet a filter; empty if nothing is asked for. */
  static Optional<Query> filter(Filter filter) {
    if (filter.conditions().isEmpty()) {
      return Optional.empty();
    }
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    filter.conditions().forEach(condition -> all.add(query(condition), Occur.FILTER));
    return Optional.of(all.build());
  }

  private static Query query(Filter.Condition condition) {
    boolean id = condition.name().equals(Filter.ID);
    String field = id ? SOURCE : TERMS;
    String before = id ? "" : pair(condition.name(), "");
    return switch (condition) {
      case Filter.OneOf one when one.values().size() == 1 ->
          new TermQuery(new Term(field, before + one.values().getFirst()));
      case Filter.OneOf some ->
          new TermInSetQuery(
              field, some.values().stream().map(v -> new BytesRef(before + v)).toList());
      case Filter.Prefix prefix -> new PrefixQuery(new Term(field, before + prefix.prefix()));
      case Filter.Range range -> range(range);
    };
  }

  private static Query range(Filter.Range range) {
    long name = digest(range.name());
    if (isOfNumbers(range)) {
      double from = range.from().map(Metadata::leastNumber).orElse(Double.NEGATIVE_INFINITY);
      double to = range.to().map(Metadata::largestNumber).orElse(Double.POSITIVE_INFINITY);
      return DoublePoint.newRangeQuery(NUMBERS, new double[] {name, from}, new double[] {name, to});
    }
    long from = range.from().map(Metadata::leastDate).orElse(Long.MIN_VALUE);
    long to = range.to().map(Metadata::largestDate).orElse(Long.MAX_VALUE);
    return LongPoint.newRangeQuery(DATES, new long[] {name, from}, new long[] {name, to});
  }

  /**
   * Makes sure that a range can be searched for.
   *
   * @return what is wrong with it, empty if nothing is
   */
  static Optional<String> problem(Filter.Range range) {
    boolean numbers = isOfNumbers(range);
    for (Optional<Filter.Bound> bound : java.util.List.of(range.from(), range.to())) {
      if (bound.isPresent()) {
        String value = bound.get().value();
        if (numbers ? number(value).isEmpty() : day(value).isEmpty()) {
          return Optional.of(
              "\"%s\" is neither a number nor an ISO 8601 date such as 2026-01-31 or 2026-01-31T12:00:00Z, or not of the kind of the other bound"
                  .formatted(value));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isOfNumbers(Filter.Range range) {
    return range.from().or(range::to).map(b -> number(b.value()).isPresent()).orElse(false);
  }

  private static double leastNumber(Filter.Bound bound) {
    double value = number(bound.value()).orElseThrow();
    return bound.included() ? value : Math.nextUp(value);
  }

  private static double largestNumber(Filter.Bound bound) {
    double value = number(bound.value()).orElseThrow();
    return bound.included() ? value : Math.nextDown(value);
  }

  private static long leastDate(Filter.Bound bound) {
    Day day = day(bound.value()).orElseThrow();
    return bound.included() ? day.from().toEpochMilli() : day.last().toEpochMilli() + 1;
  }

  private static long largestDate(Filter.Bound bound) {
    Day day = day(bound.value()).orElseThrow();
    return bound.included() ? day.last().toEpochMilli() : day.from().toEpochMilli() - 1;
  }

  private static OptionalDouble number(String value) {
    return NUMBER.matcher(value).matches()
        ? OptionalDouble.of(Double.parseDouble(value))
        : OptionalDouble.empty();
  }

  /** The moments that a value stands for: a date for a whole day in UTC, an instant for itself. */
  private record Day(Instant from, Instant last) {}

  private static Optional<Day> day(String value) {
    if (!DATE.matcher(value).matches()) {
      return Optional.empty();
    }
    try {
      if (value.indexOf('T') < 0) {
        Instant from = LocalDate.parse(value).atStartOfDay(ZoneOffset.UTC).toInstant();
        return Optional.of(new Day(from, from.plusMillis(86_400_000L - 1)));
      }
      Instant instant = OffsetDateTime.parse(value).toInstant();
      return Optional.of(new Day(instant, instant));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static long digest(String name) {
    return Long.parseLong(Digests.shortName(name).substring(0, DIGITS), 16);
  }

  private static String pair(String name, String value) {
    return name.length() + ":" + name + value; // the length tells where the name ends
  }
}
