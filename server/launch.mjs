// `npm start`: plain JavaScript, so that also a Node too old for the rest can say so in words.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 17)) {
	console.error(
		`CityPeers needs Node 22.17 or newer and found ${process.version}. Start it with "npm start", which puts the ` +
			"project's own Node first, and install without --omit=optional; where no Node is packaged, install Node 24."
	);
	process.exit(1);
}

const root = path.resolve(import.meta.dirname, '..');
const stamp = path.join(root, 'build/.made-from');
const inputs = ['src', 'server', 'static', 'db/migrations', 'package-lock.json', 'svelte.config.js', 'vite.config.ts'];

/** What the build was made from: names, sizes and times; contents would take a second more at each start. */
function fingerprint() {
	const hash = createHash('sha256');
	for (const input of inputs) {
		const full = path.join(root, input);
		if (!existsSync(full)) continue;
		const files = statSync(full).isDirectory()
			? readdirSync(full, { recursive: true, withFileTypes: true })
					.filter((entry) => entry.isFile() && !entry.parentPath.includes('compiled'))
					.map((entry) => path.join(entry.parentPath, entry.name))
					.sort()
			: [full];
		for (const file of files) {
			const { size, mtimeMs } = statSync(file);
			hash.update(`${path.relative(root, file)} ${size} ${mtimeMs}\n`);
		}
	}
	return hash.digest('hex');
}

const main = path.join(root, 'build/server/main.js');
// Without the sources (a deployed build folder) there is nothing to compare with, and nothing to build.
if (existsSync(path.join(root, 'src/app.html'))) {
	const made = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
	if (!existsSync(main) || made !== fingerprint()) {
		console.log('Building.');
		execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
		writeFileSync(stamp, fingerprint());
	}
}
if (!process.argv.includes('--build-only')) await import(main);
