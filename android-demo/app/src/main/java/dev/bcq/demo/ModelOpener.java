package dev.bcq.demo;

import android.content.ContentResolver;
import android.content.Context;
import android.content.Intent;
import android.content.UriPermission;
import android.database.Cursor;
import android.net.Uri;
import android.provider.OpenableColumns;
import dev.bcq.android.ModelAsset;
import dev.bcq.android.PrivateModel;
import dev.bcq.demo.ModelState.Notice;
import dev.bcq.demo.ModelState.Problem;
import dev.bcq.demo.ModelState.Ready;
import dev.bcq.format.BcqFile;
import dev.bcq.format.BcqFormatException;
import dev.bcq.format.NewerFormatException;
import dev.bcq.runtime.Cancellation;
import dev.bcq.runtime.Translator;
import dev.bcq.runtime.TranslatorOptions;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Opens the chosen model, or the built-in one in its place. Not for the main thread. */
final class ModelOpener {
  /** The asset that comes with the application. */
  static final String BUILT_IN = "en-de.bcq";

  private final Context context;
  private final PrivateModel copy;

  ModelOpener(Context context) {
    Session.requireWorker("opening a model");
    this.context = context;
    this.copy = new PrivateModel(new File(context.getNoBackupFilesDir(), "models/chosen.bcq"));
  }

  /** Opens the model that was chosen before. */
  Ready open(LongConsumer progress) throws IOException {
    ModelChoice choice = new ModelChoice(context);
    ModelChoice.Document document = choice.document();
    if (document == null) {
      return new Ready(builtIn(), null);
    }
    try {
      BcqFile file = copy.exists() ? copy.open() : copy(document.uri(), progress);
      return new Ready(model(file, document.name(), false), null);
    } catch (IOException | BcqFormatException e) {
      copy.delete();
      return new Ready(builtIn(), notice(e, document.name()));
    }
  }

  /**
   * Takes a document in place of the model in use.
   *
   * @param fallback what stays in use if the document is no model
   */
  Ready choose(Uri uri, @Nullable LoadedModel fallback, LongConsumer progress) throws IOException {
    String name = displayName(uri);
    try {
      LoadedModel model = model(copy(uri, progress), name, false);
      new ModelChoice(context).choose(new ModelChoice.Document(uri, name));
      releaseAllBut(uri);
      return new Ready(model, null);
    } catch (IOException | BcqFormatException e) {
      return new Ready(fallback == null ? builtIn() : fallback, notice(e, name));
    }
  }

  /** Goes back to the built-in model, for good. */
  Ready chooseBuiltIn() throws IOException {
    new ModelChoice(context).chooseBuiltIn();
    copy.delete();
    releaseAllBut(null);
    return new Ready(builtIn(), null);
  }

  private LoadedModel builtIn() throws IOException {
    return model(ModelAsset.open(context.getAssets(), BUILT_IN), BUILT_IN, true);
  }

  private static LoadedModel model(BcqFile file, String name, boolean builtIn) {
    Translator translator = Translator.of(file, TranslatorOptions.DEFAULT);
    return new LoadedModel(file, translator, name, builtIn);
  }

  private BcqFile copy(Uri uri, LongConsumer progress) throws IOException {
    return copy.replace(context.getContentResolver(), uri, progress, new Cancellation());
  }

  private static Notice notice(Exception cause, String name) {
    Problem problem =
        cause instanceof NewerFormatException
            ? Problem.NEWER
            : cause instanceof BcqFormatException
                ? Problem.BROKEN
                : cause instanceof FileNotFoundException ? Problem.GONE : Problem.NOT_COPIED;
    return new Notice(problem, name, String.valueOf(cause.getMessage()));
  }

  private String displayName(Uri uri) {
    String[] columns = {OpenableColumns.DISPLAY_NAME};
    try (Cursor cursor = context.getContentResolver().query(uri, columns, null, null, null)) {
      if (cursor != null && cursor.moveToFirst() && !cursor.isNull(0)) {
        return cursor.getString(0);
      }
    } catch (RuntimeException e) {
      // Whatever another application throws here, the name is only for the eye.
    }
    return String.valueOf(uri.getLastPathSegment());
  }

  /** The system keeps a limited number of permissions for an application. */
  private void releaseAllBut(@Nullable Uri kept) {
    ContentResolver resolver = context.getContentResolver();
    for (UriPermission permission : new ArrayList<>(resolver.getPersistedUriPermissions())) {
      if (!permission.getUri().equals(kept)) {
        resolver.releasePersistableUriPermission(
            permission.getUri(), Intent.FLAG_GRANT_READ_URI_PERMISSION);
      }
    }
  }
}
