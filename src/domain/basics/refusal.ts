/**
 * What the product answers when it will not do something. A closed table: every door (page, action, endpoint, socket)
 * says the same code, and each code has a sentence in every language (`basics_refusal_<code>`).
 */
export const refusals = {
	/** The request itself is malformed: a body, an id, a packet. */
	'bad-request': { status: 400, retry: false },
	'sign-in-needed': { status: 401, retry: false },
	/** Only for things whose existence is no secret, such as the directory. */
	forbidden: { status: 403, retry: false },
	/** Not there, or not yours to know: the same answer. */
	'not-found': { status: 404, retry: false },
	/** It changed meanwhile: look again, then decide. */
	conflict: { status: 409, retry: false },
	/** It is over: sent, closed, frozen. */
	closed: { status: 409, retry: false },
	gone: { status: 410, retry: false },
	'too-large': { status: 413, retry: false },
	'unsupported-type': { status: 415, retry: false },
	invalid: { status: 422, retry: false },
	'too-many': { status: 429, retry: true },
	'not-ready': { status: 503, retry: true }
} as const satisfies Record<string, { status: number; retry: boolean }>;

export type RefusalCode = keyof typeof refusals;

/** Thrown by a use case that will not act; doors turn it into their own kind of answer. */
export class Refusal extends Error {
	readonly code: RefusalCode;

	constructor(code: RefusalCode) {
		super(code);
		this.name = 'Refusal';
		this.code = code;
	}

	get status(): number {
		return refusals[this.code].status;
	}
}

/** The thing, or the refusal that also a stranger would get. */
export function known<T>(thing: T | undefined | null): T {
	if (thing === undefined || thing === null) throw new Refusal('not-found');
	return thing;
}
