#!/bin/sh
# The program: the Node that the lockfile pins, in this very process (a hand-over from JavaScript would leave an orphan).
self=$(readlink -f "$0")
root=${self%/src/bmsgate.sh}
node=$root/node_modules/.bin/node
if [ ! -x "$node" ]; then
  echo "bmsgate: the pinned Node is missing; run \`npm ci\` in $root" >&2
  exit 1
fi
if [ ! -e "$root/dist/main.js" ]; then
  echo "bmsgate: dist/ is missing; run \`npm run build\` in $root" >&2
  exit 1
fi
# What an evaluation leaves is gone at once: the usual 16 MB of room for what is young only hold memory (docs/performance.md).
# Nearly all the work is one thread's: a heap for each of the others only holds memory, 2 to 4 MB in the wires.
MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-1} exec "$node" --max-semi-space-size=2 "$root/dist/main.js" "$@"
