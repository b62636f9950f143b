package dev.bcq.demo;

import android.content.ContentProvider;
import android.content.ContentValues;
import android.content.pm.ProviderInfo;
import android.database.Cursor;
import android.database.MatrixCursor;
import android.net.Uri;
import android.os.ParcelFileDescriptor;
import android.provider.OpenableColumns;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.robolectric.Robolectric;

/** Another application that lends its documents: files of a folder. */
public final class Documents extends ContentProvider {
  private static final String AUTHORITY = "org.example.documents";

  private File folder = new File("none");
  private boolean forbidden;

  /** Installs the application. */
  static Documents in(File folder) {
    ProviderInfo info = new ProviderInfo();
    info.authority = AUTHORITY;
    Documents documents = Robolectric.buildContentProvider(Documents.class).create(info).get();
    documents.folder = folder;
    return documents;
  }

  static Uri uri(String name) {
    return Uri.parse("content://" + AUTHORITY + "/" + name);
  }

  /** Returns the model that comes with the application. */
  static byte[] model() throws IOException {
    return Files.readAllBytes(Path.of(System.getProperty("bcq.default.model", "none")));
  }

  /** Returns that model as a later version would write it. */
  static byte[] newerModel() throws IOException {
    byte[] bytes = model();
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(8, 1000);
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, 60);
    header.putInt(60, (int) crc.getValue());
    return bytes;
  }

  Uri write(String name, byte[] bytes) throws IOException {
    Files.write(folder.toPath().resolve(name), bytes);
    return uri(name);
  }

  void delete(String name) throws IOException {
    Files.delete(folder.toPath().resolve(name));
  }

  /** Takes the permission to read back. */
  void forbid() {
    forbidden = true;
  }

  @Override
  public ParcelFileDescriptor openFile(Uri uri, String mode) throws FileNotFoundException {
    if (forbidden) {
      throw new SecurityException("no permission for " + uri);
    }
    return ParcelFileDescriptor.open(
        new File(folder, String.valueOf(uri.getLastPathSegment())),
        ParcelFileDescriptor.MODE_READ_ONLY);
  }

  @Override
  public Cursor query(
      Uri uri,
      String @Nullable [] columns,
      @Nullable String selection,
      String @Nullable [] arguments,
      @Nullable String order) {
    MatrixCursor cursor = new MatrixCursor(new String[] {OpenableColumns.DISPLAY_NAME});
    cursor.addRow(new Object[] {uri.getLastPathSegment()});
    return cursor;
  }

  @Override
  public boolean onCreate() {
    return true;
  }

  @Override
  public String getType(Uri uri) {
    return "application/octet-stream";
  }

  @Override
  public @Nullable Uri insert(Uri uri, @Nullable ContentValues values) {
    return null;
  }

  @Override
  public int delete(Uri uri, @Nullable String selection, String @Nullable [] arguments) {
    return 0;
  }

  @Override
  public int update(
      Uri uri,
      @Nullable ContentValues values,
      @Nullable String selection,
      String @Nullable [] arguments) {
    return 0;
  }
}
