import type { Timers } from '../model/timers.ts';
import type { Trouble } from './esphome-trouble.ts';
import type { Wire } from './esphome-wire.ts';

/** While we listen, something ought to come in this time: an advert of anybody, or an answer of a unit of ours. */
export const NOTHING_MS = 60_000;

/**
 * Firmware of 2026 gives itself to the newest client and says nothing to the one before (esphome: bluetooth_proxy.cpp). What is
 * left are answers to pings. Opened anew, the proxy is ours again; where nothing is on the air, that costs nothing.
 */
export function takenWatch(timers: Timers, wire: Wire, trouble: Trouble): (isListening: boolean) => void {
  let isListening = false;
  let cancel = () => {};
  const wait = () => {
    cancel();
    if (isListening)
      cancel = timers.after(NOTHING_MS, () =>
        wire.close(
          trouble(
            `it has passed on nothing for ${NOTHING_MS / 1000} s`,
            'take this proxy out of any other program (Home Assistant, or a second gateway): a proxy has one client',
          ),
        ),
      );
  };
  wire.gone.addEventListener('abort', () => cancel());
  wire.hear(({ name }) => {
    if (name !== 'ping' && name !== 'pingAnswer') wait();
  });
  return (listening) => {
    isListening = listening;
    wait();
  };
}
