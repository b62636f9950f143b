/* Memory for dev.bcq.kernels.c.GuardedMemory: size bytes between two stretches that nobody may touch. */
#define _DEFAULT_SOURCE
#include <jni.h>
#include <stddef.h>
#include <sys/mman.h>

/* Returns a direct buffer, or NULL where there is no memory; it is never freed. */
JNIEXPORT jobject JNICALL
Java_dev_bcq_kernels_c_GuardedMemory_region(JNIEnv *env, jclass type, jlong size, jlong guard) {
  (void)type;
  char *all = mmap(NULL, (size_t)(size + 2 * guard), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (all == MAP_FAILED || mprotect(all + guard, (size_t)size, PROT_READ | PROT_WRITE) != 0) {
    return NULL;
  }
  return (*env)->NewDirectByteBuffer(env, all + guard, size);
}
