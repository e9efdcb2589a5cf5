const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** npm passes on the Ctrl+C that the terminal has sent as well: two signals so close together are one wish. */
const SAME_WISH_MILLISECONDS = 500;

/** Hears the signals that end a process: the first one asks to stop, a second one stops at once. */
export class StopSignals {
  private readonly controller = new AbortController();
  private firstAt = 0;
  private readonly listener = (signal: NodeJS.Signals): void => {
    const now = Date.now();
    if (!this.controller.signal.aborted) {
      this.firstAt = now;
      this.controller.abort(signal);
    } else if (now - this.firstAt > SAME_WISH_MILLISECONDS) this.again();
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
