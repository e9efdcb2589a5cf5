import { DataAge } from './data-age.js';

describe('the age of the data', () => {
  it('is asked for once for many pages, and again after half a minute', async () => {
    let [now, asked] = [0, 0];
    const age = new DataAge(
      async () => new Date(++asked),
      () => now,
    );
    expect(age.current()).toBeNull();
    await age.refresh();
    expect(age.current()).toEqual(new Date(2));
    for (let page = 0; page < 100; page++) age.current();
    expect(asked).toBe(2);
    now = 30_000;
    expect(age.current()).toEqual(new Date(2));
    await Promise.resolve();
    await Promise.resolve();
    expect(age.current()).toEqual(new Date(3));
  });

  it('stays what it was while the database does not answer', async () => {
    let fails = false;
    const age = new DataAge(() => (fails ? Promise.reject(new Error('down')) : Promise.resolve(new Date(5))));
    await age.refresh();
    fails = true;
    await age.refresh();
    expect(age.current()).toEqual(new Date(5));
  });
});
