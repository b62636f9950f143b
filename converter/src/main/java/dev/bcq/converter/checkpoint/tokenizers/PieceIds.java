package dev.bcq.converter.checkpoint.tokenizers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.converter.checkpoint.CheckpointException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Pieces and their ids, as far as they have been read. */
public final class PieceIds {
  private static final int MOST = 1 << 24;

  private final String file;
  private final List<String> pieces = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();

  /** Begins without pieces; {@code file} names their source in messages. */
  public PieceIds(String file) {
    this.file = file;
  }

  /**
   * Adds the members of an object, piece to id.
   *
   * @throws CheckpointException if an id is none or has two pieces
   */
  public PieceIds addAll(JsonNode vocabulary) {
    for (Map.Entry<String, JsonNode> entry : vocabulary.properties()) {
      add(entry.getKey(), entry.getValue());
    }
    return this;
  }

  /** Adds a piece. */
  void add(String piece, JsonNode id) {
    if (!id.isIntegralNumber() || !id.canConvertToInt()) {
      throw new CheckpointException(
          "%s: the id of '%s' is %s; expected a number".formatted(file, piece, id));
    }
    add(piece, id.intValue());
  }

  /** Adds a piece. */
  void add(String piece, int id) {
    boolean taken = id >= 0 && id < pieces.size() && !pieces.get(id).isEmpty();
    if (id < 0 || id >= MOST || (taken && !pieces.get(id).equals(piece))) {
      throw new CheckpointException(
          "%s: the id of '%s' is %d%s"
              .formatted(file, piece, id, taken ? ", which '" + pieces.get(id) + "' has too" : ""));
    }
    if (id >= pieces.size()) {
      pieces.addAll(Collections.nCopies(id + 1 - pieces.size(), ""));
    }
    pieces.set(id, piece);
    ids.putIfAbsent(piece, id);
  }

  /** Returns the pieces by id, empty ones where an id has none. */
  public List<String> pieces() {
    return Collections.unmodifiableList(pieces);
  }

  /** Returns the ids by piece. */
  Map<String, Integer> ids() {
    return ids;
  }
}
