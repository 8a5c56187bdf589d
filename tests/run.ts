import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

/**
 * `npm test`: everything, one suite after the other, and one closing line. A suite that could not run counts as failed;
 * nothing is skipped. `npm run good` adds the search for dead code, and formats first.
 */
const root = path.resolve(import.meta.dirname, '..');
const results = path.join(root, 'test-results');
const good = process.argv.includes('--good');

interface Outcome {
	name: string;
	passed: number;
	failed: number;
	seconds: number;
}

function run(command: string, args: string[]): Promise<boolean> {
	return new Promise((done) => {
		// The project's own Node comes first, as npm arranges it; a test run must not depend on who started it.
		const env = {
			...process.env,
			PATH: `${path.join(root, 'node_modules/.bin')}:${process.env.PATH ?? ''}`,
			FORCE_COLOR: '0'
		};
		const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env });
		child.once('exit', (code) => done(code === 0));
		child.once('error', (fault) => {
			console.error(fault.message);
			done(false);
		});
	});
}

/** A check that is one thing: it holds or it does not. */
const check = (name: string, command: string, args: string[]) => async (): Promise<Outcome> => {
	const ok = await run(command, args);
	return { name, passed: ok ? 1 : 0, failed: ok ? 0 : 1, seconds: 0 };
};

/** A vitest project, counted by its own report. */
const vitest = (project: string) => async (): Promise<Outcome> => {
	const report = path.join(results, `${project}.json`);
	rmSync(report, { force: true });
	const ok = await run('vitest', [
		'run',
		'--config',
		'tests/vitest.config.ts',
		'--project',
		project,
		'--reporter=default',
		'--reporter=json',
		`--outputFile.json=${report}`
	]);
	const counted = read<{
		numPassedTests: number;
		numFailedTests: number;
		numPendingTests: number;
		numTodoTests: number;
	}>(report);
	const passed = counted?.numPassedTests ?? 0;
	// A skipped test is a test that did not run: it counts as failed. A suite that broke before its first test, too.
	const failed = counted ? counted.numFailedTests + counted.numPendingTests + counted.numTodoTests : 1;
	return { name: project, passed, failed: ok && passed > 0 ? failed : Math.max(1, failed), seconds: 0 };
};

const stories = async (): Promise<Outcome> => {
	const report = path.join(results, 'stories.json');
	rmSync(report, { force: true });
	const ok = await run('playwright', ['test', '--config', 'tests/playwright.config.ts']);
	const stats = read<{ stats: { expected: number; unexpected: number; flaky: number; skipped: number } }>(
		report
	)?.stats;
	const failed = stats ? stats.unexpected + stats.flaky + stats.skipped : 1;
	return {
		name: 'browser',
		passed: stats?.expected ?? 0,
		failed: ok && (stats?.expected ?? 0) > 0 ? failed : Math.max(1, failed),
		seconds: 0
	};
};

function read<T>(file: string): T | undefined {
	try {
		return JSON.parse(readFileSync(file, 'utf8')) as T;
	} catch {
		return undefined;
	}
}

mkdirSync(results, { recursive: true });
if (good) await run('prettier', ['--write', '--log-level', 'warn', '.']);
execFileSync('npm', ['run', '--silent', 'messages'], { cwd: root, stdio: 'inherit' });

const suites: (() => Promise<Outcome>)[] = [
	check('build', process.execPath, ['server/launch.mjs', '--build-only']),
	check('format', 'prettier', ['--check', '--log-level', 'warn', '.']),
	check('lint', 'eslint', ['.']),
	check('types', 'svelte-check', ['--tsconfig', './tsconfig.json', '--output', 'human', '--fail-on-warnings']),
	...(good ? [check('dead code', 'knip', [])] : []),
	vitest('unit'),
	vitest('server'),
	vitest('live'),
	stories
];

const outcomes: Outcome[] = [];
for (const suite of suites) {
	const begun = Date.now();
	const outcome = await suite();
	outcome.seconds = Math.round((Date.now() - begun) / 1000);
	console.log(`— ${outcome.name}: ${outcome.passed} passed, ${outcome.failed} failed (${outcome.seconds} s)\n`);
	outcomes.push(outcome);
}
const sum = (of: 'passed' | 'failed') => outcomes.reduce((all, one) => all + one[of], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exit(sum('failed') > 0 ? 1 : 0);
