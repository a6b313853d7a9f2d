package dev.qwenmcp.server.transport;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Where the answer to one message goes; filled or given up once. */
interface ReplySlot {

  void fill(ObjectNode response);

  /** No answer will come: the call was cancelled. */
  void giveUp();

  /** The message wants no answer. */
  void unused();

  /** The answer to a message that stands alone. */
  static ReplySlot alone(Outlet out) {
    return new ReplySlot() {
      @Override
      public void fill(ObjectNode response) {
        out.send(response);
      }

      @Override
      public void giveUp() {
        out.nothing();
      }

      @Override
      public void unused() {
        // Whoever sent it waits for nothing.
      }
    };
  }

  /** Gathers the answers to a batch and sends them as one array when the last is known. */
  final class Batch {
    private final RpcCodec codec;
    private final Outlet out;
    private final List<ObjectNode> responses = new ArrayList<>();
    private int open = 1;

    Batch(RpcCodec codec, Outlet out) {
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

        @Override
        public void unused() {
          close(null);
        }
      };
    }

    /** Says that every message of the batch has been read. */
    void complete() {
      close(null);
    }

    private void close(ObjectNode response) {
      List<ObjectNode> done;
      synchronized (this) {
        if (response != null) {
          responses.add(response);
        }
        if (--open > 0) {
          return;
        }
        done = List.copyOf(responses);
      }
      if (done.isEmpty()) {
        out.nothing();
      } else {
        out.send(codec.batch(done));
      }
    }
  }
}
