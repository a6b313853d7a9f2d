package dev.qwenmcp.server.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Where the answer to one message goes; filled or given up once. */
interface ReplySlot {

  void fill(ObjectNode response);

  /** No answer will come: the call was cancelled. */
  void giveUp();

  /** The answer to a message that stands alone. */
  static ReplySlot alone(Consumer<JsonNode> out) {
    return new ReplySlot() {
      @Override
      public void fill(ObjectNode response) {
        out.accept(response);
      }

      @Override
      public void giveUp() {
        // Nothing is sent for a cancelled call.
      }
    };
  }

  /** Gathers the answers to a batch and sends them as one array when the last is known. */
  final class Batch {
    private final RpcCodec codec;
    private final Consumer<JsonNode> out;
    private final List<ObjectNode> responses = new ArrayList<>();
    private int open = 1;

    Batch(RpcCodec codec, Consumer<JsonNode> out) {
      this.codec = codec;
      this.out = out;
    }

    /** A place for one more answer; none after {@link #complete()}. */
    synchronized ReplySlot slot() {
      open++;
      return new ReplySlot() {
        @Override
        public void fill(ObjectNode response) {
          close(response);
        }

        @Override
        public void giveUp() {
          close(null);
        }
      };
    }

    /** Says that every message of the batch has been read. */
    void complete() {
      close(null);
    }

    private void close(ObjectNode response) {
      List<ObjectNode> done = null;
      synchronized (this) {
        if (response != null) {
          responses.add(response);
        }
        if (--open == 0 && !responses.isEmpty()) {
          done = List.copyOf(responses);
        }
      }
      if (done != null) {
        out.accept(codec.batch(done));
      }
    }
  }
}
