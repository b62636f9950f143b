package dev.bcq.converter.checkpoint.marian;

import dev.bcq.converter.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * YAML as Marian writes it: one mapping of texts to texts or lists of texts. Only the events of the
 * parser are read, so that nothing is built that refers to something else, and no text is taken for
 * anything but a text.
 */
final class FlatYaml {
  private final String where;
  private final Iterator<Event> events;
  private final Map<String, Object> values = new LinkedHashMap<>();

  private FlatYaml(String where, String text) {
    this.where = where;
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(where)
            .setCodePointLimit(Integer.MAX_VALUE)
            .setUseMarks(false)
            .build();
    this.events = new Parse(settings).parseString(text).iterator();
  }

  /**
   * Returns the values of a mapping: each a text or a list of texts.
   *
   * @param where names the text in messages
   * @throws CheckpointException if it is no YAML, or anything else than such a mapping
   */
  static Map<String, Object> read(String where, String text) {
    FlatYaml yaml = new FlatYaml(where, text);
    try {
      yaml.mapping();
    } catch (YamlEngineException e) {
      String message = String.valueOf(e.getMessage()).replaceAll("[^\\x20-\\x7e]+", " ");
      throw new CheckpointException(
          where + " is no valid YAML: " + message.substring(0, Math.min(200, message.length())), e);
    }
    return yaml.values;
  }

  /** Returns the values of a file, likewise. */
  static Map<String, Object> read(Path file) {
    try {
      return read(String.valueOf(file.getFileName()), Files.readString(file));
    } catch (CharacterCodingException e) {
      throw new CheckpointException(file.getFileName() + " is not UTF-8", e);
    } catch (IOException e) {
      throw new CheckpointException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private void mapping() {
    Event event = next();
    while (event.getEventId() == Event.ID.StreamStart
        || event.getEventId() == Event.ID.DocumentStart) {
      event = next();
    }
    if (!(event instanceof MappingStartEvent)) {
      throw unexpected(event, "a mapping of keys to values");
    }
    while (true) {
      Event key = next();
      if (key.getEventId() == Event.ID.MappingEnd) {
        return;
      }
      if (!(key instanceof ScalarEvent scalar)) {
        throw unexpected(key, "a text as a key");
      }
      if (values.put(scalar.getValue(), value(next())) != null) {
        throw new CheckpointException(where + ": " + shown(scalar.getValue()) + " is there twice");
      }
    }
  }

  private Object value(Event event) {
    if (event instanceof ScalarEvent scalar) {
      return scalar.getValue();
    }
    if (!(event instanceof SequenceStartEvent)) {
      throw unexpected(event, "a text or a list of texts");
    }
    List<String> list = new ArrayList<>();
    while (true) {
      Event item = next();
      if (item.getEventId() == Event.ID.SequenceEnd) {
        return list;
      }
      if (!(item instanceof ScalarEvent scalar)) {
        throw unexpected(item, "a text in a list");
      }
      list.add(scalar.getValue());
    }
  }

  private Event next() {
    if (!events.hasNext()) {
      throw new CheckpointException(where + " ends in the middle");
    }
    return events.next();
  }

  private CheckpointException unexpected(Event event, String expected) {
    String found = event instanceof AliasEvent ? "an alias" : event.getEventId().toString();
    return new CheckpointException(
        "%s is not what Marian writes: found %s; expected %s".formatted(where, found, expected));
  }

  static String shown(Object value) {
    String text = String.valueOf(value).replaceAll("[^\\x20-\\x7e]", "?");
    return text.length() > 60 ? text.substring(0, 60) + ".." : text;
  }
}
