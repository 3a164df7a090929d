#!/usr/bin/env bash
# The whole gateway in QEMU on the kernel's own Bluetooth, SocketCAN and a PTY, with the default ages. About three minutes.
# Ends with `N passed, N failed` and that exit code.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/emulation"
if [ -z "${VM_RIG:-}" ]; then
  status=0
  on_emulation "$here/../vm-run" --ble 5 --timeout 400 --first-line 90 -- "$here/house.sh" || status=$?
  exit $status
fi
exec "$here/../../../node_modules/.bin/node" "$here/house.mts"
