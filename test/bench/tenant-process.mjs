// The emulated tenant in a process of its own, so that neither side of a comparison pays for serving it.
import { startDemonstration } from '../../dist/demo/demonstration.js';

const [folder, people] = process.argv.slice(2);
const { endpoint, stop } = await startDemonstration({ folder, people: Number(people), seed: 1, port: 0 });
process.on('disconnect', () => void stop().then(() => process.exit(0)));
process.send(endpoint);
