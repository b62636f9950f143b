package dev.bcq.converter.checkpoint;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bcq.converter.quantize.StoredForm;
import dev.bcq.format.BcqFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code bcq.json} of a checkpoint that was read out of a model file: how that file stored
 * each matrix.
 */
public final class StoredForms {
  public static final String NAME = "bcq.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  private StoredForms() {}

  /** What the file holds. */
  private record Content(Map<String, StoredForm> matrices) {}

  public static void write(BcqFile file, Path to) throws IOException {
    Map<String, StoredForm> forms = new LinkedHashMap<>();
    file.directory()
        .matrices()
        .forEach(entry -> forms.put(entry.name(), StoredForm.of(file, entry)));
    JSON.writerWithDefaultPrettyPrinter().writeValue(to.toFile(), new Content(forms));
  }

  /**
   * Returns the forms by canonical name.
   *
   * @param matrices the matrices that they are for
   * @throws CheckpointException if the file is damaged or does not belong to the matrices
   */
  public static Map<String, StoredForm> read(Path file, Map<String, TensorSource> matrices) {
    Content content;
    try {
      content = JSON.readValue(Files.readAllBytes(file), Content.class);
    } catch (JacksonException e) {
      throw damaged(e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new CheckpointException(NAME + " cannot be read: " + e.getMessage(), e);
    }
    if (content == null || content.matrices() == null) {
      throw damaged("it has no matrices", null);
    }
    content
        .matrices()
        .forEach(
            (name, form) -> {
              TensorSource source = matrices.get(name);
              if (form == null
                  || (source != null
                      && !form.fits(
                          Math.toIntExact(source.shape().get(0)),
                          Math.toIntExact(source.shape().get(1))))) {
                throw damaged("what it says of " + name + " does not fit the matrix", null);
              }
            });
    return content.matrices();
  }

  private static CheckpointException damaged(String why, @Nullable Throwable cause) {
    return new CheckpointException(
        NAME + " is damaged: " + why + "; without the file the planes are found anew", cause);
  }
}
