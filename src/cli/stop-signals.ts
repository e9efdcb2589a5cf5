const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Hears the signals that end a process: the first one asks to stop, a second one stops at once. */
export class StopSignals {
  private readonly controller = new AbortController();
  private readonly listener = (signal: NodeJS.Signals): void => {
    if (this.controller.signal.aborted) this.again();
    else this.controller.abort(signal);
  };

  /** `again` is called for every signal after the first and is expected to end the process. */
  constructor(private readonly again: () => void) {
    for (const signal of SIGNALS) process.on(signal, this.listener);
  }

  /** Aborted by the first signal. */
  get stopped(): AbortSignal {
    return this.controller.signal;
  }

  /** Gives the signals back their usual meaning. */
  dispose(): void {
    for (const signal of SIGNALS) process.off(signal, this.listener);
  }
}

/** Waits for so long, or less when the signal aborts. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    signal.addEventListener('abort', finish, { once: true });
  });
}
