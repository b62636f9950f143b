package dev.bcq.demo.packaging;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** The native methods of a class, by the names that JNI looks for. */
final class NativeMethods extends ClassVisitor {
  private final Set<String> names = new TreeSet<>();
  private String owner = "";

  private NativeMethods() {
    super(Opcodes.ASM9);
  }

  static Set<String> of(InputStream classFile) throws IOException {
    NativeMethods methods = new NativeMethods();
    new ClassReader(classFile).accept(methods, ClassReader.SKIP_CODE);
    return methods.names;
  }

  @Override
  public void visit(
      int version,
      int access,
      String name,
      @Nullable String signature,
      @Nullable String superName,
      String @Nullable [] interfaces) {
    owner = name;
  }

  @Override
  public @Nullable MethodVisitor visitMethod(
      int access,
      String name,
      String descriptor,
      @Nullable String signature,
      String @Nullable [] exceptions) {
    if ((access & Opcodes.ACC_NATIVE) != 0) {
      names.add("Java_" + mangled(owner) + "_" + mangled(name));
    }
    return null;
  }

  private static String mangled(String name) {
    return name.replace("_", "_1").replace('/', '_');
  }
}
