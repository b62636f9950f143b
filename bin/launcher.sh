# Finds the program, a Java and its flags; bcq-translate and the other commands source this file.
#
# usage: launch MAIN_CLASS MODULE_FOLDER LOWEST_JAVA NEEDS_VECTORS ARGUMENTS...

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

# Sets bcq_java_home to a JDK 25 or newer, else to the newest one that is new enough.
bcq_find_java() {
  local lowest=$1 candidate version best=0 on_path=''
  if command -v java > /dev/null; then
    on_path=$(dirname "$(bcq_resolve "$(command -v java)")")
  fi
  bcq_java_home=''
  for candidate in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* /opt/*jdk* /opt/java/* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -n "$candidate" ] || continue
    version=$(bcq_java_version "$candidate") || continue
    if [ "$version" -ge 25 ]; then
      bcq_java_home=$candidate
      bcq_java_feature=$version
      return
    fi
    if [ "$version" -ge "$lowest" ] && [ "$version" -gt "$best" ]; then
      best=$version
      bcq_java_home=$candidate
      bcq_java_feature=$version
    fi
  done
  [ -n "$bcq_java_home" ] || bcq_fail \
    "no Java $lowest or newer found: install a JDK 25, or name its folder with JAVA_HOME"
}

# Builds the commands when they are missing or older than their sources.
bcq_build() {
  local stamp=$bcq_root/runtime/cli/target/lib-complete newer
  if [ -f "$stamp" ] && [ -f "$bcq_root/converter/target/lib-complete" ]; then
    newer=$(find "$bcq_root/pom.xml" "$bcq_root"/format "$bcq_root"/runtime "$bcq_root"/converter \
      -name target -prune -o \( -path '*/src/main/*' -o -name pom.xml \) -newer "$stamp" -type f -print \
      2> /dev/null | head -n 1)
    [ -n "$newer" ] || return 0
  fi
  command -v mvn > /dev/null || bcq_fail \
    "the commands are not built yet, and Maven, which builds them, is not installed"
  printf 'bcq: building the commands, once; this takes a minute or two ...\n' >&2
  mkdir -p "$bcq_root/target"
  local log=$bcq_root/target/commands-build.log
  (cd "$bcq_root" && mvn -q -B -Dstyle.color=never -DskipTests -pl runtime/cli,converter -am package) \
    > "$log" 2>&1 || {
    cat "$log" >&2
    bcq_fail 'bcq: the build failed; its messages are above'
  }
  touch "$bcq_root/converter/target/lib-complete" "$stamp"
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
  bcq_build
  local flags=(-XX:+UseSerialGC -Xshare:auto "-Dbcq.model=$bcq_root/models/en-de.bcq")
  if [ "$bcq_java_feature" -ge 24 ]; then
    flags+=(--sun-misc-unsafe-memory-access=allow)
  fi
  [ -t 2 ] && flags+=(-Dbcq.stderr.terminal=true)
  # File names and arguments reach Java in the locale's character set.
  case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
    *UTF-8* | *utf8* | *UTF8*) ;;
    *) export LC_ALL=C.UTF-8 ;;
  esac
  local classes="$bcq_root/$module/target/$bcq_jar:$bcq_root/$module/target/lib/*"
  if [ "$vectors" = yes ] && [ "$bcq_java_feature" -ge 25 ] && bcq_wants_vectors "$@"; then
    flags+=(--add-modules jdk.incubator.vector --add-opens java.base/java.io=ALL-UNNAMED -Dbcq.stderr=3)
    # The JVM announces the incubator module on standard error; the program's own messages take another way.
    exec "$bcq_java_home/bin/java" "${flags[@]}" -cp "$classes" "$main" "$@" \
      3>&2 2> >(grep -v '^WARNING: Using incubator modules: jdk.incubator.vector$' >&2)
  fi
  exec "$bcq_java_home/bin/java" "${flags[@]}" -cp "$classes" "$main" "$@"
}
