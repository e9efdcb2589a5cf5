import type { Origin } from './standing.js';

/** A row of custody, and the machine that its device is now. */
export interface CustodyRow {
  readonly id: number;
  /** The machine that it stands with so far. */
  readonly deviceId: number;
  readonly recordedFor: number;
  /** The machine that `recordedFor` is now. */
  readonly machineId: number;
  readonly live: boolean;
  readonly contested: boolean;
  readonly standing: Origin;
  readonly holder: string | null;
}

/** What a row has to become. */
export interface CustodyMove {
  readonly id: number;
  readonly from: number;
  readonly to: number;
  readonly live: boolean;
  readonly contested: boolean;
}

/**
 * Where the rows of custody belong once devices turned out to be one machine, or came apart again. A row goes wherever
 * the device goes for which it was recorded. Of several of one machine one counts: the one that did before, else that of
 * the device itself, else the first that was recorded. The others are set aside and never lost; one that says something
 * else than the one that counts is contested until a person has said which is right.
 * @returns the rows that change
 */
export function moveRows(rows: readonly CustodyRow[]): CustodyMove[] {
  const byMachine = new Map<number, CustodyRow[]>();
  for (const row of rows) {
    const known = byMachine.get(row.machineId);
    if (known) known.push(row);
    else byMachine.set(row.machineId, [row]);
  }
  const moves: CustodyMove[] = [];
  for (const [machine, list] of byMachine) {
    const sorted = [...list].sort((a, b) => a.id - b.id);
    const counted =
      sorted.find((row) => row.live && row.deviceId === machine) ??
      sorted.find((row) => row.recordedFor === machine && row.live) ??
      sorted.find((row) => row.recordedFor === machine) ??
      sorted[0];
    for (const row of sorted) {
      const live = row === counted;
      const agrees = counted === undefined || (row.standing === counted.standing && row.holder === counted.holder);
      const isNew = row.live || row.deviceId !== machine;
      const contested = !live && (isNew ? !agrees : row.contested);
      if (row.deviceId !== machine || row.live !== live || row.contested !== contested) {
        moves.push({ id: row.id, from: row.deviceId, to: machine, live, contested });
      }
    }
  }
  return moves;
}

/** A machine that was received in its box. */
export interface BoxedMachine {
  readonly makerKey: string | null;
  /** The machine that it joined, if any. */
  readonly home: number | null;
}

/** An enrolled machine that has the serial number of a boxed one. */
export interface Candidate {
  readonly deviceId: number;
  readonly makerKey: string | null;
}

/**
 * The machine that a boxed one is: the only one that has its serial number and does not have another maker. Where several
 * have it, it stays where it is; it leaves the machine that it joined only for one that fits when its own does not.
 */
export function homeOf(boxed: BoxedMachine, candidates: readonly Candidate[]): number | null {
  const fitting = candidates.filter(
    ({ makerKey }) => makerKey === null || boxed.makerKey === null || makerKey === boxed.makerKey,
  );
  if (fitting.some(({ deviceId }) => deviceId === boxed.home)) return boxed.home;
  return fitting.length === 1 ? (fitting[0]?.deviceId ?? null) : boxed.home;
}
