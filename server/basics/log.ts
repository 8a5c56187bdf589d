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
				fault: fault instanceof Error ? (fault.stack ?? fault.message) : inspect(fault, { depth: 2 })
			});
			return number;
		}
	};
}

function redacted(facts: Record<string, unknown>): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(facts).map(([key, value]) => {
			if (secret.test(key)) return [key, '…'];
			if (value instanceof Error) return [key, value.message];
			if (typeof value === 'object' && value !== null && !Array.isArray(value))
				return [key, redacted(value as Record<string, unknown>)];
			return [key, value];
		})
	);
}
