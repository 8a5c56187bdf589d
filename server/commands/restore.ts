import path from 'node:path';
import { parseArgs } from 'node:util';
import { describeBackup, whyItFailed } from '../basics/backup.ts';
import { connect } from '../basics/database.ts';
import { restore } from '../basics/restore.ts';
import { readEnv } from '../env.ts';
import { openDatabase } from '../opening.ts';

const usage = `npm run restore -- FILE    puts a backup into a database that holds no people yet, while CityPeers is stopped

It works completely or changes nothing. A relative FILE is taken from the project's folder.
npm run backup -- FILE makes such a file.`;

/** `npm run restore`: puts a backup into a database nobody uses yet. */
async function main(): Promise<void> {
	const { values, positionals } = parseArgs({ options: { help: { type: 'boolean' } }, allowPositionals: true });
	if (values.help) return console.log(usage);
	const [name] = positionals;
	if (!name || positionals.length > 1) throw new Error(`Name one file.\n\n${usage}`);
	const file = path.resolve(name);
	const database = await openDatabase(readEnv(), console.log);
	const sql = connect(database.url, 'citypeers restore', 1);
	try {
		const manifest = await restore(sql, file);
		console.log(`Restored ${describeBackup(file, manifest)} of ${manifest.madeAt}. Start CityPeers with "npm start".`);
	} finally {
		await sql.end({ timeout: 5 });
		await database.stop();
	}
}

function fail(fault: unknown): never {
	console.error(whyItFailed(fault));
	process.exit(1);
}
process.once('uncaughtException', fail);
main().catch(fail);
