#!/usr/bin/env bash
# The radio that bluetoothd holds, with Debian's bluetoothd, and the HCI user channel, on the kernel's own adapters, in QEMU.
# About two minutes. Ends with `N passed, N failed` and that exit code.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/emulation"
if [ -z "${VM_RIG:-}" ]; then
  status=0
  on_emulation "$here/../vm-run" --ble 3 --ble-down --timeout 400 --first-line 90 -- "$here/bluez.sh" || status=$?
  exit $status
fi
mkdir -p /run/dbus
dbus-daemon --system --fork
exec "$here/../../../node_modules/.bin/node" "$here/bluez.mts"
