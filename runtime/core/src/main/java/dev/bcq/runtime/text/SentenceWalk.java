package dev.bcq.runtime.text;

import static dev.bcq.runtime.text.CharacterClasses.isCapital;
import static dev.bcq.runtime.text.CharacterClasses.isCloser;
import static dev.bcq.runtime.text.CharacterClasses.isContinuation;
import static dev.bcq.runtime.text.CharacterClasses.isDashOrBullet;
import static dev.bcq.runtime.text.CharacterClasses.isEastAsianCloser;
import static dev.bcq.runtime.text.CharacterClasses.isEastAsianLetter;
import static dev.bcq.runtime.text.CharacterClasses.isEllipsis;
import static dev.bcq.runtime.text.CharacterClasses.isFreeStop;
import static dev.bcq.runtime.text.CharacterClasses.isHiragana;
import static dev.bcq.runtime.text.CharacterClasses.isLineBreak;
import static dev.bcq.runtime.text.CharacterClasses.isOpener;
import static dev.bcq.runtime.text.CharacterClasses.isSmallLetter;
import static dev.bcq.runtime.text.CharacterClasses.isStop;
import static dev.bcq.runtime.text.CharacterClasses.isSureCloser;
import static dev.bcq.runtime.text.CharacterClasses.isTerminator;
import static dev.bcq.runtime.text.CharacterClasses.isWhiteSpace;

import java.util.ArrayList;
import java.util.List;

/**
 * One walk over a text, from terminator to terminator. What is decided at a terminator depends on
 * its sentence and on the first word behind it alone, and looks at every unit a bounded number of
 * times.
 */
final class SentenceWalk {
  /**
   * Quotes, dashes and brackets in front of a word; more of them are no beginning of a sentence.
   */
  private static final int MAX_OPENERS = 32;

  private final String text;
  private final StopRules stops;
  private final Brackets brackets;
  private final List<TextRange> sentences = new ArrayList<>();

  private int lineEnd;
  private int start;

  /** Where the first word of the sentence begins, behind its quotes. */
  private int content;

  private boolean oddQuotes;

  SentenceWalk(String text, StopRules stops) {
    this.text = text;
    this.stops = stops;
    this.brackets = new Brackets(text);
  }

  List<TextRange> sentences() {
    for (int line = 0; line < text.length(); line = lineEnd + 1) {
      lineEnd = lineEnd(line);
      walkLine(line);
    }
    return sentences;
  }

  /**
   * Finds the line break or tab that ends a line; the tab behind the number of an item does not.
   */
  private int lineEnd(int from) {
    int first = skipBlanks(from);
    for (int at = first; at < text.length(); at++) {
      char c = text.charAt(at);
      if (isLineBreak(c) || (c == '\t' && !isItemMark(first, at))) {
        return at;
      }
    }
    return text.length();
  }

  private int skipBlanks(int from) {
    int at = from;
    while (at < text.length()
        && isWhiteSpace(text.charAt(at))
        && text.charAt(at) != '\t'
        && !isLineBreak(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private boolean isItemMark(int from, int tab) {
    if (tab - from == 1 && isDashOrBullet(text.charAt(from))) {
      return true;
    }
    char last = tab > from ? text.charAt(tab - 1) : ' ';
    return (isStop(last) || last == ')') && StopRules.isListNumber(text, from, tab - 1);
  }

  private void walkLine(int from) {
    begin(skipWhiteSpace(from));
    int at = start;
    while (at < lineEnd) {
      int codePoint = text.codePointAt(at);
      if (isTerminator(codePoint)) {
        at = pass(at);
      } else {
        brackets.pass(at, content, lineEnd);
        oddQuotes ^= codePoint == '"';
        at += Character.charCount(codePoint);
      }
    }
    int end = lineEnd;
    while (end > start && isWhiteSpace(text.charAt(end - 1))) {
      end--;
    }
    if (end > start) {
      sentences.add(new TextRange(start, end));
    }
  }

  private void begin(int at) {
    start = at;
    content = content(at);
    oddQuotes = false;
    brackets.begin();
  }

  private int skipWhiteSpace(int from) {
    int at = from;
    while (at < lineEnd && isWhiteSpace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /** Passes the terminators that begin at an index; returns where the walk goes on. */
  private int pass(int at) {
    int runEnd = at;
    boolean free = false;
    while (runEnd < lineEnd && isTerminator(text.charAt(runEnd))) {
      free |= isFree(runEnd);
      runEnd++;
    }
    int tail = tail(runEnd, free);
    int next = skipWhiteSpace(tail);
    if (next < lineEnd && isEnd(at, runEnd, tail, next, free)) {
      sentences.add(new TextRange(start, tail));
      begin(next);
      return next;
    }
    return tail;
  }

  /** Whether a terminator needs no white space behind it. */
  private boolean isFree(int at) {
    char c = text.charAt(at);
    if (!isStop(c) || c == '.') {
      return isFreeStop(c);
    }
    int before = at > start ? text.codePointBefore(at) : ' ';
    return isEastAsianLetter(before) || isEastAsianCloser(before);
  }

  /** Finds the end of what belongs to the sentence behind its terminators. */
  private int tail(int runEnd, boolean free) {
    int at = runEnd;
    while (true) {
      int end = closer(at, free);
      if (end == at) {
        return Emoji.endOfAll(text, at, lineEnd);
      }
      oddQuotes ^= text.charAt(end - 1) == '"';
      at = end;
    }
  }

  /** Finds the end of a closing quote or bracket, or of a reference such as "[12]". */
  private int closer(int at, boolean free) {
    if (at == lineEnd) {
      return at;
    }
    char c = text.charAt(at);
    if (free ? isSureCloser(c) || (c == '"' && oddQuotes) : isCloser(c)) {
      return at + 1;
    }
    if (c == '[') {
      int end = at + 1;
      while (end < lineEnd && end - at <= 3 && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
        end++;
      }
      return end > at + 1 && end < lineEnd && text.charAt(end) == ']' ? end + 1 : at;
    }
    return isSpacedCloser(at) ? at + 2 : at;
  }

  /**
   * French sets a space within its quotes; » opens in other languages, without one behind it. Plain
   * quotes with space on both sides close if one is open.
   */
  private boolean isSpacedCloser(int at) {
    if (at + 1 >= lineEnd || !isWhiteSpace(text.charAt(at))) {
      return false;
    }
    char quote = text.charAt(at + 1);
    if (quote != '\u00bb' && quote != '\u203a' && (quote != '"' || !oddQuotes)) {
      return false;
    }
    int behind = at + 2 < lineEnd ? text.charAt(at + 2) : ' ';
    return isWhiteSpace(behind) || isContinuation(behind) || isTerminator(behind);
  }

  private boolean isEnd(int run, int runEnd, int tail, int next, boolean free) {
    boolean inBrackets = brackets.contains(run);
    if (isBracketed(run) || (inBrackets && (brackets.contains(tail) || free || next == tail))) {
      return false;
    }
    if (free) {
      return isEndWithoutWhiteSpace(runEnd, tail, next);
    }
    if (next == tail) {
      return isAmongEastAsianLetters(run, runEnd, tail);
    }
    int following = content(next);
    if (inBrackets) {
      // "They left (all of them, too.) The next day ...": the full stop was meant for behind.
      return following < lineEnd
          && isCapital(text.codePointAt(following))
          && stops.begins(text, following, lineEnd);
    }
    if (following == lineEnd || !canBegin(following, isAsking(run, runEnd, tail))) {
      return false;
    }
    if (!isStop(text.charAt(runEnd - 1)) && tail > runEnd) {
      return !stops.isSpeaker(text, following, lineEnd);
    }
    return runEnd - run > 1
        || !isStop(text.charAt(run))
        || stops.ends(text, start, run, following, lineEnd);
  }

  /** Whether a bracket holds nothing but terminators: "(!)", "[...]". */
  private boolean isBracketed(int run) {
    return run > start && (text.charAt(run - 1) == '(' || text.charAt(run - 1) == '[');
  }

  private boolean isEndWithoutWhiteSpace(int runEnd, int tail, int next) {
    int codePoint = text.codePointAt(next);
    if (isContinuation(codePoint)) {
      return false;
    }
    if (next > tail) {
      return true;
    }
    boolean quoted = tail > runEnd && isHiragana(codePoint);
    boolean asked =
        "\uff01\uff1f".indexOf(text.charAt(runEnd - 1)) >= 0
            && (codePoint == '\u3068' || text.startsWith("\u3063\u3066", next));
    return !quoted && !asked && !isDashOrBullet(codePoint) && !isTerminator(codePoint);
  }

  /** Chinese and Japanese typed with the terminators of a Latin keyboard. */
  private boolean isAmongEastAsianLetters(int run, int runEnd, int tail) {
    boolean single = runEnd - run == 1 && !isEllipsis(text.charAt(run));
    return single
        && run > start
        && isEastAsianLetter(text.codePointBefore(run))
        && isEastAsianLetter(text.codePointAt(tail));
  }

  /** Whether the terminators ask or exclaim, and are not those of a quotation. */
  private boolean isAsking(int run, int runEnd, int tail) {
    char last = text.charAt(runEnd - 1);
    return tail == runEnd && (last == '!' || last == '?') && run > start;
  }

  /**
   * Finds the first code point at or behind an index that is no quote, opening bracket, dash,
   * bullet, leading ellipsis or white space behind one of them; the end of the line if there is
   * none.
   */
  private int content(int from) {
    int at = from;
    for (int openers = 0; at < lineEnd && openers < MAX_OPENERS; openers++) {
      int codePoint = text.codePointAt(at);
      if (isOpener(codePoint) || isDashOrBullet(codePoint)) {
        at = skipWhiteSpace(at + 1);
      } else if (isLeadingEllipsis(at)) {
        at = ellipsisEnd(at);
      } else {
        return at;
      }
    }
    return at;
  }

  private int ellipsisEnd(int from) {
    int at = from;
    while (at < lineEnd && (text.charAt(at) == '.' || isEllipsis(text.charAt(at)))) {
      at++;
    }
    return at;
  }

  private boolean isLeadingEllipsis(int at) {
    int end = ellipsisEnd(at);
    return end > at
        && (end - at > 1 || isEllipsis(text.charAt(at)))
        && end < lineEnd
        && !isWhiteSpace(text.charAt(end));
  }

  /**
   * Whether a sentence can begin with a word. One with a small letter has a capital next to it, as
   * a name, or a bracket, as a list item, or stands in a text whose sentences begin so.
   */
  private boolean canBegin(int at, boolean asking) {
    int codePoint = text.codePointAt(at);
    if (isSmallLetter(codePoint)) {
      char second = at + 1 < lineEnd ? text.charAt(at + 1) : ' ';
      return isCapital(second)
          || (second == ')')
          || (asking && content < lineEnd && isSmallLetter(text.codePointAt(content)));
    }
    return !isContinuation(codePoint) && !isTerminator(codePoint);
  }
}
