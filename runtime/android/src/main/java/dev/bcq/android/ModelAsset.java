package dev.bcq.android;

import android.content.res.AssetFileDescriptor;
import android.content.res.AssetManager;
import dev.bcq.format.BcqFile;
import dev.bcq.format.BcqFormatException;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;

/**
 * A model in the application package, used where it lies there: nothing is copied, and processes
 * share its memory. The asset has to be stored uncompressed.
 */
public final class ModelAsset {

  private ModelAsset() {}

  /**
   * Opens an asset. Reads the directory of the file, so not for the main thread.
   *
   * @param name path below {@code assets}, for instance {@code en-de.bcq}
   * @throws FileNotFoundException if there is no such asset
   * @throws BcqFormatException if it is compressed, or not a model that this version can use
   * @throws IOException if the package cannot be read
   */
  public static BcqFile open(AssetManager assets, String name) throws IOException {
    try (AssetFileDescriptor asset = assets.openFd(name)) {
      return open(asset);
    } catch (FileNotFoundException e) {
      if (!exists(assets, name)) {
        FileNotFoundException missing =
            new FileNotFoundException("the asset " + name + " is not in the application package");
        missing.initCause(e);
        throw missing;
      }
      throw new BcqFormatException(
          "the asset "
              + name
              + " is compressed, expected one that can be mapped: build the package with"
              + " androidResources { noCompress += \"bcq\" } (Gradle) or aapt2 link -0 bcq",
          e);
    }
  }

  /**
   * Opens a model that a descriptor shows. The descriptor may be closed afterwards.
   *
   * @throws BcqFormatException if it does not show a model that this version can use
   */
  public static BcqFile open(AssetFileDescriptor asset) throws IOException {
    try (FileInputStream in = new FileInputStream(asset.getFileDescriptor())) {
      return BcqFile.open(in.getChannel(), asset.getStartOffset(), asset.getLength());
    }
  }

  private static boolean exists(AssetManager assets, String name) {
    try (InputStream in = assets.open(name)) {
      return in.read() >= 0;
    } catch (IOException e) {
      return false;
    }
  }
}
