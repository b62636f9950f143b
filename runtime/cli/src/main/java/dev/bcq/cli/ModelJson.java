package dev.bcq.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.bcq.format.BcqDirectory;
import dev.bcq.format.BcqFile;
import dev.bcq.format.MatrixEntry;
import java.io.IOException;
import java.io.Serial;
import java.util.Locale;

/** A model file's directory as JSON: names as in the API, enumerations in lower case. */
final class ModelJson {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL)
          .registerModule(new SimpleModule().addSerializer(new LowerCase()));

  private ModelJson() {}

  /** Writes enumerations as users type them. */
  private static final class LowerCase extends StdSerializer<Enum<?>> {
    @Serial private static final long serialVersionUID = 1L;

    LowerCase() {
      super(Enum.class, false);
    }

    @Override
    public void serialize(Enum<?> value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeString(value.name().toLowerCase(Locale.ROOT));
    }
  }

  /**
   * Returns what is in a file.
   *
   * @param tensors whether all matrices and tensors are listed
   * @param verifiedSamples golden samples that were verified, or -1 if nothing was
   */
  static String of(BcqFile file, boolean tensors, int verifiedSamples)
      throws JsonProcessingException {
    BcqDirectory directory = file.directory();
    ModelSizes sizes = new ModelSizes(directory);
    ObjectNode tree = JSON.valueToTree(directory.info());
    tree.put("fileBytes", file.length());
    tree.put("parameters", sizes.parameters());
    tree.put("bitsPerWeight", sizes.bitsPerWeight());
    tree.set("config", config(directory));
    tree.set("generation", JSON.valueToTree(directory.generation()));
    tree.set("tasks", JSON.valueToTree(directory.tasks()));
    if (directory.tokenizer() != null) {
      ObjectNode tokenizer = tree.putObject("tokenizer");
      tokenizer.put("kind", directory.tokenizer().source().model().kind());
      tokenizer.put("pieces", directory.tokenizer().source().model().size());
      tokenizer.set("languages", JSON.valueToTree(directory.tokenizer().languages()));
    }
    tree.set("provenance", JSON.valueToTree(directory.provenance()));
    tree.set("samples", JSON.valueToTree(directory.samples()));
    if (verifiedSamples >= 0) {
      tree.put("verifiedSamples", verifiedSamples);
    }
    if (tensors) {
      ArrayNode matrices = tree.putArray("matrices");
      directory.matrices().forEach(matrix -> matrices.add(matrix(matrix)));
      ArrayNode vectors = tree.putArray("tensors");
      directory
          .tensors()
          .forEach(
              tensor ->
                  vectors
                      .addObject()
                      .put("name", tensor.name())
                      .set("shape", JSON.valueToTree(tensor.shape())));
    }
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n";
  }

  private static ObjectNode config(BcqDirectory directory) {
    ObjectNode config = JSON.valueToTree(directory.config());
    ObjectNode positions = JSON.createObjectNode();
    Object found = directory.config().positions();
    positions.put("kind", found.getClass().getSimpleName().toLowerCase(Locale.ROOT));
    positions.setAll(JSON.<ObjectNode>valueToTree(found));
    config.set("positions", positions);
    return config;
  }

  private static ObjectNode matrix(MatrixEntry matrix) {
    ObjectNode tree = JSON.createObjectNode();
    tree.put("name", matrix.name());
    tree.put("rows", matrix.rows());
    tree.put("cols", matrix.cols());
    tree.put("storage", ModelSizes.storage(matrix));
    tree.put("recovered", matrix.recovered());
    tree.put("relativeError", matrix.relativeError());
    tree.put("bytes", matrix.storedBytes());
    return tree;
  }
}
