// Which of the two Bluetooth packages can run here: the second may have failed to build.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { BleStack } from '../../src/ble/orders.ts';

const require = createRequire(import.meta.url);
const native = (stack: BleStack) => {
  const folder = join(require.resolve(`@${stack}/bluetooth-hci-socket/package.json`), '..');
  return ['prebuilds', 'build/Release/bluetooth_hci_socket.node'].some((part) =>
    existsSync(join(folder, part)),
  );
};

export const isInstalled = (stack: BleStack): boolean => {
  try {
    require.resolve(`@${stack}/noble/package.json`);
    return native(stack);
  } catch {
    return false;
  }
};

/** What is tested on this package, or why it is not. */
export function named(what: string, stack: BleStack): string {
  if (isInstalled(stack)) return `${what} on @${stack}/noble`;
  const skipped = `${what} on @${stack}/noble: SKIPPED, its native part is not built (npm run postinstall)`;
  console.warn(skipped);
  return skipped;
}
