/** What a network carries, as people decide by it. Unknown never counts as ready. */
export const NETWORK_VERDICTS = ['video_safe', 'audio_safe', 'not_ready', 'unknown'] as const;
export type NetworkVerdict = (typeof NETWORK_VERDICTS)[number];

/** What can be asked of a network. */
export const NEEDED_VERDICTS = ['audio_safe', 'video_safe'] as const satisfies readonly NetworkVerdict[];
export type NeededVerdict = (typeof NEEDED_VERDICTS)[number];

/** Whether a verdict is as good as what is needed. Unknown never is. */
export function serves(verdict: NetworkVerdict, needed: NeededVerdict): boolean {
  return verdict === 'video_safe' || verdict === needed;
}

export const NETWORK_VERDICT_WORDS: Readonly<Record<NetworkVerdict, string>> = {
  video_safe: 'Video-safe',
  audio_safe: 'Audio-safe',
  not_ready: 'Not ready',
  unknown: 'Not known',
};

/** Where somebody was when something was measured. */
export const PLACES = ['office', 'home', 'remote_access', 'unknown'] as const;
export type Place = (typeof PLACES)[number];

/** How a machine was connected; `tunnel` is a VPN’s adapter, which hides what is below it. */
export const CONNECTIONS = ['wired', 'wifi', 'mobile', 'tunnel', 'unknown'] as const;
export type Connection = (typeof CONNECTIONS)[number];

/** How people can say that they are connected: a browser’s page tells a tunnel by its address only. */
export const STATED_CONNECTIONS = ['wired', 'wifi', 'mobile', 'unknown'] as const satisfies readonly Connection[];
export type StatedConnection = (typeof STATED_CONNECTIONS)[number];

/** What addresses stand for, see `network_range`. */
export const RANGE_KINDS = ['site_subnet', 'egress', 'remote_access'] as const;
export type RangeKind = (typeof RANGE_KINDS)[number];

export const SURVEY_RESULTS = ['passed', 'passed_in_part', 'failed'] as const;
export type SurveyResult = (typeof SURVEY_RESULTS)[number];
