import dev.bcq.runtime.Translator;
import java.nio.file.Path;

class Hello {
  public static void main(String[] args) {
    try (Translator translator = Translator.open(Path.of("models/en-de.bcq"))) {
      System.out.println(translator.translate("Where is the station?").best().text());
    }
  }
}
