package dev.qwenmcp.engine;

import dev.qwenmcp.engine.batch.Load;
import dev.qwenmcp.engine.batch.Scheduler;
import dev.qwenmcp.engine.chat.ChatTemplate;
import dev.qwenmcp.engine.chat.ChatTemplateException;
import dev.qwenmcp.engine.chat.ThinkingMode;
import dev.qwenmcp.engine.draft.GuessCost;
import dev.qwenmcp.engine.draft.Guesser;
import dev.qwenmcp.engine.draft.LookupDrafter;
import dev.qwenmcp.engine.draft.RecordDrafter;
import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.gguf.GgufFormatException;
import dev.qwenmcp.engine.gguf.TensorInfo;
import dev.qwenmcp.engine.grammar.TokenConstraint;
import dev.qwenmcp.engine.kernel.KernelSelection;
import dev.qwenmcp.engine.kernel.Kernels;
import dev.qwenmcp.engine.kv.CacheStatistics;
import dev.qwenmcp.engine.kv.KvCache;
import dev.qwenmcp.engine.kv.KvLayout;
import dev.qwenmcp.engine.kv.PagePool;
import dev.qwenmcp.engine.model.ModelConfig;
import dev.qwenmcp.engine.model.QwenModel;
import dev.qwenmcp.engine.sample.SamplerSettings;
import dev.qwenmcp.engine.tokenizer.BpeTokenizer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A loaded model; sessions of many threads share it, and their next tokens are computed together.
 */
public final class Engine implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Engine.class.getName());

  private final GgufFile file;
  private final Kernels kernels;
  private final KvCache cache;
  private final PagePool pool;
  private final int batchTokens;
  private final int warmUpTokens;
  private final Scheduler scheduler;
  private final BpeTokenizer tokenizer;
  private final ModelConfig config;
  private final int contextTokens;
  private final EngineOptions.Drafting drafting;
  private final GuessCost guessCost = new GuessCost();
  private final ChatTemplate template; // null where the file has none that is known
  private final String templateProblem;

  private Engine(Loading loading, EngineOptions options) {
    this.file = loading.file;
    this.kernels = loading.kernels;
    this.tokenizer = loading.tokenizer;
    this.config = loading.model.config();
    this.contextTokens = loading.contextTokens;
    this.drafting = options.drafting();
    this.cache = loading.cache;
    this.pool = loading.pool;
    this.batchTokens = options.batchTokens();
    this.warmUpTokens = loading.warmUpTokens;
    this.scheduler = new Scheduler(loading.model, loading.pool, options.scheduling());
    cache.giveWayTo(scheduler::running);
    ChatTemplate known = null;
    String problem = "";
    try {
      known = ChatTemplate.of(file.metadata(), tokenizer);
    } catch (ChatTemplateException e) {
      problem = e.getMessage();
    }
    this.template = known;
    this.templateProblem = problem;
  }

  /**
   * Loads a model. The engine owns {@code file} from here on, also when loading fails.
   *
   * @throws ModelMemoryException if model and context do not fit into memory
   * @throws IOException if the file is no model that the engine can run; the message says why
   */
  public static Engine open(GgufFile file, EngineOptions options) throws IOException {
    Cancellation nothing = new Cancellation();
    nothing.cancel();
    return openWarm(file, options, nothing);
  }

  /**
   * Loads a model and lets it compute a little that nobody asked for, so that the first answer is
   * as quick as the next. Large dense models are left out, which would be read from disk for it;
   * where it fails, the log says so and the model is loaded all the same.
   *
   * @param cancellation ends it before the model's next layer
   * @throws ModelMemoryException if model and context do not fit into memory
   * @throws IOException if the file is no model that the engine can run; the message says why
   */
  public static Engine openWarm(GgufFile file, EngineOptions options, Cancellation cancellation)
      throws IOException {
    Loading loading = new Loading(file);
    try {
      loading.load(options);
      loading.warmUp(cancellation);
      return new Engine(loading, options);
    } catch (IOException | RuntimeException | Error e) {
      loading.abandon();
      throw e;
    }
  }

  /** What has been opened so far, so that a failure half-way closes it all. */
  private static final class Loading {
    private final GgufFile file;
    private final TokenizerReading reading;
    private Kernels kernels;
    private QwenModel model;
    private PagePool pool;
    private KvCache cache;
    private BpeTokenizer tokenizer;
    private int contextTokens;
    private int warmUpTokens;

    Loading(GgufFile file) {
      this.file = file;
      this.reading = new TokenizerReading(file.metadata());
    }

    void load(EngineOptions options) throws IOException {
      reading.start();
      kernels = KernelSelection.open(options.kernels(), options.threads());
      model = QwenModel.load(file, kernels, options.batchTokens());
      ModelConfig config = model.config();
      if (options.contextTokens() > config.contextTokens()) {
        throw new GgufFormatException(
            file.name(),
            -1,
            "a context of at least " + options.contextTokens() + " tokens as asked for",
            "a model of " + config.contextTokens());
      }
      tokenizer = reading.tokenizer();
      if (tokenizer.size() > config.vocabulary()) {
        throw new GgufFormatException(
            file.name(),
            -1,
            "an embedding row for each of " + tokenizer.size() + " tokens",
            config.vocabulary() + " rows");
      }
      int kvBlock = options.kvType().ggmlType().blockSize();
      if (config.headDim() % kvBlock != 0) {
        throw new GgufFormatException(
            file.name(),
            -1,
            "heads of a multiple of "
                + kvBlock
                + " elements to keep keys and values as "
                + options.kvType()
                + " (choose F16 instead)",
            config.headDim() + " elements");
      }
      KvLayout layout =
          new KvLayout(options.kvType(), config.layers(), config.kvHeads(), config.headDim());
      MemoryPlan plan =
          new MemoryPlan(
              MachineMemory.now(),
              file.tensors().stream().mapToLong(TensorInfo::byteSize).sum(),
              MemoryPlan.scratch(config, options.batchTokens()),
              layout,
              options.cache().memoryBytes());
      contextTokens = plan.context(file.name(), options.contextTokens(), config.contextTokens());
      if (options.contextTokens() == 0 && contextTokens < config.contextTokens()) {
        LOG.log(
            System.Logger.Level.INFO,
            "{0}: memory holds {1} of the model''s {2} tokens of context",
            file.name(),
            contextTokens,
            config.contextTokens());
      }
      pool = new PagePool(layout, plan.kvBudget(), kernels.pageMemory());
      cache = CacheFactory.open(file, config, pool, options.cache());
    }

    void warmUp(Cancellation cancellation) {
      if (cancellation.cancelled()) {
        return;
      }
      try {
        warmUpTokens =
            new WarmUp(model, pool, tokenizer, contextTokens).run(file.tensors(), cancellation);
      } catch (RuntimeException | OutOfMemoryError e) {
        LOG.log(System.Logger.Level.WARNING, file.name() + ": it could not be warmed up", e);
      }
    }

    void abandon() {
      reading.end();
      if (cache != null) {
        cache.close();
      }
      if (pool != null) {
        pool.close();
      }
      if (model != null) {
        model.close();
      }
      if (kernels != null) {
        kernels.close();
      }
      file.close();
    }
  }

  /** {@code general.name} of the file, or the file's own name. */
  public String name() {
    Object name = file.metadata().get("general.name").orElse("");
    return name instanceof String text && !text.isBlank() ? text : file.name();
  }

  /** {@code qwen3} or {@code qwen3moe}. */
  public String architecture() {
    return config.architecture();
  }

  /** Longest sequence in tokens. */
  public int contextTokens() {
    return contextTokens;
  }

  /** Rows of logits; ids from the tokenizer are below it. */
  public int vocabulary() {
    return config.vocabulary();
  }

  /** Its experts; empty for a dense model. */
  public Optional<ExpertGrid> experts() {
    return switch (config.feedForward()) {
      case ModelConfig.Dense _ -> Optional.empty();
      case ModelConfig.Experts e ->
          Optional.of(new ExpertGrid(config.layers(), e.experts(), e.used()));
    };
  }

  /** Numbers in a token's state. */
  public int width() {
    return config.width();
  }

  /** Number of weights. */
  public long parameters() {
    return file.tensors().stream().mapToLong(TensorInfo::elements).sum();
  }

  /** What computes, for people. */
  public String kernels() {
    return kernels.description();
  }

  public BpeTokenizer tokenizer() {
    return tokenizer;
  }

  /**
   * The model's chat format.
   *
   * @throws ChatTemplateException if the file has no template or not Qwen3's
   */
  public ChatTemplate chatTemplate() throws ChatTemplateException {
    if (template == null) {
      throw new ChatTemplateException(templateProblem);
    }
    return template;
  }

  /** Ids at which generation stops. */
  Set<Integer> stopTokens() {
    Set<Integer> stops = new TreeSet<>();
    stops.add(tokenizer.eos());
    if (template != null) {
      for (int id : template.stopTokens()) {
        stops.add(id);
      }
    }
    return stops;
  }

  /** The sampling that the model's makers recommend, with the given seed. */
  public SamplerSettings recommendedSampling(ThinkingMode thinking, long seed) {
    return SamplerSettings.qwen3(thinking, seed);
  }

  /**
   * Guesses for one generation.
   *
   * @param constraint of the generation, null for none
   */
  Guesser guesser(TokenConstraint constraint) {
    return switch (drafting) {
      case LOOKUP ->
          new Guesser(
              List.of(
                  new LookupDrafter(this::form), new RecordDrafter(this::bytes, tokenizer::encode)),
              guessCost,
              constraint,
              tokenizer::encode);
      case NONE -> new Guesser(List.of(), guessCost, null, tokenizer::encode);
    };
  }

  Scheduler scheduler() {
    return scheduler;
  }

  /** Most tokens of a pass. */
  int batchTokens() {
    return batchTokens;
  }

  /** Most pages of keys and values at a time. */
  long mostPages() {
    return pool.maxPages();
  }

  /** Keys and values of all that was computed, which sequences look up and add to. */
  KvCache cache() {
    return cache;
  }

  private byte[] bytes(int token) {
    return token < tokenizer.size() ? tokenizer.bytes(token) : new byte[0]; // or a padding row
  }

  private int form(int token) {
    return token < tokenizer.size() ? tokenizer.withoutSpace(token) : token; // or a padding row
  }

  /** An empty session of the one user of this process. */
  public Session newSession() {
    return newSession(SessionOptions.LOCAL);
  }

  /** An empty session. */
  public Session newSession(SessionOptions options) {
    return new Session(
        this,
        options.callerInQueue(),
        options.experts(),
        new Timeline(pool, cache, options.scope()));
  }

  /** Tokens that the model computed for nobody when it was opened. */
  public int warmUpTokens() {
    return warmUpTokens;
  }

  /** Sequences that run and wait. */
  public Load load() {
    return scheduler.load();
  }

  /** What the cache of keys and values holds and did. */
  public CacheStatistics cacheStatistics() {
    return cache.statistics();
  }

  /**
   * Compares the holders of every page of keys and values with those that are known, for tests and
   * for the end of a program: sessions that are still open count as wrong.
   *
   * @return what is wrong, for people; empty if nothing is
   */
  public List<String> auditAtRest() {
    return cache.audit(List.of());
  }

  /** Releases the model after the pass that may be running; open sessions fail from here on. */
  @Override
  public void close() {
    cache.close();
    scheduler.close();
    kernels.close();
    file.close();
  }
}
