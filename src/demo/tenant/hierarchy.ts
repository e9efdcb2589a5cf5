import type { Directorate, Service } from './organisation.js';
import { DIRECTORATES } from './organisation.js';

/** How high a post stands in the council. */
export type Rank = 'chief' | 'director' | 'head' | 'manager' | 'leader' | 'member';

/** One post in the council; `manager` is the place of its manager's post in the same list, or null for the top. */
export interface Post {
  readonly manager: number | null;
  readonly rank: Rank;
  readonly directorate: Directorate | null;
  readonly service: Service | null;
  readonly team: string | null;
}

/** Nobody manages more than this many people. */
const WIDEST_SPAN = 15;
const NARROWEST_SPAN = 4;

/**
 * The posts of a council of the given size as a tree: chief executive, directors, heads of service, then as many levels of
 * managers and team leaders as keep each span of control between about 4 and 15.
 */
export function planHierarchy(count: number): Post[] {
  const posts: Post[] = [{ manager: null, rank: 'chief', directorate: null, service: null, team: null }];
  const directorates = DIRECTORATES.slice(0, Math.max(1, Math.min(DIRECTORATES.length, Math.ceil(count / 250))));
  const services = Math.max(1, Math.floor(count / (directorates.length * 30)));
  const heads: { readonly index: number; readonly service: Service; readonly directorate: Directorate }[] = [];
  for (const directorate of directorates) {
    const director = posts.push({ manager: 0, rank: 'director', directorate, service: null, team: null }) - 1;
    for (const service of directorate.services.slice(0, services)) {
      const index = posts.push({ manager: director, rank: 'head', directorate, service, team: null }) - 1;
      heads.push({ index, service, directorate });
    }
  }
  let remaining = count - posts.length;
  let weight = heads.reduce((total, head) => total + head.service.weight, 0);
  for (const head of heads) {
    const share = Math.round((remaining * head.service.weight) / weight);
    remaining -= share;
    weight -= head.service.weight;
    fillService(posts, head, share);
  }
  return posts.slice(0, count);
}

function fillService(
  posts: Post[],
  head: { readonly index: number; readonly service: Service; readonly directorate: Directorate },
  count: number,
): void {
  const { service, directorate } = head;
  const fill = (manager: number, size: number, team: string | null): void => {
    if (size <= WIDEST_SPAN) {
      for (let one = 0; one < size; one++) {
        posts.push({ manager, rank: 'member', directorate, service, team: team ?? teamName(service, 0) });
      }
      return;
    }
    const levels = Math.ceil(Math.log(size) / Math.log(WIDEST_SPAN));
    const groups = Math.max(NARROWEST_SPAN, Math.min(WIDEST_SPAN, Math.round(size ** (1 / levels))));
    for (let group = 0; group < groups; group++) {
      const groupSize = Math.floor(size / groups) + (group < size % groups ? 1 : 0);
      const name = team ?? teamName(service, group);
      const rank = groupSize - 1 > WIDEST_SPAN ? 'manager' : 'leader';
      const leader = posts.push({ manager, rank, directorate, service, team: name }) - 1;
      fill(leader, groupSize - 1, name);
    }
  };
  fill(head.index, count, null);
}

function teamName(service: Service, place: number): string {
  const name = service.teams[place % service.teams.length] ?? service.name;
  const round = Math.floor(place / service.teams.length);
  return round === 0 ? name : `${name} ${round + 1}`;
}
