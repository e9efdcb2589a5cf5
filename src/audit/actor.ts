/**
 * Who acted, as a reference and never a name: a person by their object id in Entra ID, an access token by its number, a
 * command line by the account of the operating system that ran it, a part of the system by its name.
 */
export type Actor = `person:${string}` | `token:${number}` | `command-line:${string}` | `system:${string}`;

/** The kinds of actor, in the order in which a filter shows them. */
export const ACTOR_KINDS = ['person', 'token', 'command-line', 'system'] as const;
export type ActorKind = (typeof ACTOR_KINDS)[number];

/** What runs by the clock. */
export const SCHEDULE: Actor = 'system:schedule';

const SHAPES: Record<ActorKind, RegExp> = {
  person: /^[A-Za-z0-9-]{1,64}$/,
  token: /^[1-9]\d{0,15}$/,
  'command-line': /^[^\p{C}\p{Z}]{1,64}$/u,
  system: /^[a-z]+(-[a-z]+)*$/,
};

/** Whether a text is the reference of an actor. */
export function isActor(text: string): text is Actor {
  const separator = text.indexOf(':');
  const kind = ACTOR_KINDS.find((known) => known === text.slice(0, Math.max(separator, 0)));
  return kind !== undefined && SHAPES[kind].test(text.slice(separator + 1));
}

/** The account that runs a command; characters that no account has become underscores. */
export function commandLineActor(account: string): Actor {
  return `command-line:${account.replace(/[\p{C}\p{Z}]/gu, '_').slice(0, 64) || 'unknown'}`;
}

/** Object id in Entra ID of the person who acted; null for every other kind of actor. */
export function personOf(actor: string): string | null {
  return actor.startsWith('person:') ? actor.slice('person:'.length) : null;
}
