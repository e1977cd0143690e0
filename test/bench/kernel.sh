#!/bin/sh
# Builds and runs the kernel bench, or with --test the kernels' unit tests.
# Needs a C compiler and nothing else. Other arguments go to the program:
# test/bench/kernel.sh --threads 2 --require 50

set -eu
cd "$(dirname "$0")/../.."

program=kernel
if [ "${1-}" = --test ]; then
	program=kernel_test
	shift
fi

build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
trap 'exit 1' HUP INT TERM

cc=${CC:-cc}
flags='-std=gnu99 -D_GNU_SOURCE -Wall -Wextra -Werror -O3 -ffp-contract=off -Isrc'
avx2=
avx512=
case $(uname -m) in
	x86_64 | amd64)
		avx2='-mavx2 -mfma'
		avx512="$avx2 -mavx512f -mavx512dq -mavx512vl -mavx512bw"
		;;
esac

# shellcheck disable=SC2086 # the flags are lists
{
	for file in src/kernel/*.c; do
		case $file in
			*_avx2.c) set_of=$avx2 ;;
			*_avx512.c) set_of=$avx512 ;;
			*) set_of= ;;
		esac
		$cc $flags $set_of -c "$file" -o "$build/$(basename "$file" .c).o"
	done
	$cc $flags "test/bench/$program.c" "$build"/*.o -lm -lpthread -o "$build/$program"
}

# On one core, so that the peak and the kernel are measured on the same.
pin=
case " $* " in
	*" --threads "*) ;;
	*) [ "$program" = kernel ] && command -v taskset >/dev/null &&
		pin="taskset -c $(($(nproc) - 1))" ;;
esac
$pin "$build/$program" "$@"
