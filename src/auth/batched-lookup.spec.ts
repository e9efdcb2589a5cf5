import { BatchedLookup } from './batched-lookup.js';

/** A source that answers only when it is told to, and remembers what it was asked. */
class HeldSource {
  readonly asked: string[][] = [];
  readonly values = new Map<string, number>();
  private readonly gates: (() => void)[] = [];

  readonly read = async (keys: readonly string[]): Promise<ReadonlyMap<string, number>> => {
    this.asked.push([...keys]);
    await new Promise<void>((resolve) => this.gates.push(resolve));
    return new Map(keys.flatMap((key) => (this.values.has(key) ? [[key, this.values.get(key) ?? 0]] : [])));
  };

  /** Lets the query under way finish. */
  async release(): Promise<void> {
    while (this.gates.length === 0) await new Promise((resolve) => setImmediate(resolve));
    this.gates.shift()?.();
  }
}

describe('a batched lookup', () => {
  it('asks one query for all that arrive while another is under way, and every key once', async () => {
    const source = new HeldSource();
    source.values.set('a', 1).set('b', 2);
    const lookup = new BatchedLookup(source.read);
    const first = lookup.find('a');
    await new Promise((resolve) => setImmediate(resolve));
    const rest = ['a', 'b', 'b', 'nobody'].map((key) => lookup.find(key));
    await source.release();
    expect(await first).toBe(1);
    await source.release();
    expect(await Promise.all(rest)).toEqual([1, 2, 2, null]);
    expect(source.asked).toEqual([['a'], ['a', 'b', 'nobody']]);
  });

  it('never answers with what was read before the question', async () => {
    const source = new HeldSource();
    source.values.set('a', 1);
    const lookup = new BatchedLookup(source.read);
    const before = lookup.find('a');
    await new Promise((resolve) => setImmediate(resolve));
    // The query has been sent; whoever asks from now on must see the change.
    const after = lookup.find('a');
    await source.release();
    expect(await before).toBe(1);
    source.values.set('a', 2);
    await source.release();
    expect(await after).toBe(2);
    source.values.delete('a');
    const gone = lookup.find('a');
    await source.release();
    expect(await gone).toBeNull();
  });

  it('tells a failed query to those who waited for it, and to nobody after them', async () => {
    let fails = true;
    const lookup = new BatchedLookup((keys) =>
      fails ? Promise.reject(new Error('down')) : Promise.resolve(new Map(keys.map((key) => [key, 1]))),
    );
    const results = await Promise.allSettled([lookup.find('a'), lookup.find('b')]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    fails = false;
    expect(await lookup.find('a')).toBe(1);
  });
});
