#!/usr/bin/env bash
# Both Bluetooth packages over the kernel's own HCI, in QEMU. About two minutes; the first time ever a kernel is fetched. Ends
# with `N passed, N failed` and that exit code.
set -u
cd "$(dirname "$0")/../../.."
. test/rig/vm/emulation
passed=0 failed=0
for stack in stoprocent abandonware; do
  on_emulation test/rig/vm-run --ble 5 --timeout 300 --first-line 90 -- node_modules/.bin/node test/rig/vm/ble.mts "$stack"
  status=$?
  if [ $status = 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED @$stack/noble ended with $status"; fi
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
