package dev.bcq.demo.packaging;

import com.android.apksig.ApkSigner;
import com.android.apksig.KeyConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** The key that packages are signed with: that of the properties, or one for tests. */
final class SigningKey {
  /** What Android's own tools call the key for tests, and its password. */
  private static final String DEBUG_KEY = "androiddebugkey";

  private static final String DEBUG_PASSWORD = "android";

  /** Pages of devices to come: libraries are mapped from the package. */
  private static final int PAGE = 16384;

  private final PrivateKey key;
  private final X509Certificate certificate;

  private SigningKey(PrivateKey key, X509Certificate certificate) {
    this.key = key;
    this.certificate = certificate;
  }

  /**
   * Returns the key that {@code android.keystore} names; makes one in a folder if none is named.
   */
  static SigningKey choose(Path folder) throws Exception {
    String store = System.getProperty("android.keystore", "");
    if (!store.isEmpty()) {
      return read(
          Path.of(store),
          System.getProperty("android.keystore.password", ""),
          System.getProperty("android.key", ""));
    }
    Path debug = folder.resolve("debug.p12");
    if (!Files.exists(debug)) {
      make(debug);
    }
    return read(debug, DEBUG_PASSWORD, DEBUG_KEY);
  }

  private static void make(Path store) throws IOException, InterruptedException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                DEBUG_PASSWORD,
                "-alias",
                DEBUG_KEY,
                "-keyalg",
                "RSA",
                "-validity",
                "10000",
                "-dname",
                "CN=Android Debug,O=Android,C=US")
            .inheritIO()
            .start();
    if (keytool.waitFor() != 0) {
      throw new IllegalStateException("keytool has made no key");
    }
  }

  private static SigningKey read(Path file, String password, String alias) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, password.toCharArray());
    }
    if (store.getKey(alias, password.toCharArray()) instanceof PrivateKey key
        && store.getCertificate(alias) instanceof X509Certificate certificate) {
      return new SigningKey(key, certificate);
    }
    throw new IllegalStateException(file + " has no key '" + alias + "'");
  }

  void sign(Path unsigned, Path signed) throws Exception {
    ApkSigner.SignerConfig signer =
        new ApkSigner.SignerConfig.Builder("bcq", new KeyConfig.Jca(key), List.of(certificate))
            .build();
    new ApkSigner.Builder(List.of(signer))
        .setInputApk(unsigned.toFile())
        .setOutputApk(signed.toFile())
        .setMinSdkVersion(ApkBuilder.MIN_API)
        .setV1SigningEnabled(false)
        .setV2SigningEnabled(true)
        .setV3SigningEnabled(true)
        .setAlignmentPreserved(false)
        .setLibraryPageAlignmentBytes(PAGE)
        .build()
        .sign();
  }
}
