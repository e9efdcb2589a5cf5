/**
 * Ends this process as SIGTERM would when the process that started it is gone, however that came about. Does nothing in
 * a process that was not started with a channel to its parent, such as a container's or a service manager's.
 */
export function followParentProcess(): void {
  if (process.channel === undefined) return;
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // Listening must not keep a process alive that has nothing else to do.
  process.channel?.unref();
}

/** Tells the process that started this one where it can be reached. */
export function announceAddress(address: string): void {
  if (process.channel !== undefined) process.send?.({ address });
}
