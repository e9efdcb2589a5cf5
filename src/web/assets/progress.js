/* global document, location, EventSource, window */
// Keeps the figures of running synchronisations fresh; the page is complete without it.
const numbers = new Intl.NumberFormat('en-GB');

/** What the page shows of a run. */
function show({ id, rowsRead, expectedRows, stage }) {
  for (const place of document.querySelectorAll(`[data-run="${Number(id)}"]`)) {
    const [rows, at, bar] = ['[data-rows]', '[data-stage]', 'progress'].map((found) => place.querySelector(found));
    if (rows) rows.textContent = numbers.format(rowsRead);
    if (at) at.textContent = stage;
    if (bar && expectedRows) bar.value = Math.min(rowsRead, expectedRows);
  }
}

function follow(live) {
  const text = live.querySelector('[data-live-text]');
  const known = live.dataset.runs;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'untether-live__button';
  live.append(' ', button);
  let source = null;
  let wanted = true;

  const say = (words, label) => {
    text.textContent = words;
    button.textContent = label;
  };
  const close = () => {
    source?.close();
    source = null;
  };
  const open = () => {
    if (source || !wanted || document.visibilityState !== 'visible') return;
    source = new EventSource(live.dataset.live);
    source.addEventListener('progress', ({ data }) => {
      const { runs } = JSON.parse(data);
      if (runs.map(({ id }) => id).join(',') !== known) return outdated();
      runs.forEach(show);
    });
    source.addEventListener('error', () => {
      if (source?.readyState === EventSource.CLOSED) say('The figures no longer follow.', 'Follow again');
    });
    say('The figures follow by themselves.', 'Stop following');
  };
  /** Another run is at work than when the page was made: the page has more to say now than this script knows. */
  const outdated = () => {
    close();
    const isBusy = document.activeElement !== document.body || String(window.getSelection()) !== '';
    if (!isBusy) return location.reload();
    wanted = false;
    say('A run has begun or ended since this page was made.', 'Follow again');
  };

  button.addEventListener('click', () => {
    wanted = source === null || source.readyState === EventSource.CLOSED;
    close();
    if (wanted) open();
    else say('The figures no longer follow.', 'Follow again');
  });
  // Browsers give a site six connections; a tab that nobody sees takes none of them.
  document.addEventListener('visibilitychange', () => (document.visibilityState === 'visible' ? open() : close()));
  open();
}

const live = document.querySelector('[data-live]');
if (live && 'EventSource' in window) follow(live);
