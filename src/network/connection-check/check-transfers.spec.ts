import { once } from 'node:events';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { checkLimits, type CheckLimits } from './check-limits.js';
import { CheckTransfers, Transfer, type TransferRefusal } from './check-transfers.js';

const LIMITS: CheckLimits = {
  ...checkLimits({ atOnce: 2, megabitsPerSecond: 16_000 }),
  bytes: 1_000_000,
  transferBytes: 400_000,
  pings: 3,
};

function begun(transfer: Transfer | TransferRefusal): Transfer {
  if (!(transfer instanceof Transfer)) throw new Error(transfer);
  return transfer;
}

async function read(stream: Readable): Promise<Buffer> {
  return Buffer.concat(await stream.toArray());
}

describe('transfers of checks', () => {
  it('give as many bytes as were asked for, and nothing that can be packed', async () => {
    const transfers = new CheckTransfers(LIMITS);
    const noise = await read(begun(transfers.begin('a', 'down', 300_001, 0)).noise(300_001));
    expect(noise.length).toBe(300_001);
    expect(gzipSync(noise).length).toBeGreaterThan(300_000);
    expect(transfers.busy).toBe(0);
  });

  it('are bounded in size, and in sum for each check and direction', async () => {
    const transfers = new CheckTransfers(LIMITS);
    expect(transfers.begin('a', 'down', 400_001, 0)).toBe('too-large');
    for (const bytes of [400_000, 400_000, 200_000]) begun(transfers.begin('a', 'down', bytes, 0)).end();
    expect(transfers.begin('a', 'down', 1, 0)).toBe('used-up');
    begun(transfers.begin('a', 'up', 400_000, 0)).end();
    begun(transfers.begin('b', 'down', 400_000, 0)).end();
  });

  it('are those of so many checks at once, whoever issued their tickets, and of so many files for each', () => {
    const transfers = new CheckTransfers(LIMITS);
    const files = [1, 2, 3, 4, 5, 6].map(() => begun(transfers.begin('a', 'down', 1_000, 0)));
    expect(transfers.begin('a', 'up', 1_000, 0)).toBe('busy');
    const other = begun(transfers.begin('b', 'up', 1_000, 0));
    expect(transfers.busy).toBe(2);
    expect(transfers.begin('c', 'down', 1_000, 0)).toBe('busy');
    for (const file of files) file.end();
    files[0]?.end();
    expect(transfers.busy).toBe(1);
    begun(transfers.begin('c', 'down', 1_000, 0)).end();
    other.end();
    expect(transfers.busy).toBe(0);
  });

  it('end when nobody reads any more', async () => {
    const transfers = new CheckTransfers(LIMITS);
    const stream = begun(transfers.begin('a', 'down', 400_000, 0)).noise(400_000);
    await once(stream, 'readable');
    stream.destroy();
    await once(stream, 'close');
    expect(transfers.busy).toBe(0);
  });

  it('end at the latest when a check has to be over, although somebody reads very slowly', async () => {
    const transfers = new CheckTransfers({ ...LIMITS, seconds: 0.2 });
    const stream = begun(transfers.begin('a', 'down', 400_000, 0)).noise(400_000);
    await once(stream, 'close');
    expect([transfers.busy, stream.destroyed]).toEqual([0, true]);
  });

  it('drop what is sent and stop at the first byte too many', async () => {
    const transfers = new CheckTransfers(LIMITS);
    const sent = (bytes: number) => Readable.from([Buffer.alloc(bytes / 2), Buffer.alloc(bytes / 2)]);
    expect(await begun(transfers.begin('a', 'up', 1_000, 0)).swallow(sent(1_000), 1_000)).toBe(1_000);
    let pieces = 0;
    const endless = (function* () {
      for (;;) yield (pieces++, Buffer.alloc(100));
    })();
    const swallowed = begun(transfers.begin('a', 'up', 1_000, 0)).swallow(
      Readable.from(endless, { highWaterMark: 1 }),
      1_000,
    );
    expect(await swallowed).toBe(1_100);
    expect(pieces).toBeLessThan(20);
    expect(transfers.busy).toBe(0);
  });

  it('end when the sender breaks off', async () => {
    const transfers = new CheckTransfers(LIMITS);
    const body = new Readable({ read: () => undefined });
    const swallowed = begun(transfers.begin('a', 'up', 1_000, 0)).swallow(body, 1_000);
    body.destroy(new Error('gone'));
    await expect(swallowed).rejects.toThrow('gone');
    expect(transfers.busy).toBe(0);
  });

  it.each(['down', 'up'] as const)('go no faster %s than the share of a check, side by side too', async (direction) => {
    const transfers = new CheckTransfers({ ...LIMITS, bytesPerSecond: 1_000_000 });
    const at = performance.now();
    await Promise.all(
      [1, 2].map(() => {
        const transfer = begun(transfers.begin('a', direction, 200_000, 0));
        const body = Readable.from(Array.from({ length: 10 }, () => Buffer.alloc(20_000)));
        return direction === 'down' ? read(transfer.noise(200_000)) : transfer.swallow(body, 200_000);
      }),
    );
    // The last piece of each file waits for nobody.
    expect(performance.now() - at).toBeGreaterThan(320);
  });

  it('count empty answers, too', () => {
    const transfers = new CheckTransfers(LIMITS);
    expect([1, 2, 3, 4].map(() => transfers.ping('a', 0))).toEqual([true, true, true, false]);
    expect(transfers.ping('b', 0)).toBe(true);
  });
});
