import { describe, expect, test } from 'vitest';
import { type Log, makeLog } from '#server/basics/log.ts';

type Level = Parameters<typeof makeLog>[0];

/** What a log at this level writes, as it is written. */
function written(level: Level, act: (log: Log) => void): string[] {
	const lines: string[] = [];
	act(makeLog(level, (line) => lines.push(line)));
	return lines;
}
const readBack = (level: Level, act: (log: Log) => void) =>
	written(level, act).map((line) => JSON.parse(line) as Record<string, unknown>);

describe('a line of the log', () => {
	test('is one JSON object with when, how grave and what, and ends', () => {
		const [line] = written('info', (log) => log.info('it happened', { count: 3 }));
		expect(line!.endsWith('}\n')).toBe(true);
		expect(JSON.parse(line!)).toMatchObject({ level: 'info', what: 'it happened', count: 3 });
		expect((JSON.parse(line!) as { at: string }).at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
	});
	test('cannot be split or forged by what somebody typed', () => {
		const typed = 'x\n{"level":"error","what":"forged"}\r\n\u0000\u001b[31m';
		const lines = written('info', (log) => {
			log.info(typed, { agent: typed, [typed]: 'key', deep: { typed } });
			log.fault(typed, new Error(typed), { typed });
		});
		expect(lines).toHaveLength(2);
		for (const line of lines) {
			expect(line.slice(0, -1)).not.toMatch(/[\n\r\u0000\u001b]/); // eslint-disable-line no-control-regex -- just these must not be there
			expect(JSON.parse(line)).toMatchObject({ what: typed });
		}
	});
	test('is written from its level on', () => {
		const all = (log: Log) => {
			log.debug('a');
			log.info('b');
			log.warn('c');
			log.fault('d', new Error('d'));
		};
		const whats = (level: Level) => readBack(level, all).map((line) => line.what);
		expect(whats('debug')).toEqual(['a', 'b', 'c', 'd']);
		expect(whats('info')).toEqual(['b', 'c', 'd']);
		expect(whats('warn')).toEqual(['c', 'd']);
		expect(whats('error')).toEqual(['d']);
		expect(whats('silent')).toEqual([]);
	});
});

describe('what looks like a secret', () => {
	test.each([
		'secret',
		'firstAdminSecret',
		'token',
		'browserToken',
		'password',
		'cookie',
		'set-cookie',
		'Authorization',
		'code',
		'email',
		'toEmail',
		'databaseUrl',
		'SMTP_URL'
	])('%s is left out', (key) => {
		const [line] = written('info', (log) => log.info('x', { [key]: 'hunter2', beside: 'kept' }));
		expect(line).not.toContain('hunter2');
		expect(JSON.parse(line!)).toMatchObject({ [key]: '…', beside: 'kept' });
	});
	test('is left out wherever it stands in what is logged, of a fault too', () => {
		const lines = written('info', (log) => {
			log.warn('x', { request: { headers: { cookie: 'hunter2', host: 'h' } } });
			log.fault('y', new Error('z'), { input: { token: 'hunter2' }, code: 'hunter2' });
		});
		expect(lines.join('')).not.toContain('hunter2');
		expect(lines[0]).toContain('"host":"h"');
	});
	test('is left out whatever it is: a list, a number, nothing', () => {
		expect(
			readBack('info', (log) => log.info('x', { tokens: ['hunter2'], code: 12345678, secret: null }))[0]
		).toMatchObject({
			tokens: '…',
			code: '…',
			secret: '…'
		});
	});
	test('of an error beside it only the message is written', () => {
		const fault = Object.assign(new Error('refused by the mail server'), { response: 'hunter2' });
		const [line] = written('info', (log) => log.warn('x', { why: fault }));
		expect(JSON.parse(line!)).toMatchObject({ why: 'refused by the mail server' });
		expect(line).not.toContain('hunter2');
	});
});

describe('a fault', () => {
	test('has a number that the person is shown and the line holds', () => {
		let shown = '';
		const [line] = readBack('error', (log) => (shown = log.fault('broken', new Error('why'))));
		expect(shown).toMatch(/^[A-Z0-9]{1,6}$/);
		expect(line).toMatchObject({ level: 'error', what: 'broken', number: shown });
	});
	test('says where it came from', () => {
		const [line] = readBack('error', (log) => log.fault('broken', new Error('why')));
		expect(line!.fault).toMatch(/^Error: why\n\s+at .+log\.test\.ts/);
	});
	test('is written also when it is no error: a text, nothing, an object', () => {
		const faults = ['why', undefined, null, 7, { deep: { deeper: { deepest: { away: 1 } } } }];
		const lines = readBack('error', (log) => faults.forEach((fault) => log.fault('broken', fault)));
		expect(lines.map((line) => line.fault)).toEqual([
			"'why'",
			'undefined',
			'null',
			'7',
			expect.stringContaining('deeper')
		]);
	});
	test('has a number of its own each time', () => {
		const numbers = new Set<string>();
		written('error', (log) => {
			for (let count = 0; count < 200; count++) numbers.add(log.fault('broken', 'why'));
		});
		expect(numbers.size).toBe(200);
	});
});
