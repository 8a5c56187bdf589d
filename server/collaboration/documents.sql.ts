import type { Db, Sql, Tx } from '../basics/database.ts';

export interface DocumentRow {
	id: string;
	kind: string;
	subjectId: string;
	epoch: string;
	headSeq: number;
	projectedSeq: number;
	bytes: number;
	frozenAt: Date | null;
}

export const documentById = async (db: Db, id: string): Promise<DocumentRow | undefined> => {
	const [row] = await db<DocumentRow[]>`
		select id, kind, subject_id as "subjectId", epoch, head_seq as "headSeq", projected_seq as "projectedSeq", bytes,
			frozen_at as "frozenAt"
		from collaboration.documents where id = ${id}`;
	return row;
};

export const documentOf = async (db: Db, kind: string, subjectId: string): Promise<DocumentRow | undefined> => {
	const [row] = await db<DocumentRow[]>`
		select id, kind, subject_id as "subjectId", epoch, head_seq as "headSeq", projected_seq as "projectedSeq", bytes,
			frozen_at as "frozenAt"
		from collaboration.documents where kind = ${kind} and subject_id = ${subjectId}`;
	return row;
};

export const addDocument = (
	db: Db,
	made: { id: string; kind: string; subjectId: string; epoch: string; at: Date }
) => db`
	insert into collaboration.documents (id, kind, subject_id, epoch, created_at)
	values (${made.id}, ${made.kind}, ${made.subjectId}, ${made.epoch}, ${made.at})`;

export interface Appended {
	documentId: string;
	messageId: string;
	personId: string;
	data: Uint8Array;
}

/** bytea[] and uuid[] by their type numbers: postgres.js cannot guess the type of an array of bytes. */
const byteas = 1001;
const uuids = 2951;

/**
 * Appends updates of many documents in one statement. `seq` is taken under the row lock of each document, so it is
 * gapless and in commit order on any number of processes; locks are taken in the order of ids, so two batches cannot
 * wait for each other. A message that is stored already is not stored again. A frozen document takes nothing.
 */
export const appendAll = (sql: Sql, batch: Appended[], at: Date) => sql<
	{ documentId: string; messageId: string; seq: number }[]
>`
	with given as (
		select * from unnest(
			${sql.array(
				batch.map((one) => one.documentId),
				uuids
			)}::uuid[],
			${sql.array(
				batch.map((one) => one.messageId),
				uuids
			)}::uuid[],
			${sql.array(
				batch.map((one) => one.personId),
				uuids
			)}::uuid[],
			${sql.array(
				batch.map((one) => Buffer.from(one.data)),
				byteas
			)}::bytea[]
		) with ordinality as g(document_id, message_id, person_id, data, place)
	), held as (
		select id, head_seq from collaboration.documents
		where id in (select document_id from given) and frozen_at is null order by id for update
	), fresh as (
		select g.* from given g join held on held.id = g.document_id
		where not exists (
			select from collaboration.updates u where u.document_id = g.document_id and u.message_id = g.message_id
		)
	), counted as (
		select document_id, count(*) as more, sum(length(data)) as bytes from fresh group by document_id
	), moved as (
		update collaboration.documents d
		set head_seq = d.head_seq + counted.more, bytes = d.bytes + counted.bytes, dirty_at = ${at}
		from counted where d.id = counted.document_id
		returning d.id, d.head_seq - counted.more as before
	)
	insert into collaboration.updates (document_id, seq, message_id, person_id, at, data)
	select f.document_id, moved.before + row_number() over (partition by f.document_id order by f.place), f.message_id,
		f.person_id, ${at}, f.data
	from fresh f join moved on moved.id = f.document_id
	returning document_id as "documentId", message_id as "messageId", seq`;

/** Where messages that were not new stand in the log. */
export const seqsOf = (sql: Sql, messages: { documentId: string; messageId: string }[]) => sql<
	{ documentId: string; messageId: string; seq: number }[]
>`
	select u.document_id as "documentId", u.message_id as "messageId", u.seq
	from collaboration.updates u
	join unnest(
		${sql.array(
			messages.map((one) => one.documentId),
			uuids
		)}::uuid[],
		${sql.array(
			messages.map((one) => one.messageId),
			uuids
		)}::uuid[]
	) as g(document_id, message_id) on g.document_id = u.document_id and g.message_id = u.message_id`;

export const rowsSince = (db: Db, documentId: string, since: number) => db<{ seq: number; data: Buffer }[]>`
	select seq, data from collaboration.updates where document_id = ${documentId} and seq > ${since} order by seq`;

export const snapshotOf = async (db: Db, documentId: string) => {
	const [row] = await db<{ upto: number; data: Buffer }[]>`
		select upto_seq as upto, data from collaboration.snapshots where document_id = ${documentId}`;
	return row;
};

/** Binds a client id to the first person who writes with it; returns whose it is. */
export const bindClient = async (db: Db, documentId: string, clientId: number, personId: string): Promise<string> => {
	await db`
		insert into collaboration.client_ids (document_id, client_id, person_id)
		values (${documentId}, ${clientId}, ${personId}) on conflict do nothing`;
	const [row] = await db<{ personId: string }[]>`
		select person_id as "personId" from collaboration.client_ids where document_id = ${documentId} and client_id = ${clientId}`;
	return row!.personId;
};

export const dirtyDocuments = (sql: Sql, quietSince: Date) => sql<{ id: string }[]>`
	select id from collaboration.documents where dirty_at <= ${quietSince} order by dirty_at limit 50`;

/** One projector at a time for each document, without holding up those who write: not the row is locked. */
export const lockProjection = async (tx: Tx, documentId: string): Promise<boolean> => {
	const [row] = await tx<{ got: boolean }[]>`
		select pg_try_advisory_xact_lock(hashtextextended('projection ' || ${documentId}::text, 0)) as got`;
	return row!.got;
};

export const writersSince = (tx: Tx, documentId: string, since: number, upto: number) => tx<
	{ personId: string; lastAt: Date }[]
>`
	select person_id as "personId", max(at) as "lastAt" from collaboration.updates
	where document_id = ${documentId} and seq > ${since} and seq <= ${upto} and person_id is not null
	group by person_id order by min(seq)`;

/** The mark of a projection; a document that got more meanwhile stays dirty. */
export const markProjected = (tx: Tx, documentId: string, upto: number) => tx`
	update collaboration.documents
	set projected_seq = ${upto}, dirty_at = case when head_seq = ${upto} then null else dirty_at end
	where id = ${documentId} and projected_seq <= ${upto}`;

/** Freezes a document at the length somebody saw; not when more has come since. */
export const freezeAt = async (tx: Tx, documentId: string, seq: number, at: Date): Promise<boolean> => {
	const rows = await tx`
		update collaboration.documents set frozen_at = ${at}
		where id = ${documentId} and head_seq = ${seq} and frozen_at is null returning id`;
	return rows.length > 0;
};
