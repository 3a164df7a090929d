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
  return [ok(path, 'may be opened'), ...latency(look, path), ...loginConsole(look, path)];
}

/** Without a wish: the adapters that are plugged in. */
export function serialPorts(look: Look, wanted: readonly string[] | undefined): Finding[] {
  const there = look.list('/dev/serial/by-id').map((name) => `/dev/serial/by-id/${name}`);
  return (wanted ?? there).flatMap((path) => serialPort(look, path));
}

/** Only log lines and history depend on it: ages are measured on a clock that nobody sets. */
export function wallClock(look: Look): Finding {
  const told = look.run('timedatectl', 'show', '-p', 'NTPSynchronized', '--value');
  if (told?.code !== 0)
    return note('clock', 'nothing tells whether it is right', 'date (compare it yourself)');
  return told.out.trim() === 'yes'
    ? ok('clock', 'is synchronised')
    : note(
        'clock',
        'is not synchronised; times in logs are wrong, ages are not',
        'sudo timedatectl set-ntp true',
      );
}

const MB = 1_000_000;
const ENOUGH_MB = 500;
const LEAST_MB = 50;

export function disk(look: Look, folder = '/var/lib'): Finding {
  const free = look.freeBytes(folder);
  if (free === undefined) return broken('disk', `${folder} is not there`, `sudo mkdir -p ${folder}`);
  const is = `${Math.floor(free / MB)} MB are free under ${folder}`;
  const mend = 'sudo journalctl --vacuum-size=100M; `sudo du -xh / | sort -h | tail` shows what is large';
  if (free < LEAST_MB * MB) return broken('disk', is, mend);
  return free < ENOUGH_MB * MB ? note('disk', is, mend) : ok('disk', is);
}

/** systemd makes the folder for the service, which keeps the age of the data there over a restart (design, section 8). */
export function runFolder(look: Look): Finding {
  const free = look.freeBytes('/run') ?? 0;
  if (free < MB) return broken('/run', 'has no room left', 'sudo du -xh /run | sort -h | tail');
  return look.access('/run/bmsgate') === 'no' && look.user === 'bmsgate'
    ? broken('/run/bmsgate', 'belongs to somebody else', 'sudo systemctl restart bmsgate')
    : ok('/run', 'has room; a restart keeps the age of the data');
}
