import { z } from '../profile/document.ts';

export const PORTS = 65_535;

/** Host and port, as `127.0.0.1:1502` or `[::1]:1502`. */
export const listening = (example: string) =>
  z
    .string()
    .regex(/^(\[[0-9a-f:]+\]|[^:\s]+):\d{1,5}$/i, { error: `write host and port, e.g. "${example}"` })
    .refine(
      (text) => {
        const port = Number(/:(\d+)$/.exec(text)?.[1] ?? 1);
        return port >= 1 && port <= PORTS;
      },
      { error: `a port is 1 to ${PORTS}` },
    );

export const absolute = z.string().startsWith('/', { error: 'write the whole path, beginning with `/`' });
