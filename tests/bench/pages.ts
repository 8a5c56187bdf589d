import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { seedId } from '#db/seed/id.ts';
import { seedScale } from '#db/seed/scale.ts';
import { connect } from '#server/basics/database.ts';
import { startSession } from '#server/network/sessions.ts';
import { databaseUrl, preparePostgres } from '../support/postgres.ts';
import { openSite } from '../support/site.ts';

/**
 * Server time of the main pages at a large network, one request after the other over keep-alive on this machine.
 * `npm run bench:pages -- --scale 50 --json FILE`; needs a build.
 */
const { values } = parseArgs({
	options: {
		scale: { type: 'string', default: '50' },
		requests: { type: 'string', default: '40' },
		json: { type: 'string' }
	}
});
const [scale, requests] = [Number(values.scale), Number(values.requests)];

const { url, stop } = await preparePostgres(new Date());
const demo = connect(databaseUrl(url, 'citypeers_demo'), 'bench', 6);
if (scale > 0) await seedScale(demo, { scale, today: new Date(), onProgress: () => undefined });
await demo.unsafe('analyze');
await demo.end();
const site = await openSite({ server: url });

/** A signed-in browser's cookie, without the way through the mail. */
async function cookieOf(email: string): Promise<string> {
	const [person] = await site.sql<{ id: string }[]>`select id from network.people where email = ${email}`;
	const { realChance } = await import('#server/basics/chance.ts');
	const { token } = await site.sql.begin((tx) =>
		startSession({ chance: realChance, now: () => new Date() } as never, tx, person!.id, null)
	);
	return `session=${token}`;
}

const pages: [who: string, path: string][] = [
	['admin@eurocities.example', '/progress'],
	['admin@eurocities.example', '/network/cities'],
	['admin@eurocities.example', '/network/people'],
	['admin@eurocities.example', '/progress/search?words=demo'],
	['lead@eurocities.example', `/progress/programmes/${seedId('programme', 'demo-scale')}`],
	['lead@cemr.example', `/progress/programmes/${seedId('programme', 'inclucities')}`],
	['expert@bologna.example', `/reviews/${seedId('review', 'munich')}`],
	['mentee@capaci.example', `/mentoring/pairs/${seedId('pair', 'mechelen-capaci')}`],
	['mentee@capaci.example', `/mentoring/plans/${seedId('plan', 'mechelen-capaci')}`]
];
const rows = [];
for (const [who, path] of pages) {
	const cookie = await cookieOf(who);
	const times: number[] = [];
	let bytes = 0;
	for (let request = 0; request < requests + 5; request++) {
		const begun = performance.now();
		const answer = await fetch(site.url + path, { headers: { cookie } });
		bytes = (await answer.arrayBuffer()).byteLength;
		if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
		if (request >= 5) times.push(performance.now() - begun);
	}
	times.sort((a, b) => a - b);
	const at = (share: number) => Math.round(times[Math.floor((times.length - 1) * share)]! * 10) / 10;
	rows.push({
		who: who.split('@')[0],
		path: path.replace(/[0-9a-f]{8}-.*/, '…'),
		p50Ms: at(0.5),
		p95Ms: at(0.95),
		kB: Math.round(bytes / 1024)
	});
}
console.table(rows);
if (values.json) writeFileSync(values.json, JSON.stringify({ scale, requests, rows }, null, '\t'));
await site.close();
await stop();
