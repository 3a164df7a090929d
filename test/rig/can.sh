#!/usr/bin/env bash
# The CAN room on real SocketCAN: runs itself inside can-run, ends with `N passed, N failed` and that exit code.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ -n "${CAN_RIG:-}" ] || exec "$here/can-run" "$@" -- "$here/can.sh"
exec "$here/../../node_modules/.bin/node" "$here/can-steps.mts"
