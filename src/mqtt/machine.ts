// The machine that the gateway runs on, in three numbers.
import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';

/** What this machine does not tell is absent. */
export interface Machine {
  readonly cpuTemperatureC?: number;
  /** Where the gateway keeps what outlives a boot. */
  readonly diskFreeMB?: number;
}

/** Linux gives thousandths of a degree. */
const CPU = '/sys/class/thermal/thermal_zone0/temp';

function cpuTemperatureC(): number | undefined {
  try {
    const thousandths = Number(readFileSync(CPU, 'utf8'));
    return Number.isFinite(thousandths) ? thousandths / 1000 : undefined;
  } catch {
    return undefined;
  }
}

async function diskFreeMB(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return (bavail * bsize) / 1e6;
  } catch {
    return undefined;
  }
}

export async function lookAtMachine(folder: string): Promise<Machine> {
  const [cpu, free] = [cpuTemperatureC(), await diskFreeMB(folder)];
  return {
    ...(cpu !== undefined && { cpuTemperatureC: cpu }),
    ...(free !== undefined && { diskFreeMB: free }),
  };
}
