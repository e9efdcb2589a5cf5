import { MOVE_QUESTIONS } from '../domain/move-answers.js';
import { MOVE_STATES } from '../domain/move-words.js';
import { openQuestions } from './open-questions.js';

const ALL_ANSWERED = [
  { question: 'devices', answer: 'confirmed' },
  { question: 'usual-sites', answer: 'listed' },
  { question: 'applications', answer: 'none' },
  { question: 'assistive-technology', answer: 'none' },
  { question: 'local-data', answer: 'none' },
  { question: 'training', answer: 'not-needed' },
  { question: 'manager-word', answer: 'yes' },
];

describe('what is still to be answered', () => {
  it('is everything at first, and the manager’s word for managers only', () => {
    expect(openQuestions('not_started', [], true)).toEqual(MOVE_QUESTIONS);
    expect(openQuestions('not_started', [], false)).toEqual(MOVE_QUESTIONS.filter((each) => each !== 'manager-word'));
  });

  it('is nothing once all is answered', () => expect(openQuestions('blocked', ALL_ANSWERED, true)).toEqual([]));

  it.each([
    ['devices', 'wrong'],
    ['local-data', 'not-sure'],
    ['manager-word', 'not-yet'],
  ])('is %s again after %s', (question, answer) => {
    const answers = ALL_ANSWERED.map((each) => (each.question === question ? { question, answer } : each));
    expect(openQuestions('assessed', answers, true)).toEqual([question]);
  });

  it('is nothing for whoever has the laptop, has finished or does not take part', () => {
    const asked = MOVE_STATES.filter((state) => openQuestions(state, [], true).length > 0);
    expect(asked).toEqual(['not_started', 'assessed', 'blocked', 'ready', 'scheduled', 'rolled_back']);
  });
});
