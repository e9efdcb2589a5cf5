import type { Cause, NetworkFinding, NetworkJudgement } from '../../../network/domain/judgement.js';
import type { NeededVerdict } from '../../../network/domain/network-words.js';
import { networkVerdict } from './network-evidence.js';

const LINK: Cause = { kind: 'link', id: 3 };
const SITE: Cause = { kind: 'site-network', id: 1 };

function finding(id: string, decides: NeededVerdict | null, met: boolean | null, cause: Cause | null): NetworkFinding {
  return {
    threshold: {
      id,
      measure: 'Upload',
      test: 'at_least',
      value: 58,
      unit: 'kbit/s',
      source: { document: 'A document', page: null, dated: '2026-07-14' },
      assumption: false,
    },
    decides,
    value: met === null ? null : 20,
    met,
    source: 'site-tests',
    samples: 4,
    measuredAt: new Date('2026-11-20T16:00:00Z'),
    confidence: 'medium',
    cause,
    remark: null,
  };
}

const judged = (verdict: NetworkJudgement['verdict'], ...findings: NetworkFinding[]): NetworkJudgement => ({
  ...{ verdict, since: new Date('2026-11-20T16:00:00Z'), confidence: 'medium', findings },
});
const WEAK_VIDEO = judged(
  'audio_safe',
  finding('a', 'audio_safe', true, null),
  finding('v', 'video_safe', false, LINK),
);

describe('what a judgement means for a move', () => {
  it('is ready when it is at least what is needed, and says by which settings', () => {
    expect(networkVerdict(WEAK_VIDEO, 'audio_safe', 7, 'site')).toEqual({
      outcome: 'ready',
      since: null,
      evidence: { verdict: 'audio_safe', needed: 'audio_safe', settings: 7, measuredOn: '2026-11-20' },
    });
  });

  it('names what would have to be put right, each once, and only what is needed', () => {
    const several = judged(
      'not_ready',
      finding('a', 'audio_safe', false, LINK),
      finding('b', 'audio_safe', null, SITE),
      finding('c', 'audio_safe', false, LINK),
      finding('v', 'video_safe', false, { kind: 'capacity', id: 1 }),
      finding('x', null, false, { kind: 'wifi-survey', id: 5 }),
    );
    expect(networkVerdict(several, 'audio_safe', 0, 'site').evidence['causes']).toEqual([LINK, SITE]);
    expect(networkVerdict(several, 'video_safe', 0, 'site').evidence['causes']).toHaveLength(3);
    expect(networkVerdict(several, 'audio_safe', 0, 'site').evidence['findings']).toContainEqual({
      ...{ threshold: 'a', met: false, value: 20, source: 'site-tests', samples: 4, measuredOn: '2026-11-20' },
    });
  });

  it('is not ready when a need is known not to be met, and unknown when one is only not known', () => {
    const notKnown = judged('audio_safe', finding('v', 'video_safe', null, LINK));
    expect(networkVerdict(WEAK_VIDEO, 'video_safe', 0, 'site').outcome).toBe('not_ready');
    expect(networkVerdict(notKnown, 'video_safe', 0, 'site').outcome).toBe('unknown');
    const unknown = judged('unknown', finding('a', 'audio_safe', null, SITE), finding('v', 'video_safe', false, LINK));
    expect(networkVerdict(unknown, 'video_safe', 0, 'site').outcome).toBe('unknown');
  });

  it('keeps the figures of a home to itself', () => {
    const home = judged('not_ready', finding('a', 'audio_safe', false, { kind: 'home', id: null }));
    const { evidence } = networkVerdict(home, 'audio_safe', 0, 'home');
    expect(JSON.stringify(evidence)).not.toContain('20,');
    expect(evidence['findings']).toEqual([
      { threshold: 'a', met: false, source: 'site-tests', samples: 4, measuredOn: '2026-11-20' },
    ]);
  });
});
