import { areaSearch } from './area-search.js';

describe('what is looked for among areas', () => {
  it.each([
    ['south', 'SOUTH', 'south'],
    [' so14 ', 'SO14', 'so14'],
    ['SO14 7LY', 'SO14', 'SO14'],
    ['so147ly', 'SO14', 'SO14'],
    ['ec1a 1bb', 'EC1A', 'EC1A'],
    ['', '', ''],
  ])('%j is the code %s or the name %s', (typed, code, name) => {
    expect(areaSearch(typed)).toEqual({ code, name });
  });
});
