package dev.qwenmcp.server.model;

import dev.qwenmcp.engine.chat.ChatTemplate;
import dev.qwenmcp.engine.chat.ThinkingMode;
import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.gguf.GgufFormatException;
import dev.qwenmcp.engine.gguf.GgufMetadata;
import dev.qwenmcp.engine.gguf.TensorInfo;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a file's header says of its model; all of it is known before anything is loaded.
 *
 * @param architecture such as {@code qwen3moe}, empty if unknown
 * @param parameters number of weights, 0 if unknown
 * @param quantisation how they are stored, such as {@code Q4_K_M}, empty if unknown
 * @param bytes of all tensors, 0 if unknown
 * @param contextTokens longest sequence, 0 if unknown
 * @param languages ISO 639-1 codes; none where nobody said
 * @param capabilities what it can be used for
 * @param licence empty if unknown
 */
public record ModelFacts(
    String architecture,
    long parameters,
    String quantisation,
    long bytes,
    int contextTokens,
    List<String> languages,
    Set<Capability> capabilities,
    String licence) {

  /** Nothing. */
  public static final ModelFacts UNKNOWN = new ModelFacts("", 0, "", 0, 0, List.of(), Set.of(), "");

  /** No model below this size has been seen to follow free instructions. */
  public static final long FEW_PARAMETERS = 100_000_000L;

  /** {@code pooling_type} of files for embeddings: mean, first, last; and for ranking. */
  private static final Set<Long> EMBEDDING_POOLING = Set.of(1L, 2L, 3L);

  private static final long RANK_POOLING = 4;

  public ModelFacts {
    languages = List.copyOf(languages);
    capabilities =
        capabilities.isEmpty()
            ? Set.of()
            : Collections.unmodifiableSet(EnumSet.copyOf(capabilities));
  }

  /** Reads a header. */
  static ModelFacts of(GgufFile file) throws GgufFormatException {
    GgufMetadata metadata = file.metadata();
    String architecture = metadata.string("general.architecture").orElse("");
    long parameters = file.tensors().stream().mapToLong(TensorInfo::elements).sum();
    return new ModelFacts(
        architecture,
        parameters,
        FileType.of(file),
        file.tensors().stream().mapToLong(TensorInfo::byteSize).sum(),
        Math.clamp(
            metadata.integer(architecture + ".context_length").orElse(0L), 0, Integer.MAX_VALUE),
        languages(metadata),
        capabilities(metadata, architecture, parameters),
        metadata.string("general.license").orElse(""));
  }

  private static List<String> languages(GgufMetadata metadata) {
    try {
      return metadata.strings("general.languages").orElse(List.of()).stream()
          .filter(code -> code.matches("[a-z]{2}"))
          .toList();
    } catch (GgufFormatException _) {
      return List.of(); // a remark of its maker's, in a form that is not the usual one
    }
  }

  private static Set<Capability> capabilities(
      GgufMetadata metadata, String architecture, long parameters) throws GgufFormatException {
    long pooling = metadata.integer(architecture + ".pooling_type").orElse(0L);
    String name = metadata.string("general.name").orElse("").toLowerCase(Locale.ROOT);
    if (pooling == RANK_POOLING || name.contains("reranker")) {
      return Set.of(Capability.RERANK);
    }
    if (EMBEDDING_POOLING.contains(pooling) || name.contains("embedding")) {
      return Set.of(Capability.EMBEDDING);
    }
    Set<ThinkingMode> modes = ChatTemplate.thinkingModes(metadata);
    Set<Capability> capabilities = EnumSet.noneOf(Capability.class);
    if (!modes.isEmpty()) {
      capabilities.add(Capability.CHAT);
      if (parameters >= FEW_PARAMETERS) {
        capabilities.add(Capability.GROUNDED_ANSWERS);
        if (modes.contains(ThinkingMode.ON)) {
          capabilities.add(Capability.THINKING);
        }
      }
    }
    return capabilities;
  }

  /** The same with what somebody else said where the header says nothing. */
  ModelFacts or(List<String> otherLanguages, String otherLicence) {
    return new ModelFacts(
        architecture,
        parameters,
        quantisation,
        bytes,
        contextTokens,
        languages.isEmpty() ? otherLanguages : languages,
        capabilities,
        licence.isEmpty() ? otherLicence : licence);
  }
}
