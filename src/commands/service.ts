import type { Start } from '../child.ts';
import { type ConfigurationRead, planAll } from '../config/configuration.ts';
import { secretProblems } from '../config/secrets.ts';
import { problemText } from '../model/errors.ts';
import { readProfileAside } from '../read-aside.ts';
import { listenOrder } from './listen-order.ts';
import { ownCan, runFolder, serveUntilStopped } from './serving.ts';

/** Reads the batteries and serves the inverters of a gateway file until it is told to stop. */
export async function service(read: ConfigurationRead, startEar: Start): Promise<void> {
  const configuration = planAll(read, readProfileAside(true));
  const { config } = configuration;
  await serveUntilStopped(
    {
      ...configuration,
      remarks: [...configuration.remarks, ...secretProblems(config).map(problemText)],
      listen: listenOrder(config),
      startEar,
      level: config.file.log.level,
      runFolder: runFolder(),
      // Only systemd names a folder that outlives a boot and is ours.
      stateFolder: process.env.STATE_DIRECTORY,
    },
    ownCan,
  );
}
