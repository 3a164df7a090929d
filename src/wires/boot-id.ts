import { readFileSync } from 'node:fs';

/** Of the kernel: another one after each boot of the machine. */
export const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
