// Discovery on one adapter of BlueZ. A controller reports a unit once per discovery, and the kernel's lasts ten seconds; so a unit
// whose only report came at the wrong moment would be missed for that long. Ours is begun anew more often.
import type { Timers } from '../model/timers.ts';
import type { BluezAdapter } from './bluez-adapter.ts';
import { isRefusal, variant } from './bluez-bus.ts';
import { ADAPTER } from './bluez-words.ts';

export const ROUND_MS = 3_000;

const filter = {
  signature: 'a{sv}',
  // Without DuplicateData BlueZ tells nothing of a unit that it knows already.
  body: [{ Transport: variant('s', 'le'), DuplicateData: variant('b', true) }],
};

export interface BluezScan {
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** Ends without asking anybody. */
  readonly drop: () => void;
}

export function bluezScan(adapter: BluezAdapter, timers: Timers): BluezScan {
  let isOn = false;
  let cancel = () => {};
  let last: Promise<void> = Promise.resolve();

  const ask = (member: string, args?: Parameters<BluezAdapter['call']>[3]) =>
    adapter.call(adapter.path, ADAPTER, member, args);

  const begin = async () => {
    await ask('SetDiscoveryFilter', filter);
    await ask('StartDiscovery').catch((error) => {
      if (!isRefusal(error, 'org.bluez.Error.InProgress')) throw error;
    });
  };

  const end = () =>
    ask('StopDiscovery').catch((error) => {
      // Nothing to stop: the adapter was off meanwhile, or bluetoothd is another one.
      if (!isRefusal(error, 'org.bluez.Error.Failed') && !isRefusal(error, 'org.bluez.Error.NotReady'))
        throw error;
    });

  /** One after the other, whatever became of the one before. */
  const inTurn = (run: () => Promise<unknown>): Promise<void> => {
    const turn = last.catch(() => undefined).then(async () => void (await run()));
    last = turn;
    return turn;
  };

  const anew = async () => {
    if (!isOn) return;
    await end();
    await begin();
  };

  const again = () => {
    cancel();
    cancel = timers.after(ROUND_MS, () => {
      // A round that fails is followed by the next; the adapter's own state is told elsewhere.
      inTurn(anew)
        .catch(() => undefined)
        .then(() => isOn && again());
    });
  };

  const drop = () => {
    isOn = false;
    cancel();
  };

  return {
    drop,
    start: async () => {
      isOn = true;
      await inTurn(begin);
      again();
    },
    stop: () => {
      drop();
      return inTurn(end);
    },
  };
}
