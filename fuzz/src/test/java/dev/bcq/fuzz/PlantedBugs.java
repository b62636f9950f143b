package dev.bcq.fuzz;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.bcq.converter.checkpoint.Checkpoint;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.format.BcqFile;
import dev.bcq.format.Positions;
import dev.bcq.format.SentencePieceModel;
import dev.bcq.runtime.TextTranslation;
import dev.bcq.runtime.Translator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The targets, each with a reader that has one bug: what they must be able to find. */
final class PlantedBugs {
  private static final Pattern SHAPE = Pattern.compile("\"shape\":\\[(\\d{1,8}),");

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** More than any target allows, and soon allocated. */
  private static final int FAR = 1 << 26;

  private PlantedBugs() {}

  /** Allocates a table of as many positions as a file names. */
  public static final class InBcqFile {
    private InBcqFile() {}

    /** Runs one input. */
    public static void fuzzerTestOneInput(byte[] input) {
      BcqFileTarget.run(input, InBcqFile::allPositions);
    }

    private static void allPositions(BcqFile file) {
      int count =
          switch (file.directory().config().positions()) {
            case Positions.None none -> 0;
            case Positions.Sinusoidal sinusoidal -> sinusoidal.count();
            case Positions.Learned learned -> learned.count();
            case Positions.Relative relative -> relative.maximumDistance();
          };
      int width = file.directory().config().width();
      Arrays.fill(new float[Math.multiplyExact(count, width)], 1f);
    }
  }

  /** Allocates a tensor's rows before their number is compared with the data. */
  public static final class InSafetensors {
    private InSafetensors() {}

    /** Runs one input. */
    public static void fuzzerTestOneInput(byte[] input) {
      SafetensorsTarget.run(input, InSafetensors::read);
    }

    private static Map<String, TensorSource> read(Path folder, Arena arena) {
      Path file = folder.resolve("model.safetensors");
      if (Files.exists(file)) {
        Matcher shape = SHAPE.matcher(new String(bytes(file), StandardCharsets.ISO_8859_1));
        while (shape.find()) {
          Arrays.fill(new float[Integer.parseInt(shape.group(1))], 1f);
        }
      }
      return Readers.weights(folder, arena);
    }
  }

  /** Allocates an integer as long as it says before that is compared with what is left. */
  public static final class InPickle {
    private InPickle() {}

    /** Runs one input. */
    public static void fuzzerTestOneInput(byte[] input) {
      PickleTarget.run(input, InPickle::read);
    }

    private static Object read(MemorySegment bytes) {
      for (long i = 0; i + 5 < bytes.byteSize(); i++) {
        if (bytes.get(ValueLayout.JAVA_BYTE, i) == (byte) 0x8b) {
          Arrays.fill(new byte[Math.max(0, bytes.get(INT, i + 1))], (byte) 1);
        }
      }
      return Readers.pickle(bytes);
    }
  }

  /** Allocates an entry as the directory of an archive says before it is compared with the file. */
  public static final class InPyTorch {
    private InPyTorch() {}

    /** Runs one input. */
    public static void fuzzerTestOneInput(byte[] input) {
      PyTorchTarget.run(input, InPyTorch::read);
    }

    private static Map<String, TensorSource> read(Path path, Arena arena) {
      MemorySegment file = MemorySegment.ofArray(bytes(path));
      for (long i = 0; i + 46 < file.byteSize(); i++) {
        if (file.get(INT, i) == 0x02014b50) {
          Arrays.fill(new byte[Math.max(0, file.get(INT, i + 24))], (byte) 1);
        }
      }
      return Readers.pyTorch(path, arena);
    }
  }

  /** Allocates a variable as large as the first says before that is compared with the file. */
  public static final class InCTranslate2 {
    /** Where the first variable's name is, with its length in front. */
    private static final long NAME = 30;

    private InCTranslate2() {}

    /** Runs one input. */
    public static void fuzzerTestOneInput(byte[] input) {
      CTranslate2Target.run(input, InCTranslate2::read);
    }

    private static Checkpoint read(Path folder, Arena arena) {
      MemorySegment file = MemorySegment.ofArray(bytes(folder.resolve("model.bin")));
      int name = file.byteSize() > NAME ? file.get(ValueLayout.JAVA_BYTE, NAME) & 0xff : 0;
      long rows = NAME + 2 + name + 1;
      if (rows + Integer.BYTES <= file.byteSize()) {
        Arrays.fill(new byte[Math.max(0, file.get(INT, rows))], (byte) 1);
      }
      return Readers.cTranslate2(folder, arena);
    }
  }

  /** Allocates the layers that options name before their number is compared with the arrays. */
  public static final class InMarian {
    private static final Pattern LAYERS = Pattern.compile("-depth: (\\d{1,8})");

    private InMarian() {}

    /** Runs one input. */
    public static void fuzzerTestOneInput(byte[] input) {
      MarianTarget.run(input, InMarian::read);
    }

    private static Checkpoint read(Path folder, Arena arena) {
      byte[] file = bytes(folder.resolve("model.npz"));
      Matcher layers = LAYERS.matcher(new String(file, StandardCharsets.ISO_8859_1));
      while (layers.find()) {
        Arrays.fill(new float[Integer.parseInt(layers.group(1))], 1f);
      }
      return Readers.marian(folder, arena);
    }
  }

  /** Takes an entry's bytes for as many values, before they are compared with the data. */
  public static final class InTransformerBcq {
    /** Tag of an entry's size, in front of a varint. */
    private static final byte SIZE = 5 << 3;

    private InTransformerBcq() {}

    /** Runs one input. */
    public static void fuzzerTestOneInput(byte[] input) {
      TransformerBcqTarget.run(input, InTransformerBcq::read);
    }

    private static Checkpoint read(Path folder, Arena arena) {
      Path index = folder.resolve("model.index");
      byte[] file = Files.exists(index) ? bytes(index) : new byte[0];
      for (int i = 0; i < file.length; i++) {
        if (file[i] == SIZE) {
          Arrays.fill(new float[size(file, i + 1)], 1f);
        }
      }
      return Readers.transformerBcq(folder, arena);
    }

    private static int size(byte[] file, int at) {
      try {
        long size = CodedInputStream.newInstance(file, at, file.length - at).readRawVarint64();
        return (int) Math.max(0, Math.min(FAR, size));
      } catch (IOException e) {
        return 0;
      }
    }
  }

  /** Allocates as many bytes as an integer in a pickle says before it is compared with the data. */
  public static final class InCompressedTransformers {
    /** Begins an integer: its length follows, and its bytes. */
    private static final byte LONG1 = (byte) 0x8a;

    private InCompressedTransformers() {}

    /** Runs one input. */
    public static void fuzzerTestOneInput(byte[] input) {
      CompressedTransformersTarget.run(input, InCompressedTransformers::read);
    }

    private static Checkpoint read(Path folder, Arena arena) {
      byte[] pickle = pickle(folder.resolve("model.pth"));
      for (int i = 0; i + 1 < pickle.length; i++) {
        if (pickle[i] == LONG1) {
          Arrays.fill(new byte[integer(pickle, i + 2, pickle[i + 1])], (byte) 1);
        }
      }
      return Readers.compressedTransformers(folder, arena);
    }

    private static int integer(byte[] pickle, int at, int length) {
      long value = 0;
      for (int i = Math.min(length, pickle.length - at) - 1; i >= 0; i--) {
        value = Math.min(FAR, value << Byte.SIZE | (pickle[at + i] & 0xff));
      }
      return (int) value;
    }

    private static byte[] pickle(Path file) {
      try {
        return PyTorchFiles.pickleOf(file);
      } catch (UncheckedIOException | NoSuchElementException e) {
        return new byte[0];
      }
    }
  }

  /** Allocates what a field's length says before it is compared with the file's. */
  public static final class InSentencePiece {
    private InSentencePiece() {}

    /** Runs one input. */
    public static void fuzzerTestOneInput(byte[] input) {
      SentencePieceTarget.run(input, InSentencePiece::read);
    }

    private static SentencePieceModel read(Path file) {
      CodedInputStream in = CodedInputStream.newInstance(bytes(file));
      try {
        while (WireFormat.getTagWireType(in.readTag()) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
          int length = in.readRawVarint32();
          Arrays.fill(new byte[Math.max(0, length)], (byte) 1);
          in.skipRawBytes(length);
        }
      } catch (IOException e) {
        throw new CheckpointException("damaged", e);
      }
      return Readers.sentencePiece(file);
    }
  }

  /** Fails when the first of several sentences has an unpaired surrogate. */
  public static final class InTranslate {
    private InTranslate() {}

    /** Runs one input. */
    public static void fuzzerTestOneInput(byte[] input) {
      TranslateTarget.run(input, InTranslate::translate);
    }

    private static TextTranslation translate(Translator translator, String text) {
      TextTranslation translation = translator.translateText(text);
      if (translation.sentences().size() > 2) {
        String first = translation.sentences().get(0).source().substringOf(text);
        for (int i = 0; i < first.length(); i++) {
          int character = first.codePointAt(i);
          if (Character.isLowSurrogate((char) character) && character < 0x10000) {
            throw new IllegalStateException("half a character");
          }
          i += Character.charCount(character) - 1;
        }
      }
      return translation;
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
