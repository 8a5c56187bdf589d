import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

/** What this device keeps of a document: enough to open it without network, and everything not yet on the server. */
interface Kept extends DBSchema {
	documents: {
		key: string;
		value: { id: string; person: string; epoch: string; seq: number; state: Uint8Array; at: number };
	};
	/** Updates typed here that the server has not acknowledged, in the order they were typed. */
	outbox: { key: number; value: Unsent; indexes: { document: string } };
}

export interface Unsent {
	place?: number;
	/** Who typed it: on a shared device nobody sends another's words as their own. */
	person: string;
	document: string;
	message: string;
	data: Uint8Array;
}

const name = 'citypeers';
let opened: Promise<IDBPDatabase<Kept>> | undefined;

/**
 * The device's database. Browsers close it under memory pressure while the tab stays open (Enketo #1576), so it is
 * opened again whenever it was.
 */
function database(): Promise<IDBPDatabase<Kept>> {
	return (opened ??= openDB<Kept>(name, 1, {
		upgrade(db) {
			db.createObjectStore('documents', { keyPath: 'id' });
			db.createObjectStore('outbox', { keyPath: 'place', autoIncrement: true }).createIndex('document', 'document');
		},
		terminated: () => (opened = undefined),
		blocking: (_now, _wanted, event) => {
			(event.target as IDBDatabase).close();
			opened = undefined;
		}
	}).catch((fault: unknown) => {
		opened = undefined;
		throw fault;
	}));
}

/** Once more with a database opened anew, when the browser had closed it under our hands. */
async function withDatabase<T>(act: (db: IDBPDatabase<Kept>) => Promise<T>): Promise<T> {
	try {
		return await act(await database());
	} catch (fault) {
		if (!(fault instanceof DOMException && fault.name === 'InvalidStateError')) throw fault;
		opened = undefined;
		return act(await database());
	}
}

export const keptDocument = (id: string) => withDatabase((db) => db.get('documents', id));

export const keepDocument = (document: Kept['documents']['value']) =>
	withDatabase(async (db) => void (await db.put('documents', document)));

/** Forgets one copy, when its history is no longer the server's. */
export const forgetDocument = (id: string) => withDatabase((db) => db.delete('documents', id));

/** Keeps an update until the server has it. @returns its place in the outbox */
export const keepUnsent = (unsent: Unsent) => withDatabase((db) => db.add('outbox', unsent));

export const unsentOf = (document: string, person: string) =>
	withDatabase(async (db) => {
		const all = await db.getAllFromIndex('outbox', 'document', document);
		return all.filter((unsent) => unsent.person === person);
	});

export const dropUnsent = (place: number) => withDatabase((db) => db.delete('outbox', place));

/**
 * Forgets the copies of documents when a person signs out. What was never sent stays: it is theirs, and nowhere else.
 */
export const forgetDocuments = () =>
	withDatabase(async (db) => {
		const waiting = new Set((await db.getAll('outbox')).map((unsent) => unsent.document));
		for (const id of await db.getAllKeys('documents')) if (!waiting.has(id)) await db.delete('documents', id);
	});
