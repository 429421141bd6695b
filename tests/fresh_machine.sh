#!/usr/bin/env bash
# tests/fresh_machine.sh [FOLDER]: proves the two commands of the README on a Debian bookworm that has neither cmake nor
# a compiler, nor package lists, nor sudo. Run by hand, as root, on Debian or Ubuntu with debootstrap; it downloads some
# 300 MB and takes a few minutes, so it is not part of .ci/run. FOLDER (default: a new temporary one) keeps the root and
# the logs; delete it afterwards.
#
# What it shows, each step ending the script when it is not so:
#   1  ./cmake/run demo, started in another folder, installs what it needs and prints exactly the expected output
#   2  again without any network: the same output, and not a word on standard error
#   3  ./cmake/run test installs the rest, and all tests pass
set -euo pipefail
[ "$(id -u)" = 0 ] || { echo "fresh_machine: needs root for chroot" >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "fresh_machine: please install debootstrap" >&2; exit 1; }

# Mounts made below vanish with this process.
[ "${1:-}" = --inside ] || exec unshare --mount "$0" --inside "$@"
shift

source=$(cd "$(dirname "$0")/.." && pwd)
work=${1:-$(mktemp -d)}
root=$work/root
suite=bookworm
step() { printf '\n== %s (%d s)\n' "$*" "$SECONDS"; }
fail() { echo "fresh_machine: $*" >&2; exit 1; }

step "a minimal $suite in $root"
# The mirror is the one this machine installs from.
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' "Codename: $suite" | head -n 1)
[ -n "$mirror" ] || fail "this machine has no $suite among its apt sources"
[ -e "$root/etc/debian_version" ] || debootstrap --variant=minbase "$suite" "$root" "$mirror" >"$work/debootstrap.log"
cp /etc/resolv.conf /etc/hosts "$root/etc/"
apt-config dump | grep -E '^Acquire::(http|https|ftp)::Proxy' >"$root/etc/apt/apt.conf.d/01proxy" || true
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
rm -rf "${root:?}"/var/lib/apt/lists/* "$root/clone" "$root/elsewhere"
mkdir "$root/clone" "$root/elsewhere"
git -C "$source" archive HEAD | tar x -C "$root/clone"

inside() { env -i HOME=/root TERM=dumb PATH=/usr/sbin:/usr/bin:/sbin:/bin "${net[@]}" chroot "$root" "$@"; }
net=()
for tool in cmake c++ g++ clang++ make ninja sudo; do
    ! inside sh -c "command -v $tool" || fail "the new root already has $tool"
done

example=$(inside /clone/cmake/run --help | sed -n 's/.*the main example, //p')
expected=$source/examples/expected/$example.txt

step "./cmake/run demo"
inside sh -c 'cd /elsewhere && /clone/cmake/run demo' >"$work/demo.out" 2>"$work/demo.err" || { cat "$work/demo.err"; fail "demo failed"; }
cat "$work/demo.err" "$work/demo.out"
cmp "$work/demo.out" "$expected" || fail "demo prints something else than $expected"

step "./cmake/run demo, again, without network"
net=(unshare --net)
inside sh -c 'cd /elsewhere && /clone/cmake/run demo' >"$work/again.out" 2>"$work/again.err" || { cat "$work/again.err"; fail "the second demo failed"; }
cmp "$work/again.out" "$expected" || fail "the second demo prints something else"
[ ! -s "$work/again.err" ] || { cat "$work/again.err"; fail "the second demo was not silent"; }

step "./cmake/run test"
net=()
inside sh -c 'cd /elsewhere && /clone/cmake/run test' 2>&1 | tee "$work/test.out" || fail "test failed"
tail -n 1 "$work/test.out" | grep -Eq '^[1-9][0-9]* passed, 0 failed$' || fail "no line 'N passed, 0 failed'"

step "both commands work on a fresh machine"
