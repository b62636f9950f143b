package dev.bcq.converter.checkpoint.pickle;

import org.jspecify.annotations.Nullable;

/** The opcodes of pickles, under their names in CPython. */
enum Opcode {
  NONE(Kind.LITERAL, 'N'),
  NEWTRUE(Kind.LITERAL, 0x88),
  NEWFALSE(Kind.LITERAL, 0x89),
  INT(Kind.LITERAL, 'I'),
  BININT(Kind.LITERAL, 'J'),
  BININT1(Kind.LITERAL, 'K'),
  BININT2(Kind.LITERAL, 'M'),
  LONG(Kind.LITERAL, 'L'),
  LONG1(Kind.LITERAL, 0x8a),
  LONG4(Kind.LITERAL, 0x8b),
  FLOAT(Kind.LITERAL, 'F'),
  BINFLOAT(Kind.LITERAL, 'G'),
  STRING(Kind.LITERAL, 'S'),
  BINSTRING(Kind.LITERAL, 'T'),
  SHORT_BINSTRING(Kind.LITERAL, 'U'),
  UNICODE(Kind.LITERAL, 'V'),
  BINUNICODE(Kind.LITERAL, 'X'),
  SHORT_BINUNICODE(Kind.LITERAL, 0x8c),
  BINUNICODE8(Kind.LITERAL, 0x8d),
  BINBYTES(Kind.LITERAL, 'B'),
  SHORT_BINBYTES(Kind.LITERAL, 'C'),
  BINBYTES8(Kind.LITERAL, 0x8e),
  BYTEARRAY8(Kind.LITERAL, 0x96),

  EMPTY_LIST(Kind.CONTAINER, ']'),
  LIST(Kind.CONTAINER, 'l'),
  APPEND(Kind.CONTAINER, 'a'),
  APPENDS(Kind.CONTAINER, 'e'),
  EMPTY_TUPLE(Kind.CONTAINER, ')'),
  TUPLE(Kind.CONTAINER, 't'),
  TUPLE1(Kind.CONTAINER, 0x85),
  TUPLE2(Kind.CONTAINER, 0x86),
  TUPLE3(Kind.CONTAINER, 0x87),
  EMPTY_DICT(Kind.CONTAINER, '}'),
  DICT(Kind.CONTAINER, 'd'),
  SETITEM(Kind.CONTAINER, 's'),
  SETITEMS(Kind.CONTAINER, 'u'),
  EMPTY_SET(Kind.CONTAINER, 0x8f),
  ADDITEMS(Kind.CONTAINER, 0x90),
  FROZENSET(Kind.CONTAINER, 0x91),

  GLOBAL(Kind.OBJECT, 'c'),
  STACK_GLOBAL(Kind.OBJECT, 0x93),
  REDUCE(Kind.OBJECT, 'R'),
  BUILD(Kind.OBJECT, 'b'),
  INST(Kind.OBJECT, 'i'),
  OBJ(Kind.OBJECT, 'o'),
  NEWOBJ(Kind.OBJECT, 0x81),
  NEWOBJ_EX(Kind.OBJECT, 0x92),
  PERSID(Kind.OBJECT, 'P'),
  BINPERSID(Kind.OBJECT, 'Q'),
  EXT1(Kind.OBJECT, 0x82),
  EXT2(Kind.OBJECT, 0x83),
  EXT4(Kind.OBJECT, 0x84),
  NEXT_BUFFER(Kind.OBJECT, 0x97),
  READONLY_BUFFER(Kind.OBJECT, 0x98),

  MARK(Kind.STACK, '('),
  POP(Kind.STACK, '0'),
  POP_MARK(Kind.STACK, '1'),
  DUP(Kind.STACK, '2'),
  GET(Kind.STACK, 'g'),
  BINGET(Kind.STACK, 'h'),
  LONG_BINGET(Kind.STACK, 'j'),
  PUT(Kind.STACK, 'p'),
  BINPUT(Kind.STACK, 'q'),
  LONG_BINPUT(Kind.STACK, 'r'),
  MEMOIZE(Kind.STACK, 0x94),
  PROTO(Kind.STACK, 0x80),
  FRAME(Kind.STACK, 0x95),
  STOP(Kind.STACK, '.');

  /** What an opcode works with. */
  enum Kind {
    LITERAL,
    CONTAINER,
    OBJECT,
    STACK
  }

  private static final @Nullable Opcode[] BY_CODE = new @Nullable Opcode[256];

  static {
    for (Opcode opcode : values()) {
      BY_CODE[opcode.code] = opcode;
    }
  }

  private final Kind kind;
  private final int code;

  Opcode(Kind kind, int code) {
    this.kind = kind;
    this.code = code;
  }

  Kind kind() {
    return kind;
  }

  /** Returns the opcode of a byte, or null if none has it. */
  static @Nullable Opcode of(int code) {
    return BY_CODE[code];
  }
}
