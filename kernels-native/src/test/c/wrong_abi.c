/* A library of another version of the contract. */
#include "bcq_kernels.h"

int32_t bcq_abi_version(void) { return BCQ_ABI_VERSION + 1; }

#if defined(BCQ_JNI)
#include <jni.h>

JNIEXPORT jint JNICALL Java_dev_bcq_kernels_jni_JniLibrary_abiVersion(JNIEnv *env, jobject self) {
  (void)env, (void)self;
  return bcq_abi_version();
}
#endif
