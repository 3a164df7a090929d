// Serial ports: who may open them, what holds their bytes back, and who switches the direction of an RS485 line.
import { broken, type Finding, type Look, note, ok } from './look.ts';

const permission = (user: string) => `sudo usermod -aG dialout ${user}, then log in again`;

/** `/dev/serial/by-id/…` leads to `/dev/ttyUSB0`. */
const ttyOf = (look: Look, path: string): string => look.target(path)?.split('/').at(-1) ?? '';

/** FTDI chips hold bytes back for 16 ms unless they are told otherwise (RS485 reference, section 2). */
function latency(look: Look, path: string): Finding[] {
  const file = `/sys/bus/usb-serial/devices/${ttyOf(look, path)}/latency_timer`;
  const ms = Number(look.read(file) ?? 1);
  return ms > 1
    ? [
        note(
          path,
          `the adapter holds bytes back for ${ms} ms`,
          `echo 1 | sudo tee ${file}, or install 60-bmsgate-rs485.rules`,
        ),
      ]
    : [];
}

function loginConsole(look: Look, path: string): Finding[] {
  const tty = ttyOf(look, path);
  return tty &&
    new RegExp(`\\bconsole=(${tty}|serial0)\\b`).test(look.read('/proc/cmdline') ?? '') &&
    /^tty(S|AMA)0$/.test(tty)
    ? [
        broken(
          path,
          'a login console uses this port',
          'sudo raspi-config nonint do_serial_cons 1 && sudo reboot',
        ),
      ]
    : [];
}

const RS485_AT_BOOT = 'linux,rs485-enabled-at-boot-time';

/** The device of a port and what it hangs on, nearest first; newer kernels put two steps between a UART and its node. */
function devicesAbove(device: string): string[] {
  const parts = device.split('/');
  return [0, 1, 2].map((steps) => parts.slice(0, parts.length - steps).join('/'));
}

/** Linux tells the RS485 mode of a port by an ioctl alone (TIOCGRS485); what it was told at boot stands in the device tree. */
function uartDirection(look: Look, path: string, device: string): Finding {
  const isSwitched = devicesAbove(device).some((place) =>
    look.list(`${place}/of_node`).includes(RS485_AT_BOOT),
  );
  return isSwitched
    ? ok(path, 'the kernel switches the direction (RS485 mode in the device tree)')
    : note(
        path,
        'is a UART of this machine without RS485 mode in the device tree: the transceiver must switch the direction itself',
        'nothing, if the HAT has automatic direction; else switch the mode on as docs/wires.md says, "Who switches the direction"',
      );
}

/** A pseudo-terminal has no device, and no direction. */
function direction(look: Look, path: string): Finding[] {
  const place = `/sys/class/tty/${ttyOf(look, path)}/device`;
  const device = look.target(place);
  if (device === undefined || device === place) return [];
  const driver = look.target(`${place}/driver`)?.split('/').at(-1) ?? 'unknown driver';
  return device.includes('/usb')
    ? [ok(path, `is a USB adapter (${driver}), which switches the direction itself`)]
    : [uartDirection(look, path, device)];
}

export function serialPort(look: Look, path: string): Finding[] {
  const access = look.access(path);
  if (access === 'missing')
    return [
      broken(
        path,
        'is not there',
        '`ls -l /dev/serial/by-id /dev/rs485-*` shows what is; correct `serial:` or plug the adapter in',
      ),
    ];
  if (access === 'no') return [broken(path, `${look.user} may not open it`, permission(look.user))];
  return [
    ok(path, 'may be opened'),
    ...direction(look, path),
    ...latency(look, path),
    ...loginConsole(look, path),
  ];
}

/** Without a wish: the adapters that are plugged in. */
export function serialPorts(look: Look, wanted: readonly string[] | undefined): Finding[] {
  const there = look.list('/dev/serial/by-id').map((name) => `/dev/serial/by-id/${name}`);
  return (wanted ?? there).flatMap((path) => serialPort(look, path));
}
