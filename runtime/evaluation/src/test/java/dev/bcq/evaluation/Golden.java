package dev.bcq.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** What sacreBLEU 2.6.0 says of 200 translations of two models, and of 90 lines made to be hard. */
final class Golden {
  static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private Golden() {}

  static JsonNode read() throws IOException {
    try (InputStream in = Golden.class.getResourceAsStream("sacrebleu-2.6.0.json")) {
      return JSON.readTree(Objects.requireNonNull(in));
    }
  }

  static List<String> references(JsonNode golden, String corpus) {
    return texts(golden.get("corpora").get(corpus).get("references"));
  }

  static List<String> hypotheses(JsonNode golden, String corpus, String system) {
    return texts(golden.get("corpora").get(corpus).get("systems").get(system));
  }

  static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  static BleuTokenizer tokenizer(String id) {
    return Arrays.stream(BleuTokenizer.values())
        .filter(tokenizer -> tokenizer.toString().equals(id))
        .findFirst()
        .orElseThrow();
  }

  /** The number found is the one printed, to its last digit. */
  static void assertPrinted(JsonNode printed, double found, String where) {
    BigDecimal expected = printed.decimalValue();
    double half = expected.ulp().doubleValue() / 2;
    // A printed double has all its digits: arithmetic in another order may change the last ones.
    double rounding = 1e-13 * Math.abs(found);
    assertEquals(expected.doubleValue(), found, Math.max(half, rounding) * 1.001, where);
  }
}
