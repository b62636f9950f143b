package dev.bcq.converter.checkpoint.pickle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.converter.checkpoint.pickle.PickleGlobal.Use;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that CPython has written, and what else right pickles hold. */
class UnpicklerTest {
  static final AllowedGlobals ALLOWED =
      AllowedGlobals.builder("Save weights alone")
          .allow(Use.DICT, "collections", "OrderedDict")
          .allow(Use.SET, "builtins", "set")
          .allow(Use.SET, "__builtin__", "set")
          .allow(Use.OBJECT, "argparse", "Namespace")
          .allow(Use.NAME, "torch", "FloatStorage")
          .inert("fairseq")
          .build();

  private static Object read(byte[] pickle) {
    return new Unpickler("file", MemorySegment.ofArray(pickle), ALLOWED).read();
  }

  private static PickleWriter pickle() {
    return new PickleWriter();
  }

  private static Object value(PickleDict dict, String key) {
    return Objects.requireNonNull(dict.get(key), key);
  }

  private static List<Object> items(Object sequence) {
    PickleSequence items = assertInstanceOf(PickleSequence.class, sequence);
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      list.add(items.get(i));
    }
    return list;
  }

  /** The files are {@code pickle.dumps(value, protocol)} of CPython 3.11 for one value. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void everyProtocolGivesTheSameValue(int protocol) throws IOException {
    byte[] bytes;
    try (InputStream in =
        assertNotNullStream(
            UnpicklerTest.class.getResourceAsStream("values." + protocol + ".pickle"))) {
      bytes = in.readAllBytes();
    }
    PickleDict dict = assertInstanceOf(PickleDict.class, read(bytes));
    assertEquals(
        Arrays.asList(
            1L,
            -5L,
            300L,
            70_000L,
            1L << 40,
            Long.MIN_VALUE,
            BigInteger.TWO.pow(70),
            1.5,
            true,
            false,
            PickleNone.NONE),
        items(value(dict, "list")));
    assertEquals("\u00e9\u4e2d\ud83d\ude00\n\\u", dict.get("text"));
    List<Object> tuples = items(value(dict, "tuple"));
    for (int i = 0; i < 5; i++) {
      assertEquals(List.of(1L, 2L, 3L, 4L).subList(0, i), items(tuples.get(i)));
    }
    PickleDict ordered = assertInstanceOf(PickleDict.class, dict.get("ordered"));
    assertEquals(List.of("b", "a"), List.copyOf(ordered.entries().keySet()));
    assertEquals(List.of(1L, 2L), List.copyOf(ordered.entries().values()));
    assertEquals("", items(value(dict, "empty")).get(2));
    assertEquals(Set.of(7L), assertInstanceOf(PickleSet.class, dict.get("set")).elements());
    List<Object> shared = items(value(dict, "shared"));
    assertSame(shared.get(0), shared.get(1));
    Object cycle = value(dict, "cycle");
    assertSame(cycle, items(cycle).get(0));
    assertEquals("list of 1", cycle.toString());
  }

  private static InputStream assertNotNullStream(InputStream in) {
    assertNotNull(in);
    return in;
  }

  @Test
  void stringsOfPythonTwoAreTextOrBytes() {
    assertEquals("ab\n'", read(pickle().raw("S'ab\\n\\''\n").stop()));
    assertEquals("A", read(pickle().raw("S\"\\x41\"\n").stop()));
    assertEquals("\u00e9", read(pickle().raw("U\u0002\u00c3\u00a9").stop()));
    PickleBytes bytes =
        assertInstanceOf(PickleBytes.class, read(pickle().raw("U\u0002\u00ff\u0000").stop()));
    assertEquals(2, bytes.content().byteSize());
  }

  @Test
  void bytesAreViewsOfTheFile() {
    MemorySegment file = MemorySegment.ofArray(pickle().raw("C\u0003abc").stop());
    PickleBytes bytes =
        assertInstanceOf(PickleBytes.class, new Unpickler("file", file, ALLOWED).read());
    file.set(ValueLayout.JAVA_BYTE, 2, (byte) 'x');
    assertEquals(
        "xbc",
        new String(bytes.content().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII));
  }

  @Test
  void objectsKeepWhatTheyAreMadeOf() {
    PickleObject object =
        assertInstanceOf(
            PickleObject.class,
            read(
                pickle()
                    .global("argparse", "Namespace")
                    .raw(")\u0081}")
                    .text("a")
                    .raw("K\u0005sb")
                    .stop()));
    assertTrue(object.callee().is("argparse", "Namespace"));
    assertEquals(5L, assertInstanceOf(PickleDict.class, object.state()).get("a"));
  }

  @Test
  void classesOfTheSourceStayInert() {
    for (String made :
        List.of(
            "cfairseq.a\nB\n)R", "cfairseq\nB\n)\u0081", "(ifairseq.a\nB\n", "(cfairseq.a\nB\no")) {
      PickleObject object =
          assertInstanceOf(
              PickleObject.class, read(pickle().raw(made + "K\u0001K\u0002sNa}b").stop()));
      assertEquals(Use.INERT, object.callee().use());
    }
    assertThrows(PickleException.class, () -> read(pickle().raw("cfairseqs\nB\n").stop()));
  }

  @Test
  void aDictIsMadeOfPairs() {
    byte[] pickle =
        pickle()
            .global("collections", "OrderedDict")
            .raw("((K\u0001K\u0002l(K\u0003K\u0004tl\u0085R")
            .stop();
    PickleDict dict = assertInstanceOf(PickleDict.class, read(pickle));
    assertEquals(2L, dict.get(1L));
    assertEquals(4L, dict.get(3L));
  }

  @Test
  void severalPicklesStandOneAfterTheOther() {
    byte[] bytes = pickle().raw("K\u0001q\u0000.)\u0085Q").stop();
    Unpickler unpickler = new Unpickler("file", MemorySegment.ofArray(bytes), ALLOWED);
    assertEquals(1L, unpickler.read());
    assertEquals(5, unpickler.position());
    PersistentId id = assertInstanceOf(PersistentId.class, unpickler.read());
    assertEquals(List.of(id), unpickler.persistentIds());
    assertEquals(bytes.length, unpickler.position());
    // The memo of the first is gone.
    byte[] referring = pickle().raw("K\u0001q\u0000.h\u0000").stop();
    Unpickler second = new Unpickler("file", MemorySegment.ofArray(referring), ALLOWED);
    second.read();
    assertThrows(PickleException.class, second::read);
  }

  @Test
  void containersAreEqualToThemselvesAlone() {
    PickleSequence pair =
        assertInstanceOf(PickleSequence.class, read(pickle().raw("N\u0085N\u0085\u0086").stop()));
    assertNotEquals(pair.get(0), pair.get(1));
  }
}
