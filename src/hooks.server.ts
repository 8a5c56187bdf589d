import type { Handle, HandleServerError } from '@sveltejs/kit/hooks';
import { error, redirect } from '@sveltejs/kit';
import { Refusal } from '#domain/basics/refusal.ts';
import { storable } from '#domain/basics/words.ts';
import type { Actor } from '#domain/network/role.ts';
import { routeDoors } from '#domain/network/doors.ts';
import { paraglideMiddleware } from '#messages/compiled/server.js';
import type { Backend } from '#server/backend.ts';
import { sessionOf } from './routes/session-cookie.ts';
import { runningBackend } from './running.ts';

/** The same words with the same use cases, but a refusal leaves them as the HTTP error it stands for. */
const answering = new WeakMap<Backend, Backend>();
function forHttp(backend: Backend): Backend {
	const held = answering.get(backend);
	if (held) return held;
	const words = ['basics', 'network', 'reviews', 'mentoring', 'progress'] as const;
	const wrapped = { ...backend };
	for (const word of words) {
		(wrapped[word] as object) = Object.fromEntries(
			Object.entries(backend[word]).map(([name, useCase]) => [
				name,
				async (...rest: never[]) => {
					try {
						return await (useCase as (...rest: never[]) => unknown)(...rest);
					} catch (fault) {
						if (!(fault instanceof Refusal)) throw fault;
						if (fault.code === 'not-found' || fault.code === 'forbidden')
							await noteRefusal(backend, `${word}.${name}`, rest);
						error(fault.status, { message: fault.code, code: fault.code });
					}
				}
			])
		);
	}
	answering.set(backend, wrapped);
	return wrapped;
}

/** Who was refused what, for the audit trail; the first argument of a use case is who asks, the second what about. */
async function noteRefusal(backend: Backend, useCase: string, [actor, input]: unknown[]): Promise<void> {
	if (typeof actor !== 'object' || actor === null || !('personId' in actor)) return;
	const subject = Object.values((input ?? {}) as object).find((value) => typeof value === 'string') as
		string | undefined;
	await backend.network.noteRefusal(actor as Actor, { useCase, subject: storable(subject ?? '') });
}

export const handle: Handle = ({ event, resolve }) =>
	paraglideMiddleware(event.request, async ({ request, locale }) => {
		const backend = runningBackend();
		if (!backend) return new Response('Starting.', { status: 503, headers: { 'retry-after': '2' } });
		event.locals.backend = forHttp(backend);
		event.locals.locale = locale;
		event.locals.actor = await backend.network.whoIs(sessionOf(event.cookies, event.url));

		// Deny by default: a route without a row in the table of doors is not there.
		const door = event.route.id === null ? undefined : routeDoors[event.route.id];
		if (event.route.id !== null && !door) error(404, { message: 'not-found', code: 'not-found' });
		if (door?.who === 'signed-in' && !event.locals.actor) {
			if (event.request.method === 'GET' && !event.isDataRequest && door.kind === 'page')
				redirect(303, `/sign-in?to=${encodeURIComponent(event.url.pathname + event.url.search)}`);
			if (event.isDataRequest && event.request.method === 'GET')
				redirect(303, `/sign-in?to=${encodeURIComponent(event.url.pathname)}`);
			error(401, { message: 'sign-in-needed', code: 'sign-in-needed' });
		}

		// Kit knows the action of a form without a name by this one, and stumbles over who spells it out.
		if (event.url.searchParams.has('/default')) error(404, { message: 'not-found', code: 'not-found' });
		readableForms(request);
		const response = await resolve(
			{ ...event, request },
			{ transformPageChunk: ({ html }) => html.replace('%lang%', locale) }
		);
		protect(response, event.locals.actor !== undefined || door?.who === 'signed-in', event.url);
		return response;
	});

/** A body that says it is a form and is none is the sender's mistake, not a fault of ours. */
function readableForms(request: Request): void {
	const read = request.formData.bind(request);
	request.formData = () => read().catch(() => error(400, { message: 'bad-request', code: 'bad-request' }));
}

/** Headers every answer has; what is for one person is stored nowhere on the way. */
function protect(response: Response, personal: boolean, url: URL): void {
	const { headers } = response;
	headers.set('x-content-type-options', 'nosniff');
	headers.set('referrer-policy', 'same-origin');
	headers.set('cross-origin-opener-policy', 'same-origin');
	headers.set('permissions-policy', 'camera=(self), microphone=(), geolocation=(), payment=(), usb=()');
	if (url.protocol === 'https:') headers.set('strict-transport-security', 'max-age=31536000; includeSubDomains');
	if (personal && !headers.has('cache-control')) headers.set('cache-control', 'private, no-store');
}

export const handleError: HandleServerError = ({ kind, error: fault, event }) => {
	// Our refusals and Kit's own (a malformed form, an unknown path) are answers, not faults.
	if (kind !== 'unknown') return undefined;
	const log = runningBackend()?.parts.log;
	const number = log?.fault('a request could not be served', fault, {
		route: event.route.id,
		method: event.request.method
	});
	return number === undefined ? { message: 'fault' } : { message: 'fault', number };
};
