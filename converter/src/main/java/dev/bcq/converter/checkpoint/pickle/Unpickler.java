package dev.bcq.converter.checkpoint.pickle;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Reads pickles that stand one after the other. No class is looked up and nothing is called: a
 * pickle is data here, whatever it asks for.
 *
 * <p>Time and memory are linear in the length of the bytes, at most 256 KiB and 128 times as many:
 * an opcode makes one value at most, lengths are compared with what is left, numbers of the memo
 * with what has been read, and what {@code OrderedDict([...])} copies is counted. More than four
 * million opcodes are refused.
 */
public final class Unpickler {
  private final PickleInput in;
  private final PickleStack stack;
  private final PickleMemo memo;
  private final PickleLiterals literals;
  private final PickleContainers containers;
  private final PickleObjects objects;
  private final List<PersistentId> persistentIds = new ArrayList<>();

  /**
   * Creates a machine that begins with the first byte.
   *
   * @param file what messages call the bytes
   * @param bytes what {@link PickleBytes} are views of
   * @param allowed what pickles may name
   */
  public Unpickler(String file, MemorySegment bytes, AllowedGlobals allowed) {
    in = new PickleInput(file, bytes);
    stack = new PickleStack(in);
    memo = new PickleMemo(in);
    literals = new PickleLiterals(in);
    containers = new PickleContainers(in, stack);
    objects = new PickleObjects(in, stack, containers, allowed, persistentIds);
  }

  /**
   * Returns the value of the next pickle.
   *
   * @throws PickleException if it is damaged or names what is not allowed
   */
  public Object read() {
    stack.clear();
    memo.clear();
    while (true) {
      Opcode opcode = in.opcode();
      switch (opcode.kind()) {
        case LITERAL -> stack.push(literals.read(opcode));
        case CONTAINER -> containers.execute(opcode);
        case OBJECT -> objects.execute(opcode);
        case STACK -> {
          if (opcode == Opcode.STOP) {
            return stack.pop();
          }
          execute(opcode);
        }
      }
    }
  }

  /** Returns the number of bytes that have been read. */
  public long position() {
    return in.position();
  }

  /** Returns all persistent ids that have been read, those that nothing refers to included. */
  public List<PersistentId> persistentIds() {
    return Collections.unmodifiableList(persistentIds);
  }

  private void execute(Opcode opcode) {
    switch (opcode) {
      case MARK -> stack.mark();
      case POP -> stack.discard();
      case POP_MARK -> stack.popToMark();
      case DUP -> stack.push(stack.peek());
      case GET -> stack.push(memo.get(numberLine()));
      case BINGET -> stack.push(memo.get(in.u8()));
      case LONG_BINGET -> stack.push(memo.get(in.u32()));
      case PUT -> memo.put(numberLine(), stack.peek());
      case BINPUT -> memo.put(in.u8(), stack.peek());
      case LONG_BINPUT -> memo.put(in.u32(), stack.peek());
      case MEMOIZE -> memo.add(stack.peek());
      case PROTO -> protocol(in.u8());
      // Frames only tell readers of streams how much to fetch.
      case FRAME -> in.expect(in.length64());
      default -> throw new IllegalArgumentException(opcode + " is not of this kind");
    }
  }

  private long numberLine() {
    try {
      return Long.parseLong(in.asciiLine(20));
    } catch (NumberFormatException e) {
      throw in.error("its line is no number of a value; the file is damaged", e);
    }
  }

  private void protocol(int version) {
    if (version > 5) {
      throw in.error(
          "protocol %d; supported: 0 to 5; save the file again with an older protocol"
              .formatted(version));
    }
  }
}
