# Finds the program, a Java and its flags; bcq-translate and the other commands source this file.
#
# usage: launch MAIN_CLASS MODULE_FOLDER LOWEST_JAVA NEEDS_VECTORS ARGUMENTS...

bcq_version=0.1.0

bcq_fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

bcq_resolve() {
  local path=$1 target
  while [ -L "$path" ]; do
    target=$(readlink "$path")
    case $target in
      /*) path=$target ;;
      *) path=$(dirname "$path")/$target ;;
    esac
  done
  (cd -P "$(dirname "$path")" && pwd)
}

# Prints the feature version of the JDK in a folder, without starting it.
bcq_java_version() {
  local line
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
  line=$(grep '^JAVA_VERSION=' "$1/release") || return 1
  line=${line#*\"}
  line=${line%%\"*}
  printf '%s\n' "${line%%[.+-]*}"
}

# Sets bcq_java_home and bcq_java_feature to a JDK 25 or newer, else to the newest one that is new
# enough for $1, else to nothing; bcq_java_found tells of all that were met.
bcq_find_java() {
  local lowest=$1 candidate version on_path=''
  if command -v java > /dev/null; then
    on_path=$(dirname "$(bcq_resolve "$(command -v java)")")
  fi
  bcq_java_home=''
  bcq_java_feature=0
  bcq_java_found=''
  for candidate in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* /opt/*jdk* /opt/java/* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -n "$candidate" ] || continue
    version=$(bcq_java_version "$candidate") || continue
    bcq_java_found="$bcq_java_found${bcq_java_found:+, }$version in $candidate"
    if [ "$version" -ge "$lowest" ] && [ "$version" -gt "$bcq_java_feature" ]; then
      bcq_java_home=$candidate
      bcq_java_feature=$version
    fi
    [ "$bcq_java_feature" -lt 25 ] || return 0
  done
}

bcq_no_java() {
  bcq_fail "$1 a JDK $2 and none was found (looked in JAVA_HOME, on the PATH, /usr/lib/jvm, /opt, ~/.sdkman, ~/.jdks; found: ${bcq_java_found:-nothing})"
}

# Builds the commands when they are missing or older than their sources: bcq-bench, the command of module $1
# "benchmarks", only when it is used, for what it is measured against has to be downloaded.
bcq_build() {
  [ -f "$bcq_root/pom.xml" ] || return 0
  local modules=(runtime/cli converter) jars=() module
  [ "$1" != benchmarks ] || modules+=(benchmarks)
  for module in "${modules[@]}"; do
    jars+=("$bcq_root/$module/target/bcq-${module##*/}-$bcq_version.jar")
  done
  if bcq_all_exist "${jars[@]}" && [ -z "$(bcq_newer_source "${jars[${#jars[@]} - 1]}" "${modules[@]}")" ]; then
    return 0
  fi
  command -v mvn > /dev/null || bcq_fail \
    'the commands are not built yet, and Maven, which builds them, is not installed'
  [ "$bcq_java_feature" -ge 25 ] || bcq_no_java 'building the commands needs' 25
  printf 'bcq: building the commands, once; half a minute, and more where Maven has to download ...\n' >&2
  mkdir -p "$bcq_root/target"
  for module in "${modules[@]}"; do
    # Libraries of an older version would stay on the class path.
    rm -rf "$bcq_root/$module/target/lib"
  done
  local log=$bcq_root/target/commands-build.log
  (cd "$bcq_root" && IFS=, && mvn -q -B -Dstyle.color=never -Pcommands -pl "${modules[*]}" -am package) \
    > "$log" 2>&1 || {
    cat "$log" >&2
    bcq_fail 'bcq: the build failed; its messages are above'
  }
  touch "${jars[@]}"
}

bcq_all_exist() {
  local file
  for file in "$@"; do
    [ -f "$file" ] || return 1
  done
}

# Prints a source that is newer than a file, if there is one: of the modules that follow, or of what they share.
bcq_newer_source() {
  local file=$1
  shift
  (cd "$bcq_root" && find pom.xml format runtime kernels-native "${@:2}" \
    -name target -prune -o \( -path '*/src/main/*' -o -name pom.xml \) -newer "$file" -type f -print) \
    2> /dev/null | head -n 1
}

# Succeeds unless the arguments say that no kernel, or only the scalar ones, will run.
bcq_wants_vectors() {
  local previous='' argument
  for argument in "$@"; do
    case $previous$argument in
      -h | --help | -V | --version | --kernels=scalar | --kernelsscalar) return 1 ;;
    esac
    previous=''
    [ "$argument" = --kernels ] && previous=--kernels
  done
  return 0
}

launch() {
  local main=$1 module=$2 lowest=$3 vectors=$4
  shift 4
  bcq_root=$(dirname "$bcq_bin")
  bcq_find_java "$lowest"
  bcq_build "$module"
  [ -n "$bcq_java_home" ] || bcq_no_java "${0##*/} needs" "$lowest or newer"
  local flags=(-XX:+UseSerialGC -Xshare:auto "-Dbcq.bin=$bcq_bin" "-Dbcq.model=$bcq_root/models/en-de.bcq")
  if [ "$bcq_java_feature" -ge 22 ]; then
    flags+=(--enable-native-access=ALL-UNNAMED)
  fi
  if [ "$bcq_java_feature" -ge 24 ]; then
    flags+=(--sun-misc-unsafe-memory-access=allow)
  fi
  [ -t 0 ] && flags+=(-Dbcq.stdin.terminal=true)
  [ -t 1 ] && flags+=(-Dbcq.stdout.terminal=true)
  [ -t 2 ] && flags+=(-Dbcq.stderr.terminal=true)
  # File names and arguments reach Java in the locale's character set.
  case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
    *UTF-8* | *utf8* | *UTF8*) ;;
    *) export LC_ALL=C.UTF-8 ;;
  esac
  local classes="$bcq_root/$module/target/bcq-${module##*/}-$bcq_version.jar:$bcq_root/$module/target/lib/*"
  if [ "$vectors" = yes ] && [ "$bcq_java_feature" -ge 25 ] && bcq_wants_vectors "$@"; then
    flags+=(--add-modules jdk.incubator.vector --add-opens java.base/java.io=ALL-UNNAMED -Dbcq.stderr=3)
    # The JVM announces the incubator module on standard error; the program's own messages take another way.
    exec "$bcq_java_home/bin/java" "${flags[@]}" -cp "$classes" "$main" "$@" \
      3>&2 2> >(grep -v '^WARNING: Using incubator modules: jdk.incubator.vector$' >&2)
  fi
  if [ "$vectors" = yes ] && bcq_wants_vectors "$@"; then
    printf '%s: with a JDK 25, this would be about ten times as fast as on Java %s (--kernels scalar: no such note)\n' \
      "${0##*/}" "$bcq_java_feature" >&2
  fi
  exec "$bcq_java_home/bin/java" "${flags[@]}" -cp "$classes" "$main" "$@"
}
