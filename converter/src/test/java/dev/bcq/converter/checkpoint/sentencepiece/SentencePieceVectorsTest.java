package dev.bcq.converter.checkpoint.sentencepiece;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.converter.SharedData;
import dev.bcq.runtime.text.SentencePiece;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class SentencePieceVectorsTest {

  private static int[] ids(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }

  @Test
  void equalsSentencepieceOnFifteenModels() {
    JsonNode vectors = SharedData.json("data/tokenizers/sentencepiece-vectors.json.gz");
    JsonNode texts = vectors.get("texts");
    Iterator<Map.Entry<String, JsonNode>> models = vectors.get("models").properties().iterator();
    while (models.hasNext()) {
      Map.Entry<String, JsonNode> entry = models.next();
      Path file = SharedData.path("data/tokenizers/" + entry.getKey());
      SentencePiece tokenizer = new SentencePiece(SentencePieceModelReader.read(file));
      JsonNode expected = entry.getValue();
      for (int i = 0; i < texts.size(); i++) {
        String what = entry.getKey() + ", text " + i + ": " + texts.get(i).asText();
        int[] ids = ids(expected.get("ids").get(i));
        assertArrayEquals(ids, tokenizer.encode(texts.get(i).asText()), what);
        assertEquals(expected.get("decoded").get(i).asText(), tokenizer.decode(ids), what);
        if (i < expected.get("norm").size()) {
          assertEquals(
              expected.get("norm").get(i).asText(),
              tokenizer.normalize(texts.get(i).asText()),
              what);
        }
      }
    }
  }

  @Test
  void equalsSentencepieceOnByteFallbackAndDigits() {
    String folder = "data/tokenizers/tiny-spm-unigram-digits/";
    JsonNode vectors = SharedData.json(folder + "vectors.json.gz");
    SentencePiece tokenizer =
        new SentencePiece(SentencePieceModelReader.read(SharedData.path(folder + "spm.model")));
    for (int i = 0; i < vectors.get("texts").size(); i++) {
      String text = vectors.get("texts").get(i).asText();
      int[] ids = ids(vectors.get("ids").get(i));
      assertArrayEquals(ids, tokenizer.encode(text), text);
      assertEquals(vectors.get("decoded").get(i).asText(), tokenizer.decode(ids), text);
      assertEquals(vectors.get("normalized").get(i).asText(), tokenizer.normalize(text), text);
    }
    for (JsonNode decode : vectors.get("decode_only")) {
      String what = decode.get("ids").toString();
      assertEquals(decode.get("decoded").asText(), tokenizer.decode(ids(decode.get("ids"))), what);
    }
  }
}
