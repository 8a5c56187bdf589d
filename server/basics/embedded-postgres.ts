import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Binaries, ServerUser } from './embedded-postgres-binaries.ts';
import {
	choosePlace,
	ensureCluster,
	findBinaries,
	findPackage,
	giveTo,
	refuseOtherMajor,
	removeLitter,
	spawnAs,
	startByControl,
	stopByControl
} from './embedded-postgres-binaries.ts';

// Longer than our files are: starting, joining, holding and ending a server can only be judged side by side.

export type EmbeddedPostgres = {
	/** `postgres://` address with the password, on the loopback interface. */
	url: string;
	/** The process id of the server. */
	pid: number;
	/** True when another process had started the server; both now hold it. */
	adopted: boolean;
	/** Lets go of the server. The last one to let go ends it, and waits until it has ended. */
	stop(): Promise<void>;
};

type EmbeddedPostgresOptions = {
	/** Hears what an administrator should know, one line each. */
	log?: (line: string) => void;
	/** PostgreSQL settings, over our own. */
	settings?: Record<string, string>;
	/** Which npm package to use, by `process.platform` and `process.arch`. */
	platform?: string;
	/** Where root keeps what the unprivileged server cannot reach in the project. */
	outside?: string;
};

const ourSettings = {
	listen_addresses: '127.0.0.1',
	unix_socket_directories: '',
	max_connections: '100',
	shared_buffers: '128MB',
	timezone: 'UTC',
	log_timezone: 'UTC',
	// `log` leaves out failed statements, which would carry what people wrote into a file nobody guards.
	log_min_messages: 'log',
	log_checkpoints: 'off'
};

type Home = {
	folder: string;
	data: string;
	user: ServerUser | undefined;
	binaries: Binaries;
	settings: Record<string, string>;
	log: (line: string) => void;
};

type Server = { pid: number; port: number; status: string };

/** The pipe that keeps the server up, open for writing; the kernel closes it however we end. The probe asks who else. */
type Hold = { write: number; probe: number };

const isWindows = process.platform === 'win32';
const { O_RDONLY, O_WRONLY, O_NONBLOCK } = fs.constants;

/**
 * Starts the PostgreSQL that comes with the npm packages, or joins the one that already runs on this folder.
 *
 * `root` is a folder of its own; it is made when missing, and gets a new cluster when it has none. The server ends with
 * the last process that holds it, also when that one is killed. Throws an Error with one sentence to act on when the
 * platform has no package, or the cluster was made by another major version.
 */
export async function startEmbeddedPostgres(
	root: string,
	options: EmbeddedPostgresOptions = {}
): Promise<EmbeddedPostgres> {
	const { log = () => {}, platform = `${process.platform}-${process.arch}`, outside = '/var/lib/citypeers' } = options;
	const found = findPackage(platform);
	const { folder, user, copies } = choosePlace(root, outside, log);
	const binaries = await findBinaries(found, user, copies);
	await ensureCluster(folder, binaries, user);
	refuseOtherMajor(folder, binaries);
	const data = path.join(folder, 'cluster', 'data');
	return startOrJoin({ folder, data, user, binaries, settings: { ...ourSettings, ...options.settings }, log });
}

async function startOrJoin(home: Home): Promise<EmbeddedPostgres> {
	let refusals = 0;
	let rounds = 0;
	let ending = 0;
	for (;;) {
		const running = findServer(home);
		if (!running) {
			const started = await startServer(home, ++refusals);
			if (started) return started;
		} else if (running.status === 'ready' && running.pid !== ending) {
			const joined = isWindows ? undefined : joinHolders(runFolder(home, running.port));
			const hold = joined === 'unwatched' ? undefined : joined;
			if ((hold || isWindows) && (await accepts(running.port))) return handleOf(home, running, hold, true);
			closeHold(hold);
			// The pipe has no name for moments (see watcherScript); for ten seconds only without a watcher.
			if (joined === 'unwatched' || ++rounds > 200) {
				endServer(home, running, 'nobody watches it');
				ending = running.pid;
			}
		}
		await delay(50);
	}
}

/** Undefined means: refused for a reason that passes, look again who runs. Throws what the server said otherwise. */
async function startServer(home: Home, attempt: number): Promise<EmbeddedPostgres | undefined> {
	const port = await freePort();
	const run = runFolder(home, port);
	const logFile = path.join(home.folder, 'postgres.log');
	if ((fs.statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > 1_000_000)
		fs.renameSync(logFile, `${logFile}.old`);
	const output = fs.openSync(logFile, 'a', 0o600);
	const alreadySaid = fs.fstatSync(output).size;

	const flags = ['-D', home.data, '-p', String(port), ...settingFlags(home)];
	const launch = isWindows ? startByControl(home.binaries, flags, logFile) : launchWatched(home, run, flags, output);
	fs.closeSync(output);
	if (!launch) return undefined;
	const server = await untilReady(home, port, launch.hasEnded);
	if (server) {
		await removeDeadRuns(home);
		return handleOf(home, server, launch.hold, false);
	}

	closeHold(launch.hold);
	await removeLitter(run);
	const said = fs.readFileSync(logFile).subarray(alreadySaid).toString();
	// Another server is starting; processes of a killed one still hold its memory; somebody took the port.
	const passes = /lock file|shared memory block|could not bind/.test(said);
	if (!passes || attempt > 200) throw new Error(`PostgreSQL did not start in ${home.folder}:\n${said}`);
	if (attempt >= 20 && /lock file/.test(said) && !findServer(home)) {
		// Left by a killed server; its pid now belongs to a stranger, or a power cut has emptied the file.
		home.log(`removing the lock file of a server that is gone from ${home.data}`);
		fs.rmSync(path.join(home.data, 'postmaster.pid'), { force: true });
	}
	return undefined;
}

async function untilReady(home: Home, port: number, hasEnded: () => boolean): Promise<Server | undefined> {
	// No time limit: a recovery takes as long as it takes, and giving up would only start it anew.
	for (let round = 1; !hasEnded(); round++) {
		const server = findServer(home);
		if (server?.port === port && server.status === 'ready' && (await accepts(port))) return server;
		if (round === 400) home.log('PostgreSQL is still starting, probably recovering');
		await delay(25);
	}
	return undefined;
}

function handleOf(home: Home, server: Server, hold: Hold | undefined, adopted: boolean): EmbeddedPostgres {
	const password = fs.readFileSync(path.join(home.folder, 'cluster', 'password'), 'utf8');
	let stopped: Promise<void> | undefined;
	return {
		url: `postgres://app:${password}@127.0.0.1:${server.port}/postgres`,
		pid: server.pid,
		adopted,
		stop: () => (stopped ??= hold ? letGo(home, server, hold) : stopByControl(home.binaries, home.data))
	};
}

/**
 * Runs the server as a child of its watcher. The watcher reads (as its standard input) a named pipe that every holder
 * keeps open for writing and nobody writes to, so its `cat` ends with the last holder.
 *
 * Somebody may open the pipe just then. So the watcher first takes the pipe's name away and then looks for a knock: who
 * has knocked and still finds the name after it (`joinHolders`) is sure to be seen. SIGINT is repeated because it is
 * lost on a server that has not set up its signals yet. Signals meant for a whole group (systemd) must not end the
 * watcher before its server.
 */
const watcherScript = `
run=$0
cd "$run" || exit 1
exec 3<&0 </dev/null
"$@" 3<&- &
server=$!
trap '' HUP INT TERM
(
	while cat <&3 >/dev/null; do
		mv holders closing
		[ -e knock ] || break
		rm -f knock
		mv closing holders
	done
	while kill -INT $server; do sleep 1; done
) 2>/dev/null &
watcher=$!
exec 3<&-
wait $server
code=$?
kill -KILL $watcher
cd / && rm -rf "$run" 2>/dev/null
exit $code
`;

function launchWatched(home: Home, run: string, flags: string[], output: number) {
	let pipe: ReturnType<typeof makePipe>;
	try {
		fs.mkdirSync(run, { mode: 0o700 });
		giveTo(home.user, run);
		pipe = makePipe(path.join(run, 'holders'));
	} catch (error) {
		// Somebody else has this port, or took this run folder for a dead one: try again with another.
		if (['EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
		throw error;
	}
	const child = spawn('sh', ['-c', watcherScript, run, home.binaries.postgres, ...flags], {
		...spawnAs(home.user),
		stdio: [pipe.read, 'ignore', output],
		detached: true
	});
	let ended = false;
	child.once('exit', () => (ended = true));
	child.once('error', () => (ended = true));
	child.unref();
	fs.closeSync(pipe.read);
	return { hold: pipe, hasEnded: () => ended };
}

/** Makes a named pipe and opens it before the watcher runs, so that there is no moment without a holder. */
function makePipe(pipe: string): Hold & { read: number } {
	const made = spawnSync('mkfifo', ['-m', '600', pipe], spawnAs(undefined));
	if (made.error) throw new Error('PostgreSQL cannot be started without the program mkfifo', { cause: made.error });
	// Opening one end waits for the other, but for O_NONBLOCK, which the watcher's end must not have.
	const probe = fs.openSync(pipe, O_RDONLY | O_NONBLOCK);
	const write = fs.openSync(pipe, O_WRONLY);
	return { write, probe, read: fs.openSync(pipe, O_RDONLY) };
}

/** Undefined when the server is about to end. */
function joinHolders(run: string): Hold | 'unwatched' | undefined {
	const pipe = path.join(run, 'holders');
	const opened: number[] = [];
	const open = (flags: number) => opened[opened.push(fs.openSync(pipe, flags | O_NONBLOCK)) - 1] as number;
	try {
		// In this order: writing is refused when nobody reads, so our own probe must not be there yet.
		const hold = { write: open(O_WRONLY), probe: open(O_RDONLY) };
		fs.writeFileSync(path.join(run, 'knock'), '');
		fs.accessSync(pipe);
		return hold;
	} catch (error) {
		opened.forEach((descriptor) => fs.closeSync(descriptor));
		// ENXIO: the pipe is there and nobody reads it.
		return (error as NodeJS.ErrnoException).code === 'ENXIO' ? 'unwatched' : undefined;
	}
}

function closeHold(hold: Hold | undefined): void {
	if (!hold) return;
	fs.closeSync(hold.write);
	fs.closeSync(hold.probe);
}

async function letGo(home: Home, server: Server, hold: Hold): Promise<void> {
	fs.closeSync(hold.write);
	for (let round = 1; isServer(home, server.pid) && !hasHolders(hold.probe); round++) {
		if (round === 200 && findServer(home)?.status === 'ready') endServer(home, server, 'its watcher is gone');
		await delay(25);
	}
	fs.closeSync(hold.probe);
}

function hasHolders(probe: number): boolean {
	try {
		// A pipe nobody has open for writing is at its end; otherwise there is just nothing to read yet.
		fs.readSync(probe, Buffer.alloc(1));
		return false;
	} catch {
		return true;
	}
}

function endServer(home: Home, server: Server, why: string): void {
	home.log(`ending PostgreSQL ${server.pid}: ${why}`);
	if (isServer(home, server.pid)) process.kill(server.pid, 'SIGINT');
}

function runFolder(home: Home, port: number): string {
	return path.join(home.folder, `run-${port}`);
}

/** Run folders stay behind when their watcher was killed too; a pipe without a reader tells. */
async function removeDeadRuns(home: Home): Promise<void> {
	for (const name of fs.readdirSync(home.folder).filter((each) => each.startsWith('run-'))) {
		try {
			fs.closeSync(fs.openSync(path.join(home.folder, name, 'holders'), O_WRONLY | O_NONBLOCK));
		} catch {
			await removeLitter(path.join(home.folder, name));
		}
	}
}

/** The living server of this cluster, by the lock file it keeps. */
function findServer(home: Home): Server | undefined {
	let lines: string[];
	try {
		lines = fs.readFileSync(path.join(home.data, 'postmaster.pid'), 'utf8').split('\n');
	} catch {
		return undefined;
	}
	const pid = Number(lines[0]);
	return isServer(home, pid) ? { pid, port: Number(lines[3]), status: lines[7]?.trim() ?? '' } : undefined;
}

/** After a kill or a reboot the pid in a lock file may be anybody's, so the command counts, not the pid. */
function isServer(home: Home, pid: number): boolean {
	if (!(pid > 0)) return false;
	if (process.platform === 'linux') {
		try {
			const [program = '', , data] = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
			return path.basename(program) === 'postgres' && data === home.data;
		} catch {
			return false;
		}
	}
	const [program, flags] = isWindows
		? ['tasklist', ['/nh', '/fi', `pid eq ${pid}`]]
		: ['ps', ['-o', 'comm=', '-p', `${pid}`]];
	return /postgres/.test(spawnSync(program, flags, { encoding: 'utf8', windowsHide: true }).stdout ?? '');
}

function settingFlags(home: Home): string[] {
	return Object.entries(home.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function accepts(port: number): Promise<boolean> {
	const socket = net.connect(port, '127.0.0.1');
	try {
		await once(socket, 'connect');
		return true;
	} catch {
		return false;
	} finally {
		socket.destroy();
	}
}

async function freePort(): Promise<number> {
	const server = net.createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as net.AddressInfo;
	server.close();
	await once(server, 'close');
	return port;
}
