/**
 * What a command ends with. 78 is EX_CONFIG of sysexits.h; 130 is what shells report for a program ended by Ctrl+C.
 * When several of 3, 4 and 5 apply, the lowest wins.
 */
export const EXIT = {
  success: 0,
  unexpected: 1,
  usage: 2,
  runFailed: 3,
  held: 4,
  refused: 5,
  configuration: 78,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A command cannot do what was asked, for a reason that was foreseen: one sentence and what to do about it. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    message: string,
    readonly fix: string,
    readonly exitCode: ExitCode,
  ) {
    super(message);
  }
}
