import path from 'node:path';
import { parseArgs } from 'node:util';
import { backUp, describeBackup, whyItFailed } from '../basics/backup.ts';
import { connect } from '../basics/database.ts';
import { readEnv } from '../env.ts';
import { openDatabase } from '../opening.ts';

const usage = `npm run backup -- FILE    everything the database holds, in one new file; people may go on working

The file holds personal data: only you may read it, keep it so. A relative FILE is taken from the project's folder.
npm run restore -- FILE puts it into a new database.`;

/** `npm run backup`: writes everything into one file. */
async function main(): Promise<void> {
	const { values, positionals } = parseArgs({ options: { help: { type: 'boolean' } }, allowPositionals: true });
	if (values.help) return console.log(usage);
	const [name] = positionals;
	if (!name || positionals.length > 1) throw new Error(`Name one file.\n\n${usage}`);
	const file = path.resolve(name);
	const database = await openDatabase(readEnv(), console.log);
	const sql = connect(database.url, 'citypeers backup', 1);
	try {
		const manifest = await backUp(sql, file, new Date());
		console.log(`Wrote ${describeBackup(file, manifest)} to ${file}. It holds personal data: keep it safe.`);
	} finally {
		await sql.end({ timeout: 5 });
		await database.stop();
	}
}

// Ending by exit() lets the backup remove what it has begun to write.
for (const [signal, number] of [['SIGINT', 2] as const, ['SIGTERM', 15] as const])
	process.once(signal, () => process.exit(128 + number));
function fail(fault: unknown): never {
	console.error(whyItFailed(fault));
	process.exit(1);
}
process.once('uncaughtException', fail);
main().catch(fail);
