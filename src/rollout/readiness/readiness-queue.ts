/** The queue of the job that works readiness out anew where something changed. */
export const READINESS_QUEUE = 'rollout-readiness';
