package dev.bcq.runtime.text;

import dev.bcq.format.TextPipeline.AddedText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Texts that are tokens wherever they stand, the longest first. Immutable and thread-safe. */
final class AddedTexts {
  private final List<AddedText> all;
  private final ByteTrie trie;

  AddedTexts(List<AddedText> all) {
    this.all = all;
    List<byte[]> keys = new ArrayList<>();
    int[] numbers = new int[all.size()];
    for (int i = 0; i < numbers.length; i++) {
      keys.add(all.get(i).text().getBytes(StandardCharsets.UTF_8));
      numbers[i] = i;
    }
    this.trie = ByteTrie.of(keys, numbers);
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** Is told what a text consists of. */
  interface Parts {
    /** A text between added ones. */
    void text(String text);

    /** An added one. */
    void token(int id);
  }

  /** Cuts a text at the added ones. */
  void cut(String text, Parts into) {
    if (all.isEmpty()) {
      into.text(text);
      return;
    }
    int done = 0;
    for (int at = 0; at < text.length(); ) {
      int found = match(text, at);
      if (found == ByteTrie.NONE) {
        at++;
        continue;
      }
      AddedText added = all.get(found);
      int start = at;
      int end = at + added.text().length();
      at = end;
      if (added.singleWord() && !isSingle(text, start, end)) {
        continue;
      }
      while (added.leftStrip() && start > done && isSpace(text, start - 1)) {
        start--;
      }
      while (added.rightStrip() && end < text.length() && isSpace(text, end)) {
        end++;
      }
      if (start > done) {
        into.text(text.substring(done, start));
      }
      into.token(added.token());
      done = end;
      at = end;
    }
    if (done < text.length()) {
      into.text(text.substring(done));
    }
  }

  private int match(String text, int from) {
    int best = ByteTrie.NONE;
    int node = ByteTrie.ROOT;
    for (int at = from; at < text.length() && node != ByteTrie.NONE; ) {
      int codePoint = text.codePointAt(at);
      if (codePoint < 0x80) {
        node = trie.child(node, (byte) codePoint);
      } else {
        for (byte b : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
          node = node == ByteTrie.NONE ? node : trie.child(node, b);
        }
      }
      if (node != ByteTrie.NONE && trie.value(node) != ByteTrie.NONE) {
        best = trie.value(node);
      }
      at += Character.charCount(codePoint);
    }
    return best;
  }

  private static boolean isSingle(String text, int start, int end) {
    return (start == 0 || !CharacterKinds.isWordPart(text.codePointBefore(start)))
        && (end == text.length() || !CharacterKinds.isWordPart(text.codePointAt(end)));
  }

  private static boolean isSpace(String text, int at) {
    return CharacterKinds.isWhiteSpace(text.charAt(at));
  }
}
