import { evidenceIn, evidenceProblem, evidenceType, LARGEST_EVIDENCE, shownFileName } from './evidence-file.js';

const PDF = Buffer.from('%PDF-1.7\n');
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]);

describe('files of evidence', () => {
  it.each([
    ['application/pdf', 'application/pdf'],
    ['Text/Plain; charset=utf-8', 'text/plain'],
    ['text/html', null],
    ['image/svg+xml', null],
    ['', null],
  ])('are of the type %s, or not', (sent, type) => {
    expect(evidenceType(sent)).toBe(type);
  });

  it('begin as their type does', () => {
    expect(evidenceProblem('application/pdf', PDF)).toBeNull();
    expect(evidenceProblem('image/png', PNG)).toBeNull();
    expect(evidenceProblem('image/png', PDF)).toContain('does not begin');
    expect(evidenceProblem('image/jpeg', PNG)).toContain('does not begin');
    expect(evidenceProblem('text/plain', Buffer.from('Sälich'))).toBeNull();
    expect(evidenceProblem('text/plain', Buffer.from([0xff, 0xfe, 0x41]))).toContain('UTF-8');
    expect(evidenceProblem('text/csv', Buffer.from('a\0b'))).toContain('not a text');
  });

  it('are neither empty nor too large', () => {
    expect(evidenceProblem('text/plain', Buffer.alloc(0))).toContain('empty');
    expect(evidenceProblem('text/plain', Buffer.alloc(LARGEST_EVIDENCE, 0x41))).toBeNull();
    expect(evidenceProblem('text/plain', Buffer.alloc(LARGEST_EVIDENCE + 1, 0x41))).toContain('10 MB');
  });

  it.each([
    ['C:\\surveys\\Floor 2.pdf', 'application/pdf', 'Floor 2.pdf'],
    ['../../etc/passwd', 'text/plain', 'passwd.txt'],
    ['a"b\r\nc.PNG', 'image/png', 'abc.PNG'],
    ['', 'image/jpeg', 'evidence.jpg'],
    ['...hidden', 'text/csv', 'hidden.csv'],
    ['run.exe', 'application/pdf', 'run.exe.pdf'],
  ] as const)('are shown without what could mislead: %j', (sent, type, shown) => {
    expect(shownFileName(sent, type)).toBe(shown);
  });

  it.each([
    ['text/html', Buffer.from('<p>'), 415],
    ['text/plain', Buffer.alloc(LARGEST_EVIDENCE + 1, 0x41), 413],
    ['application/pdf', PNG, 422],
  ])('that cannot be kept are refused: %s', (mediaType, content, status) => {
    let refusal: unknown = null;
    try {
      evidenceIn({ name: 'a', mediaType, content });
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toMatchObject({ status, fields: [{ field: 'file' }] });
  });

  it('that can be kept have their name and type', () => {
    expect(evidenceIn({ name: 'survey', mediaType: 'Application/PDF', content: PDF })).toEqual({
      fileName: 'survey.pdf',
      mediaType: 'application/pdf',
      content: PDF,
    });
  });
});
