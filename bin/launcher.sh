# Finds the program, a Java and its flags; bcq-translate and the other commands source this file.
#
# usage: launch MAIN_CLASS MODULE_FOLDER LOWEST_JAVA NEEDS_VECTORS ARGUMENTS...

bcq_version=0.1.0

bcq_fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

# Sets bcq_resolved to the folder of a file, without links.
bcq_resolve() {
  local path=$1 target
  while [ -L "$path" ]; do
    target=$(readlink "$path")
    case $target in
      /*) path=$target ;;
      *) path=${path%/*}/$target ;;
    esac
  done
  bcq_resolved=$(cd -P "${path%/*}" && pwd)
}

# Sets bcq_version_found to the feature version of the JDK in a folder, without starting it.
bcq_java_version() {
  local line
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
  while IFS= read -r line; do
    case $line in
      JAVA_VERSION=*)
        line=${line#*\"}
        line=${line%%\"*}
        bcq_version_found=${line%%[.+-]*}
        return 0
        ;;
    esac
  done < "$1/release"
  return 1
}

# Takes the JDK in a folder if it is new enough for $1, and newer than the one taken.
bcq_consider_java() {
  local lowest=$1 candidate=$2
  [ -n "$candidate" ] && bcq_java_version "$candidate" || return 0
  bcq_java_found="$bcq_java_found${bcq_java_found:+, }$bcq_version_found in $candidate"
  if [ "$bcq_version_found" -ge "$lowest" ] && [ "$bcq_version_found" -gt "$bcq_java_feature" ]; then
    bcq_java_home=$candidate
    bcq_java_feature=$bcq_version_found
  fi
}

# Sets bcq_java_home and bcq_java_feature to a JDK 25 or newer, else to the newest one that is new
# enough for $1, else to nothing; bcq_java_found tells of all that were met.
bcq_find_java() {
  local lowest=$1 candidate on_path
  bcq_java_home=''
  bcq_java_feature=0
  bcq_java_found=''
  bcq_consider_java "$lowest" "${JAVA_HOME:-}"
  [ "$bcq_java_feature" -lt 25 ] || return 0
  if on_path=$(command -v java); then
    bcq_resolve "$on_path"
    bcq_consider_java "$lowest" "${bcq_resolved%/*}"
  fi
  for candidate in /usr/lib/jvm/* /opt/*jdk* /opt/java/* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ "$bcq_java_feature" -lt 25 ] || return 0
    bcq_consider_java "$lowest" "$candidate"
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
  # Libraries of an older version would stay on the class path, and JARs without a change as old as they are.
  rm -f "${jars[@]}"
  for module in "${modules[@]}"; do
    rm -rf "$bcq_root/$module/target/lib"
  done
  local log=$bcq_root/target/commands-build.log
  (cd "$bcq_root" && IFS=, && mvn -q -B -Dstyle.color=never -Pcommands -pl "${modules[*]}" -am package) \
    > "$log" 2>&1 || {
    cat "$log" >&2
    bcq_fail 'bcq: the build failed; its messages are above'
  }
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

# Succeeds if the commands bring kernels in C for this machine, which need no newer Java: a JAR has the names of its
# files as they are.
bcq_has_c_kernels() {
  local platform
  platform=$(uname -sm)
  case $platform in
    'Darwin arm64') platform=macos-aarch64 ;;
    Darwin*) platform=macos-x86_64 ;;
    *) platform=linux-${platform##* } ;;
  esac
  grep -qa "dev/bcq/kernels/c/$platform/lib" "${bcq_jar%/*}/lib/bcq-kernels-c-$bcq_version.jar" 2> /dev/null
}

# Sets what every start of a module's commands has in common: bcq_jar, bcq_classes, bcq_cache and bcq_flags. A cache
# serves starts alone that have the same flags and classes in the same order as the start that it was made of.
bcq_describe() {
  local module=$1 target=$bcq_root/$1/target jar
  local LC_ALL=C
  # Unpacked from an archive, the commands have their JARs in one place.
  [ ! -d "$bcq_root/jars" ] || target=$bcq_root/jars/${1##*/}
  bcq_jar=$target/bcq-${module##*/}-$bcq_version.jar
  bcq_classes=$bcq_jar
  for jar in "$target"/lib/*.jar; do
    bcq_classes=$bcq_classes:$jar
  done
  bcq_cache=$target/start-up.aot
  bcq_flags=(-XX:+UseSerialGC -Xms8m -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=30 -XX:-ShrinkHeapInSteps
    -XX:-UsePerfData -Djava.awt.headless=true)
  if [ "$bcq_java_feature" -ge 22 ]; then
    # Reflection in the JVM itself: else Java makes classes for what picocli calls once.
    bcq_flags+=(--enable-native-access=ALL-UNNAMED -Djdk.reflect.useNativeAccessorOnly=true)
  fi
  if [ "$bcq_java_feature" -ge 24 ]; then
    bcq_flags+=(--sun-misc-unsafe-memory-access=allow)
  fi
  bcq_flags+=("-Dbcq.bin=$bcq_bin" "-Dbcq.model=$bcq_root/models/en-de.bcq")
}

# Makes the start-up cache of a module anew by translating once with the kernels in C. Where that fails, for want of
# a JDK 25, those kernels or a writable folder, there is none, and commands start as they do without one.
#
# usage: bcq_make_cache MAIN_CLASS MODULE_FOLDER
bcq_make_cache() {
  bcq_root=${bcq_bin%/*}
  bcq_find_java 25
  [ -n "$bcq_java_home" ] || return 0
  bcq_describe "$2"
  bcq_made=$bcq_cache.$$
  trap 'rm -f "$bcq_made"*' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  rm -f "$bcq_cache" 2> /dev/null
  "$bcq_java_home/bin/java" "${bcq_flags[@]}" -Dbcq.kernels=c-ffm -XX:AOTCacheOutput="$bcq_made" -cp "$bcq_classes" \
    "$1" 'How are you? I am fine.' > /dev/null 2>&1 < /dev/null \
    && mv -f "$bcq_made" "$bcq_cache" 2> /dev/null
  return 0
}

# Succeeds if the start-up cache serves these arguments. That it is there tells that the kernels in C have run here,
# unless others are asked for or something may keep C from running.
bcq_cache_serves() {
  local previous='' argument
  [ "$bcq_java_feature" -ge 25 ] && [ "$bcq_cache" -nt "$bcq_jar" ] || return 1
  [ -z "${BCQ_MAX_ISA:-}${JAVA_TOOL_OPTIONS:-}${JDK_JAVA_OPTIONS:-}${_JAVA_OPTIONS:-}" ] || return 1
  for argument in "$@"; do
    case $previous$argument in
      --kernels=c-ffm | --kernels=auto | --kernelsc-ffm | --kernelsauto) ;;
      --kernels=* | --kernels?*) return 1 ;;
    esac
    previous=''
    [ "$argument" = --kernels ] && previous=--kernels
  done
  return 0
}

launch() {
  local main=$1 module=$2 lowest=$3 vectors=$4
  shift 4
  bcq_root=${bcq_bin%/*}
  bcq_find_java "$lowest"
  bcq_build "$module"
  [ -n "$bcq_java_home" ] || bcq_no_java "${0##*/} needs" "$lowest or newer"
  bcq_describe "$module"
  local flags=("${bcq_flags[@]}")
  [ -t 0 ] && flags+=(-Dbcq.stdin.terminal=true)
  [ -t 1 ] && flags+=(-Dbcq.stdout.terminal=true)
  [ -t 2 ] && flags+=(-Dbcq.stderr.terminal=true)
  # File names and arguments reach Java in the locale's character set.
  case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
    *UTF-8* | *utf8* | *UTF8*) ;;
    *) export LC_ALL=C.UTF-8 ;;
  esac
  if bcq_cache_serves "$@"; then
    # Silent where the cache does not fit, for another JDK may have made it.
    flags+=("-XX:AOTCache=$bcq_cache" '-Xlog:aot*=off' '-Xlog:cds*=off')
    # The time is spent in C: the better of the JVM's compilers costs more memory than it saves time.
    flags+=(-XX:TieredStopAtLevel=1)
    # Six of its seven megabytes go into one method, which Java needs a few times to make the calls of C.
    flags+=(-XX:CompileCommand=quiet
      -XX:CompileCommand=exclude,jdk/internal/classfile/impl/StackMapGenerator.processBlock)
    vectors=no
  fi
  if [ "$vectors" = yes ] && [ "$bcq_java_feature" -ge 25 ] && bcq_wants_vectors "$@"; then
    flags+=(--add-modules jdk.incubator.vector --add-opens java.base/java.io=ALL-UNNAMED -Dbcq.stderr=3)
    # The JVM announces the incubator module on standard error; the program's own messages take another way.
    exec "$bcq_java_home/bin/java" "${flags[@]}" -cp "$bcq_classes" "$main" "$@" \
      3>&2 2> >(grep -v '^WARNING: Using incubator modules: jdk.incubator.vector$' >&2)
  fi
  if [ "$vectors" = yes ] && bcq_wants_vectors "$@" && ! bcq_has_c_kernels; then
    printf '%s: with a JDK 25, this would be about ten times as fast as on Java %s (--kernels scalar: no such note)\n' \
      "${0##*/}" "$bcq_java_feature" >&2
  fi
  exec "$bcq_java_home/bin/java" "${flags[@]}" -cp "$bcq_classes" "$main" "$@"
}
