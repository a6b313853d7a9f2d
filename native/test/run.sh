# Sourced by build.sh: the C tests, built and run in every way that this machine allows.
# shellcheck shell=bash

# build_tests COMPILER DIR FLAGS...: DIR/qk-test
build_tests() {
  local compiler=$1 directory=$2
  shift 2
  rm -rf "$directory"
  compile "$compiler" "$directory" "$@"
  "$compiler" "${FLAGS[@]}" "$@" test/*.c "$directory"/*.o -lm -o "$directory/qk-test"
}

# can_sanitise COMPILER DIR NAME FLAGS...: whether programs with these sanitisers link and run here.
can_sanitise() {
  local compiler=$1 trial=$2/trial-$3
  shift 3
  echo 'int main(void) { return 0; }' >"$trial.c"
  "$compiler" "$@" "$trial.c" -o "$trial" 2>/dev/null && "$trial" 2>/dev/null
}

test_plain() {
  build_tests "$1" "$2/plain" -O3 ${ENCODING:+"$ENCODING"}
  "$2/plain/qk-test" | sed 's/^/native: /'
}

test_sanitised() {
  if can_sanitise "$1" "$2" memory "${SANITISE[@]}"; then
    build_tests "$1" "$2/sanitised" -Og -g "${SANITISE[@]}" ${ENCODING:+"$ENCODING"}
    "$2/sanitised/qk-test" | sed 's/^/native, sanitised: /'
  else
    echo "*** native: no sanitisers for $1 here: C tests ran without them" >&2
  fi
}

# What threads share, under the thread sanitiser: the pool itself, and the operations that use it.
test_threads() {
  if can_sanitise "$1" "$2" threads -fsanitize=thread; then
    build_tests "$1" "$2/threads" -O1 -g -fsanitize=thread
    "$2/threads/qk-test" pool mixture project | sed 's/^/native, threads sanitised: /'
  else
    echo "*** native: no thread sanitiser for $1 here: races were not looked for" >&2
  fi
}

test_neon() {
  local directory=$1 cross=aarch64-linux-gnu-gcc emulator
  if [[ $(uname -m) == aarch64 || $(uname -m) == arm64 ]]; then
    return # tested natively
  fi
  emulator=$(command -v qemu-aarch64 || command -v qemu-aarch64-static || true)
  if ! command -v $cross >/dev/null || [[ -z $emulator ]]; then
    echo "*** native: NEON not tested: needs $cross and qemu-aarch64" \
      "(Debian: gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user)" >&2
    return
  fi
  build_tests $cross "$directory/neon" -O1 -static
  # The first CPU has the dot product instruction, the second has not.
  "$emulator" -cpu neoverse-n1 "$directory/neon/qk-test" | sed 's/^/native, NEON dotprod: /'
  "$emulator" -cpu cortex-a53 "$directory/neon/qk-test" | sed 's/^/native, NEON: /'
}

readonly SANITISE=(-fsanitize=address,undefined -fno-sanitize-recover=all)

# run_tests COMPILER DIR. What passed is not run again until a file changes.
run_tests() {
  local compiler=$1 directory=$2/qk-test
  if [[ -f $directory/passed && -z $(find . -newer "$directory/passed" -type f \
    \( -name '*.[ch]' -o -name '*.inc' -o -name '*.sh' \) -not -path './target/*' -print -quit) ]]; then
    echo "native: C tests passed before, nothing changed"
    return
  fi
  mkdir -p "$directory"
  choose_encoding
  local failed=0 pids=() pid
  test_plain "$compiler" "$directory" &
  pids+=($!)
  test_sanitised "$compiler" "$directory" &
  pids+=($!)
  test_threads "$compiler" "$directory" &
  pids+=($!)
  test_neon "$directory" &
  pids+=($!)
  for pid in "${pids[@]}"; do
    wait "$pid" || failed=1
  done
  ((failed == 0)) || return 1
  touch "$directory/passed"
}
