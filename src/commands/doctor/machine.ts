import { broken, type Finding, type Look, note, ok } from './look.ts';

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
