import { dayIn } from '#domain/basics/day.ts';
import { isId } from '#domain/basics/id.ts';
import { known } from '#domain/basics/refusal.ts';
import type { Actor } from '#domain/network/role.ts';
import { deviceName, isSessionOver, sessionLimits } from '#domain/network/session.ts';
import { hashed, isSame } from '../basics/chance.ts';
import type { Tx } from '../basics/database.ts';
import type { Parts } from '../basics/parts.ts';
import { audited } from './audit.ts';
import {
	addSession,
	assignmentsOf,
	endSession,
	endSessionsOf,
	sessionById,
	sessionsOf,
	touchSession
} from './sessions.sql.ts';

/** Whether a text from outside has the shape of a session's id, which is that of its secret too. */
function isSessionId(text: string | undefined): text is string {
	return /^[\w-]{20}$/.test(text ?? '');
}

export interface NewSession {
	/** What the cookie holds: `id.secret`. Nowhere stored. */
	token: string;
	expiresAt: Date;
}

/** Signs a person in on one device, in the transaction that used up their code, link or invitation. */
export async function startSession(
	parts: Parts,
	tx: Tx,
	personId: string,
	userAgent: string | null
): Promise<NewSession> {
	const [id, secret, now] = [parts.chance.secret(), parts.chance.secret(), parts.now()];
	const expiresAt = new Date(now.getTime() + sessionLimits.absoluteMs);
	await addSession(tx, { id, secretHash: hashed(secret), personId, device: deviceName(userAgent), at: now, expiresAt });
	await audited(parts, tx, { person: personId, act: 'session.start', subject: { kind: 'session', id } });
	return { token: `${id}.${secret}`, expiresAt };
}

/**
 * Who the holder of this cookie is, with the roles they hold now; `undefined` for a stranger. A malformed cookie is a
 * stranger's, not an error.
 */
export async function whoIs(parts: Parts, token: string | undefined): Promise<Actor | undefined> {
	const [id, secret, ...more] = (token ?? '').split('.');
	if (!isSessionId(id) || !isSessionId(secret) || more.length > 0) return undefined;
	const session = await sessionById(parts.sql, id);
	if (!session || !isSame(session.secretHash, hashed(secret)) || isSessionOver(session, parts.now())) return undefined;
	const now = parts.now();
	const today = dayIn(now, session.timeZone);
	if (now.getTime() - session.seenAt.getTime() >= sessionLimits.touchMs) await touchSession(parts.sql, id, now);
	return {
		personId: session.personId,
		name: session.name,
		language: session.language,
		timeZone: session.timeZone,
		sessionId: id,
		assignments: await assignmentsOf(parts.sql, session.personId, today),
		today
	};
}

/** The same person asked again, while a connection is open: fresh roles, or `undefined` when the session has ended. */
export async function askAgain(parts: Parts, actor: Pick<Actor, 'sessionId' | 'personId'>): Promise<Actor | undefined> {
	const session = await sessionById(parts.sql, actor.sessionId);
	if (!session || isSessionOver(session, parts.now())) return undefined;
	const today = dayIn(parts.now(), session.timeZone);
	return {
		personId: session.personId,
		name: session.name,
		language: session.language,
		timeZone: session.timeZone,
		sessionId: actor.sessionId,
		assignments: await assignmentsOf(parts.sql, session.personId, today),
		today
	};
}

/** The person's signed-in devices, the newest use first. */
export async function listSessions(parts: Parts, actor: Actor) {
	const rows = await sessionsOf(parts.sql, actor.personId);
	return rows
		.filter((session) => !isSessionOver(session, parts.now()))
		.map(({ id, device, createdAt, seenAt }) => ({ id, device, createdAt, seenAt, here: id === actor.sessionId }));
}

/** Ends one session of one's own; its sockets end with it. @throws Refusal not-found for anybody else's */
export async function endOwnSession(parts: Parts, actor: Actor, input: { sessionId: string }): Promise<void> {
	await parts.sql.begin(async (tx) => {
		known((isSessionId(input.sessionId) && (await endSession(tx, input.sessionId, actor.personId))) || undefined);
		await audited(parts, tx, {
			person: actor.personId,
			act: 'session.end',
			subject: { kind: 'session', id: input.sessionId }
		});
		await parts.bus.tell(tx, { about: 'rights', people: [actor.personId] });
	});
}

export async function signOut(parts: Parts, actor: Actor): Promise<void> {
	await endOwnSession(parts, actor, { sessionId: actor.sessionId });
}

/** All sessions of a person, when they are deactivated or hand over. */
export async function endAllSessions(parts: Parts, tx: Tx, personId: string): Promise<void> {
	if (!isId(personId)) return;
	await endSessionsOf(tx, personId);
	await parts.bus.tell(tx, { about: 'rights', people: [personId] });
}
