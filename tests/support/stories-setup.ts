import { existsSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { preparePostgres } from './postgres.ts';

/** One PostgreSQL for all stories, with the demo network seeded as of now: a visit is going on today. */
export default async function setup(): Promise<() => Promise<void>> {
	// `npm test` builds before; somebody who runs one story alone gets a build if there is none.
	if (!existsSync('build/server/main.js'))
		execFileSync('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'ignore', 'inherit'] });
	const { url, stop } = await preparePostgres(new Date());
	process.env.STORIES_POSTGRES = url;
	return stop;
}
