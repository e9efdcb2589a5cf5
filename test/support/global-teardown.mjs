export { stopTestServer as default } from './global-setup.mjs';
