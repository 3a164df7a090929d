// A loud neighbour: sends frames of these ids on an interface, so many a second, until it is ended. Ids are as in can_id, error
// flag and all.
//   can-source.mts INTERFACE FRAMES_PER_SECOND ID...
import { socketCan } from '../../src/can/socketcan.ts';
import { monotonicMs } from '../../src/model/freshness.ts';

const [name = '', perSecond, ...ids] = process.argv.slice(2);
const port = socketCan(name, []).open({ onFrame() {}, onFault() {} });
const frames = ids.map((id) => ({ id: Number(id), extended: false, data: new Uint8Array(8) }));
const fromMs = monotonicMs();
let sent = 0;

/** What a second holds of them now; a machine that stood still is not made up for. */
function send(): void {
  const due = Math.min(sent + 200, Math.floor(((monotonicMs() - fromMs) / 1000) * Number(perSecond)));
  for (; sent < due; sent++) {
    const frame = frames[sent % frames.length];
    if (frame) port.send(frame);
  }
  setTimeout(send, 2);
}

send();
