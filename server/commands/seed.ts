import cliProgress from 'cli-progress';
import { parseArgs } from 'node:util';
import { seedDemo } from '#db/seed/demo.ts';
import { seedScale } from '#db/seed/scale.ts';
import { readEnv } from '../env.ts';
import { openBackend, openDatabase } from '../opening.ts';

const { values } = parseArgs({ options: { scale: { type: 'string' }, help: { type: 'boolean' } } });
if (values.help) {
	console.log(
		'npm run seed                 the demo network, if it is not there yet\nnpm run seed -- --scale 50   a large network on top: about 300 cities, 3,000 people, 200 plans, 1 million answers'
	);
	process.exit(0);
}
const scale = values.scale === undefined ? 0 : Number(values.scale);
if (!Number.isInteger(scale) || scale < 0 || scale > 1000) {
	console.error('--scale takes a whole number from 1 to 1000.');
	process.exit(1);
}

const env = readEnv();
const database = await openDatabase(env, console.log);
const { sql, close } = await openBackend(env, database.url);
const today = new Date();
const { people, organisations, plans } = await seedDemo(sql, { today });
console.log(
	people > 0
		? `Seeded the demo network: ${people} people, ${organisations} organisations, ${plans} plans.`
		: 'The demo network is there already.'
);
if (scale > 0) {
	const bar = new cliProgress.SingleBar({ format: '{bar} {percentage}% {what}' }, cliProgress.Presets.shades_classic);
	bar.start(1, 0, { what: '' });
	const fresh = await seedScale(sql, {
		scale,
		today,
		onProgress: (done, total, what) => {
			bar.setTotal(total);
			bar.update(done, { what });
		}
	});
	bar.stop();
	console.log(fresh ? `Seeded a network of scale ${scale}.` : `A network of scale ${scale} is there already.`);
}
await close();
await database.stop();
