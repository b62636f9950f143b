package dev.bcq.converter.checkpoint.pickle;

import dev.bcq.converter.checkpoint.pickle.PickleGlobal.Use;
import java.math.BigInteger;

/** Lists, tuples, dicts and sets. */
final class PickleContainers {
  /** Comparing longer keys over and over would take more time than reading them. */
  private static final int LONGEST_KEY = 4096;

  private final PickleInput in;
  private final PickleStack stack;
  private long copied;

  PickleContainers(PickleInput in, PickleStack stack) {
    this.in = in;
    this.stack = stack;
  }

  void execute(Opcode opcode) {
    switch (opcode) {
      case EMPTY_LIST -> stack.push(new PickleList());
      case LIST -> stack.push(append(stack.popToMark(), new PickleList()));
      case APPEND -> append(stack.pop(1), stack.peek());
      case APPENDS -> append(stack.popToMark(), stack.peek());
      case EMPTY_TUPLE -> stack.push(PickleTuple.EMPTY);
      case TUPLE -> stack.push(new PickleTuple(stack.popToMark()));
      case TUPLE1 -> stack.push(new PickleTuple(stack.pop(1)));
      case TUPLE2 -> stack.push(new PickleTuple(stack.pop(2)));
      case TUPLE3 -> stack.push(new PickleTuple(stack.pop(3)));
      case EMPTY_DICT -> stack.push(new PickleDict());
      case DICT -> stack.push(put(stack.popToMark(), new PickleDict()));
      case SETITEM -> put(stack.pop(2), stack.peek());
      case SETITEMS -> put(stack.popToMark(), stack.peek());
      case EMPTY_SET -> stack.push(new PickleSet());
      case ADDITEMS -> add(stack.popToMark(), stack.peek());
      case FROZENSET -> stack.push(add(stack.popToMark(), new PickleSet()));
      default -> throw new IllegalArgumentException(opcode + " is not of this kind");
    }
  }

  private Object append(Object[] items, Object target) {
    if (target instanceof PickleList list) {
      for (Object item : items) {
        list.add(item);
      }
    } else if (!inert(target)) {
      throw wrong("appends to", target, "a list");
    }
    return target;
  }

  private Object put(Object[] keysAndValues, Object target) {
    if (keysAndValues.length % 2 != 0) {
      throw in.error("a key has no value; the file is damaged");
    }
    if (target instanceof PickleDict dict) {
      for (int i = 0; i < keysAndValues.length; i += 2) {
        dict.put(key(keysAndValues[i]), keysAndValues[i + 1]);
      }
    } else if (!inert(target)) {
      throw wrong("sets items of", target, "a dict");
    }
    return target;
  }

  private Object add(Object[] elements, Object target) {
    if (target instanceof PickleSet set) {
      for (Object element : elements) {
        set.add(key(element));
      }
    } else if (!inert(target)) {
      throw wrong("adds to", target, "a set");
    }
    return target;
  }

  private Object key(Object key) {
    if (key instanceof String text && text.length() > LONGEST_KEY) {
      throw in.error(
          "a key of %d characters; expected at most %d".formatted(text.length(), LONGEST_KEY));
    }
    return key;
  }

  /** Returns the dict that a call with arguments makes. */
  PickleDict dict(PickleTuple arguments) {
    PickleDict dict = new PickleDict();
    PickleSequence pairs = copiedItems(arguments);
    for (int i = 0; i < pairs.size(); i++) {
      if (!(pairs.get(i) instanceof PickleSequence pair) || pair.size() != 2) {
        throw in.error("a dict is made of %s; expected pairs".formatted(shown(pairs.get(i))));
      }
      dict.put(key(pair.get(0)), pair.get(1));
    }
    return dict;
  }

  /** Returns the set that a call with arguments makes. */
  PickleSet set(PickleTuple arguments) {
    PickleSet set = new PickleSet();
    PickleSequence elements = copiedItems(arguments);
    for (int i = 0; i < elements.size(); i++) {
      set.add(key(elements.get(i)));
    }
    return set;
  }

  /** Without a count, a few bytes could copy one long list again and again. */
  private PickleSequence copiedItems(PickleTuple arguments) {
    if (arguments.size() == 0) {
      return PickleTuple.EMPTY;
    }
    if (arguments.size() > 1 || !(arguments.get(0) instanceof PickleSequence items)) {
      throw in.error(
          "a container is made of %s; expected one list"
              .formatted(arguments.size() == 1 ? shown(arguments.get(0)) : arguments));
    }
    copied += items.size();
    if (copied > in.position()) {
      throw in.error(
          "%d items are copied in %d bytes; the file is damaged".formatted(copied, in.position()));
    }
    return items;
  }

  private static boolean inert(Object target) {
    return target instanceof PickleObject object && object.callee().use() == Use.INERT;
  }

  private PickleException wrong(String does, Object target, String expected) {
    return in.error("%s %s; expected %s".formatted(does, shown(target), expected));
  }

  /** Returns a few words for any value. */
  static String shown(Object value) {
    return switch (value) {
      case String text -> "a text of " + text.length() + " characters";
      case BigInteger number -> "an int of " + number.bitLength() + " bits";
      case PickleGlobal global -> "the name " + global;
      default -> value.toString();
    };
  }
}
