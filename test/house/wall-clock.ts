// Loaded before a program (NODE_OPTIONS="--import …"): its wall clock is set by as many ms as the file $WALL_CLOCK says, whenever
// that changes. The monotonic clock, and so every timer, goes on as it did.
import { existsSync, readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 50;
const file = process.env.WALL_CLOCK ?? '';
const Machine = Date;
let setByMs = 0;

function look(): void {
  setByMs = existsSync(file) ? Number(readFileSync(file, 'utf8')) || 0 : 0;
}
look();
setInterval(look, LOOK_EVERY_MS).unref();

const now = (): number => Machine.now() + setByMs;

globalThis.Date = new Proxy(Machine, {
  construct: (target, given, made) => Reflect.construct(target, given.length === 0 ? [now()] : given, made),
  apply: () => new Machine(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
