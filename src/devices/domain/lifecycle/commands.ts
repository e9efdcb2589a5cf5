/** What people do with machines; the words of addresses, of the API and of the history. */
export const CUSTODY_COMMANDS = [
  'order',
  'receive',
  'allocate',
  'hold',
  'quarantine',
  'release',
  'move',
  'hand-over',
  'install',
  'transfer',
  'recall',
  'keep',
  'take-back',
  'report-missing',
  'report-stolen',
  'find',
  'send-to-repair',
  'return-from-repair',
  'wipe',
  'restock',
  'send-to-disposal',
  'dispose',
  'write-off',
  'correct',
  'note',
] as const;
export type CustodyCommand = (typeof CUSTODY_COMMANDS)[number];

/** What the history tells of: commands, the answer to a contradiction, and machines that turned out to be one. */
export type EventCommand = CustodyCommand | 'settle' | 'join';

/** Whether a text is the word of a command. */
export function isCustodyCommand(text: unknown): text is CustodyCommand {
  return CUSTODY_COMMANDS.some((command) => command === text);
}

/** How a command reads on a button, and in the history. */
export interface CommandWords {
  readonly label: string;
  readonly done: string;
}

const WORDS: Readonly<Record<EventCommand, CommandWords>> = {
  order: { label: 'Put on order', done: 'Put on order' },
  receive: { label: 'Receive into stock', done: 'Received into stock' },
  allocate: { label: 'Allocate to a person', done: 'Allocated' },
  hold: { label: 'Hold in stock', done: 'Held in stock' },
  quarantine: { label: 'Quarantine', done: 'Quarantined' },
  release: { label: 'Release to stock', done: 'Released to stock' },
  move: { label: 'Move to another place', done: 'Moved' },
  'hand-over': { label: 'Hand over', done: 'Handed over' },
  install: { label: 'Put into shared use', done: 'Put into shared use' },
  transfer: { label: 'Transfer to another person', done: 'Transferred' },
  recall: { label: 'Ask for its return', done: 'Return asked for' },
  keep: { label: 'Let it be kept', done: 'Return no longer asked for' },
  'take-back': { label: 'Take back', done: 'Taken back' },
  'report-missing': { label: 'Report missing', done: 'Reported missing' },
  'report-stolen': { label: 'Report stolen', done: 'Reported stolen' },
  find: { label: 'Record as found', done: 'Found' },
  'send-to-repair': { label: 'Send to repair', done: 'Sent to repair' },
  'return-from-repair': { label: 'Record its return from repair', done: 'Back from repair' },
  wipe: { label: 'Record that it was wiped', done: 'Wiped' },
  restock: { label: 'Return to stock', done: 'Returned to stock' },
  'send-to-disposal': { label: 'Send to disposal', done: 'Sent to disposal' },
  dispose: { label: 'Record its disposal', done: 'Disposed of' },
  'write-off': { label: 'Write off', done: 'Written off' },
  correct: { label: 'Correct the last step', done: 'Last step corrected' },
  note: { label: 'Add a note', done: 'Note added' },
  settle: { label: 'Say which custody is right', done: 'Contradiction settled' },
  join: { label: 'Join', done: 'Joined with another record of the machine' },
};

/** The words of a command. */
export function commandWords(command: EventCommand): CommandWords {
  return WORDS[command];
}
