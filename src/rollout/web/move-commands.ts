import type { Permission } from '../../auth/permissions.js';
import { paths } from '../../web/paths.js';
import { isInScope } from '../domain/move-words.js';
import { STATEMENT_WORDS } from '../domain/statements.js';
import type { Standpoint } from '../move-standpoint.queries.js';
import type { WholeMove } from '../moves.queries.js';

/** Something that can be done about a move, with where. */
export interface MoveCommand {
  readonly label: string;
  readonly href: string;
}

/** What whoever looks at a move can do about it, as it stands. */
export function moveCommands(
  move: WholeMove,
  { statements }: Standpoint,
  permissions: ReadonlySet<Permission>,
): MoveCommand[] {
  const possible = statements.map((statement) =>
    statement === 'answer'
      ? { label: 'Answer the questions', href: paths.moveAnswers(move.id) }
      : { label: STATEMENT_WORDS[statement], href: paths.moveCommand(move.id, statement) },
  );
  // Stated for one desktop of several; without any there is nothing to leave to others.
  const said = possible.filter(
    ({ href }) => move.desktops.length > 0 || href !== paths.moveCommand(move.id, 'release-desktop'),
  );
  const waits = move.state === 'ready' || move.state === 'scheduled';
  return [
    ...(waits
      ? [
          {
            label: move.appointmentAt === null ? 'Book a date' : 'Change or cancel the appointment',
            href: paths.bookMove(move.id),
          },
        ]
      : []),
    ...said,
    ...(permissions.has('rollout:read') && isInScope(move.state)
      ? [{ label: 'Waivers', href: paths.waivers(move.id) }]
      : []),
  ];
}
