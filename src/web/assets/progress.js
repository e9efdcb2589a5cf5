/* global document, fetch, location, setTimeout */
// Keeps the figures of running synchronisations fresh; the page is complete without it.
const INTERVAL = 2_000;
const LONGEST_INTERVAL = 60_000;

const places = [...document.querySelectorAll('[data-running-source]')];
const numbers = new Intl.NumberFormat('en-GB');
let interval = INTERVAL;

async function refresh() {
  const answer = await fetch('/api/v1/sync/sources', { headers: { accept: 'application/json' } });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const { items } = await answer.json();
  for (const place of places) {
    const source = items.find((item) => item.source === place.dataset.runningSource);
    // Finished: the page has more to say now than this script knows.
    if (!source || source.state !== 'running') return location.reload();
    const { rowsRead, expectedRows, stage } = source.lastRun;
    place.querySelector('[data-rows]').textContent = numbers.format(rowsRead);
    place.querySelector('[data-stage]').textContent = stage;
    const bar = place.querySelector('progress');
    if (bar && expectedRows) bar.value = Math.min(rowsRead, expectedRows);
  }
}

async function next() {
  if (document.visibilityState === 'visible') {
    try {
      await refresh();
      interval = INTERVAL;
    } catch {
      interval = Math.min(interval * 2, LONGEST_INTERVAL);
    }
  }
  setTimeout(next, interval);
}

if (places.length > 0) setTimeout(next, interval);
