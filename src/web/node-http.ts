/**
 * Node's HTTP server. An `import` of `node:http` reads each of its exports, and two of them load the `WebSocket` and `fetch` that
 * nothing here uses: 5 MB of the office's memory (docs/performance.md).
 */
export const { createServer } = process.getBuiltinModule('node:http');
