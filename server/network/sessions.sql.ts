import type { Assignment } from '#domain/network/role.ts';
import type { Db, Tx } from '../basics/database.ts';

export const addSession = (
	tx: Tx,
	session: { id: string; secretHash: Buffer; personId: string; device: string; at: Date; expiresAt: Date }
) => tx`
	insert into network.sessions (id, secret_hash, person_id, device, created_at, seen_at, expires_at)
	values (${session.id}, ${session.secretHash}, ${session.personId}, ${session.device}, ${session.at}, ${session.at}, ${session.expiresAt})`;

interface SessionRow {
	secretHash: Buffer;
	personId: string;
	name: string;
	language: string;
	timeZone: string;
	seenAt: Date;
	expiresAt: Date;
}

export const sessionById = async (db: Db, id: string): Promise<SessionRow | undefined> => {
	const [row] = await db<SessionRow[]>`
		select s.secret_hash as "secretHash", s.person_id as "personId", p.name, p.language, p.time_zone as "timeZone",
			s.seen_at as "seenAt", s.expires_at as "expiresAt"
		from network.sessions s join network.people p on p.id = s.person_id and p.deactivated_at is null
		where s.id = ${id}`;
	return row;
};

/** Roles that have not ended and are in nobody else's hands; which of them count today is the domain's to say. */
export const assignmentsOf = (db: Db, personId: string, today: string) => db<Assignment[]>`
	select role, scope_kind as "scopeKind", scope_id as "scopeId", organisation_id as "organisationId", since, until
	from network.roles where person_id = ${personId} and (until is null or until >= ${today}) and handed_to is null`;

export const touchSession = (db: Db, id: string, at: Date) =>
	db`update network.sessions set seen_at = ${at} where id = ${id}`;

export const sessionsOf = (db: Db, personId: string) => db<
	{ id: string; device: string; createdAt: Date; seenAt: Date; expiresAt: Date }[]
>`
	select id, device, created_at as "createdAt", seen_at as "seenAt", expires_at as "expiresAt"
	from network.sessions where person_id = ${personId} order by seen_at desc`;

export const endSession = async (db: Db, id: string, personId: string): Promise<boolean> => {
	const rows = await db`delete from network.sessions where id = ${id} and person_id = ${personId} returning id`;
	return rows.length > 0;
};

export const endSessionsOf = (db: Db, personId: string) =>
	db`delete from network.sessions where person_id = ${personId}`;

export const purgeSessions = (db: Db, seenBefore: Date, now: Date) => db`
	delete from network.sessions where seen_at < ${seenBefore} or expires_at < ${now}`;
