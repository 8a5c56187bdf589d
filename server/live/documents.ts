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
import { colourOf, presenceOf } from '../network/presence.ts';
import { leavingPresence, presentStates, stampPresence, type PresenceClients } from '../collaboration/presence.ts';
import { rateLimit } from './rate.ts';
import type { Guarded, LiveServer, LiveSocket } from './sockets.ts';

interface Joined {
	write: boolean;
	clients: PresenceClients;
}

const room = (document: string) => `document:${document}`;

/** Live documents over sockets: join, write, be seen. */
export function serveDocuments(backend: Backend, io: LiveServer) {
	const { bus, log, sql } = backend.parts;
	const joined = new WeakMap<LiveSocket, Map<string, Joined>>();
	/** How far each document that somebody here has open was told; what lies behind comes from other processes. */
	const told = new Map<string, number>();

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
			if (held) held.write = false;
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
		const gone = leavingPresence(held.clients);
		if (gone) io.to(room(document)).emit('document:presence', { document, data: gone });
	}

	return {
		listen(socket: LiveSocket, guarded: Guarded) {
			const mine = new Map<string, Joined>();
			joined.set(socket, mine);
			const mayUpdate = rateLimit(wireLimits.updatesPerSecond);
			const mayShow = rateLimit(30);

			socket.on(
				'document:join',
				guarded(joinRequest.safeParse, async (request) => {
					if (mine.size >= wireLimits.documents && !mine.has(request.document)) throw new Refusal('too-many');
					// Subscribe first, then read: what is stored in between arrives twice, never not at all.
					await socket.join(room(request.document));
					try {
						const opened = await backend.collaboration.openDocument(socket.data.actor, request);
						mine.set(request.document, {
							write: opened.mayWrite,
							clients: mine.get(request.document)?.clients ?? new Map()
						});
						if (!told.has(request.document)) told.set(request.document, opened.document.headSeq);
						const others = socketsIn(request.document).filter((other) => other !== socket);
						const here = presentStates(others.flatMap((other) => joined.get(other)?.get(request.document)?.clients ?? []));
						if (here) socket.emit('document:presence', { document: request.document, data: here });
						return {
							epoch: opened.document.epoch,
							head: opened.rows.at(-1)?.seq ?? Math.max(opened.snapshot?.upto ?? 0, opened.document.headSeq),
							snapshot: opened.snapshot,
							rows: packRows(opened.rows),
							mayWrite: opened.mayWrite,
							whyNot: opened.whyNot,
							me: await presenceOf(sql, socket.data.actor)
						};
					} catch (fault) {
						mine.delete(request.document);
						void socket.leave(room(request.document));
						throw fault;
					}
				})
			);

			socket.on(
				'document:update',
				guarded(updateRequest.safeParse, async ({ document, message, data }) => {
					if (!mayUpdate()) throw new Refusal('too-many');
					// Rights as they are now: `recheck` lowers them within moments of a change, on every process.
					if (!mine.get(document)?.write) throw new Refusal('not-found');
					const seq = await backend.collaboration.storeUpdate(socket.data.actor, { document, message, data });
					return { seq, at: backend.parts.now().toISOString() };
				})
			);

			socket.on(
				'document:presence',
				guarded(presenceRequest.safeParse, async ({ document, data }) => {
					const held = mine.get(document);
					if (!held || !mayShow()) return;
					const me = await presenceOf(sql, socket.data.actor);
					const others = socketsIn(document).filter((other) => other !== socket);
					const isTaken = (client: number) =>
						others.some((other) => joined.get(other)?.get(document)?.clients.has(client));
					const stamped = stampPresence(data, held.clients, isTaken, {
						name: me.name,
						city: me.city,
						colour: colourOf(me)
					});
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
				const rights = await backend.collaboration.rightsOn(socket.data.actor, document);
				const changed = held.write !== rights.write;
				held.write = rights.write;
				if (!rights.read) leave(socket, document);
				if (changed || !rights.read) socket.emit('document:rejoin', { document });
			}
		},

		async close(): Promise<void> {
			await backend.parts.collaboration.log.drain();
		}
	};
}
