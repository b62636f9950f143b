package dev.bcq.demo.packaging;

import dev.bcq.format.BcqFile;
import dev.bcq.runtime.GoldenSamples;
import dev.bcq.runtime.Translator;
import java.nio.file.Path;
import java.util.List;

/** A program that translates, to be shrunk. */
public final class SampleProgram {

  private SampleProgram() {}

  /**
   * Translates a sentence with the fastest kernels, and the samples of a file as they were made.
   *
   * @param arguments the model file
   */
  public static void main(String[] arguments) {
    Path file = Path.of(arguments[0]);
    try (Translator translator = Translator.open(file)) {
      System.out.println(translator.kernels());
      System.out.println(
          translator.translateText("Where is the station? Mr. Smith is here.").text());
    }
    List<GoldenSamples.Result> results = GoldenSamples.check(BcqFile.open(file));
    long same = results.stream().filter(GoldenSamples.Result::same).count();
    System.out.println(same + " of " + results.size() + " samples are as expected");
  }
}
