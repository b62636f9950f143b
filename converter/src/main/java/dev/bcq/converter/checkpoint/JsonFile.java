package dev.bcq.converter.checkpoint;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** JSON files of a checkpoint. */
public final class JsonFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonFile() {}

  /** Returns the object that a file holds. */
  public static JsonNode read(Path file) {
    try {
      JsonNode node = JSON.readTree(Files.readAllBytes(file));
      if (!node.isObject()) {
        throw new CheckpointException(file.getFileName() + " does not hold a JSON object");
      }
      return node;
    } catch (JacksonException e) {
      throw new CheckpointException(
          file.getFileName() + " is not valid JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new CheckpointException(file.getFileName() + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Returns an empty object. */
  public static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /** Writes a file, indented. */
  public static void write(Path file, JsonNode node) throws IOException {
    Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node) + "\n");
  }
}
