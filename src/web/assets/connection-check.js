/* global AbortController, AbortSignal, document, fetch, navigator, window, URLSearchParams, setInterval, clearInterval, setTimeout, clearTimeout */
// The page of the connection check: waits for a place, measures, and hands the figures to the form.
import { CheckOver, measure } from './connection-measurement.js';

const PHASES = {
  replies: 'Measuring how quickly replies come.',
  down: 'Measuring how fast you can fetch.',
  up: 'Measuring how fast you can send.',
};

/** Figures as the form takes them. */
function texts(figures) {
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name, value === null ? '' : String(Number(value.toFixed(4)))]),
  );
}

function take(check) {
  const form = check.querySelector('form');
  const part = (name) => check.querySelector(`[data-check-${name}]`);
  const [start, stop, says, countdown, progress] = ['start', 'stop', 'says', 'countdown', 'progress'].map(part);
  const { begin, transfers } = check.dataset;
  let running = null;
  let ticket = null;
  let waiting = null;

  const say = (words) => (says.textContent = words);
  const fields = () => {
    const sent = new URLSearchParams();
    for (const name of ['token', 'submission']) sent.set(name, form.elements[name]?.value ?? '');
    return sent;
  };
  /** Leaves the place to others, also when the page goes. */
  const leave = () => {
    clearTimeout(waiting?.timer);
    clearInterval(waiting?.clock);
    waiting = null;
    running?.abort();
    running = null;
    if (ticket !== null) navigator.sendBeacon(`${transfers}${ticket}/end`, fields());
    ticket = null;
  };
  const rest = (words) => {
    leave();
    say(words);
    start.hidden = false;
    stop.hidden = countdown.hidden = progress.hidden = true;
  };

  const failed = (error) => {
    if (error instanceof CheckOver)
      return rest('The check was ended, as it took too long. Nothing was stored. Start it again.');
    rest(
      'The check was broken off: your connection was lost, or it is slower than 60 kbit/s. Nothing was stored. Calls hardly work on such a connection; try again, or try another one.',
    );
  };

  async function run() {
    let current = '';
    const { signal } = (running = new AbortController());
    progress.hidden = false;
    const onPhase = (phase, part) => {
      progress.value = part;
      if (phase !== current) say(PHASES[phase]);
      current = phase;
    };
    try {
      const figures = await measure(transfers + ticket, { signal, onPhase });
      for (const [name, value] of Object.entries({ ...texts(figures), ticket })) {
        form.elements[name].value = value;
      }
      leave();
      say('The check is done. The result follows.');
      form.submit();
    } catch (error) {
      if (!signal.aborted) failed(error);
    }
  }

  /** Waits for a place, with the seconds counted down for who looks and told once to who listens. */
  const wait = (seconds, again) => {
    const first = waiting === null;
    const until = Date.now() + seconds * 1000;
    const show = () => {
      const left = Math.max(1, Math.ceil((until - Date.now()) / 1000));
      countdown.textContent = `About ${left} ${left === 1 ? 'second' : 'seconds'} to go.`;
    };
    clearInterval(waiting?.clock);
    waiting = { timer: setTimeout(ask, again * 1000), clock: setInterval(show, 1000) };
    if (first)
      say(`Many people are checking. Yours begins by itself in about ${seconds} seconds; leave this page open.`);
    countdown.hidden = false;
    show();
  };

  async function ask() {
    const answer = await fetch(begin, { method: 'POST', body: fields() }).catch(() => null);
    // Whoever pressed stop meanwhile gives back what came too late.
    const asked = start.hidden;
    const said = answer?.ok || answer?.status === 429 ? await answer.json().catch(() => null) : null;
    if (said?.ticket) {
      ticket = said.ticket;
      if (!asked) return leave();
      clearInterval(waiting?.clock);
      waiting = null;
      countdown.hidden = true;
      return void run();
    }
    if (!asked) return;
    if (said?.reason === 'wait') return wait(said.seconds, Number(answer.headers.get('retry-after')));
    if (said?.reason === 'enough') {
      return rest(`You have checked many times within the hour. Try again in ${Math.ceil(said.seconds / 60)} minutes.`);
    }
    rest('The check could not begin. Load this page again, and sign in again if you are asked to.');
  }

  const hint = { wifi: 'wifi', ethernet: 'wired', cellular: 'mobile' }[navigator.connection?.type];
  const choices = [...form.elements.connection];
  if (hint && !choices.some(({ checked }) => checked)) form.elements.connection.value = hint;

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (start.hidden) return;
    if (!choices.some(({ checked }) => checked)) {
      say('Choose how this machine is connected first.');
      return choices[0].focus();
    }
    start.hidden = true;
    stop.hidden = false;
    stop.focus();
    say('The check begins.');
    void ask();
  });
  stop.addEventListener('click', () => {
    rest('You stopped the check. Nothing was stored.');
    start.focus();
  });
  window.addEventListener('pagehide', leave);

  document.querySelector('[data-check-unscripted]').hidden = true;
  check.hidden = false;
}

const check = document.querySelector('[data-check]');
// Without these two the check cannot be stopped in time; the page says then what else to do.
if (check && 'any' in AbortSignal && 'timeout' in AbortSignal) take(check);
