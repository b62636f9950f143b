package dev.bcq.converter.checkpoint.pickle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pickles that would run something, or take all memory or time. */
class HostilePicklesTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static PickleWriter pickle() {
    return new PickleWriter();
  }

  private static Object read(byte[] pickle) {
    return new Unpickler("file", MemorySegment.ofArray(pickle), UnpicklerTest.ALLOWED).read();
  }

  private static void assertRefused(PickleWriter pickle, String part) {
    PickleException e = assertThrows(PickleException.class, () -> read(pickle.stop()));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains(part), message);
    assertTrue(message.startsWith("file"), message);
  }

  @ParameterizedTest
  @CsvSource({
    "os, system",
    "posix, system",
    "nt, system",
    "builtins, eval",
    "builtins, exec",
    "builtins, getattr",
    "__builtin__, eval",
    "subprocess, Popen",
    "torch.hub, load",
    "torch, load",
    "functools, partial",
    "collections, namedtuple",
    "operator, attrgetter",
    "copyreg, _reconstructor",
    "fairseqx, Anything",
  })
  void whatIsNotNeededIsRefusedByNameHoweverItIsNamed(String module, String name) {
    String refused = module + "." + name + " is refused";
    String advice = "nothing was run. Save weights alone";
    assertRefused(pickle().global(module, name).raw("(").text("id").raw("tR"), refused);
    assertRefused(pickle().raw("(i" + module + "\n" + name + "\n"), refused);
    assertRefused(pickle().text(module).text(name).raw("\u0093)R"), refused);
    // Hidden in the memo, and never called.
    assertRefused(
        pickle().text(module).raw("q\u0000").text(name).raw("q\u000100h\u0000h\u0001\u0093"),
        refused);
    assertRefused(pickle().global(module, name).raw("0N"), advice);
  }

  @Test
  void theFileTheByteAndTheOpcodeAreNamed() {
    assertRefused(
        pickle().raw("\u0080\u0002").global("os", "system"),
        "file, byte 2, opcode GLOBAL: os.system");
  }

  @Test
  void namesCannotSpeakToATerminal() {
    PickleException e =
        assertThrows(
            PickleException.class, () -> read(pickle().global("a\u001b[31m", "b\u0007").stop()));
    assertTrue(String.valueOf(e.getMessage()).contains("a?[31m.b? is refused"), e.getMessage());
  }

  @Test
  void attributesOfAllowedNamesAreOtherNames() {
    assertRefused(
        pickle().text("collections").text("OrderedDict.__init__").raw("\u0093"),
        "OrderedDict.__init__ is refused");
  }

  @Test
  void namesAreNotCalledAndValuesAreNot() {
    assertRefused(pickle().global("torch", "FloatStorage").raw(")R"), "which may only be named");
    assertRefused(pickle().global("torch", "FloatStorage").raw(")\u0081"), "may only be named");
    assertRefused(pickle().text("os.system").raw(")R"), "calls a text of 9 characters");
    assertRefused(pickle().raw("K\u0001)\u0081"), "calls 1 with tuple of 0");
    assertRefused(pickle().global("argparse", "Namespace").raw("]R"), "with list of 0");
    assertRefused(
        pickle().global("argparse", "Namespace").raw(")]\u0092"), "keywords are list of 0");
    assertRefused(pickle().raw("(o"), "there is no class for it");
    assertRefused(pickle().raw("K\u0001K\u0002\u0093"), "expected two texts");
  }

  @Test
  void onlyObjectsAreGivenAState() {
    assertRefused(pickle().raw("]}b"), "sets the state of list of 0");
    assertRefused(
        pickle()
            .global("argparse", "Namespace")
            .raw("}")
            .text("__setstate__")
            .global("torch", "FloatStorage")
            .raw("sb"),
        "sets the state of the name argparse.Namespace");
    // On an object the same state is data like any other.
    byte[] trick =
        pickle()
            .global("argparse", "Namespace")
            .raw(")R}")
            .text("__setstate__")
            .global("torch", "FloatStorage")
            .raw("sb")
            .stop();
    assertNotNull(assertInstanceOf(PickleObject.class, read(trick)).state());
    assertRefused(pickle().global("argparse", "Namespace").raw(")RNa"), "appends to object by");
    assertRefused(pickle().global("argparse", "Namespace").raw(")RNNs"), "sets items of object by");
  }

  @Test
  void otherWaysOutOfAPickleAreRefused() {
    for (String extension :
        new String[] {"\u0082\u0001", "\u0083\u0001\u0000", "\u0084\u0001\u0000\u0000\u0000"}) {
      assertRefused(pickle().raw(extension), "extension registry");
    }
    assertRefused(pickle().raw("\u0097"), "a buffer outside of the pickle");
    assertRefused(pickle().raw("N\u0098"), "a buffer outside of the pickle");
    assertRefused(pickle().raw("\u0080\u0006N"), "protocol 6; supported: 0 to 5");
    assertRefused(pickle().raw("\u00ffN"), "byte 0: 0xff is no opcode");
  }

  @Test
  void lengthsAreComparedWithWhatIsLeft() {
    String left = "bytes long, but";
    for (String opcode : new String[] {"X", "B", "T"}) {
      assertRefused(pickle().raw(opcode).u32(0x7fffffffL), left);
      assertRefused(pickle().raw(opcode).u32(0xffffffffL), left);
    }
    for (String opcode : new String[] {"\u008d", "\u008e", "\u0096", "\u0095"}) {
      assertRefused(pickle().raw(opcode).u64(1L << 62), left);
      assertRefused(pickle().raw(opcode).u64(-1), "18446744073709551615 bytes long");
      assertRefused(pickle().raw(opcode).u64(Long.MIN_VALUE), left);
    }
    for (String opcode : new String[] {"U", "C", "\u008c"}) {
      assertRefused(pickle().raw(opcode + "\u00ffab"), left);
    }
    assertRefused(pickle().raw("\u008b").u32(-1), "an int of -1 bytes");
    assertRefused(pickle().raw("\u008b").u32(0x7fffffffL), "expected at most 255");
    assertRefused(pickle().raw("\u008a\u0009a"), left);
  }

  @Test
  void linesAreWhatTheyShouldBe() {
    assertRefused(pickle().raw("Iabc"), "its line has no end");
    assertRefused(pickle().raw("Iabc\n"), "no whole number");
    assertRefused(pickle().raw("I" + "9".repeat(100_000) + "\n"), "a line of 100000 bytes");
    assertRefused(pickle().raw("L0x10L\n"), "no whole number");
    assertRefused(pickle().raw("F1e5d\n"), "no number");
    assertRefused(pickle().raw("F0x1p3\n"), "no number");
    assertRefused(pickle().raw("F1e+-5\n"), "no number");
    assertRefused(pickle().raw("FNaN\n"), "no number");
    assertRefused(pickle().raw("Sabc\n"), "no quotes");
    assertRefused(pickle().raw("S'\n"), "no quotes");
    assertRefused(pickle().raw("S'\\q'\n"), "unknown escape");
    assertRefused(pickle().raw("S'\\x4'\n"), "damaged escape");
    assertRefused(pickle().raw("V\\u12\n"), "damaged escape");
    assertRefused(pickle().raw("V\\U7fffffff\n"), "no character");
    assertRefused(pickle().raw("X\u0002\u0000\u0000\u0000\u00c3("), "not UTF-8");
    assertRefused(pickle().raw("gx\n"), "no number of a value");
  }

  @Test
  void theStackIsNotReadBelowItsEnd() {
    for (String opcode :
        new String[] {
          "0", "1", "2", "a", "e", "l", "t", "d", "s", "u", "R", "b", "o", "Q", ".", "q\u0000",
          "\u0085", "\u0087", "\u0090", "\u0091", "\u0093", "\u0094"
        }) {
      assertRefused(pickle().raw(opcode), "the file is damaged");
    }
    assertRefused(pickle().raw("N(a"), "there is no value for it");
    assertRefused(pickle().raw("(Nd"), "a key has no value");
  }

  @Test
  void theMemoIsNoLargerThanTheFile() {
    assertRefused(pickle().raw("Nr").u32(0xffffffffL), "gets the number 4294967295 after");
    assertRefused(pickle().raw("Nr").u32(1000), "gets the number 1000 after");
    assertRefused(pickle().raw("Np9223372036854775807\n"), "gets the number 9223372036854775807");
    assertRefused(pickle().raw("Np-1\n"), "gets the number -1");
    assertRefused(pickle().raw("j").u32(0xffffffffL), "no value has the number 4294967295");
    assertRefused(pickle().raw("h\u0005"), "no value has the number 5");
  }

  /** As the documentation says, garbage included. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "}",
        "]",
        ")",
        "\u008f",
        "(",
        "N\u0094",
        "N2",
        "]\u0094",
        "N\u0085",
        "(t",
        "}NNs",
        "]Na",
        "}K\u0001K\u0002s",
        "K\u0001",
        "\u008c\u0001a",
        "\u008c\u0002\u00c3\u00a9",
        "C\u0000",
        "U\u0001\u00ff",
        "G\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000",
        "NQ",
        "I1\n",
        "F1.5\n",
        "S'a'\n",
        "Va\n",
        "\u008a\u0009\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009",
        "cargparse\nNamespace\n)R",
        "cfairseq\na\n)\u0081",
        "ccollections\nOrderedDict\n)R",
        "(NNd",
        "(N\u0091",
        "P1\n",
      })
  void memoryIsAMultipleOfTheLength(String part) {
    byte[] pickle = pickle().repeat(part, 60_000).raw("N").stop();
    read(pickle);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    read(pickle);
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertTrue(
        allocated <= (256 << 10) + 128L * pickle.length,
        () -> "%d bytes, %d times its length".formatted(allocated, allocated / pickle.length));
  }

  @Test
  void aMillionLaughsAreOneList() {
    PickleWriter pickle = pickle().raw("]q\u0000");
    for (int i = 1; i < 200; i++) {
      String former = "h" + (char) (i - 1);
      pickle.raw("](" + former.repeat(10) + "eq" + (char) i);
    }
    // As a key it is hashed and compared.
    byte[] bytes = pickle.raw("0}h\u00c7Nsh\u00c7Ns").stop();
    PickleDict dict = assertInstanceOf(PickleDict.class, read(bytes));
    assertEquals("{list of 10=None}", dict.entries().toString());
    assertEquals(dict.entries().hashCode(), dict.entries().hashCode());
  }

  @Test
  void copiesOfOneListAreCounted() {
    PickleWriter pickle = pickle().raw("](");
    pickle.repeat("N)\u0086", 10_000).raw("eq\u00000(");
    pickle.repeat("ccollections\nOrderedDict\nh\u0000\u0085R", 1000).raw("t");
    assertRefused(pickle, "items are copied");
  }

  @Test
  void depthIsNoMatter() {
    int depth = 500_000;
    assertInstanceOf(PickleTuple.class, read(pickle().raw("N").repeat("\u0085", depth).stop()));
    byte[] ids = pickle().raw("}N").repeat("Q", depth).raw("Ns").stop();
    assertEquals(
        "{persistent id=None}", assertInstanceOf(PickleDict.class, read(ids)).entries().toString());
    assertInstanceOf(
        PickleTuple.class, read(pickle().repeat("(", depth).repeat("t", depth).stop()));
  }

  @Test
  void whatRefersToItselfCanBePrinted() {
    byte[] bytes = pickle().raw("]q\u0000h\u0000ah\u0000a").stop();
    assertEquals("list of 2", read(bytes).toString());
    byte[] dict = pickle().raw("}q\u0000h\u0000h\u0000s").stop();
    assertEquals("dict of 1", read(dict).toString());
    assertEquals(1, assertInstanceOf(PickleDict.class, read(dict)).entries().size());
  }

  @Test
  void longKeysAndEndlessProgramsAreRefused() {
    assertRefused(pickle().raw("}").text("a".repeat(5000)).raw("Ns"), "a key of 5000 characters");
    assertRefused(pickle().repeat("N0", 1 << 21).raw("N"), "more than 4194304 opcodes");
  }

  @Test
  void truncationAtAnyByteIsSeen() {
    byte[] whole =
        pickle()
            .raw("\u0080\u0004\u0095")
            .u64(20)
            .raw("}q\u0000(")
            .text("key")
            .raw("J")
            .u32(7)
            .text("b")
            .raw("G")
            .u64(1)
            .global("argparse", "Namespace")
            .raw(")\u0081}bK\u0001I12\nC\u0002abu")
            .stop();
    read(whole);
    for (int i = 0; i < whole.length; i++) {
      byte[] cut = Arrays.copyOf(whole, i);
      PickleException e = assertThrows(PickleException.class, () -> read(cut), "at " + i);
      assertNotNull(e.getMessage());
    }
  }
}
