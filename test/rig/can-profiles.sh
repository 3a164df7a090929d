#!/usr/bin/env bash
# Every CAN profile of the folder as a battery on a wire of its own; runs itself inside can-run, ends with `N passed, N failed`.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ -n "${CAN_RIG:-}" ] || exec "$here/can-run" "$@" -- "$here/can-profiles.sh"
# The same program is started once a profile.
export NODE_COMPILE_CACHE=$TMPDIR/compiled
exec "$here/../../node_modules/.bin/node" "$here/can-profiles.mts"
