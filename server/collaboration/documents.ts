import { known, Refusal } from '#domain/basics/refusal.ts';
import { type LogRow, schemaVersion, wireLimits } from '#domain/collaboration/wire.ts';
import { may, whyNot } from '#domain/network/policy.ts';
import type { Actor } from '#domain/network/role.ts';
import type { Db, Tx } from '../basics/database.ts';
import type { Parts } from '../basics/parts.ts';
import {
	addDocument,
	bindClient,
	documentById,
	documentOf,
	type DocumentRow,
	freezeAt,
	rowsSince,
	snapshotOf
} from './documents.sql.ts';
import type { DocumentKinds } from './kinds.ts';
import type { DocumentLog } from './log.ts';
import type { StateVectors } from './state-vectors.ts';
import { clientsOf, decodedUpdate } from './update-check.ts';

export interface Collaboration {
	kinds: DocumentKinds;
	log: DocumentLog;
	stateVectors: StateVectors;
	/** Whose each client id is (key: document and client id), so that the database is asked once; oldest out first. */
	clientOwners: Map<string, string>;
}

const ownersKept = 50_000;

type Writing = Parts & { collaboration: Collaboration };

/** Makes the live document of a subject, empty. */
export async function createDocument(parts: Parts, tx: Tx, kind: string, subjectId: string): Promise<string> {
	const id = parts.chance.id();
	await addDocument(tx, { id, kind, subjectId, epoch: parts.chance.id(), at: parts.now() });
	return id;
}

/** The live document of a subject. @throws Refusal not-found */
export async function documentFor(db: Db, kind: string, subjectId: string): Promise<DocumentRow> {
	return known(await documentOf(db, kind, subjectId));
}

/** Freezes a document at exactly the state somebody decided on. @throws Refusal conflict when more has come since */
export async function freezeDocument(parts: Parts, tx: Tx, id: string, seq: number): Promise<void> {
	if (!(await freezeAt(tx, id, seq, parts.now()))) throw new Refusal('conflict');
	await parts.bus.tell(tx, { about: 'frozen', document: id });
}

export interface OpenedDocument {
	document: DocumentRow;
	snapshot: { upto: number; data: Uint8Array } | null;
	rows: LogRow[];
	mayWrite: boolean;
	whyNot: 'reader' | 'frozen' | 'old-tab' | null;
}

/**
 * Opens a document for somebody who may read it: the rows behind `since`, or a snapshot and the rows behind that.
 * A browser whose copy has another epoch gets everything.
 * @param allowed called once reading is allowed, before any row is read: the moment to subscribe
 */
export async function openDocument(
	parts: Writing,
	actor: Actor,
	input: { document: string; epoch: string | null; since: number; schema: number },
	allowed: () => void = () => undefined
): Promise<OpenedDocument> {
	const document = known(await documentById(parts.sql, input.document));
	const kind = parts.collaboration.kinds.get(document.kind);
	const standing = known(await kind.standing(parts.sql, document.subjectId));
	const refusal = whyNot(actor, kind.read, standing);
	if (refusal) throw new Refusal(refusal);
	allowed();
	const since = input.epoch === document.epoch ? input.since : 0;
	const held = await snapshotOf(parts.sql, document.id);
	const snapshot = held && held.upto > since ? held : null;
	const rows = await rowsSince(parts.sql, document.id, Math.max(since, snapshot?.upto ?? 0));
	const reason = document.frozenAt
		? 'frozen'
		: input.schema !== schemaVersion
			? 'old-tab'
			: may(actor, kind.write, standing)
				? null
				: 'reader';
	return { document, snapshot, rows, mayWrite: reason === null, whyNot: reason };
}

/** Rows that a browser noticed it lacks. The right to read was asked when it joined, and is asked again on changes. */
export async function missingRows(parts: Parts, documentId: string, since: number): Promise<LogRow[]> {
	return rowsSince(parts.sql, documentId, since);
}

/** May this person still read, may they write; asked again when rights change. */
export async function rightsOn(
	parts: Writing,
	actor: Actor,
	documentId: string
): Promise<{ read: boolean; write: boolean }> {
	const document = await documentById(parts.sql, documentId);
	if (!document) return { read: false, write: false };
	const kind = parts.collaboration.kinds.get(document.kind);
	const standing = await kind.standing(parts.sql, document.subjectId);
	if (!standing) return { read: false, write: false };
	return {
		read: may(actor, kind.read, standing),
		write: document.frozenAt === null && may(actor, kind.write, standing)
	};
}

/** Whether somebody else has written under this client id, as far as this process knows. */
export function isClientOfAnother(parts: Writing, documentId: string, client: number, personId: string): boolean {
	const owner = parts.collaboration.clientOwners.get(`${documentId} ${client}`);
	return owner !== undefined && owner !== personId;
}

/**
 * Checks one update and stores it. Order: size (the door), write right (the door, fresh), decode, client ids, what it
 * follows, log.
 * @returns its place in the log, after the commit
 */
export async function storeUpdate(
	parts: Writing,
	actor: Pick<Actor, 'personId'>,
	input: { document: string; message: string; data: Uint8Array }
): Promise<number> {
	if (input.data.byteLength > wireLimits.update) throw new Refusal('too-large');
	const { clientOwners: owners, stateVectors, log } = parts.collaboration;
	const update = decodedUpdate(input.data);
	for (const client of clientsOf(update)) {
		const key = `${input.document} ${client}`;
		let owner = owners.get(key);
		if (!owner) {
			owner = await bindClient(parts.sql, input.document, client, actor.personId);
			if (owners.size >= ownersKept) owners.delete(owners.keys().next().value!);
			owners.set(key, owner);
		}
		// Writing under another person's client id would make the two copies differ for ever.
		if (owner !== actor.personId) throw new Refusal('conflict');
	}
	await stateVectors.follow(input.document, update, input.data.byteLength);
	try {
		return await log.append({
			documentId: input.document,
			messageId: input.message,
			personId: actor.personId,
			data: input.data
		});
	} catch (fault) {
		stateVectors.forget(input.document);
		throw fault;
	}
}
