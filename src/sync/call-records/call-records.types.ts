/** How a reading of call records ended, or that it has not. `abandoned` is one whose process died or fell asleep. */
export type CallRecordRunStatus = 'running' | 'succeeded' | 'failed' | 'stopped' | 'abandoned';
/** What began it: the schedule, a command on the machine, or the start of a worker. */
export type CallRecordRunTrigger = 'schedule' | 'command' | 'start';
