# Finds what both scripts run on: a JDK 25, a Maven of 3.8 or newer, and a folder Maven may write to.
# Sourced, with `root` set to the checkout. Bash 3.2, because that is what macOS has.

# Prints the major version of the JDK in folder $1, or nothing if there is none.
jdk_major() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
  if [ -r "$1/release" ]; then
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
  else
    "$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p'
  fi
}

# Sets and exports JAVA_HOME, or says how to get a JDK 25 and ends the script.
find_jdk() {
  local home os arch
  for home in "${JAVA_HOME:-}" "$root"/.jdk "$root"/.jdk/Contents/Home \
      /usr/lib/jvm/* /usr/java/* /opt/* /opt/*/* \
      "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* "${HOME:-}"/.jdks/*/Contents/Home \
      "${HOME:-}"/.asdf/installs/java/* "${HOME:-}"/.local/share/mise/installs/java/* \
      /Library/Java/JavaVirtualMachines/*/Contents/Home \
      "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
      /opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home \
      /usr/local/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home; do
    if [ -n "$home" ] && [ "$(jdk_major "$home")" = 25 ]; then
      JAVA_HOME="$home"
      export JAVA_HOME
      return 0
    fi
  done
  case "$(uname -s)" in Darwin) os=mac ;; *) os=linux ;; esac
  case "$(uname -m)" in arm64 | aarch64) arch=aarch64 ;; *) arch=x64 ;; esac
  cat >&2 <<MESSAGE
Dormouse needs a JDK 25 and found none, neither in JAVA_HOME nor in the usual folders. To get one:

  mkdir -p '$root/.jdk' && curl -fL 'https://api.adoptium.net/v3/binary/latest/25/ga/$os/$arch/jdk/hotspot/normal/eclipse' | tar xz -C '$root/.jdk' --strip-components 1
MESSAGE
  exit 1
}

# Sets `maven` (the command, as an array) or says how to get Maven and ends the script. Needs JAVA_HOME.
find_maven() {
  local candidate version
  for candidate in mvn "$root/.maven/bin/mvn"; do
    command -v "$candidate" >/dev/null 2>&1 || continue
    version=$("$candidate" --version 2>/dev/null | sed -n 's/.*Apache Maven \([0-9]*\)\.\([0-9]*\).*/\1 \2/p')
    case "$version" in
      "3 "[0-7] | "" | [12]\ *) ;;
      *)
        maven=("$candidate")
        give_maven_a_home
        return 0
        ;;
    esac
  done
  cat >&2 <<MESSAGE
Dormouse is built by Maven 3.8 or newer and found none on the path. To get one:

  mkdir -p '$root/.maven' && curl -fL 'https://archive.apache.org/dist/maven/maven-3/3.9.11/binaries/apache-maven-3.9.11-bin.tar.gz' | tar xz -C '$root/.maven' --strip-components 1
MESSAGE
  exit 1
}

# Where the home folder cannot be written, everything Maven would keep there goes to .m2 in the checkout.
give_maven_a_home() {
  local home real
  real=$(eval "echo ~$(id -un)") # the JVM asks the password file, not HOME
  for home in "${HOME:-/nonexistent}" "$real"; do
    if ! mkdir -p "$home/.m2/repository" 2>/dev/null || [ ! -w "$home/.m2" ] || [ ! -w "$home/.m2/repository" ]; then
      mkdir -p "$root/.m2/repository"
      maven+=("-Dmaven.repo.local=$root/.m2/repository" "-Duser.home=$root")
      if [ -r "$real/.m2/settings.xml" ]; then maven+=(--settings "$real/.m2/settings.xml"); fi
      return 0
    fi
  done
}
