#!/usr/bin/env bash
# What a CAN bus may suffer, on real SocketCAN; runs itself inside can-run, ends with `N passed, N failed`.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ -n "${CAN_RIG:-}" ] || exec "$here/can-run" "$@" -- "$here/can-faults.sh"
exec "$here/../../node_modules/.bin/node" "$here/can-faults.mts"
