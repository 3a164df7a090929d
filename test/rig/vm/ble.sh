#!/bin/sh
# Both Bluetooth packages over the kernel's own HCI, in QEMU. About two minutes; the first time ever a kernel is fetched. Ends
# with `N passed, N failed` and that exit code.
set -u
cd "$(dirname "$0")/../../.."
passed=0 failed=0
# Node under emulation dies now and then at its start (139 SIGSEGV, 133 SIGTRAP): that proves nothing and is tried once more.
try() { test/rig/vm-run --ble 5 --timeout 140 -- node_modules/.bin/node test/rig/vm/ble.mts "$1"; }
for stack in stoprocent abandonware; do
  try "$stack"
  status=$?
  case $status in
    133 | 139) echo "Node died with $status; once more"; try "$stack"; status=$? ;;
  esac
  if [ $status = 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "$stack ended with $status"; fi
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
