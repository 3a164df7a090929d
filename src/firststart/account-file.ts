// placeholder until the server has its own
export const accountFile = (_path: string) => undefined;
