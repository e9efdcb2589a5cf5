/** What people are asked about a move, and what can be answered; `move_answer` keeps every answer, the latest counts. */
export const MOVE_ANSWERS = {
  /** Whether the machines that the directory and custody name are right. */
  devices: ['confirmed', 'wrong'],
  /** Details: `sites`, names as the directory spells them; nobody else's are known. */
  'usual-sites': ['listed', 'none'],
  /** Details: `applications`, names as the programme's list of applications spells them. */
  applications: ['none', 'listed'],
  /** What is needed stays in the private details (`need`); only that something is needed, and how far it is, is shown. */
  'assistive-technology': ['none', 'wanted', 'ordered', 'in-place'],
  /** Whether files are on the disk of the desktop that are nowhere else. */
  'local-data': ['none', 'some', 'moved', 'not-sure'],
  training: ['not-needed', 'wanted', 'booked', 'done'],
  'manager-word': ['yes', 'not-yet', 'no'],
} as const;
export type MoveQuestion = keyof typeof MOVE_ANSWERS;
export const MOVE_QUESTIONS = Object.keys(MOVE_ANSWERS) as MoveQuestion[];
export type MoveAnswerTo<Question extends MoveQuestion> = (typeof MOVE_ANSWERS)[Question][number];

/** The questions, as they are asked. */
export const QUESTION_WORDS: Readonly<Record<MoveQuestion, string>> = {
  devices: 'Are these the machines that you use?',
  'usual-sites': 'At which sites do you usually work?',
  applications: 'Which applications do you need that not everybody has?',
  'assistive-technology': 'Do you need assistive technology?',
  'local-data': 'Are there files on the disk of your desktop that are nowhere else?',
  training: 'Do you need training?',
  'manager-word': 'May this person move?',
};

/** The answers, as they are chosen and shown. */
export const ANSWER_WORDS: { readonly [Question in MoveQuestion]: Readonly<Record<MoveAnswerTo<Question>, string>> } = {
  devices: { confirmed: 'Yes', wrong: 'No' },
  'usual-sites': { listed: 'These', none: 'At none' },
  applications: { none: 'None', listed: 'These' },
  'assistive-technology': {
    none: 'Nothing is needed',
    wanted: 'Something is needed and not ordered yet',
    ordered: 'Something is needed and ordered',
    'in-place': 'Something is needed and works with the laptop',
  },
  'local-data': { none: 'No', some: 'Yes', moved: 'They have been moved', 'not-sure': 'Not sure' },
  training: { 'not-needed': 'No', wanted: 'Yes, not booked yet', booked: 'Yes, booked', done: 'It is done' },
  'manager-word': { yes: 'Yes', 'not-yet': 'Not yet', no: 'No' },
};

/** Whether a text is an answer to a question. */
export function isAnswerTo(question: MoveQuestion, answer: string): boolean {
  return MOVE_ANSWERS[question].some((possible) => possible === answer);
}
