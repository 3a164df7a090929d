/** By which QEMU's emulated processor kills a Node that starts, though V8 may say some lines before. */
export const emulationSignals: readonly string[] = ['SIGTRAP', 'SIGSEGV', 'SIGILL', 'SIGBUS'];

/** The exit code of a rig that saw it: see `emulation`. */
export const BROKEN_PROCESSOR = 75;

/** The first line of a rig, by which `vm-run --first-line` knows that no Node hung while it started. */
export const sayItRuns = (): void => console.log('runs in the guest');
