import { createInterface } from 'node:readline';

/**
 * An app in a process of its own, for tests that kill it: `node embedded-postgres-child.ts MODULE ROOT OPTIONS`.
 * Says what happens in JSON lines ({ log }, { started }, { failed }, { stopped }), stops at the line `stop`, and ends
 * with its standard input, so that no test leaves one behind.
 */
const [module = '', root = '', options = '{}'] = process.argv.slice(2);
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
const input = createInterface({ input: process.stdin });
input.once('close', () => process.exit());

const { startEmbeddedPostgres } = (await import(module)) as typeof import('../../server/basics/embedded-postgres.ts');
try {
	const server = await startEmbeddedPostgres(root, {
		...(JSON.parse(options) as object),
		log: (log) => say({ log })
	});
	say({ started: { url: server.url, pid: server.pid, adopted: server.adopted } });
	input.once('line', () => void server.stop().then(() => say({ stopped: true })));
} catch (error) {
	say({ failed: (error as Error).message });
}
