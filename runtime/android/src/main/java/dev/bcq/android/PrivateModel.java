package dev.bcq.android;

import android.content.ContentResolver;
import android.net.Uri;
import dev.bcq.format.BcqFile;
import dev.bcq.format.BcqFormatException;
import dev.bcq.runtime.Cancellation;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.function.LongConsumer;

/**
 * A model file in the private storage of the application, where nobody else can cut or change it
 * while it is mapped, and the way of a document of another application into it. Not for the main
 * thread. Thread-safe within one process.
 */
public final class PrivateModel {
  /** Folder beside the file, for what is not whole yet. */
  private static final String INCOMING = "incoming";

  private static final int CHUNK = 1 << 16;

  private final File file;

  /**
   * Names a file, which need not exist.
   *
   * @param file in a folder of its own below {@code Context.getNoBackupFilesDir()} or {@code
   *     getFilesDir()}
   */
  public PrivateModel(File file) {
    this.file = file;
  }

  /** Returns whether the file is there. */
  public boolean exists() {
    return file.isFile();
  }

  /**
   * Opens the file.
   *
   * @throws BcqFormatException if it is missing, or not a model that this version can use
   */
  public BcqFile open() {
    return BcqFile.open(file.toPath());
  }

  /** Deletes the file, if it is there. Who has it open keeps it. */
  public synchronized void delete() throws IOException {
    Files.deleteIfExists(file.toPath());
  }

  /**
   * Copies a document here and opens it. What was here before stays until the new file is whole, on
   * the disk, and found to be a model with the right checksums; it stays for good if anything goes
   * wrong, and then nothing else is left.
   *
   * @param progress is told how many bytes have been copied, after each part
   * @throws FileNotFoundException if the document is gone, or the permission to read it
   * @throws BcqFormatException if it is not a model that this version can use, or damaged
   * @throws IOException if it cannot be read or written, for instance because the storage is full
   * @throws CancellationException if it is cancelled, or the thread interrupted
   */
  public synchronized BcqFile replace(
      ContentResolver resolver, Uri document, LongConsumer progress, Cancellation cancellation)
      throws IOException {
    File incoming = new File(new File(file.getParentFile(), INCOMING), file.getName());
    Files.createDirectories(incoming.getParentFile().toPath());
    try {
      copy(resolver, document, incoming, progress, cancellation);
      BcqFile model = BcqFile.open(incoming.toPath());
      model.verifyChecksums();
      check(cancellation);
      Files.move(incoming.toPath(), file.toPath(), StandardCopyOption.ATOMIC_MOVE);
      return model;
    } finally {
      Files.deleteIfExists(incoming.toPath());
    }
  }

  private static void copy(
      ContentResolver resolver,
      Uri document,
      File incoming,
      LongConsumer progress,
      Cancellation cancellation)
      throws IOException {
    try (InputStream in = open(resolver, document);
        FileOutputStream out = new FileOutputStream(incoming)) {
      byte[] chunk = new byte[CHUNK];
      long copied = 0;
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        check(cancellation);
        write(out, chunk, read, copied);
        copied += read;
        progress.accept(copied);
      }
      check(cancellation);
      out.getFD().sync();
    }
  }

  private static void write(FileOutputStream out, byte[] chunk, int length, long copied)
      throws IOException {
    try {
      out.write(chunk, 0, length);
    } catch (IOException e) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "the model cannot be stored: %s after %d bytes; make room on the device",
              e.getMessage(),
              copied),
          e);
    }
  }

  private static InputStream open(ContentResolver resolver, Uri document) throws IOException {
    InputStream in;
    try {
      in = resolver.openInputStream(document);
    } catch (SecurityException e) {
      FileNotFoundException gone =
          new FileNotFoundException("the permission to read " + document + " has ended");
      gone.initCause(e);
      throw gone;
    }
    if (in == null) {
      throw new FileNotFoundException(document + " has no content");
    }
    return in;
  }

  private static void check(Cancellation cancellation) {
    if (cancellation.isCancelled() || Thread.currentThread().isInterrupted()) {
      throw new CancellationException("copying the model was cancelled");
    }
  }
}
