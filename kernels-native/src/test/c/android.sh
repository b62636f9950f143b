#!/bin/sh
# What Android asks of a library: pages of 16 KiB, its own libc and no other, and a size that an application bears.
# usage: android.sh LIBRARY
set -eu
library=$1
most=300000

fail() {
  printf '%s: %s\n' "$library" "$1" >&2
  exit 1
}

aligned=$(readelf -lW "$library" | awk '$1 == "LOAD" { print $NF }' | sort -u)
[ "$aligned" = 0x4000 ] || fail "segments are aligned to $aligned; expected 0x4000"
needed=$(readelf -dW "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
[ "$needed" = libc.so ] || fail "it needs '$needed'; expected libc.so"
name=$(readelf -dW "$library" | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')
[ "$name" = libbcq_kernels.so ] || fail "its name is '$name'; expected libbcq_kernels.so"
! readelf -SW "$library" | grep -q '\.symtab' || fail 'it has symbols that nobody needs'
size=$(wc -c < "$library")
[ "$size" -le "$most" ] || fail "it has $size bytes; expected at most $most"
