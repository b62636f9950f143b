package dev.bcq.demo;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import android.content.ContentResolver;
import android.content.Context;
import android.content.res.AssetManager;
import android.net.Uri;
import dev.bcq.android.ModelAsset;
import dev.bcq.android.PrivateModel;
import dev.bcq.format.BcqFile;
import dev.bcq.format.BcqFormatException;
import dev.bcq.runtime.Cancellation;
import dev.bcq.runtime.GoldenSamples;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.LongConsumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.util.ReflectionHelpers;
import org.robolectric.util.ReflectionHelpers.ClassParameter;

/** The library's part: assets, and documents on their way to private storage. */
@RunWith(RobolectricTestRunner.class)
public class StoredModelsTest {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private static AssetManager assets() {
    Context context = RuntimeEnvironment.getApplication();
    return context.getAssets();
  }

  private static ContentResolver resolver() {
    return RuntimeEnvironment.getApplication().getContentResolver();
  }

  private static List<String> files(File folder) throws IOException {
    try (var found = Files.walk(folder.toPath())) {
      List<String> names = new ArrayList<>();
      found
          .filter(Files::isRegularFile)
          .forEach(file -> names.add(folder.toPath().relativize(file).toString()));
      return names;
    }
  }

  private static Throwable assertFails(
      Class<? extends Throwable> expected,
      PrivateModel model,
      Uri document,
      LongConsumer progress,
      Cancellation cancellation) {
    ContentResolver resolver = resolver();
    return assertThrows(expected, () -> model.replace(resolver, document, progress, cancellation));
  }

  @Test
  public void anAssetGivesItsGoldenSamples() throws IOException {
    BcqFile file = ModelAsset.open(assets(), ModelOpener.BUILT_IN);
    file.verifyChecksums();
    List<GoldenSamples.Result> results = GoldenSamples.check(file);
    assertFalse(results.isEmpty());
    for (GoldenSamples.Result result : results) {
      assertTrue(result.expected().source(), result.same());
    }
  }

  @Test
  public void aMissingAssetIsNamed() {
    AssetManager assets = assets();
    FileNotFoundException e =
        assertThrows(FileNotFoundException.class, () -> ModelAsset.open(assets, "fr.bcq"));
    assertEquals("the asset fr.bcq is not in the application package", e.getMessage());
  }

  @Test
  public void aCompressedAssetSaysWhichSettingWasForgotten() throws IOException {
    File other = folder.newFile("compressed.apk");
    try (ZipOutputStream zip = new ZipOutputStream(new FileOutputStream(other))) {
      zip.putNextEntry(new ZipEntry("assets/small.bcq"));
      zip.write(Documents.model());
      zip.closeEntry();
    }
    AssetManager assets = ReflectionHelpers.callConstructor(AssetManager.class);
    ReflectionHelpers.callInstanceMethod(
        assets, "addAssetPath", ClassParameter.from(String.class, other.getPath()));
    BcqFormatException e =
        assertThrows(BcqFormatException.class, () -> ModelAsset.open(assets, "small.bcq"));
    assertEquals(
        "the asset small.bcq is compressed, expected one that can be mapped: build the package with"
            + " androidResources { noCompress += \"bcq\" } (Gradle) or aapt2 link -0 bcq",
        e.getMessage());
  }

  @Test
  public void aDocumentReplacesTheFileOnceItIsWhole() throws IOException {
    Documents documents = Documents.in(folder.newFolder("documents"));
    File target = new File(folder.getRoot(), "models/m.bcq");
    PrivateModel model = new PrivateModel(target);
    assertFalse(model.exists());
    List<Long> copied = new ArrayList<>();
    Uri uri = documents.write("m.bcq", Documents.model());
    BcqFile file = model.replace(resolver(), uri, copied::add, new Cancellation());
    assertEquals(Documents.model().length, file.length());
    assertEquals(Documents.model().length, (long) copied.get(copied.size() - 1));
    assertEquals(file.directory(), model.open().directory());
    assertEquals(List.of("m.bcq"), files(target.getParentFile()));
  }

  @Test
  public void whateverGoesWrongTheOldFileStaysAndNothingElse() throws IOException {
    Documents documents = Documents.in(folder.newFolder("documents"));
    File target = new File(folder.getRoot(), "models/m.bcq");
    PrivateModel model = new PrivateModel(target);
    Uri good = documents.write("good.bcq", Documents.model());
    model.replace(resolver(), good, bytes -> {}, new Cancellation());
    Uri bad = documents.write("bad.bcq", "no model".getBytes(StandardCharsets.UTF_8));
    assertFails(BcqFormatException.class, model, bad, bytes -> {}, new Cancellation());
    Uri missing = Documents.uri("none");
    assertFails(FileNotFoundException.class, model, missing, bytes -> {}, new Cancellation());
    Cancellation cancellation = new Cancellation();
    assertFails(
        CancellationException.class, model, good, bytes -> cancellation.cancel(), cancellation);
    LongConsumer broken =
        bytes -> {
          throw new IllegalStateException("the screen has gone");
        };
    assertFails(IllegalStateException.class, model, good, broken, new Cancellation());
    assertEquals(List.of("m.bcq"), files(target.getParentFile()));
    model.open().verifyChecksums();
  }

  @Test
  public void aFullDiskLeavesNothing() throws IOException {
    Documents documents = Documents.in(folder.newFolder("documents"));
    File target = new File(folder.getRoot(), "models/m.bcq");
    Path incoming = target.toPath().resolveSibling("incoming");
    Files.createDirectories(incoming);
    // Linux's device that is always full, where the copy is to be written.
    Files.createSymbolicLink(incoming.resolve("m.bcq"), Path.of("/dev/full"));
    Uri uri = documents.write("m.bcq", Documents.model());
    Throwable e =
        assertFails(
            IOException.class, new PrivateModel(target), uri, bytes -> {}, new Cancellation());
    String said = String.valueOf(e.getMessage());
    assertTrue(said, said.startsWith("the model cannot be stored: "));
    assertEquals(List.of(), files(target.getParentFile()));
  }
}
