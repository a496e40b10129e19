# What hold, million, sagas, soak and storm share: builds the tools into target/dist, if they are not there or older
# than their sources. Sourced, with `root` set to the checkout and find-jdk.sh read.

tools="$root/loadtest/target/dist"

tools_changed() {
  [ -f "$tools/built" ] || return 0
  [ -n "$(find "$root/loadtest/src/main" "$root/loadtest/pom.xml" -newer "$tools/built" 2>/dev/null | head -n 1)" ]
}

build_tools() {
  if ! tools_changed; then return 0; fi
  local log="$root/loadtest/target/tools-build.log" made="$root/loadtest/target/quick"
  find_maven
  echo "Building the load tools (only after a change; details in ${log#"$PWD"/})" >&2
  mkdir -p "$root/loadtest/target"
  touch "$root/loadtest/target/tools-build.began"
  if ! (cd "$root" && "${maven[@]}" --batch-mode -Dquick -pl loadtest package </dev/null) >"$log" 2>&1; then
    grep '^\[ERROR\]' "$log" | head -n 20 >&2 || tail -n 20 "$log" >&2
    echo "The load tools could not be built; everything Maven said is in $log" >&2
    exit 1
  fi
  rm -rf "$tools.new"
  mkdir -p "$tools.new"
  cp -R "$made/lib" "$tools.new/lib"
  cp "$made"/dormouse-loadtest-*.jar "$tools.new/loadtest.jar"
  mv "$root/loadtest/target/tools-build.began" "$tools.new/built"
  rm -rf "$tools"
  mv "$tools.new" "$tools"
}
