/** By which QEMU's emulated processor kills a Node that starts, though V8 may say some lines before. */
export const emulationSignals: readonly string[] = ['SIGTRAP', 'SIGSEGV', 'SIGILL', 'SIGBUS'];

/** The exit code of a rig that saw it: see `emulation`. */
export const BROKEN_PROCESSOR = 75;
