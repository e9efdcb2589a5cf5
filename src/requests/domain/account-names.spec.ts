import { usualAccountName } from './account-names.js';

describe('names of second accounts', () => {
  it.each([
    ['adm-jsmith@council.example', 'jsmith'],
    ['ADMIN.Ada.Lovelace@council.example', 'ada.lovelace'],
    ['jsmith_admin@council.example', 'jsmith'],
    ['a-jsmith@council.example', 'jsmith'],
    ['jsmith.t0@council.example', 'jsmith'],
  ])('%s seems to be of %s', (name, usual) => {
    expect(usualAccountName(name)).toBe(usual);
  });

  it.each(['ada.lovelace@council.example', 'adam.smith@council.example', 'a-@council.example', '@council.example', ''])(
    '%s seems to be of nobody else',
    (name) => {
      expect(usualAccountName(name)).toBeNull();
    },
  );
});
