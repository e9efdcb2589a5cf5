import { describeEveryPage } from '../support/every-page.js';

describe('every page, the first half', () => describeEveryPage(0));
