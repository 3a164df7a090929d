import { planAll } from '../config/configuration.ts';
import { secretProblems } from '../config/secrets.ts';
import type { Ahead } from '../forked.ts';
import { problemText } from '../model/errors.ts';
import { type Reading, readProfileAside } from '../read-aside.ts';
import { keepsBox } from '../wires/box-orders.ts';
import { listenOrder } from './listen-order.ts';
import { ownCan, runFolder, serveUntilStopped } from './serving.ts';

/** Reads the batteries and serves the inverters of a gateway file until it is told to stop. */
export async function service(reading: Reading, ear: Ahead): Promise<void> {
  // Only systemd names a folder that outlives a boot and is ours.
  const stateFolder = process.env.STATE_DIRECTORY;
  await serveUntilStopped(
    {
      reading,
      ear,
      listen: (config) => ({
        ...listenOrder(config),
        ...(keepsBox(config, stateFolder) && { isTaped: true }),
      }),
      options(read) {
        const configuration = planAll(read, readProfileAside(true));
        const { config, remarks } = configuration;
        return {
          ...configuration,
          remarks: [...remarks, ...secretProblems(config).map(problemText)],
          level: config.file.log.level,
          runFolder: runFolder(),
          stateFolder,
        };
      },
    },
    ownCan,
  );
}
