/** A figure that no authority gives, and that the council may well change. */
export interface Assumption {
  readonly words: string;
  /** Why it begins with this value. */
  readonly why: string;
  readonly value: number;
  readonly unit: 'percent' | 'kbit/s' | 'days' | 'people' | 'clients' | 'measurements';
  readonly least: number;
  readonly most: number;
}

const share = (words: string, value: number, why: string): Assumption => ({
  ...{ words, why, value },
  ...{ unit: 'percent', least: 0, most: 100 },
});
const speed = (words: string, value: number, why: string): Assumption => ({
  ...{ words, why, value },
  ...{ unit: 'kbit/s', least: 0, most: 1_000_000 },
});
const smallest = (words: string, value: number, why: string): Assumption => ({
  ...{ words, why, value },
  ...{ unit: 'measurements', least: 1, most: 10_000 },
});
const days = (words: string, value: number, why: string): Assumption => ({
  ...{ words, why, value },
  ...{ unit: 'days', least: 1, most: 3_650 },
});

/**
 * Everything that is assumed. None of it has a source outside: nobody publishes how many of a council’s people are at
 * their desks, nor a ratio of open VPN sessions to people (the National Cyber Security Centre gives none). The values
 * are chosen so that they rather ask for too much than too little, and are there to be replaced by what is counted.
 */
export const ASSUMPTIONS = {
  'present-fixed': share(
    'At their desks at once: fixed desk',
    80,
    'One in five is on leave, ill, on a course or not working that day.',
  ),
  'present-office_mobile': share(
    'At their desks at once: mobile in the office',
    60,
    'Three of five days in the office.',
  ),
  'present-home': share('At their desks at once: at home', 10, 'Comes in about twice a month.'),
  'present-field': share('At their desks at once: in the field', 20, 'Comes in to begin or to end a round.'),
  'present-shared_desk': share('At their desks at once: shared desk', 50, 'At least two people to a desk.'),
  'present-exempt': share('At their desks at once: exempt', 80, 'As a fixed desk: the desktop stays where it is.'),
  'present-other': share(
    'At their desks at once: work style not known',
    80,
    'As a fixed desk, since that asks for the most.',
  ),
  'in-audio': share(
    'Of those at their desks, in an audio call or meeting at once',
    10,
    'In the busiest hour, beside those on video.',
  ),
  'in-video': share('Of those at their desks, in a video meeting at once', 20, 'In the busiest hour one in five.'),
  'sharing-screen': share(
    'Of those at their desks, sharing a screen at once',
    5,
    'One screen for four people in video meetings.',
  ),
  'other-download': speed(
    'Other traffic of each person, download',
    500,
    'Mail, files, pages and updates, evened out over the hour.',
  ),
  'other-upload': speed('Other traffic of each person, upload', 100, 'Less is sent than fetched.'),
  'usable-link': share(
    'Share of a link that may be planned with',
    70,
    'A link that is fuller than that delays media before it is full.',
  ),
  'on-wifi': share('Of those at their desks, on Wi-Fi', 70, 'The others sit at a dock with a cable.'),
  'wifi-clients': {
    words: 'Wi-Fi clients of each person on Wi-Fi',
    why: 'A laptop and a telephone.',
    value: 2,
    unit: 'clients',
    least: 0,
    most: 20,
  },
  'open-session': share(
    'Of those who work away from the office, with an open VPN session at once',
    80,
    'Clients that connect by themselves are open nearly always.',
  ),
  'smallest-checks': smallest(
    'Connection checks that are enough for a figure',
    3,
    'One bad moment among three does not decide a median.',
  ),
  'smallest-streams': smallest(
    'Streams of calls that are enough for a figure',
    30,
    'About ten calls of each medium; fewer say little of a 90th percentile.',
  ),
  'smallest-site-tests': smallest(
    'Tests at a site that are enough for a figure',
    3,
    'One bad moment among three does not decide a median.',
  ),
  'oldest-checks': days(
    'Days after which connection checks count no more',
    90,
    'A quarter; lines are changed by contract, not by the week.',
  ),
  'oldest-calls': days('Days after which calls count no more', 90, 'As connection checks.'),
  'oldest-site-tests': days(
    'Days after which tests at a site count no more',
    180,
    'Half a year: the network of a building changes slowly.',
  ),
  'survey-valid': days(
    'Days for which a Wi-Fi survey holds that names no last day',
    730,
    'Two years; walls and furniture move meanwhile.',
  ),
} as const satisfies Readonly<Record<string, Assumption>>;

export type AssumptionId = keyof typeof ASSUMPTIONS;
export const ASSUMPTION_IDS = Object.keys(ASSUMPTIONS) as readonly AssumptionId[];

/** Whether this is the id of an assumption. */
export function isAssumption(id: string): id is AssumptionId {
  return Object.hasOwn(ASSUMPTIONS, id);
}
