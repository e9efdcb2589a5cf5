/* global document, fetch, navigator, performance, window, URLSearchParams, setInterval, clearInterval, setTimeout, clearTimeout */
// Measures the connection to this site and hands the figures to the form; nothing else is told, and nobody else asked.
import SpeedTest from './speed-test.js';

/** Replies that are timed before anything else is sent. */
const REPLIES = 30;
/** Sizes of files in bytes; each is taken twice, until a file lasts long enough to tell the speed by. */
const SIZES = [100_000, 400_000, 1_600_000, 6_400_000, 12_800_000];
const LONG_ENOUGH_MS = 700;
/** A file that takes longer than this ends the check: the server waits for none for more than 15 seconds. */
const TOO_LONG_MS = 14_000;
/** A reply after this long counts as late. */
const LATE_MS = 1_000;
/** Pause between the replies that are timed while files are on their way. */
const PAUSE_UNDER_LOAD_MS = 100;

const PHASES = {
  latency: 'Measuring how quickly replies come.',
  download: 'Measuring how fast you can fetch.',
  upload: 'Measuring how fast you can send.',
};

const measurements = [
  { type: 'latency', numPackets: REPLIES },
  { type: 'download', bytes: SIZES[0], count: 1, bypassMinDuration: true },
  ...SIZES.map((bytes) => ({ type: 'download', bytes, count: 2 })),
  ...SIZES.map((bytes) => ({ type: 'upload', bytes, count: 2 })),
];

/** A speed test that asks this site only: whatever could lead elsewhere is switched off. */
function speedTest(transfers) {
  return new SpeedTest({
    autoStart: false,
    downloadApiUrl: `${transfers}/down`,
    uploadApiUrl: `${transfers}/up`,
    logMeasurementApiUrl: null,
    logAimApiUrl: null,
    turnServerUri: null,
    turnServerCredsApiUrl: null,
    rpkiInvalidHost: null,
    measurements,
    loadedLatencyThrottle: PAUSE_UNDER_LOAD_MS,
    bandwidthFinishRequestDuration: LONG_ENOUGH_MS,
    bandwidthAbortRequestDuration: TOO_LONG_MS,
  });
}

/** What the form is given, as texts. */
function figuresOf(results) {
  const replies = results.getUnloadedLatencyPoints();
  const loaded = [results.getDownLoadedLatency(), results.getUpLoadedLatency()].filter((each) => each > 0);
  return {
    roundTripMs: results.getUnloadedLatency().toFixed(2),
    jitterMs: (results.getUnloadedJitter() ?? 0).toFixed(2),
    lateRatio: (replies.filter((each) => each > LATE_MS).length / replies.length).toFixed(4),
    downloadKbps: String(Math.round(results.getDownloadBandwidth() / 1000)),
    uploadKbps: String(Math.round(results.getUploadBandwidth() / 1000)),
    loadedRoundTripMs: loaded.length === 0 ? '' : Math.max(...loaded).toFixed(2),
    samples: String(replies.length),
  };
}

function take(check) {
  const form = check.querySelector('form');
  const part = (name) => check.querySelector(`[data-check-${name}]`);
  const [start, stop, says, countdown, progress] = ['start', 'stop', 'says', 'countdown', 'progress'].map(part);
  const { begin, transfers } = check.dataset;
  let test = null;
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
    test?.pause();
    test = null;
    if (ticket !== null) navigator.sendBeacon(`${transfers}${ticket}/end`, fields());
    ticket = null;
  };
  const rest = (words) => {
    leave();
    say(words);
    start.hidden = false;
    stop.hidden = countdown.hidden = progress.hidden = true;
  };

  const finish = (results) => {
    const figures = { ticket, ...figuresOf(results) };
    for (const [name, value] of Object.entries(figures)) form.elements[name].value = value;
    leave();
    say('The check is done. The result follows.');
    form.submit();
  };
  const failed = (_words, status) => {
    if (status === 410) return rest('The check took too long and was ended. Nothing was stored. Start it again.');
    if (status === 429)
      return rest('Too many people are checking just now. Nothing was stored. Try again in a minute.');
    rest(
      'The check was broken off: your connection was lost, or it is too slow for the check, which is below 60 kbit/s. Nothing was stored. Calls will hardly work on such a connection; try again, or another connection.',
    );
  };

  const run = () => {
    let phase = '';
    progress.hidden = false;
    progress.value = 0;
    test = speedTest(transfers + ticket);
    test.onPhaseChange = ({ measurementId, measurement }) => {
      progress.value = measurementId / measurements.length;
      if (measurement.type !== phase) say(PHASES[measurement.type]);
      phase = measurement.type;
    };
    test.onFinish = finish;
    test.onError = failed;
    test.play();
  };

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
      return run();
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
if (check && 'getEntriesByName' in performance) take(check);
