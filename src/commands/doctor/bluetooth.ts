import { broken, type Finding, type Look, note, ok } from './look.ts';

/** The kernel lists the socket families it has (proc(5), /proc/net/protocols); Bluetooth's is HCI. */
export const bluetoothSockets = (look: Look): Finding =>
  /^HCI\s/m.test(look.read('/proc/net/protocols') ?? '')
    ? ok('Bluetooth', 'this kernel has Bluetooth sockets')
    : broken('Bluetooth', 'this kernel has no Bluetooth sockets', 'sudo modprobe bluetooth btusb');

const adapters = (look: Look): string[] =>
  look.list('/sys/class/bluetooth').filter((name) => /^hci\d+$/.test(name));

/** Who holds the adapters: the kernel, bluetoothd, or the gateway alone. */
export type Radio = 'hci' | 'bluez' | 'user-channel';

/** `hciconfig` is the one tool that tells up from down without a daemon. */
function adapterState(look: Look, adapter: string, radio: Radio): Finding {
  const told = look.run('hciconfig', adapter);
  if (!told) return note(adapter, 'is there; whether it is up cannot be told', 'sudo apt-get install bluez');
  const isUp = /\bUP\b/.test(told.out);
  if (radio === 'user-channel')
    return isUp
      ? broken(adapter, 'is up, and the user channel needs it down', `sudo hciconfig ${adapter} down`)
      : ok(adapter, 'is down, as the user channel needs it');
  if (isUp) return ok(adapter, 'is up');
  return broken(adapter, 'is down', `sudo rfkill unblock bluetooth && sudo hciconfig ${adapter} up`);
}

export function adapter(look: Look, name: string, radio: Radio = 'hci'): Finding {
  const there = adapters(look);
  if (there.includes(name)) return adapterState(look, name, radio);
  return there.length
    ? broken(name, 'is not there', `set bluetooth.adapter to ${there.join(' or ')}, or plug ${name} in`)
    : broken(
        name,
        'there is no Bluetooth adapter',
        'plug one in; `dmesg | grep -i bluetooth` shows what the kernel saw',
      );
}

const daemonRuns = (look: Look): boolean =>
  look.run('systemctl', 'is-active', 'bluetooth')?.out.trim() === 'active';

/** With `radio: bluez` nothing works without it. */
export const neededDaemon = (look: Look): Finding =>
  daemonRuns(look)
    ? ok('bluetoothd', 'runs')
    : broken(
        'bluetoothd',
        'does not run',
        'sudo apt-get install bluez && sudo systemctl enable --now bluetooth',
      );

/** Two masters on one adapter give connects of 40 s and more (packages reference, section 4). */
export const bluetoothDaemon = (look: Look): Finding =>
  daemonRuns(look)
    ? note(
        'bluetoothd',
        'runs beside the gateway on the same adapter; connects may hang',
        'sudo systemctl disable --now bluetooth (if nothing else on this machine needs it)',
      )
    : ok('bluetoothd', 'does not run; the gateway has the adapter to itself');

const CAP_NET_RAW = 13n;

export function rawBluetooth(look: Look): Finding {
  const bits = /^CapEff:\s*([0-9a-f]+)/m.exec(look.read('/proc/self/status') ?? '')?.[1];
  return ((BigInt(`0x${bits ?? '0'}`) >> CAP_NET_RAW) & 1n) === 1n
    ? ok('CAP_NET_RAW', `${look.user} may use the adapter`)
    : note(
        'CAP_NET_RAW',
        `${look.user} may not use the adapter directly; the service may`,
        'run `scan`, `inspect` and `record` with sudo',
      );
}

const nativeParts = {
  stoprocent: '@stoprocent/bluetooth-hci-socket',
  abandonware: '@abandonware/bluetooth-hci-socket',
  can: 'socketcan',
} as const;

/** Loaded in a process of its own: a part that was built for another Node ends the process that loads it. */
export function nativePart(look: Look, part: keyof typeof nativeParts): Finding {
  const name = nativeParts[part];
  return look.run(process.execPath, '-e', `require(${JSON.stringify(name)})`)?.code === 0
    ? ok(name, 'loads')
    : broken(
        name,
        'does not load: it is not built for this Node',
        'sudo apt-get install python3 make g++ && npm run postinstall',
      );
}
