import { describeInBrowser } from '../support/browser.js';
import { describeEveryPage } from '../support/every-page.js';

describeInBrowser('every page, the second half', () => describeEveryPage(1));
