#!/usr/bin/env bash
# A minute of bad luck on the kernel's own Bluetooth controllers, in QEMU: five units, lost links, silence, bent answers, an ear that
# is stopped and killed (test/soak). About three minutes. Ends with `N passed, N failed` and that exit code.
set -u
cd "$(dirname "$0")/../../.."
. test/rig/vm/emulation
log=$(mktemp)
trap 'rm -f "$log"' EXIT
on_emulation test/rig/vm-run --ble 6 --timeout 400 -- \
  node_modules/.bin/node test/soak/soak.ts --kernel --units 5 --minutes 1 --seed "${SOAK_SEED:-7}" ble 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
if [ "$status" = 0 ]; then echo "1 passed, 0 failed"; exit 0; fi
grep -a ' s, seed ' "$log" | sort -u | sed 's/^/FAILED /'
echo "FAILED the soak ended with $status"
echo "0 passed, 1 failed"
exit 1
