package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.chat.Message;
import dev.qwenmcp.server.context.Entry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A context's entries as the turns of a dialogue: what was given and asked, and what was answered.
 *
 * <p>Within a turn documents come first, then passages, the question last, so that questions about
 * the same texts share the beginning of their prompts. A text that a tool worked on before another
 * question was asked is a document of its turn, and written as the tool wrote it.
 */
final class Conversation {
  private static final String UNDERSTAND = "understand";
  private static final String GENERATE = "generate";

  /** One turn; the answer is null while it is waited for. */
  private static final class Turn {
    final List<String> documents = new ArrayList<>();
    final List<PassageView> passages = new ArrayList<>();
    final List<String> questions = new ArrayList<>();
    final Set<String> workedOn = new HashSet<>(); // of the questions
    String answer;

    /** What tools worked on and nobody asks an answer to is a document like any other. */
    void keepAsDocuments() {
      for (String text : List.copyOf(questions)) {
        if (workedOn.remove(text)) {
          questions.remove(text);
          addDocument(text);
        }
      }
    }

    /** The same text is read once. */
    void addDocument(String text) {
      if (!documents.contains(text)) {
        documents.add(text);
      }
    }

    boolean isEmpty() {
      return documents.isEmpty() && passages.isEmpty() && questions.isEmpty();
    }
  }

  private final PromptProfile profile;
  private final List<Turn> turns = new ArrayList<>();
  private List<PassageView> sources = List.of();
  private int dropped;

  private Conversation(PromptProfile profile) {
    this.profile = profile;
    turns.add(new Turn());
  }

  static Conversation of(PromptProfile profile, List<Entry> entries) {
    Conversation conversation = new Conversation(profile);
    entries.forEach(conversation::add);
    return conversation;
  }

  private void add(Entry entry) {
    Turn turn = turns.getLast();
    switch (entry.role()) {
      case Roles.USER -> {
        switch (entry.tool()) {
          case UNDERSTAND -> {
            waiting().questions.add(entry.text());
            waiting().workedOn.add(entry.text());
          }
          case GENERATE -> ask(entry.text());
          default -> waiting().questions.add(entry.text());
        }
      }
      case Roles.DOCUMENT -> waiting().addDocument(entry.text());
      case Roles.PASSAGES -> {
        List<PassageView> found = PassageView.read(entry);
        waiting().passages.addAll(found);
        sources = found;
      }
      case Roles.ASSISTANT -> turn.answer = (turn.answer == null ? "" : turn.answer) + entry.text();
      default -> {
        // What tools found out is for the caller; it is no part of the dialogue.
      }
    }
  }

  /** The last turn, or a new one if that has been answered. */
  private Turn waiting() {
    if (turns.getLast().answer != null) {
      turns.add(new Turn());
    }
    return turns.getLast();
  }

  /** Adds a question that is to be answered from what came before it. */
  void ask(String question) {
    if (profile.readsTexts()) {
      waiting().keepAsDocuments();
    }
    waiting().questions.add(question);
  }

  /** The last thing asked, empty if nothing was. */
  String question() {
    List<String> questions = turns.getLast().questions;
    return questions.isEmpty() ? "" : questions.getLast();
  }

  /** What the last search found. */
  List<PassageView> sources() {
    return sources;
  }

  /** Whether there are documents or passages that the model's profile keeps out of the prompt. */
  boolean leavesTextsOut() {
    return !profile.readsTexts()
        && turns.stream().anyMatch(t -> !t.documents.isEmpty() || !t.passages.isEmpty());
  }

  /**
   * Leaves out the oldest turn but for its documents.
   *
   * @return false if there is only the last turn
   */
  boolean dropOldest() {
    if (turns.size() == 1) {
      return false;
    }
    Turn oldest = turns.removeFirst();
    turns.getFirst().documents.addAll(0, oldest.documents);
    dropped++;
    return true;
  }

  /** Turns that were left out. */
  int dropped() {
    return dropped;
  }

  /** The messages of each turn, oldest first, without a system message. */
  List<List<Message>> turns() {
    List<List<Message>> result = new ArrayList<>();
    for (Turn turn : turns) {
      List<Message> messages = new ArrayList<>();
      if (!turn.isEmpty()) {
        messages.add(Message.user(content(turn)));
      }
      if (turn.answer != null) {
        messages.add(Message.assistant(turn.answer));
      }
      result.add(messages);
    }
    return result;
  }

  private String content(Turn turn) {
    List<String> parts = new ArrayList<>();
    if (profile.readsTexts()) {
      turn.documents.forEach(document -> parts.add(PromptParts.document(profile, document)));
      if (!turn.passages.isEmpty()) {
        parts.add(PromptParts.passages(profile, turn.passages));
      }
    }
    parts.addAll(turn.questions);
    return String.join("\n\n", parts);
  }
}
