import { issueTicket, readTicket } from './check-ticket.js';

describe('the ticket of a check', () => {
  const begunAt = new Date('2026-11-23T09:00:00.123Z');
  const { ticket, id } = issueTicket('secret of a session', begunAt);

  it('says which check and since when, and fits into an address', () => {
    expect(readTicket(ticket, 'secret of a session')).toEqual({ id, begunAt });
    expect(ticket).toMatch(/^[\w.-]{1,100}$/);
    expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it('is good in its session only, and only as it was issued', () => {
    expect(readTicket(ticket, 'secret of another session')).toBeNull();
    const [time = '', number = '', proof = ''] = ticket.split('.');
    const later = (parseInt(time, 36) + 1).toString(36);
    for (const changed of [
      `${later}.${number}.${proof}`,
      `${time}.${'0'.repeat(32)}.${proof}`,
      `${time}.${number}.${'A'.repeat(43)}`,
      `${time}.${number}.`,
      `${time}.${number}`,
      '',
      '1',
      `${ticket}\n`,
      '__proto__',
    ]) {
      expect([changed, readTicket(changed, 'secret of a session')]).toEqual([changed, null]);
    }
  });
});
