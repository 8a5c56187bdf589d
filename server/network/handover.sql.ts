import type { Role, ScopeKind } from '#domain/network/role.ts';
import type { Db, Tx } from '../basics/database.ts';

export const openRoles = (db: Db, personId: string, today: string) => db<
	{
		id: string;
		role: Role;
		scopeKind: ScopeKind;
		scopeId: string;
		organisationId: string | null;
		since: string;
		until: string | null;
	}[]
>`
	select id, role, scope_kind as "scopeKind", scope_id as "scopeId", organisation_id as "organisationId", since, until
	from network.roles where person_id = ${personId} and (until is null or until >= ${today}) and handed_to is null
	order by scope_kind, role, id`;

export const colleagues = (db: Db, personId: string) => db<{ id: string; name: string; function: string }[]>`
	select distinct on (p.name, p.id) p.id, p.name, theirs.function
	from network.affiliations mine
	join network.affiliations theirs on theirs.organisation_id = mine.organisation_id and theirs.until is null
	join network.people p on p.id = theirs.person_id and p.deactivated_at is null
	where mine.person_id = ${personId} and mine.until is null and p.id <> ${personId}
	order by p.name, p.id limit 500`;

/** Handovers of one person's things wait for each other, until their transactions end. */
export const lockLeaver = (tx: Tx, personId: string) =>
	tx`select from network.people where id = ${personId} for no key update`;

/** Ends a role that is in nobody else's hands; two handovers at once end it once. */
export const endRole = async (tx: Tx, id: string, last: string): Promise<boolean> => {
	const rows = await tx`update network.roles set until = ${last} where id = ${id} and handed_to is null returning id`;
	return rows.length > 0;
};

/**
 * Notes whose role it is now: the one just given, or the one the colleague held already. From then on the old one counts
 * no more, also where its only day is today or still to come.
 */
export const noteHeir = (tx: Tx, id: string, to: string, until: string | null) => tx`
	update network.roles r set handed_to = (
		select n.id from network.roles n
		where n.person_id = ${to} and n.role = r.role and n.scope_kind = r.scope_kind and n.scope_id = r.scope_id
			and n.handed_to is null and n.until is not distinct from ${until}::date
		order by n.granted_at desc, n.id limit 1
	) where r.id = ${id}`;

export const addHandover = (
	tx: Tx,
	done: { id: string; from: string; to: string; by: string; at: Date; items: string[] }
) => tx`
	insert into network.handovers (id, from_person, to_person, done_by, done_at, items)
	values (${done.id}, ${done.from}, ${done.to}, ${done.by}, ${done.at}, ${tx.json(done.items)})`;

export const isPerson = async (db: Db, id: string): Promise<boolean> => {
	const rows = await db`select from network.people where id = ${id}`;
	return rows.length > 0;
};
