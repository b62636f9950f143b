# Builds the library for Android with clang and lld alone, without an NDK: it needs nothing of Android but memcpy and
# getauxval of its libc. BCQ_ANDROID_ARCH is aarch64 or x86_64. Projects with an NDK use the NDK's own toolchain file.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR ${BCQ_ANDROID_ARCH})
set(CMAKE_C_COMPILER clang-19)
set(CMAKE_C_COMPILER_TARGET ${BCQ_ANDROID_ARCH}-linux-android26)
# There is no libc to link a program with.
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES BCQ_ANDROID_ARCH)

set(bcq_stubs ${CMAKE_CURRENT_LIST_DIR}/src/main/c/android)
set(CMAKE_C_FLAGS_INIT "-ffreestanding -nostdlibinc -isystem ${bcq_stubs}")
if(BCQ_ANDROID_ARCH STREQUAL aarch64)
  string(APPEND CMAKE_C_FLAGS_INIT " -mno-outline-atomics")
endif()
# Pages of new devices have 16 KiB.
set(CMAKE_SHARED_LINKER_FLAGS_INIT "-nostdlib -fuse-ld=lld-19 -Wl,-z,max-page-size=16384 -Wl,--no-undefined")
set(BCQ_ANDROID ON)
