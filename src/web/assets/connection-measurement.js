/* global AbortSignal, Blob, URL, crypto, fetch, location, performance, setTimeout */
// How quickly replies come from this site, and how fast files come from it and go to it. It asks this site and nobody else.

/** Replies that are timed before anything else is sent, and those before them that only open the connection. */
const REPLIES = 30;
const FIRST_REPLIES = 2;
/** A reply after this long counts as late; after the second time nobody waits for it any more. Both in ms. */
const LATE = 1_000;
const LOST = 3_000;
/** Sizes of files in bytes. The first is small enough for the slowest line; the largest is what the server gives at most. */
const SMALLEST = 100_000;
const LARGEST = 12_800_000;
/** A file tells the speed when it lasts this long, in ms; sizes grow towards the time aimed at, but not by more at once. */
const LONG_ENOUGH = 1_000;
const AIMED_AT = 1_500;
const GROWTH = 8;
/** The first part of a file is left out: connections begin slowly (RFC 5681, section 3.1). */
const LEFT_OUT = 0.25;
/** The server waits for no file for longer than 15 seconds. */
const TOO_LONG = 14_000;
/** Files that are on their way side by side: one alone does not fill every line. */
const STREAMS = 4;
/** Between replies that are timed while files are on their way, in ms, and the fewest that tell anything. */
const PAUSE_UNDER_LOAD = 100;
const FEWEST_UNDER_LOAD = 3;

/** The check has no ticket any more, or had all that one check is given. */
export class CheckOver extends Error {}

/**
 * Measures the connection.
 * @param transfers address of this check's transfers
 * @param onPhase told 'replies', 'down' or 'up' and how far the check is, 0 to 1
 * @returns times in ms, speeds in kbit/s; `loadedRoundTripMs` is null when the files were over too soon
 * @throws CheckOver, or what `fetch` throws when the connection is lost or `signal` ends the check
 */
export async function measure(transfers, { signal, onPhase }) {
  const line = { transfers, signal };
  const replies = await idleReplies(line, (part) => onPhase('replies', part * 0.3));
  const times = replies.filter((each) => each !== null);
  if (times.length === 0) throw new Error('no replies');
  const roundTripMs = median(times);
  const down = await speedOf(
    (bytes) => fetched(line, bytes),
    line,
    (part) => onPhase('down', 0.3 + part * 0.35),
  );
  const up = await speedOf(
    (bytes) => sent(line, bytes, roundTripMs),
    line,
    (part) => onPhase('up', 0.65 + part * 0.35),
  );
  const loaded = [down.loaded, up.loaded].filter(({ length }) => length >= FEWEST_UNDER_LOAD).map(median);
  return {
    roundTripMs,
    jitterMs: jitterOf(times),
    lateRatio: replies.filter((each) => each === null || each > LATE).length / replies.length,
    downloadKbps: down.kbps,
    uploadKbps: up.kbps,
    loadedRoundTripMs: loaded.length === 0 ? null : Math.max(...loaded),
    samples: replies.length,
  };
}

async function idleReplies(line, onPart) {
  const replies = [];
  for (let count = 0; count < FIRST_REPLIES; count++) await reply(line, 'idle');
  for (let count = 0; count < REPLIES; count++) {
    onPart(count / REPLIES);
    replies.push(await reply(line, 'idle'));
  }
  return replies;
}

/** Time of one reply in ms, without what the server itself took; null for one that was lost. */
async function reply({ transfers, signal }, during) {
  const address = new URL(`${transfers}/down?bytes=0&during=${during}`, location.href).href;
  const patience = AbortSignal.timeout(LOST);
  const begun = performance.now();
  try {
    const answer = await fetch(address, { cache: 'no-store', signal: AbortSignal.any([signal, patience]) });
    await answer.arrayBuffer();
    const took = timeOf(address) ?? performance.now() - begun;
    refuse(answer);
    const [, server = '0'] = /\bapp;dur=([\d.]+)/.exec(answer.headers.get('server-timing') ?? '') ?? [];
    return Math.max(0, took - Number(server));
  } catch (error) {
    // A reply that does not come is counted; a check that is over or stopped ends here.
    if (error instanceof CheckOver || signal.aborted) throw error;
    return null;
  }
}

/** What the browser itself noted of the last answer from an address, free of the delays of this page; null if nothing. */
function timeOf(address) {
  const noted = performance.getEntriesByName(address).at(-1);
  performance.clearResourceTimings();
  return noted && noted.requestStart > 0 ? noted.responseEnd - noted.requestStart : null;
}

/** Speed in kbit/s of files that grow until one lasts long enough, and the replies that came meanwhile. */
async function speedOf(transfer, line, onPart) {
  const loaded = [];
  for (let bytes = SMALLEST, step = 0; ; step++) {
    onPart(Math.min(0.9, step / 5));
    const first = await underLoad(transfer, bytes, line, loaded);
    if (first.took < LONG_ENOUGH && bytes < LARGEST) {
      const wanted = Math.max((bytes * AIMED_AT) / first.took, bytes * 2);
      bytes = Math.round(Math.min(wanted, bytes * GROWTH, LARGEST));
      continue;
    }
    const second = await underLoad(transfer, bytes, line, loaded);
    // Whatever else goes on only ever makes a file slower.
    const kbps = Math.max(...[first, second].map(({ counted, during }) => (counted * 8) / during));
    return { kbps: Math.round(kbps), loaded };
  }
}

/** One file, while replies are timed. */
async function underLoad(transfer, bytes, line, loaded) {
  let isOver = false;
  const replies = (async () => {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_UNDER_LOAD));
      if (isOver) return;
      const took = await reply(line, 'load');
      if (took !== null && !isOver) loaded.push(took);
    }
  })();
  try {
    return await transfer(bytes);
  } finally {
    isOver = true;
    await replies.catch(() => undefined);
  }
}

/** Fetches so many bytes. @returns how long it took, and the bytes and the time that tell the speed */
async function fetched({ transfers, signal }, bytes) {
  const begun = performance.now();
  let [came, from, at] = [0, 0, begun];
  const parts = partsOf(bytes).map(async (part) => {
    const ask = () => fetch(`${transfers}/down?bytes=${part}`, { cache: 'no-store', signal: withPatience(signal) });
    const reader = (await admitted(ask, signal)).body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      came += value.length;
      if (from === 0 && came >= bytes * LEFT_OUT) [from, at] = [came, performance.now()];
    }
  });
  await Promise.all(parts);
  const now = performance.now();
  // What comes in one piece has its whole time.
  const [counted, during] = came > from ? [came - from, now - at] : [came, now - begun];
  return { took: now - begun, counted, during };
}

/** Sends so many bytes; their time is without that of the reply. */
async function sent({ transfers, signal }, bytes, roundTripMs) {
  const bodies = partsOf(bytes).map((part) => [part, noise(part)]);
  const begun = performance.now();
  const parts = bodies.map(([part, body]) =>
    admitted(
      () =>
        fetch(`${transfers}/up?bytes=${part}`, {
          method: 'POST',
          headers: { 'content-type': 'text/plain' },
          body,
          signal: withPatience(signal),
        }),
      signal,
    ),
  );
  await Promise.all(parts);
  const took = performance.now() - begun;
  return { took, counted: bytes, during: Math.max(took - roundTripMs, took / 10) };
}

function partsOf(bytes) {
  const part = Math.ceil(bytes / STREAMS);
  return [...Array(STREAMS - 1).fill(part), bytes - part * (STREAMS - 1)];
}

/** Asks again while others have all transfers, and no longer than a check may take. */
async function admitted(ask, signal) {
  for (;;) {
    const answer = await ask();
    if (answer.status !== 429) {
      refuse(answer);
      return answer;
    }
    const seconds = Number(answer.headers.get('retry-after')) || 1;
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    signal.throwIfAborted();
  }
}

function refuse(answer) {
  if (!answer.ok && answer.status !== 429) throw new CheckOver(String(answer.status));
}

function withPatience(signal) {
  return AbortSignal.any([signal, AbortSignal.timeout(TOO_LONG)]);
}

let block = null;

/** So many bytes that cannot be packed. */
function noise(bytes) {
  // Browsers give at most 65,536 random bytes at a time; packers look back no further than that.
  block ??= crypto.getRandomValues(new Uint8Array(65_536));
  const whole = Array(Math.floor(bytes / block.length)).fill(block);
  return new Blob([...whole, block.subarray(0, bytes % block.length)]);
}

function median(values) {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Mean difference between one reply's time and the next one's. */
function jitterOf(times) {
  const steps = times.slice(1).map((time, at) => Math.abs(time - times[at]));
  return steps.length === 0 ? 0 : steps.reduce((sum, each) => sum + each, 0) / steps.length;
}
