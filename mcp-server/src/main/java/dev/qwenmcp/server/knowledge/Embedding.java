package dev.qwenmcp.server.knowledge;

/**
 * What an embedding model makes of a text.
 *
 * @param vector (dimension), of length 1
 * @param tokens (tokens, dimension), a vector of length 1 for each token of the text in its order,
 *     without the model's marks
 * @param pieces of each of these tokens, its number in the model's vocabulary; empty if the model
 *     does not say
 * @param known share of the tokens that the model's vocabulary has, 0 to 1; a text in a script that
 *     the model was not trained on has a vector that means nothing
 */
public record Embedding(float[] vector, float[][] tokens, int[] pieces, double known) {

  /** Of a model that does not say which tokens they are. */
  public Embedding(float[] vector, float[][] tokens, double known) {
    this(vector, tokens, new int[0], known);
  }
}
