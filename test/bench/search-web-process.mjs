// The product: the web process as `untether start` runs it, with its log.
import 'reflect-metadata';
import { loadConfig } from '../../dist/config/config.js';
import { startWeb } from '../../dist/start-web.js';

const address = JSON.parse(process.argv[2]);
const web = await startWeb(loadConfig({ PORT: '0' }), { address });
process.on('message', () => process.send(process.cpuUsage()));
process.on('disconnect', () => void web.close().then(() => process.exit(0)));
process.send(web.url);
