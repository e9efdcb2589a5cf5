import { domainOf, isMailAddress } from './mail-address.js';

describe('an email address', () => {
  it.each(['a@council.gov.uk', "o'brien.anne+it@council.gov.uk", 'x@a-b.example', `${'l'.repeat(64)}@a.example`])(
    'is %s',
    (text) => expect(isMailAddress(text)).toBe(true),
  );

  it.each([
    '',
    'a',
    '@council.gov.uk',
    'a@',
    'a@localhost',
    'a@council.gov.uk\r\nBcc: x@evil.example',
    'a@council.gov.uk\n',
    ' a@council.gov.uk',
    'a@council.gov.uk, b@evil.example',
    'a@evil.example <a@council.gov.uk>',
    '"a@evil.example x"@council.gov.uk',
    'a(comment)@council.gov.uk',
    'a@[127.0.0.1]',
    'a@[IPv6:::1]',
    'a..b@council.gov.uk',
    '.a@council.gov.uk',
    'a@-council.gov.uk',
    'a@council..uk',
    'a@counc\u0456l.gov.uk',
    'аdmin@council.gov.uk',
    'a@council.gov.uk\u0000',
    `${'l'.repeat(65)}@a.example`,
    `a@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(63)}.${'e'.repeat(63)}.example`,
  ])('is not %j', (text) => expect(isMailAddress(text)).toBe(false));

  it('has a domain', () => expect(domainOf('a@council.gov.uk')).toBe('council.gov.uk'));
});
