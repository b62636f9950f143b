package dev.bcq.converter.checkpoint.pickle;

import java.util.List;

/** Names of classes and functions, and what a pickle asks them to make. */
final class PickleObjects {
  private static final int LONGEST_NAME = 256;

  private final PickleInput in;
  private final PickleStack stack;
  private final PickleContainers containers;
  private final AllowedGlobals allowed;
  private final List<PersistentId> persistentIds;

  PickleObjects(
      PickleInput in,
      PickleStack stack,
      PickleContainers containers,
      AllowedGlobals allowed,
      List<PersistentId> persistentIds) {
    this.in = in;
    this.stack = stack;
    this.containers = containers;
    this.allowed = allowed;
    this.persistentIds = persistentIds;
  }

  void execute(Opcode opcode) {
    switch (opcode) {
      case GLOBAL -> stack.push(globalLines());
      case STACK_GLOBAL -> {
        Object name = stack.pop();
        stack.push(global(stack.pop(), name));
      }
      case REDUCE, NEWOBJ -> {
        Object arguments = stack.pop();
        stack.push(call(stack.pop(), arguments));
      }
      case NEWOBJ_EX -> newObjectWithKeywords();
      case INST -> {
        PickleGlobal callee = globalLines();
        stack.push(call(callee, new PickleTuple(stack.popToMark())));
      }
      case OBJ -> objectAtMark();
      case BUILD -> {
        Object state = stack.pop();
        build(stack.peek(), state);
      }
      case PERSID -> persistentId(in.asciiLine(LONGEST_NAME));
      case BINPERSID -> persistentId(stack.pop());
      case EXT1, EXT2, EXT4 ->
          throw in.error("a class of the extension registry, which files of weights do not use");
      case NEXT_BUFFER, READONLY_BUFFER ->
          throw in.error("a buffer outside of the pickle, which files of weights do not have");
      default -> throw new IllegalArgumentException(opcode + " is not of this kind");
    }
  }

  private PickleGlobal globalLines() {
    String module = in.asciiLine(LONGEST_NAME);
    return global(module, in.asciiLine(LONGEST_NAME));
  }

  private PickleGlobal global(Object module, Object name) {
    if (!(module instanceof String moduleText) || !(name instanceof String nameText)) {
      throw in.error(
          "a class is named by %s and %s; expected two texts"
              .formatted(PickleContainers.shown(module), PickleContainers.shown(name)));
    }
    if (moduleText.length() > LONGEST_NAME || nameText.length() > LONGEST_NAME) {
      throw in.error(
          "a class has a name of %d characters in a module of %d; expected at most %d"
              .formatted(nameText.length(), moduleText.length(), LONGEST_NAME));
    }
    PickleGlobal global = allowed.find(moduleText, nameText);
    if (global == null) {
      throw in.error(
          "%s.%s is refused: it is not among what weights are made of, and nothing was run. %s"
              .formatted(printable(moduleText), printable(nameText), allowed.advice()));
    }
    return global;
  }

  /** What is refused must not speak to the user's terminal. */
  private static String printable(String name) {
    return name.replaceAll("[^\\x20-\\x7e]", "?");
  }

  private void newObjectWithKeywords() {
    Object keywords = stack.pop();
    Object arguments = stack.pop();
    if (!(keywords instanceof PickleDict)) {
      throw in.error(
          "keywords are %s; expected a dict".formatted(PickleContainers.shown(keywords)));
    }
    stack.push(call(stack.pop(), arguments));
  }

  private void objectAtMark() {
    Object[] calleeAndArguments = stack.popToMark();
    if (calleeAndArguments.length == 0) {
      throw in.error("there is no class for it; the file is damaged");
    }
    Object[] arguments = new Object[calleeAndArguments.length - 1];
    System.arraycopy(calleeAndArguments, 1, arguments, 0, arguments.length);
    stack.push(call(calleeAndArguments[0], new PickleTuple(arguments)));
  }

  private Object call(Object callee, Object arguments) {
    if (!(callee instanceof PickleGlobal global) || !(arguments instanceof PickleTuple tuple)) {
      throw in.error(
          "calls %s with %s; expected a class and a tuple"
              .formatted(PickleContainers.shown(callee), PickleContainers.shown(arguments)));
    }
    return switch (global.use()) {
      case NAME -> throw in.error("calls %s, which may only be named".formatted(global));
      case OBJECT, INERT -> new PickleObject(global, tuple);
      case DICT -> containers.dict(tuple);
      case SET -> containers.set(tuple);
    };
  }

  private void build(Object target, Object state) {
    switch (target) {
      case PickleObject object -> object.state(state);
      // Attributes of a dict, as _metadata of a state_dict, say nothing of its weights.
      case PickleDict dict -> {}
      default ->
          throw in.error(
              "sets the state of %s; expected an object".formatted(PickleContainers.shown(target)));
    }
  }

  private void persistentId(Object id) {
    PersistentId persistentId = new PersistentId(id);
    persistentIds.add(persistentId);
    stack.push(persistentId);
  }
}
