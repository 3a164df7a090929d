#!/usr/bin/env bash
# Three minutes of seeded faults for the whole gateway on real SocketCAN: runs itself inside can-run, ends with `N passed, N failed`
# and that exit code. Another seed: SOAK_SEED=5 test/rig/can-soak.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ -n "${CAN_RIG:-}" ] || exec "$here/can-run" --mem 1500M "$@" -- env SOAK_SEED="${SOAK_SEED:-1}" "$here/can-soak.sh"
exec "$here/../../node_modules/.bin/node" "$here/can-soak.mts"
