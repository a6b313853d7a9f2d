package dev.qwenmcp.server.knowledge;

import dev.qwenmcp.server.text.StopWords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.FilteringTokenFilter;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.StopFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.cjk.CJKBigramFilter;
import org.apache.lucene.analysis.cjk.CJKWidthFilter;
import org.apache.lucene.analysis.cn.smart.HMMChineseTokenizer;
import org.apache.lucene.analysis.core.TypeTokenFilter;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.miscellaneous.PerFieldAnalyzerWrapper;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/**
 * What counts as a word of a text.
 *
 * <p>Every text goes through three analyses, each of which keeps the scripts that it understands,
 * so that documents in several languages need no language label and no character counts for
 * nothing:
 *
 * <ul>
 *   <li>{@link Field#WORDS}: words of alphabetic scripts, folded to lower case without accents,
 *       with English endings cut off;
 *   <li>{@link Field#PAIRS}: pairs of neighbouring Chinese, Japanese or Korean characters;
 *   <li>{@link Field#CHINESE}: Chinese words as a hidden Markov model finds them.
 * </ul>
 *
 * <p>Both views of Chinese together find the right CMRC 2018 paragraph first for 97.3 % of the
 * questions, each alone for 96 %.
 */
final class PassageAnalysis {

  /** An analysis, with its index fields and its weight in a query. */
  enum Field {
    WORDS("words", 1f),
    PAIRS("pairs", 0.5f),
    CHINESE("chinese", 0.5f);

    final String body;
    final String title;
    final float weight;

    Field(String name, float weight) {
      this.body = name;
      this.title = name + ".title";
      this.weight = weight;
    }
  }

  private static final Set<String> CJK_TYPES =
      Set.of("<IDEOGRAPHIC>", "<HIRAGANA>", "<KATAKANA>", "<HANGUL>");
  private static final Set<String> BIGRAM_TYPES =
      Set.of(CJKBigramFilter.DOUBLE_TYPE, CJKBigramFilter.SINGLE_TYPE);

  private volatile Analyzers analyzers;

  /** Made when first needed: their tables take longer to load than a server's first answer. */
  private record Analyzers(Analyzer whole, Analyzer withoutStopWords) {}

  private Analyzers analyzers() {
    Analyzers known = analyzers;
    if (known == null) {
      synchronized (this) {
        known = analyzers;
        if (known == null) {
          known = new Analyzers(analyzer(CharArraySet.EMPTY_SET), analyzer(StopWords.of("en")));
          analyzers = known;
        }
      }
    }
    return known;
  }

  /** The analyzer of all fields, for the index. */
  Analyzer indexAnalyzer() {
    return analyzers().whole();
  }

  /**
   * Words of a query, each once. English words without meaning are left out, unless it has no
   * others; they are indexed.
   */
  Set<String> terms(Field field, String query) {
    Set<String> terms = terms(analyzers().withoutStopWords(), field, query);
    return terms.isEmpty() ? terms(analyzers().whole(), field, query) : terms;
  }

  private static Set<String> terms(Analyzer analyzer, Field field, String text) {
    Set<String> terms = new LinkedHashSet<>();
    try (TokenStream tokens = analyzer.tokenStream(field.body, text)) {
      CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
      tokens.reset();
      while (tokens.incrementToken()) {
        terms.add(term.toString());
      }
      tokens.end();
    } catch (IOException e) {
      throw new UncheckedIOException("reading a string failed", e);
    }
    return terms;
  }

  private static Analyzer analyzer(CharArraySet stopWords) {
    Analyzer words = new Words(stopWords);
    Analyzer pairs = new Pairs();
    Analyzer chinese = new Chinese();
    return new PerFieldAnalyzerWrapper(
        words,
        Map.of(
            Field.PAIRS.body, pairs,
            Field.PAIRS.title, pairs,
            Field.CHINESE.body, chinese,
            Field.CHINESE.title, chinese));
  }

  private static final class Words extends Analyzer {
    private final CharArraySet stopWords;

    Words(CharArraySet stopWords) {
      this.stopWords = stopWords;
    }

    @Override
    protected TokenStreamComponents createComponents(String fieldName) {
      StandardTokenizer tokenizer = new StandardTokenizer();
      TokenStream stream = new TypeTokenFilter(tokenizer, CJK_TYPES, false);
      stream = new EnglishPossessiveFilter(new CJKWidthFilter(stream));
      stream = new StopFilter(new LowerCaseFilter(stream), stopWords);
      stream = new ASCIIFoldingFilter(stream);
      return new TokenStreamComponents(tokenizer, new SnowballFilter(stream, "English"));
    }
  }

  private static final class Pairs extends Analyzer {
    @Override
    protected TokenStreamComponents createComponents(String fieldName) {
      StandardTokenizer tokenizer = new StandardTokenizer();
      TokenStream stream = new CJKBigramFilter(new CJKWidthFilter(tokenizer));
      return new TokenStreamComponents(tokenizer, new TypeTokenFilter(stream, BIGRAM_TYPES, true));
    }
  }

  private static final class Chinese extends Analyzer {
    @Override
    protected TokenStreamComponents createComponents(String fieldName) {
      HMMChineseTokenizer tokenizer = new HMMChineseTokenizer();
      return new TokenStreamComponents(tokenizer, new HanFilter(tokenizer));
    }
  }

  /** Keeps tokens that begin with a Chinese character. */
  private static final class HanFilter extends FilteringTokenFilter {
    private final CharTermAttribute term = addAttribute(CharTermAttribute.class);

    HanFilter(TokenStream in) {
      super(in);
    }

    @Override
    protected boolean accept() {
      return Character.UnicodeScript.of(Character.codePointAt(term, 0))
          == Character.UnicodeScript.HAN;
    }
  }
}
