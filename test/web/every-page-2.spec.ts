import { describeEveryPage } from '../support/every-page.js';

describe('every page, the second half', () => describeEveryPage(1));
