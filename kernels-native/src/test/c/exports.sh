#!/bin/sh
# A library exports the functions of its header and the native methods of jni.c, and needs nothing but what every
# libc has. usage: exports.sh LIBRARY SOURCES
set -eu
library=$1
sources=$2
expected=$(
  {
    grep -o '^BCQ_API [^(]*(' "$sources/include/bcq_kernels.h" | grep -o 'bcq_[a-z0-9_]*'
    grep -o '^JNIEXPORT [a-z]* METHOD([A-Za-z0-9_]*' "$sources/jni.c" | sed 's/.*(/Java_dev_bcq_kernels_jni_/'
  } | sort
)
found=$(nm -D --defined-only "$library" | awk '{ print $3 }' | sort)
if [ "$found" != "$expected" ]; then
  printf '%s exports\n%s\nexpected\n%s\n' "$library" "$found" "$expected" >&2
  exit 1
fi
# "w" is what a linker adds, for whom it may concern.
needed=$(nm -D -u "$library" | awk '$1 != "w" { sub(/@.*/, "", $2); print $2 }' \
  | grep -vx -e memcpy -e memset -e getauxval || true)
if [ -n "$needed" ]; then
  printf '%s needs\n%s\nexpected memcpy, memset and getauxval alone\n' "$library" "$needed" >&2
  exit 1
fi
