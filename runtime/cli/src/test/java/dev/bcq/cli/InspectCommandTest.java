package dev.bcq.cli;

import static dev.bcq.cli.Commands.MODEL;
import static dev.bcq.cli.Commands.inspect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {

  @TempDir Path folder;

  @Test
  void saysWhatTheModelIsAndWhomToThank() {
    String text = inspect(MODEL).succeeds().out();
    assertTrue(text.contains("languages    en to de"), text);
    assertTrue(text.contains("license      CC BY 2.0"), text);
    assertTrue(text.contains("manythings.org/anki"), text);
    assertTrue(text.contains("41 matrices 3 planes recovered"), text);
  }

  @Test
  void listsEveryMatrixAndTensor() throws IOException {
    String json = inspect("--json", "--tensors", MODEL).succeeds().out();
    JsonNode tree = new ObjectMapper().readTree(json);
    assertEquals(65, tree.get("matrices").size());
    assertEquals("embedding.weight", tree.at("/matrices/0/name").asText());
    assertEquals("sinusoidal", tree.at("/config/positions/kind").asText());
    assertEquals("relu", tree.at("/config/activation").asText());
    assertEquals(Files.size(Path.of(MODEL)), tree.get("fileBytes").asLong());
    String text = inspect("--tensors", MODEL).succeeds().out();
    for (JsonNode matrix : tree.get("matrices")) {
      assertTrue(text.contains("\n" + matrix.get("name").asText() + " "), text);
    }
  }

  @Test
  void theDefaultModelIsWholeAndGivesItsGoldenSamples() {
    String text = inspect("--verify", MODEL).succeeds().out();
    assertTrue(text.contains("all checksums, 3 golden samples"), text);
  }

  @Test
  void damageIsNamed() throws IOException {
    byte[] bytes = Files.readAllBytes(Path.of(MODEL));
    bytes[bytes.length / 2] ^= 1;
    Path damaged = Files.write(folder.resolve("damaged.bcq"), bytes);
    inspect(damaged.toString()).succeeds();
    inspect("--verify", damaged.toString())
        .fails(1, "damaged.bcq is damaged: the data of encoder.layers.3.");
    inspect().fails(2, "FILE");
    inspect("nowhere.bcq").fails(1, "does not exist");
  }
}
