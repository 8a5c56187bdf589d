import type { z } from 'zod';
import { Refusal } from '#domain/basics/refusal.ts';
import {
	documentRequest,
	joinRequest,
	type LogRow,
	presenceRequest,
	updateRequest,
	wireLimits
} from '#domain/collaboration/wire.ts';
import { packRows } from '#domain/collaboration/rows.ts';
import type { Backend } from '../backend.ts';
import type { OpenedDocument } from '../collaboration/documents.ts';
import { colourOf, presenceOf } from '../network/presence.ts';
import { leavingPresence, presentStates, stampPresence, type PresenceClients } from '../collaboration/presence.ts';
import { rateLimit } from './rate.ts';
import type { Guarded, LiveServer, LiveSocket } from './sockets.ts';

interface Joined {
	/** Whether reading was allowed. Until it is, only the place among the open documents is taken. */
	open: boolean;
	/** Why writing is not possible now; `null` when it is. */
	whyNot: OpenedDocument['whyNot'];
	clients: PresenceClients;
}

/** Joins a second and connection, over ten seconds: each may read a whole document. */
const joinsPerSecond = 20;

type JoinRequest = z.infer<typeof joinRequest>;

const room = (document: string) => `document:${document}`;

/** Live documents over sockets: join, write, be seen. */
export function serveDocuments(backend: Backend, io: LiveServer) {
	const { bus, log, sql } = backend.parts;
	const joined = new WeakMap<LiveSocket, Map<string, Joined>>();
	/** How far each document that somebody here has open was told; what lies behind comes from other processes. */
	const told = new Map<string, number>();

	/**
	 * What others see of a client is ordered by this process, over all its connections: a browser that comes back counts
	 * from where it was, and others, who have seen it leave, would not believe it.
	 */
	let lastClock = 0;
	const nextClock = () => (lastClock = Math.max(lastClock + 1, Date.now()));

	let closing = false;

	function tell(document: string, rows: LogRow[]): void {
		io.to(room(document)).emit('document:rows', { document, rows: packRows(rows) });
		told.set(document, Math.max(told.get(document) ?? 0, rows.at(-1)!.seq));
	}

	backend.onStored((stored) => {
		const byDocument = new Map<string, LogRow[]>();
		for (const { documentId, seq, data } of stored)
			byDocument.set(documentId, [...(byDocument.get(documentId) ?? []), { seq, data }]);
		for (const [document, rows] of byDocument) {
			if (!io.sockets.adapter.rooms.has(room(document))) continue;
			// Another process stored rows before these: they are read with ours, so that nobody sees a hole.
			const next = told.get(document);
			if (next === undefined || rows[0]!.seq === next + 1) tell(document, rows);
			else fetchLogged(document, rows.at(-1)!.seq);
		}
	});

	/** Rows that another process stored: read once for everybody here. */
	async function fetchRows(document: string, upto: number): Promise<void> {
		if (!io.sockets.adapter.rooms.has(room(document))) return void told.delete(document);
		const since = told.get(document) ?? 0;
		if (since >= upto) return;
		const rows = await backend.collaboration.missingRows(document, since);
		if (rows.length > 0) tell(document, rows);
	}
	const fetchLogged = (document: string, upto: number) =>
		void fetchRows(document, upto).catch((fault: unknown) =>
			log.fault('reading rows of another process failed', fault)
		);
	bus.hear('document', ({ document, upto }, own) => {
		if (!own) fetchLogged(document, upto);
	});
	bus.hear('frozen', ({ document }) => {
		for (const socket of socketsIn(document)) {
			const held = joined.get(socket)?.get(document);
			if (held) held.whyNot = 'frozen';
		}
		io.to(room(document)).emit('document:rejoin', { document });
	});
	// After a gap nobody knows what was missed: everybody asks again from where they are.
	bus.onGap(() => {
		for (const name of io.sockets.adapter.rooms.keys())
			if (name.startsWith('document:'))
				io.to(name).emit('document:rejoin', { document: name.slice('document:'.length) });
	});

	function socketsIn(document: string): LiveSocket[] {
		const ids = io.sockets.adapter.rooms.get(room(document)) ?? [];
		return [...ids].flatMap((id) => io.sockets.sockets.get(id) ?? []);
	}

	function leave(socket: LiveSocket, document: string): void {
		const held = joined.get(socket)?.get(document);
		if (!held) return;
		joined.get(socket)!.delete(document);
		void socket.leave(room(document));
		const gone = leavingPresence(held.clients, nextClock);
		if (gone) io.to(room(document)).emit('document:presence', { document, data: gone });
	}

	return {
		listen(socket: LiveSocket, guarded: Guarded) {
			const mine = new Map<string, Joined>();
			joined.set(socket, mine);
			const mayUpdate = rateLimit(wireLimits.updatesPerSecond);
			const mayShow = rateLimit(30);
			const mayJoin = rateLimit(joinsPerSecond);

			/**
			 * Opens with the rights of this moment: who was asked again meanwhile is asked about this document once more, and
			 * who left meanwhile is not let in.
			 */
			async function open(request: JoinRequest, held: Joined): Promise<OpenedDocument> {
				const isStillHeld = () => mine.get(request.document) === held;
				for (;;) {
					const { actor } = socket.data;
					// Subscribe as soon as reading is allowed, then read: what is stored in between arrives twice, never not at all.
					const opened = await backend.collaboration.openDocument(actor, request, () => {
						if (!isStillHeld()) return;
						held.open = true;
						void socket.join(room(request.document));
					});
					if (!isStillHeld()) throw new Refusal('not-found');
					if (socket.data.actor !== actor) continue;
					// The notice of a freeze may have been quicker than the reading.
					if (held.whyNot !== 'frozen') held.whyNot = opened.whyNot;
					return opened;
				}
			}

			socket.on(
				'document:join',
				guarded(joinRequest.safeParse, async (request) => {
					const { document } = request;
					if (!mayJoin()) throw new Refusal('too-many');
					let held = mine.get(document);
					if (!held) {
						if (mine.size >= wireLimits.documents) throw new Refusal('too-many');
						// Taken before anything is awaited, so that joins which come together are counted together.
						mine.set(document, (held = { open: false, whyNot: null, clients: new Map() }));
					}
					try {
						const opened = await open(request, held);
						if (!told.has(document)) told.set(document, opened.document.headSeq);
						const others = socketsIn(document).filter((other) => other !== socket);
						const here = presentStates(others.flatMap((other) => joined.get(other)?.get(document)?.clients ?? []));
						if (here) socket.emit('document:presence', { document, data: here });
						return {
							epoch: opened.document.epoch,
							head: opened.rows.at(-1)?.seq ?? Math.max(opened.snapshot?.upto ?? 0, opened.document.headSeq),
							snapshot: opened.snapshot,
							rows: packRows(opened.rows),
							mayWrite: held.whyNot === null,
							whyNot: held.whyNot,
							me: await presenceOf(sql, socket.data.actor)
						};
					} catch (fault) {
						if (mine.get(document) === held) leave(socket, document);
						throw fault;
					}
				})
			);

			socket.on(
				'document:update',
				guarded(updateRequest.safeParse, async ({ document, message, data }) => {
					if (closing) throw new Refusal('not-ready');
					if (!mayUpdate()) throw new Refusal('too-many');
					// Rights as they are now: `recheck` lowers them within moments of a change, on every process.
					const held = mine.get(document);
					if (!held?.open) throw new Refusal('not-found');
					if (held.whyNot) throw new Refusal(held.whyNot === 'frozen' ? 'closed' : 'not-found');
					const seq = await backend.collaboration.storeUpdate(socket.data.actor, { document, message, data });
					return { seq, at: backend.parts.now().toISOString() };
				})
			);

			socket.on(
				'document:presence',
				guarded(presenceRequest.safeParse, async ({ document, data }) => {
					const held = mine.get(document);
					if (!held?.open || !mayShow()) return;
					const me = await presenceOf(sql, socket.data.actor);
					// Who left meanwhile would come back as a ghost.
					if (mine.get(document) !== held) return;
					const { personId } = socket.data.actor;
					const others = socketsIn(document)
						.filter((other) => other !== socket)
						.map((other) => ({
							personId: other.data.actor.personId,
							clients: joined.get(other)?.get(document)?.clients
						}));
					const isTaken = (client: number) =>
						backend.collaboration.isClientOfAnother(document, client, personId) ||
						others.some((other) => other.personId !== personId && other.clients?.has(client));
					const user = { name: me.name, city: me.city, colour: colourOf(me) };
					const stamped = stampPresence(data, held.clients, isTaken, user, nextClock);
					// The same tab on a new connection: the old one, not yet noticed to be dead, must not take the cursor along.
					for (const other of others)
						if (other.personId === personId) for (const client of held.clients.keys()) other.clients?.delete(client);
					socket.to(room(document)).emit('document:presence', { document, data: stamped });
				})
			);

			socket.on(
				'document:leave',
				guarded(documentRequest.safeParse, ({ document }) => Promise.resolve(leave(socket, document)))
			);
			socket.on('disconnecting', () => {
				for (const document of mine.keys()) leave(socket, document);
			});
		},

		/** After a change of rights: what may no longer be read is left, what may no longer be written is read-only. */
		async recheck(socket: LiveSocket): Promise<void> {
			for (const [document, held] of joined.get(socket) ?? []) {
				// A join under way sees by itself that rights were asked again.
				if (!held.open) continue;
				const rights = await backend.collaboration.rightsOn(socket.data.actor, document);
				const before = held.whyNot;
				// A right to write makes neither an old tab new nor a frozen document soft.
				if (before === null || before === 'reader') held.whyNot = rights.write ? null : 'reader';
				if (!rights.read) leave(socket, document);
				if (held.whyNot !== before || !rights.read) socket.emit('document:rejoin', { document });
			}
		},

		/** What has arrived is stored and acknowledged; what arrives now is kept by its browser for the next process. */
		async close(): Promise<void> {
			closing = true;
			await backend.parts.collaboration.log.drain();
		}
	};
}
