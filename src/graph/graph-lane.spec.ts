import { FakeTime } from '../../test/support/fake-time.js';
import { GraphLane, LANE_PACES } from './graph-lane.js';
import { GraphMeter } from './graph-meter.js';

describe('a lane', () => {
  const user = (signal: AbortSignal | null = null, cost = 1): Parameters<GraphLane['run']>[0] => ({
    meter: new GraphMeter(),
    cost,
    signal,
    deadline: null,
  });

  it('lets no more requests be under way than its pace says', async () => {
    const lane = new GraphLane({ concurrency: 3, spacingMilliseconds: 0 }, new FakeTime());
    let underWay = 0;
    let most = 0;

    await Promise.all(
      Array.from({ length: 20 }, () =>
        lane.run(user(), async () => {
          most = Math.max(most, (underWay += 1));
          await new Promise((resolve) => setImmediate(resolve));
          underWay -= 1;
        }),
      ),
    );

    expect(most).toBe(3);
    expect(underWay).toBe(0);
  });

  it('keeps starts apart, a batch by as much as its items', async () => {
    const time = new FakeTime();
    const lane = new GraphLane(LANE_PACES.intune, time);
    const starts: number[] = [];
    for (const cost of [1, 20, 1]) await lane.run(user(null, cost), async () => void starts.push(time.now()));

    expect(starts.map((start) => start - (starts[0] ?? 0))).toEqual([0, 20, 420]);
  });

  it('loses no place to somebody who gives up waiting, or to a request that fails', async () => {
    const lane = new GraphLane({ concurrency: 1, spacingMilliseconds: 0 }, new FakeTime());
    const controller = new AbortController();
    let finish: () => void = () => undefined;
    const first = lane.run(user(), () => new Promise<void>((resolve) => (finish = resolve)));
    const second = lane.run(user(controller.signal), () => Promise.resolve('second'));
    const third = lane.run(user(), () => Promise.reject(new Error('third')));
    const fourth = lane.run(user(), () => Promise.resolve('fourth'));
    await new Promise((resolve) => setImmediate(resolve));

    controller.abort(new Error('gave up'));
    await expect(second).rejects.toThrow('gave up');
    finish();

    await first;
    await expect(third).rejects.toThrow('third');
    expect(await fourth).toBe('fourth');
    expect(await lane.run(user(), () => Promise.resolve('fifth'))).toBe('fifth');
  });

  it('never shortens a pause', async () => {
    const time = new FakeTime();
    const lane = new GraphLane({ concurrency: 1, spacingMilliseconds: 0 }, time);
    const started = time.now();
    const some = user();
    lane.pause(started + 60_000);
    lane.pause(started + 5_000);

    await lane.run(some, () => Promise.resolve());

    expect(time.now() - started).toBe(60_000);
    expect(some.meter.throttledMilliseconds).toBe(60_000);
  });
});
