#!/bin/sh
# Fused multiply-add rounds once where the other providers round twice: only dense float32 products may have it.
# usage: fused.sh OBJDUMP LIBRARY
set -eu
found=$("$1" -d --no-show-raw-insn "$2" \
  | awk '/^[0-9a-f]+ <.*>:$/ { name = $2 } /\t(vfn?m(add|sub)|fn?m(add|sub)|fml[as])/ { print name }' \
  | sort -u)
if [ "$found" != '<multiply_floats>:' ]; then
  printf 'fused multiply-add in:\n%s\nexpected in multiply_floats, and there alone\n' "$found" >&2
  exit 1
fi
