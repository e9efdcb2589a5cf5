import type { Advice } from '../../domain/check-advice.js';
import type { Activity, Outlook } from '../../domain/check-assessment.js';
import type { NetworkVerdict, Place, StatedConnection } from '../../domain/network-words.js';

/** How somebody is connected, as the form puts it. */
export const CONNECTION_WORDS: Readonly<Record<StatedConnection, string>> = {
  wired: 'By cable',
  wifi: 'By Wi-Fi',
  mobile: 'By a mobile network or a hotspot',
  unknown: 'I do not know',
};

/** The same where it is told of a result. */
export const STATED_WORDS: Readonly<Record<StatedConnection, string>> = {
  wired: 'Cable',
  wifi: 'Wi-Fi',
  mobile: 'Mobile network',
  unknown: 'Not known',
};

/** Where the check was made, to the person who made it. */
export const WHERE_WORDS: Readonly<Record<Place, string>> = {
  office: 'an office',
  home: 'outside the offices',
  remote_access: 'through remote access (VPN)',
  unknown: 'a place that is not known',
};

/** What a check says, in one sentence. */
export const RESULT_WORDS: Readonly<Record<Exclude<NetworkVerdict, 'unknown'>, string>> = {
  video_safe: 'Calls and video meetings should work well on this connection.',
  audio_safe: 'Calls should work well on this connection. Video meetings may be poor.',
  not_ready: 'Calls may break up on this connection.',
};

export const ACTIVITY_WORDS: Readonly<Record<Activity, string>> = {
  audio: 'Calls without video',
  video: 'Video meetings',
  screen: 'Sharing your screen',
};

export const OUTLOOK_WORDS: Readonly<Record<Outlook, { readonly text: string; readonly tag: string }>> = {
  works: { text: 'Works well', tag: 'govuk-tag--green' },
  may_be_poor: { text: 'May be poor', tag: 'govuk-tag--yellow' },
  does_not_work: { text: 'Does not work', tag: 'govuk-tag--red' },
};

export const ADVICE_WORDS: Readonly<Record<Advice, string>> = {
  'vpn-off':
    'You were connected through the VPN. Teams does not need it: disconnect the VPN while you are in a meeting, if you may, and check again without it.',
  cable: 'Use a network cable in place of Wi-Fi.',
  'nearer-router': 'Move nearer to the router or the access point, with as few walls between as you can.',
  'others-pause':
    'Check again while nobody else at your place downloads, streams or plays, and pause backups of photos and files.',
  hotspot: 'Try the hotspot of a mobile telephone, and check again on it.',
  'ask-provider':
    'Compare the speeds with what your contract promises, and ask your provider if they are much lower. Start the router anew first.',
  'service-desk': 'Tell the service desk, with the figures on this page.',
};

/** What a measure means, for the help text below the figures. */
export const MEASURE_HELP: readonly (readonly [measure: string, help: string])[] = [
  ['Time for a reply', 'How long a small question takes to Untether and back, the median of all that were asked.'],
  ['Unevenness (jitter)', 'How much that time differs from one reply to the next. Sound breaks up when it is high.'],
  [
    'Late replies',
    'The share of replies that took longer than a second. A web page cannot count lost packets, as they are sent again by themselves; what it sees of them is that a reply is late.',
  ],
  [
    'Time for a reply under load',
    'The same time while files are sent or fetched. Other people’s downloads have this effect too.',
  ],
];
