/*
 * The contract of bcq_kernels.h for Java's native interface: the native methods of package dev.bcq.kernels.jni,
 * whose parameters are those of the functions that they call.
 *
 * In the place of a pointer they have an array of Java and zero, or what keeps some memory and its address: C
 * that read both out of one object would take longer than all else that a short call does. A call holds the
 * arrays while it lasts: the garbage collector waits, so calls are short, nothing else of Java is called between,
 * and what was held first is let go last. Java has checked all sizes.
 */
#include <jni.h>
#include <stddef.h>

#include "bcq_kernels.h"

#define METHOD(name) JNICALL Java_dev_bcq_kernels_jni_##name
#define POINTER(name) jobject name, jlong name##_address
#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

typedef struct {
  jarray array; /* NULL where the place is an address, and where the kernel reads none */
  void *at;
  jint release; /* JNI_ABORT for what is only read: there is nothing to copy back */
} place;

static place of(jobject owner, jlong address, jint release) {
  return (place){address ? NULL : owner, (void *)(uintptr_t)address, release};
}

#define IN(name) of(name, name##_address, JNI_ABORT)
#define IN_IF(read, name) of((read) ? name : NULL, (read) ? name##_address : 0, JNI_ABORT)
#define OUT(name) of(name, name##_address, 0)

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

JNIEXPORT void METHOD(JniMethods_prepareByteTables)(
    JNIEnv *env, jclass type, POINTER(x), jint columns, jint chunks, POINTER(tables), POINTER(scales)) {
  (void)type;
  place p[] = {IN(x), OUT(tables), OUT(scales)};
  if (hold(env, p, COUNT(p))) {
    bcq_prepare_byte_tables(p[0].at, columns, chunks, p[1].at, p[2].at);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT void METHOD(JniMethods_prepareFloatTables)(
    JNIEnv *env, jclass type, POINTER(x), jint columns, jint chunks, POINTER(tables)) {
  (void)type;
  place p[] = {IN(x), OUT(tables)};
  if (hold(env, p, COUNT(p))) {
    bcq_prepare_float_tables(p[0].at, columns, chunks, p[1].at);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT void METHOD(JniMethods_prepareBytes)(
    JNIEnv *env, jclass type, POINTER(x), jint columns, jint chunks, POINTER(bytes), POINTER(scales),
    POINTER(sums)) {
  (void)type;
  place p[] = {IN(x), OUT(bytes), OUT(scales), OUT(sums)};
  if (hold(env, p, COUNT(p))) {
    bcq_prepare_bytes(p[0].at, columns, chunks, p[1].at, p[2].at, p[3].at);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT void METHOD(JniMethods_prepareBitSlices)(
    JNIEnv *env, jclass type, POINTER(x), jint columns, jint chunks, POINTER(slices), POINTER(scales),
    POINTER(sums)) {
  (void)type;
  place p[] = {IN(x), OUT(slices), OUT(scales), OUT(sums)};
  if (hold(env, p, COUNT(p))) {
    bcq_prepare_bit_slices(p[0].at, columns, chunks, p[1].at, p[2].at, p[3].at);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT void METHOD(JniMethods_multiplyByteTables)(
    JNIEnv *env, jclass type, POINTER(bits), POINTER(scales), jint rows, jint chunks, jint planes,
    jint group_chunks, jboolean offset, jint tile_from, jint tile_to, jint columns, POINTER(tables),
    POINTER(table_scales), POINTER(group_sums), POINTER(y), jint y_offset, jint y_stride) {
  (void)type;
  place p[] = {IN(bits), IN(scales), IN(tables), IN(table_scales), IN_IF(offset, group_sums), OUT(y)};
  if (hold(env, p, COUNT(p))) {
    bcq_multiply_byte_tables(
        p[0].at, p[1].at, rows, chunks, planes, group_chunks, offset, tile_from, tile_to, columns,
        p[2].at, p[3].at, p[4].at, p[5].at, y_offset, y_stride);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT void METHOD(JniMethods_multiplyFloatTables)(
    JNIEnv *env, jclass type, POINTER(bits), POINTER(scales), jint rows, jint chunks, jint planes,
    jint group_chunks, jboolean offset, jint tile_from, jint tile_to, jint columns, POINTER(tables),
    POINTER(group_sums), POINTER(y), jint y_offset, jint y_stride) {
  (void)type;
  place p[] = {IN(bits), IN(scales), IN(tables), IN_IF(offset, group_sums), OUT(y)};
  if (hold(env, p, COUNT(p))) {
    bcq_multiply_float_tables(
        p[0].at, p[1].at, rows, chunks, planes, group_chunks, offset, tile_from, tile_to, columns,
        p[2].at, p[3].at, p[4].at, y_offset, y_stride);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT void METHOD(JniMethods_multiplyDecoded)(
    JNIEnv *env, jclass type, POINTER(bits), POINTER(scales), jint rows, jint chunks, jint planes,
    jint group_chunks, jboolean offset, jint tile_from, jint tile_to, jint columns, POINTER(bytes),
    POINTER(byte_scales), POINTER(byte_sums), POINTER(group_sums), POINTER(y), jint y_offset,
    jint y_stride) {
  (void)type;
  place p[] = {
      IN(bits), IN(scales), IN(bytes), IN(byte_scales), IN(byte_sums), IN_IF(offset, group_sums),
      OUT(y)};
  if (hold(env, p, COUNT(p))) {
    bcq_multiply_decoded(
        p[0].at, p[1].at, rows, chunks, planes, group_chunks, offset, tile_from, tile_to, columns,
        p[2].at, p[3].at, p[4].at, p[5].at, p[6].at, y_offset, y_stride);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT void METHOD(JniMethods_multiplyBitSlices)(
    JNIEnv *env, jclass type, POINTER(bits), POINTER(scales), jint rows, jint chunks, jint planes,
    jint group_chunks, jboolean offset, jint tile_from, jint tile_to, jint columns, POINTER(slices),
    POINTER(slice_scales), POINTER(sums), POINTER(group_sums), POINTER(y), jint y_offset, jint y_stride) {
  (void)type;
  place p[] = {
      IN(bits), IN(scales), IN(slices), IN(slice_scales), IN(sums), IN_IF(offset, group_sums), OUT(y)};
  if (hold(env, p, COUNT(p))) {
    bcq_multiply_bit_slices(
        p[0].at, p[1].at, rows, chunks, planes, group_chunks, offset, tile_from, tile_to, columns,
        p[2].at, p[3].at, p[4].at, p[5].at, p[6].at, y_offset, y_stride);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT void METHOD(JniMethods_multiplyFloats)(
    JNIEnv *env, jclass type, POINTER(w), jint cols, jint row_from, jint row_to, jint columns, POINTER(x),
    jint x_stride, POINTER(y), jint y_offset, jint y_stride) {
  (void)type;
  place p[] = {IN(w), IN(x), OUT(y)};
  if (hold(env, p, COUNT(p))) {
    bcq_multiply_floats(
        p[0].at, cols, row_from, row_to, columns, p[1].at, x_stride, p[2].at, y_offset, y_stride);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT void METHOD(JniMethods_multiplyBytes)(
    JNIEnv *env, jclass type, POINTER(w), POINTER(row_scales), jint rows, jint chunks, jint tile_from,
    jint tile_to, jint columns, POINTER(bytes), POINTER(scales), POINTER(sums), POINTER(y), jint y_offset,
    jint y_stride) {
  (void)type;
  place p[] = {IN(w), IN(row_scales), IN(bytes), IN(scales), IN(sums), OUT(y)};
  if (hold(env, p, COUNT(p))) {
    bcq_multiply_bytes(
        p[0].at, p[1].at, rows, chunks, tile_from, tile_to, columns, p[2].at, p[3].at, p[4].at, p[5].at,
        y_offset, y_stride);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT void METHOD(JniMethods_multiplyBytesByFloats)(
    JNIEnv *env, jclass type, POINTER(w), POINTER(row_scales), jint rows, jint chunks, jint tile_from,
    jint tile_to, jint columns, POINTER(x), POINTER(y), jint y_offset, jint y_stride) {
  (void)type;
  place p[] = {IN(w), IN(row_scales), IN(x), OUT(y)};
  if (hold(env, p, COUNT(p))) {
    bcq_multiply_bytes_by_floats(
        p[0].at, p[1].at, rows, chunks, tile_from, tile_to, columns, p[2].at, p[3].at, y_offset,
        y_stride);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT void METHOD(JniMethods_attend)(
    JNIEnv *env, jclass type, POINTER(query), jint query_offset, jint query_stride, jint columns,
    POINTER(keys), POINTER(values), jint stride, jint head_stride, POINTER(rows),
    jint rows_offset, jint count, jint head_from, jint head_to, jint head_width, jfloat scale,
    jboolean biased, POINTER(bias), jint bias_offset, jint bias_stride, jint bias_step,
    POINTER(scores), POINTER(output), jint output_offset, jint output_stride) {
  (void)type;
  place p[] = {IN(query), IN(keys), IN(values), IN(rows), IN_IF(biased, bias), OUT(scores), OUT(output)};
  if (hold(env, p, COUNT(p))) {
    bcq_attend(
        p[0].at, query_offset, query_stride, columns, p[1].at, p[2].at, stride, head_stride, p[3].at,
        rows_offset, count, head_from, head_to, head_width, scale, biased, p[4].at, bias_offset, bias_stride,
        bias_step, p[5].at, p[6].at, output_offset, output_stride);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT void METHOD(JniMethods_attendInt8)(
    JNIEnv *env, jclass type, POINTER(query), jint query_offset, jint query_stride, jint columns,
    POINTER(tiles), POINTER(scales), jint capacity, jboolean listed, POINTER(rows), jint rows_offset,
    jint rows_stride, jint count, jint head_from, jint head_to, jint head_width, jfloat scale,
    jboolean biased, POINTER(bias), jint bias_offset, jint bias_stride, jint bias_step, POINTER(scores),
    POINTER(output), jint output_offset, jint output_stride) {
  (void)type;
  place p[] = {IN(query),           IN(tiles),   IN(scales), IN_IF(listed, rows),
               IN_IF(biased, bias), OUT(scores), OUT(output)};
  if (hold(env, p, COUNT(p))) {
    bcq_attend_int8(
        p[0].at, query_offset, query_stride, columns, p[1].at, p[2].at, capacity, listed, p[3].at,
        rows_offset, rows_stride, count, head_from, head_to, head_width, scale, biased, p[4].at,
        bias_offset, bias_stride, bias_step, p[5].at, p[6].at, output_offset, output_stride);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT void METHOD(JniMethods_storeKeyValues)(
    JNIEnv *env, jclass type, POINTER(keys), jint keys_offset, jint keys_stride, POINTER(values),
    jint values_offset, jint values_stride, jint columns, jint head_from, jint head_to,
    jint head_width, POINTER(tiles), POINTER(scales), jint capacity, jint row) {
  (void)type;
  place p[] = {IN(keys), IN(values), OUT(tiles), OUT(scales)};
  if (hold(env, p, COUNT(p))) {
    bcq_store_key_values(
        p[0].at, keys_offset, keys_stride, p[1].at, values_offset, values_stride, columns,
        head_from, head_to, head_width, p[2].at, p[3].at, capacity, row);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT jfloat METHOD(JniMethods_sumOfExponentials)(
    JNIEnv *env, jclass type, POINTER(x), jint from, jint length, jfloat maximum) {
  (void)type;
  place p[] = {IN(x)};
  if (!hold(env, p, COUNT(p))) {
    return 0;
  }
  jfloat result = bcq_sum_of_exponentials(p[0].at, from, length, maximum);
  let_go(env, p, COUNT(p));
  return result;
}

JNIEXPORT void METHOD(JniMethods_subtract)(
    JNIEnv *env, jclass type, POINTER(x), jint from, jint length, jfloat number) {
  (void)type;
  place p[] = {OUT(x)};
  if (hold(env, p, COUNT(p))) {
    bcq_subtract(p[0].at, from, length, number);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT jfloat METHOD(JniMethods_maximum)(
    JNIEnv *env, jclass type, POINTER(x), jint from, jint length) {
  (void)type;
  place p[] = {IN(x)};
  if (!hold(env, p, COUNT(p))) {
    return 0;
  }
  jfloat result = bcq_maximum(p[0].at, from, length);
  let_go(env, p, COUNT(p));
  return result;
}

JNIEXPORT jint METHOD(JniMethods_firstAbove)(
    JNIEnv *env, jclass type, POINTER(x), jint from, jint to, jfloat addend, jfloat bound) {
  (void)type;
  place p[] = {IN(x)};
  if (!hold(env, p, COUNT(p))) {
    return 0;
  }
  jint result = bcq_first_above(p[0].at, from, to, addend, bound);
  let_go(env, p, COUNT(p));
  return result;
}

JNIEXPORT void METHOD(JniMethods_normalize)(
    JNIEnv *env, jclass type, jboolean centered, POINTER(x), jint x_offset, jint x_stride, jint columns,
    jint width, POINTER(weight), jboolean biased, POINTER(bias), jfloat epsilon, POINTER(y), jint y_offset,
    jint y_stride) {
  (void)type;
  place p[] = {IN(x), IN(weight), IN_IF(biased, bias), OUT(y)};
  if (hold(env, p, COUNT(p))) {
    bcq_normalize(
        centered, p[0].at, x_offset, x_stride, columns, width, p[1].at, biased, p[2].at, epsilon,
        p[3].at, y_offset, y_stride);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT void METHOD(JniMethods_add)(
    JNIEnv *env, jclass type, POINTER(terms), jint terms_offset, jint terms_stride, POINTER(sums),
    jint sums_offset, jint sums_stride, jint columns, jint length) {
  (void)type;
  place p[] = {IN(terms), OUT(sums)};
  if (hold(env, p, COUNT(p))) {
    bcq_add_columns(p[0].at, terms_offset, terms_stride, p[1].at, sums_offset, sums_stride, columns, length);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT void METHOD(JniMethods_activate)(
    JNIEnv *env, jclass type, jint function, POINTER(x), jint from, jint length) {
  (void)type;
  place p[] = {OUT(x)};
  if (hold(env, p, COUNT(p))) {
    bcq_activate(function, p[0].at, from, length);
    let_go(env, p, COUNT(p));
  }
}

JNIEXPORT void METHOD(JniMethods_readRow)(
    JNIEnv *env, jclass type, POINTER(bits), POINTER(scales), jint chunks, jint planes, jint group_chunks,
    jboolean offset, jint row, jint cols, POINTER(to), jint to_offset) {
  (void)type;
  place p[] = {IN(bits), IN(scales), OUT(to)};
  if (hold(env, p, COUNT(p))) {
    bcq_read_row(p[0].at, p[1].at, chunks, planes, group_chunks, offset, row, cols, p[2].at, to_offset);
    let_go(env, p, COUNT(p));
  }
}
