import { inspect } from 'node:util';

export interface Log {
	debug(what: string, facts?: Record<string, unknown>): void;
	info(what: string, facts?: Record<string, unknown>): void;
	warn(what: string, facts?: Record<string, unknown>): void;
	/** Logs a fault once; returns the number that the person is shown. */
	fault(what: string, fault: unknown, facts?: Record<string, unknown>): string;
}

const levels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
const secret = /secret|token|password|cookie|authorization|code|email|url/i;

/** One JSON object a line; nobody can split or forge a line, and what looks like a secret is left out. */
export function makeLog(
	level: (typeof levels)[number],
	write: (line: string) => void = (line) => process.stderr.write(line)
): Log {
	const say = (at: (typeof levels)[number], what: string, facts: Record<string, unknown>) => {
		if (levels.indexOf(at) < levels.indexOf(level)) return;
		write(`${JSON.stringify({ at: new Date().toISOString(), level: at, what, ...redacted(facts) })}\n`);
	};
	return {
		debug: (what, facts = {}) => say('debug', what, facts),
		info: (what, facts = {}) => say('info', what, facts),
		warn: (what, facts = {}) => say('warn', what, facts),
		fault: (what, fault, facts = {}) => {
			const number = Math.random().toString(36).slice(2, 8).toUpperCase();
			say('error', what, {
				number,
				...facts,
				fault: withoutSecrets(fault instanceof Error ? (fault.stack ?? fault.message) : inspect(fault, { depth: 2 }))
			});
			return number;
		}
	};
}

/** Deeper than this nothing is written: what is logged is a line, not an archive. */
const deepest = 5;

function redacted(facts: Record<string, unknown>, depth = 0): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(facts).map(([key, value]) => [key, secret.test(key) ? '…' : shown(value, depth)])
	);
}

function shown(value: unknown, depth: number): unknown {
	if (value instanceof Error) return withoutSecrets(value.message);
	if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'no date' : value.toISOString();
	if (typeof value === 'string') return withoutSecrets(value);
	if (typeof value === 'bigint') return String(value);
	if (typeof value !== 'object' || value === null) return value;
	if (depth >= deepest) return '…';
	if (Array.isArray(value)) return value.map((one) => shown(one, depth + 1));
	return redacted(value as Record<string, unknown>, depth + 1);
}

/** `postgres://user:secret@host` without its secret, wherever a message quotes it. */
function withoutSecrets(text: string): string {
	return text.replace(/([a-z][a-z0-9+.-]*:\/\/[^\s:@/]*):[^\s@]*@/gi, '$1:…@');
}
