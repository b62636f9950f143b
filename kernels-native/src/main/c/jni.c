/*
 * The contract of bcq_kernels.h for Java's native interface: the native methods of package dev.bcq.kernels.jni,
 * whose parameters are those of the functions that they call.
 *
 * A dev.bcq.kernels.jni.Pointer is an address, or an array of Java, which a call holds in its place while it
 * lasts: the garbage collector waits, so calls are short, nothing else of Java is called between, and what was
 * held first is let go last. Java has checked all sizes.
 */
#include <jni.h>
#include <stddef.h>

#include "bcq_kernels.h"

#define METHOD(name) JNICALL Java_dev_bcq_kernels_jni_##name
#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

typedef struct {
  jobject pointer; /* NULL where the kernel reads none */
  jint release;    /* JNI_ABORT for what is only read: there is nothing to copy back */
  jarray array;    /* NULL where the pointer is an address */
  void *at;
} place;

static jfieldID owner_field;
static jfieldID address_field;

static place in(jobject pointer) { return (place){pointer, JNI_ABORT, NULL, NULL}; }

static place in_if(jboolean read, jobject pointer) { return in(read ? pointer : NULL); }

static place out(jobject pointer) { return (place){pointer, 0, NULL, NULL}; }

static void let_go(JNIEnv *env, const place *places, int count) {
  while (count-- > 0) {
    if (places[count].array) {
      (*env)->ReleasePrimitiveArrayCritical(
          env, places[count].array, places[count].at, places[count].release);
    }
  }
}

/* Returns whether all places can be used; if not, none is held, and Java's OutOfMemoryError is pending. */
static int hold(JNIEnv *env, place *places, int count) {
  for (int i = 0; i < count; i++) {
    if (places[i].pointer) {
      jlong address = (*env)->GetLongField(env, places[i].pointer, address_field);
      places[i].at = (void *)(uintptr_t)address;
      places[i].array =
          address ? NULL : (*env)->GetObjectField(env, places[i].pointer, owner_field);
    }
  }
  for (int i = 0; i < count; i++) {
    if (places[i].array) {
      places[i].at = (*env)->GetPrimitiveArrayCritical(env, places[i].array, NULL);
      if (!places[i].at) {
        let_go(env, places, i);
        return 0;
      }
    }
  }
  return 1;
}

JNIEXPORT jint METHOD(JniLibrary_abiVersion)(JNIEnv *env, jobject self) {
  (void)env, (void)self;
  return bcq_abi_version();
}

JNIEXPORT jstring METHOD(JniLibrary_initialize)(JNIEnv *env, jobject self, jstring max_isa) {
  (void)self;
  jclass pointer = (*env)->FindClass(env, "dev/bcq/kernels/jni/Pointer");
  if (!pointer || !(owner_field = (*env)->GetFieldID(env, pointer, "owner", "Ljava/lang/Object;")) ||
      !(address_field = (*env)->GetFieldID(env, pointer, "address", "J"))) {
    return NULL;
  }
  const char *level = (*env)->GetStringUTFChars(env, max_isa, NULL);
  if (!level) {
    return NULL;
  }
  const char *problem = bcq_initialize(level);
  (*env)->ReleaseStringUTFChars(env, max_isa, level);
  return (*env)->NewStringUTF(env, problem ? problem : "");
}

JNIEXPORT jstring METHOD(JniLibrary_activeIsa)(JNIEnv *env, jobject self) {
  (void)self;
  return (*env)->NewStringUTF(env, bcq_active_isa());
}

JNIEXPORT jlong METHOD(JniMemory_address)(JNIEnv *env, jclass type, jobject buffer) {
  (void)type;
  return (jlong)(uintptr_t)(*env)->GetDirectBufferAddress(env, buffer);
}

JNIEXPORT void METHOD(JniMatrixFunctions_prepareByteTables)(
    JNIEnv *env, jobject self, jobject x, jint columns, jint chunks, jobject tables, jobject scales) {
  (void)self;
  place p[] = {in(x), out(tables), out(scales)};
  if (hold(env, p, COUNT(p))) {
    bcq_prepare_byte_tables(p[0].at, columns, chunks, p[1].at, p[2].at);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT void METHOD(JniMatrixFunctions_prepareFloatTables)(
    JNIEnv *env, jobject self, jobject x, jint columns, jint chunks, jobject tables) {
  (void)self;
  place p[] = {in(x), out(tables)};
  if (hold(env, p, COUNT(p))) {
    bcq_prepare_float_tables(p[0].at, columns, chunks, p[1].at);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT void METHOD(JniMatrixFunctions_prepareBytes)(
    JNIEnv *env, jobject self, jobject x, jint columns, jint chunks, jobject bytes, jobject scales,
    jobject sums) {
  (void)self;
  place p[] = {in(x), out(bytes), out(scales), out(sums)};
  if (hold(env, p, COUNT(p))) {
    bcq_prepare_bytes(p[0].at, columns, chunks, p[1].at, p[2].at, p[3].at);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT void METHOD(JniMatrixFunctions_prepareBitSlices)(
    JNIEnv *env, jobject self, jobject x, jint columns, jint chunks, jobject slices, jobject scales,
    jobject sums) {
  (void)self;
  place p[] = {in(x), out(slices), out(scales), out(sums)};
  if (hold(env, p, COUNT(p))) {
    bcq_prepare_bit_slices(p[0].at, columns, chunks, p[1].at, p[2].at, p[3].at);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT void METHOD(JniMatrixFunctions_multiplyByteTables)(
    JNIEnv *env, jobject self, jobject bits, jobject scales, jint rows, jint chunks, jint planes,
    jint group_chunks, jboolean offset, jint tile_from, jint tile_to, jint columns, jobject tables,
    jobject table_scales, jobject group_sums, jobject y, jint y_offset, jint y_stride) {
  (void)self;
  place p[] = {in(bits), in(scales), in(tables), in(table_scales), in_if(offset, group_sums), out(y)};
  if (hold(env, p, COUNT(p))) {
    bcq_multiply_byte_tables(
        p[0].at, p[1].at, rows, chunks, planes, group_chunks, offset, tile_from, tile_to, columns,
        p[2].at, p[3].at, p[4].at, p[5].at, y_offset, y_stride);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT void METHOD(JniMatrixFunctions_multiplyFloatTables)(
    JNIEnv *env, jobject self, jobject bits, jobject scales, jint rows, jint chunks, jint planes,
    jint group_chunks, jboolean offset, jint tile_from, jint tile_to, jint columns, jobject tables,
    jobject group_sums, jobject y, jint y_offset, jint y_stride) {
  (void)self;
  place p[] = {in(bits), in(scales), in(tables), in_if(offset, group_sums), out(y)};
  if (hold(env, p, COUNT(p))) {
    bcq_multiply_float_tables(
        p[0].at, p[1].at, rows, chunks, planes, group_chunks, offset, tile_from, tile_to, columns,
        p[2].at, p[3].at, p[4].at, y_offset, y_stride);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT void METHOD(JniMatrixFunctions_multiplyDecoded)(
    JNIEnv *env, jobject self, jobject bits, jobject scales, jint rows, jint chunks, jint planes,
    jint group_chunks, jboolean offset, jint tile_from, jint tile_to, jint columns, jobject bytes,
    jobject byte_scales, jobject byte_sums, jobject group_sums, jobject y, jint y_offset,
    jint y_stride) {
  (void)self;
  place p[] = {
      in(bits), in(scales), in(bytes), in(byte_scales), in(byte_sums), in_if(offset, group_sums),
      out(y)};
  if (hold(env, p, COUNT(p))) {
    bcq_multiply_decoded(
        p[0].at, p[1].at, rows, chunks, planes, group_chunks, offset, tile_from, tile_to, columns,
        p[2].at, p[3].at, p[4].at, p[5].at, p[6].at, y_offset, y_stride);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT void METHOD(JniMatrixFunctions_multiplyBitSlices)(
    JNIEnv *env, jobject self, jobject bits, jobject scales, jint rows, jint chunks, jint planes,
    jint group_chunks, jboolean offset, jint tile_from, jint tile_to, jint columns, jobject slices,
    jobject slice_scales, jobject sums, jobject group_sums, jobject y, jint y_offset, jint y_stride) {
  (void)self;
  place p[] = {
      in(bits), in(scales), in(slices), in(slice_scales), in(sums), in_if(offset, group_sums), out(y)};
  if (hold(env, p, COUNT(p))) {
    bcq_multiply_bit_slices(
        p[0].at, p[1].at, rows, chunks, planes, group_chunks, offset, tile_from, tile_to, columns,
        p[2].at, p[3].at, p[4].at, p[5].at, p[6].at, y_offset, y_stride);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT void METHOD(JniMatrixFunctions_multiplyFloats)(
    JNIEnv *env, jobject self, jobject w, jint cols, jint row_from, jint row_to, jint columns, jobject x,
    jint x_stride, jobject y, jint y_offset, jint y_stride) {
  (void)self;
  place p[] = {in(w), in(x), out(y)};
  if (hold(env, p, COUNT(p))) {
    bcq_multiply_floats(
        p[0].at, cols, row_from, row_to, columns, p[1].at, x_stride, p[2].at, y_offset, y_stride);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT void METHOD(JniMatrixFunctions_multiplyBytes)(
    JNIEnv *env, jobject self, jobject w, jobject row_scales, jint rows, jint chunks, jint tile_from,
    jint tile_to, jint columns, jobject bytes, jobject scales, jobject sums, jobject y, jint y_offset,
    jint y_stride) {
  (void)self;
  place p[] = {in(w), in(row_scales), in(bytes), in(scales), in(sums), out(y)};
  if (hold(env, p, COUNT(p))) {
    bcq_multiply_bytes(
        p[0].at, p[1].at, rows, chunks, tile_from, tile_to, columns, p[2].at, p[3].at, p[4].at, p[5].at,
        y_offset, y_stride);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT void METHOD(JniMatrixFunctions_multiplyBytesByFloats)(
    JNIEnv *env, jobject self, jobject w, jobject row_scales, jint rows, jint chunks, jint tile_from,
    jint tile_to, jint columns, jobject x, jobject y, jint y_offset, jint y_stride) {
  (void)self;
  place p[] = {in(w), in(row_scales), in(x), out(y)};
  if (hold(env, p, COUNT(p))) {
    bcq_multiply_bytes_by_floats(
        p[0].at, p[1].at, rows, chunks, tile_from, tile_to, columns, p[2].at, p[3].at, y_offset,
        y_stride);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT void METHOD(JniVectorFunctions_attend)(
    JNIEnv *env, jobject self, jobject query, jint query_offset, jint query_stride, jint columns,
    jobject keys, jobject values, jint stride, jint head_stride, jobject rows, jint count,
    jint head_from, jint head_to, jint head_width, jfloat scale, jboolean biased, jobject bias,
    jint bias_offset, jint bias_stride, jint bias_step, jobject scores, jobject output,
    jint output_offset, jint output_stride) {
  (void)self;
  place p[] = {in(query), in(keys), in(values), in(rows), in_if(biased, bias), out(scores), out(output)};
  if (hold(env, p, COUNT(p))) {
    bcq_attend(
        p[0].at, query_offset, query_stride, columns, p[1].at, p[2].at, stride, head_stride, p[3].at,
        count, head_from, head_to, head_width, scale, biased, p[4].at, bias_offset, bias_stride,
        bias_step, p[5].at, p[6].at, output_offset, output_stride);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT jfloat METHOD(JniVectorFunctions_sumOfExponentials)(
    JNIEnv *env, jobject self, jobject x, jint from, jint length, jfloat maximum) {
  (void)self;
  place p[] = {in(x)};
  if (!hold(env, p, COUNT(p))) {
    return 0;
  }
  jfloat result = bcq_sum_of_exponentials(p[0].at, from, length, maximum);
  let_go(env, p, COUNT(p));
  return result;
}

JNIEXPORT jfloat METHOD(JniVectorFunctions_maximum)(
    JNIEnv *env, jobject self, jobject x, jint from, jint length) {
  (void)self;
  place p[] = {in(x)};
  if (!hold(env, p, COUNT(p))) {
    return 0;
  }
  jfloat result = bcq_maximum(p[0].at, from, length);
  let_go(env, p, COUNT(p));
  return result;
}

JNIEXPORT jint METHOD(JniVectorFunctions_firstAbove)(
    JNIEnv *env, jobject self, jobject x, jint from, jint to, jfloat addend, jfloat bound) {
  (void)self;
  place p[] = {in(x)};
  if (!hold(env, p, COUNT(p))) {
    return 0;
  }
  jint result = bcq_first_above(p[0].at, from, to, addend, bound);
  let_go(env, p, COUNT(p));
  return result;
}

JNIEXPORT void METHOD(JniVectorFunctions_normalize)(
    JNIEnv *env, jobject self, jboolean centered, jobject x, jint x_offset, jint x_stride, jint columns,
    jint width, jobject weight, jboolean biased, jobject bias, jfloat epsilon, jobject y, jint y_offset,
    jint y_stride) {
  (void)self;
  place p[] = {in(x), in(weight), in_if(biased, bias), out(y)};
  if (hold(env, p, COUNT(p))) {
    bcq_normalize(
        centered, p[0].at, x_offset, x_stride, columns, width, p[1].at, biased, p[2].at, epsilon,
        p[3].at, y_offset, y_stride);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT void METHOD(JniVectorFunctions_activate)(
    JNIEnv *env, jobject self, jint function, jobject x, jint from, jint length) {
  (void)self;
  place p[] = {out(x)};
  if (hold(env, p, COUNT(p))) {
    bcq_activate(function, p[0].at, from, length);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT void METHOD(JniVectorFunctions_readRow)(
    JNIEnv *env, jobject self, jobject bits, jobject scales, jint chunks, jint planes, jint group_chunks,
    jboolean offset, jint row, jint cols, jobject to, jint to_offset) {
  (void)self;
  place p[] = {in(bits), in(scales), out(to)};
  if (hold(env, p, COUNT(p))) {
    bcq_read_row(p[0].at, p[1].at, chunks, planes, group_chunks, offset, row, cols, p[2].at, to_offset);
    let_go(env, p, COUNT(p));
  }
}
