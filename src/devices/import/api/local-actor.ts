import type { Actor } from '../../../audit/actor.js';

/** Who acts through the API: it answers on this machine only, so its caller is whoever may use the machine. */
export const LOCAL_ACTOR: Actor = 'system:local';
