#!/usr/bin/env bash
# Builds the native kernels.
#
#   build.sh library DIR   DIR/dev/qwenmcp/native/<os>-<arch>/libqk.so (.dylib), skipped when up to date
#   build.sh test DIR      C tests in DIR: sanitised and plain, every instruction set of this machine,
#                          NEON under qemu where a cross compiler and qemu are installed
#   build.sh bench DIR     DIR/qk-bench, to be run by hand
#
# CC names the compiler (one word); without one the build says so and succeeds, and the Java kernels serve. One that is
# too old is an error.
set -euo pipefail
cd "$(dirname "$0")"

readonly FLAGS=(-std=c17 -fPIC -pthread -ffp-contract=off -fno-fast-math -fno-math-errno
  -fvisibility=hidden -D_GNU_SOURCE -Iinclude
  -Wall -Wextra -Werror -Wshadow -Wconversion -Wno-sign-conversion -Wstrict-prototypes)

find_compiler() {
  local candidate
  for candidate in ${CC:-gcc cc clang}; do
    if command -v "$candidate" >/dev/null; then
      echo "$candidate"
      return
    fi
  done
}

# knows_avxvnni COMPILER: whether it and its assembler do.
knows_avxvnni() {
  echo '__asm__("{vex} vpdpbusd %ymm0, %ymm0, %ymm0");' |
    "$1" -mavxvnni -x c -c - -o /dev/null 2>/dev/null
}

ENCODING= # flags of choose_encoding

# AVX-VNNI is AVX2 with two instructions of AVX-512 VNNI in another encoding. On a machine that has the latter alone,
# tests and benchmarks run the same unit with these two encoded so; the library never has that.
choose_encoding() {
  local flags
  flags=$(grep -m 1 '^flags' /proc/cpuinfo 2>/dev/null || true)
  if [[ $(uname -m) != x86_64 || " $flags " == *" avx_vnni "* ]]; then
    return
  elif [[ " $flags " == *" avx512_vnni "* && " $flags " == *" avx512vl "* ]]; then
    ENCODING=-DQK_AVXVNNI_AS_AVX512
  else
    echo "*** native: AVX-VNNI left out: this CPU shows no dot product of bytes" >&2
  fi
}

# isa_flags SOURCE: what one instruction set's unit is compiled with, and no other file.
isa_flags() {
  case "$(basename "$1")" in
    avx2.c) echo "-mavx2 -mfma -mf16c" ;;
    avxvnni.c) echo "-mavx2 -mfma -mf16c -mavxvnni" ;;
    avx512.c) echo "-mavx512f -mavx512bw -mavx512dq -mavx512vl -mavx512vnni -mfma -mf16c \
      -mprefer-vector-width=512" ;;
    neon_dotprod.c) echo "-march=armv8.2-a+dotprod" ;;
  esac
}

# sources ARCH: every C file of the library for this architecture.
sources() {
  ls src/*.c
  echo src/isa/scalar.c
  case "$1" in
    x86_64) echo src/isa/avx2.c src/isa/avxvnni.c src/isa/avx512.c ;;
    aarch64) echo src/isa/neon.c src/isa/neon_dotprod.c ;;
  esac
}

architecture() {
  case "$("$1" -dumpmachine)" in
    x86_64* | amd64*) echo x86_64 ;;
    aarch64* | arm64*) echo aarch64 ;;
    *) uname -m ;;
  esac
}

# compile_unit SOURCE OBJECT COMPILER FLAGS...: one object, in the chosen encoding.
compile_unit() {
  local source=$1 object=$2
  shift 2
  if [[ $source == */avxvnni.c && -n $ENCODING ]]; then
    "$@" -S "$source" -o "$object.s"
    sed 's/{vex}//' "$object.s" >"$object.evex.s"
    "$1" -c "$object.evex.s" -o "$object"
  else
    "$@" -c "$source" -o "$object"
  fi
}

# compile COMPILER OBJECTS FLAGS...: all objects of the library, as many at a time as cores.
compile() {
  local compiler=$1 objects=$2 source pids=() pid cores
  shift 2
  cores=$(getconf _NPROCESSORS_ONLN)
  mkdir -p "$objects"
  for source in $(sources "$(architecture "$compiler")"); do
    # shellcheck disable=SC2046
    compile_unit "$source" "$objects/$(basename "$source" .c).o" \
      "$compiler" "${FLAGS[@]}" "$@" $(isa_flags "$source") &
    pids+=($!)
    if ((${#pids[@]} >= cores)); then
      wait "${pids[0]}"
      pids=("${pids[@]:1}")
    fi
  done
  for pid in ${pids[@]+"${pids[@]}"}; do wait "$pid"; done
}

build_library() {
  local os extension=so compiler=$1 target work
  os=$(uname -s | tr '[:upper:]' '[:lower:]')
  if [[ $os == darwin ]]; then
    os=macos extension=dylib
  fi
  target=$2/dev/qwenmcp/native/$os-$(architecture "$compiler")/libqk.$extension
  if [[ -f $target && -z $(find src include build.sh -newer "$target" -print -quit) ]]; then
    return
  fi
  work=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  compile "$compiler" "$work" -O3
  mkdir -p "$(dirname "$target")"
  "$compiler" -shared -pthread -o "$work/libqk" "$work"/*.o -lm
  mv "$work/libqk" "$target"
}

main() {
  local command=${1:-} directory=${2:-} compiler
  if [[ -z $directory ]]; then
    sed -n '2,10s/^# \{0,1\}//p' build.sh >&2
    exit 2
  fi
  mkdir -p "$directory"
  directory=$(cd "$directory" && pwd)
  compiler=$(find_compiler)
  if [[ -z $compiler ]]; then
    echo "*** native: no C compiler (${CC:-gcc, cc, clang}) found: $command skipped," \
      "the Java kernels will serve" >&2
    exit 0
  fi
  if [[ $(architecture "$compiler") == x86_64 ]] && ! knows_avxvnni "$compiler"; then
    echo "$compiler cannot build the AVX-VNNI kernels: gcc 11 with binutils 2.36, or clang 12, is needed (CC names" \
      "another compiler; without any the Java kernels serve)" >&2
    exit 1
  fi
  case $command in
    library) build_library "$compiler" "$directory" ;;
    test) source test/run.sh && run_tests "$compiler" "$directory" ;;
    bench)
      choose_encoding
      compile "$compiler" "$directory/qk-bench-objects" -O3 ${ENCODING:+"$ENCODING"}
      "$compiler" "${FLAGS[@]}" -O3 -Isrc bench/*.c "$directory"/qk-bench-objects/*.o -lm \
        -o "$directory/qk-bench"
      echo "$directory/qk-bench"
      ;;
    *) echo "unknown command $command" >&2 && exit 2 ;;
  esac
}

main "$@"
