import * as Y from 'yjs';
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate, removeAwarenessStates } from 'y-protocols/awareness';
import type { RefusalCode } from '#domain/basics/refusal.ts';
import { unpackRows } from '#domain/collaboration/rows.ts';
import { type Joined, type LogRow, schemaVersion, type ToBrowser, wireLimits } from '#domain/collaboration/wire.ts';
import { ask, bytesOf, liveSocket } from './socket.ts';
import { dropUnsent, forgetDocument, keepDocument, keepUnsent, keptDocument, type Unsent, unsentOf } from './store.ts';

/** The one honest line about what was typed. */
export type SaveState =
	| { kind: 'opening' }
	/** Nothing was typed since it was opened. */
	| { kind: 'ready' }
	/** On this device; the server has not confirmed it (yet, or because the network is away). */
	| { kind: 'kept'; online: boolean }
	/** Confirmed: committed by the database. */
	| { kind: 'saved'; at: Date }
	/** Not even kept, or refused: with the reason. */
	| { kind: 'not-saved'; why: RefusalCode | 'device-full' };

/* eslint-disable svelte/prefer-svelte-reactivity -- these containers are the engine's own; what a page sees is $state */

/** Marks changes that came from the log, so that they are not sent back to it. */
const fromLog = Symbol('from the log');
/** Typing within this time travels as one update. */
const gatherMs = 40;
/** The device's copy of what the server sent is written after this much quiet. */
const copyMs = 400;

/**
 * A live document in this tab: a Y.Doc, its copy on the device, and the outbox of what the server has not confirmed.
 * Everything typed is on the device within moments, survives reload, and is sent until the server says that the
 * database has it. Rows are numbered; a hole makes the tab ask again.
 */
export class LiveDocument {
	readonly id: string;
	readonly doc = new Y.Doc();
	readonly awareness = new Awareness(this.doc);
	readonly #person: string;

	#state = $state.raw<SaveState>({ kind: 'opening' });
	#mayWrite = $state(false);
	#whyNot = $state.raw<Joined['whyNot'] | 'refused'>(null);
	#joined = $state(false);
	#loaded = $state(false);
	#unsent = $state(0);
	/** How far the log is known here without a hole. */
	seq = $state(0);

	#epoch: string | null = null;
	#outbox: Unsent[] = [];
	#gathered: Uint8Array[] = [];
	#gathering: ReturnType<typeof setTimeout> | undefined;
	#copying: ReturnType<typeof setTimeout> | undefined;
	#sending = false;
	#keeping: Promise<unknown> = Promise.resolve();
	#closed = false;
	/** Rows that came before the ones they follow. */
	readonly #early = new Map<number, Uint8Array>();
	readonly #waiters = new Set<() => void>();

	constructor(id: string, person: string) {
		this.id = id;
		this.#person = person;
		const socket = liveSocket();
		this.doc.on('update', this.#onUpdate);
		this.awareness.on('update', this.#onAwareness);
		socket.on('connect', this.#onConnect);
		socket.on('disconnect', this.#onDisconnect);
		socket.on('document:rows', this.#onRows);
		socket.on('document:presence', this.#onPresence);
		socket.on('document:rejoin', this.#onRejoin);
		socket.on('signed-out', this.#onSignedOut);
		socket.on('connect_error', this.#onConnectError);
		// The last words before a phone is put away: what was gathered goes to the device at once.
		document.addEventListener('visibilitychange', this.#onHide);
		addEventListener('pagehide', this.#onHide);
		void this.#open();
	}

	get state(): SaveState {
		return this.#state;
	}
	/** Whether the text is here, from the device or the server. */
	get loaded(): boolean {
		return this.#loaded;
	}
	get mayWrite(): boolean {
		return this.#mayWrite;
	}
	get whyNot(): Joined['whyNot'] | 'refused' {
		return this.#whyNot;
	}
	get online(): boolean {
		return this.#joined;
	}
	/** How many updates wait on this device. */
	get unsent(): number {
		return this.#unsent;
	}

	/** Waits until the server has everything typed here, or until `ms` have passed. @returns whether it has */
	async settled(ms: number): Promise<boolean> {
		this.#flush();
		await this.#keeping;
		const until = Date.now() + ms;
		while ((this.#outbox.length > 0 || !this.#joined) && Date.now() < until) {
			await new Promise<void>((wake) => {
				const timer = setTimeout(wake, Math.max(0, until - Date.now()));
				this.#waiters.add(() => (clearTimeout(timer), wake()));
			});
		}
		return this.#outbox.length === 0 && this.#joined;
	}

	close(): void {
		if (this.#closed) return;
		this.#flush();
		void this.#copyNow();
		this.#closed = true;
		clearTimeout(this.#copying);
		const socket = liveSocket();
		removeAwarenessStates(this.awareness, [this.doc.clientID], 'close');
		socket.off('connect', this.#onConnect);
		socket.off('disconnect', this.#onDisconnect);
		socket.off('document:rows', this.#onRows);
		socket.off('document:presence', this.#onPresence);
		socket.off('document:rejoin', this.#onRejoin);
		socket.off('signed-out', this.#onSignedOut);
		socket.off('connect_error', this.#onConnectError);
		document.removeEventListener('visibilitychange', this.#onHide);
		removeEventListener('pagehide', this.#onHide);
		if (socket.connected) socket.emit('document:leave', { document: this.id });
		this.doc.off('update', this.#onUpdate);
		this.awareness.off('update', this.#onAwareness);
	}

	/** First what this device has, so that there is something to read and write without network; then the server. */
	async #open(): Promise<void> {
		try {
			const kept = await keptDocument(this.id);
			if (kept && kept.person === this.#person) {
				this.#epoch = kept.epoch;
				this.seq = kept.seq;
				Y.applyUpdate(this.doc, kept.state, fromLog);
				this.#loaded = true;
				this.#mayWrite = true;
			}
			const unsent = await unsentOf(this.id, this.#person);
			for (const update of unsent) Y.applyUpdate(this.doc, update.data, fromLog);
			this.#outbox.push(...unsent);
			this.#unsent = this.#outbox.length;
			if (unsent.length > 0) this.#state = { kind: 'kept', online: false };
		} catch (fault) {
			// Without a store on the device the server alone keeps what is typed; the line says so when it cannot.
			console.warn('This device keeps nothing', fault);
		}
		if (liveSocket().connected) await this.#join();
	}

	#joining = false;
	#joinAgain = false;
	async #join(): Promise<void> {
		if (this.#closed) return;
		if (this.#joining) {
			// Rights may have changed since the question was asked: it is asked once more when the answer is there.
			this.#joinAgain = true;
			return;
		}
		this.#joining = true;
		this.#joinAgain = false;
		// As it was asked: rows told while the answer is on its way move `seq` on, and are no sign of another history.
		const since = this.seq;
		try {
			const said = await ask<Joined>('document:join', {
				document: this.id,
				epoch: this.#epoch,
				since,
				schema: schemaVersion
			});
			if (!said.ok) {
				this.#mayWrite = false;
				this.#whyNot = 'refused';
				this.#joined = false;
				if (said.retry) setTimeout(() => void this.#join(), 2_000 + Math.random() * 2_000);
				if (this.#outbox.length > 0 || said.code !== 'not-found') this.#state = { kind: 'not-saved', why: said.code };
				return;
			}
			if (this.#epoch !== null && (said.epoch !== this.#epoch || said.head < since)) {
				// Another history, or an older one after a restore: merging this device's copy in would double the text or
				// leave a hole. Without words of its own the tab begins anew; what was never sent stays here.
				if (this.#outbox.length === 0 && this.#gathered.length === 0) {
					this.#closed = true;
					await forgetDocument(this.id);
					location.reload();
					return;
				}
				this.#mayWrite = false;
				this.#whyNot = 'refused';
				this.#state = { kind: 'not-saved', why: 'conflict' };
				return;
			}
			this.#epoch = said.epoch;
			this.doc.transact(() => {
				if (said.snapshot) {
					Y.applyUpdate(this.doc, bytesOf(said.snapshot.data), fromLog);
					this.seq = Math.max(this.seq, said.snapshot.upto);
				}
			}, fromLog);
			const rows = unpackRows(said.rows);
			this.#take(rows);
			this.seq = Math.max(this.seq, said.head);
			this.#mayWrite = said.mayWrite;
			this.#whyNot = said.whyNot;
			this.#joined = true;
			this.#loaded = true;
			if (this.#state.kind === 'opening' || this.#state.kind === 'not-saved') this.#state = { kind: 'ready' };
			this.#tellPresence([this.doc.clientID]);
			// What was told while the answer was on its way waited for it.
			this.#take([]);
			if (this.#early.size > 0) this.#joinAgain = true;
			this.#wake();
			void this.#send();
		} catch (fault) {
			if (liveSocket().connected) console.warn('A document could not be joined; trying again', fault);
			// No answer in time: the next "connect" tries again; while still connected, soon.
			if (liveSocket().connected && !this.#closed) setTimeout(() => void this.#join(), 2_000);
		} finally {
			this.#joining = false;
			if (this.#joinAgain && liveSocket().connected) void this.#join();
		}
	}

	/** Takes rows in order; what comes early waits, and a hole makes the tab ask for what it lacks. */
	#take(rows: LogRow[]): void {
		for (const row of rows) this.#early.set(row.seq, row.data);
		for (const seq of this.#early.keys()) if (seq <= this.seq) this.#early.delete(seq);
		this.doc.transact(() => {
			for (let data = this.#early.get(this.seq + 1); data; data = this.#early.get(this.seq + 1)) {
				Y.applyUpdate(this.doc, data, fromLog);
				this.#early.delete(++this.seq);
			}
		}, fromLog);
		this.#copySoon();
	}

	readonly #onRows: ToBrowser['document:rows'] = (told) => {
		if (told.document !== this.id) return;
		const rows = unpackRows(told.rows);
		if (!this.#joined) {
			for (const row of rows) this.#early.set(row.seq, row.data);
			return;
		}
		this.#take(rows);
		if (this.#early.size > 0) void this.#join();
	};

	readonly #onRejoin: ToBrowser['document:rejoin'] = ({ document }) => {
		if (document === this.id) void this.#join();
	};
	readonly #onConnect = (): void => void this.#join();
	readonly #onDisconnect = (): void => {
		this.#joined = false;
		if (this.#outbox.length > 0) this.#state = { kind: 'kept', online: false };
		removeAwarenessStates(
			this.awareness,
			[...this.awareness.getStates().keys()].filter((client) => client !== this.doc.clientID),
			fromLog
		);
	};
	readonly #onSignedOut = (): void => {
		this.#state = { kind: 'not-saved', why: 'sign-in-needed' };
	};
	readonly #onConnectError = (fault: Error): void => {
		if (fault.message === 'sign-in-needed') this.#state = { kind: 'not-saved', why: 'sign-in-needed' };
		else if (this.#state.kind === 'opening' && this.#loaded) this.#state = { kind: 'ready' };
	};

	readonly #onUpdate = (update: Uint8Array, origin: unknown): void => {
		if (origin === fromLog) return;
		this.#gathered.push(update);
		this.#state = { kind: 'kept', online: this.#joined };
		this.#gathering ??= setTimeout(() => this.#flush(), gatherMs);
	};

	readonly #onHide = (): void => {
		this.#flush();
		void this.#copyNow();
	};

	/** What was typed in the last moments becomes one update: first on the device, then on its way. */
	#flush(): void {
		clearTimeout(this.#gathering);
		this.#gathering = undefined;
		if (this.#gathered.length === 0) return;
		const data = this.#gathered.length === 1 ? this.#gathered[0]! : Y.mergeUpdates(this.#gathered);
		this.#gathered = [];
		const unsent: Unsent = { person: this.#person, document: this.id, message: crypto.randomUUID(), data };
		this.#outbox.push(unsent);
		this.#unsent = this.#outbox.length;
		const kept = keepUnsent({ ...unsent }).then(
			(place) => {
				unsent.place = place;
			},
			() => {
				// The device is full or forbids storing: the server alone can keep it now.
				if (!this.#joined) this.#state = { kind: 'not-saved', why: 'device-full' };
			}
		);
		this.#keeping = Promise.all([this.#keeping, kept]);
		void kept.then(() => this.#send());
	}

	/** Sends the outbox in order, one update at a time; what is refused for good stays on the device. */
	async #send(): Promise<void> {
		if (this.#sending || !this.#joined) return;
		this.#sending = true;
		try {
			for (let unsent = this.#outbox[0]; unsent && this.#joined; unsent = this.#outbox[0]) {
				if (unsent.data.byteLength > wireLimits.update) {
					this.#state = { kind: 'not-saved', why: 'too-large' };
					return;
				}
				const said = await ask<{ seq: number; at: string }>('document:update', {
					document: this.id,
					message: unsent.message,
					data: unsent.data
				});
				if (!said.ok) {
					if (said.retry) setTimeout(() => void this.#send(), 1_500 + Math.random() * 1_500);
					else this.#state = { kind: 'not-saved', why: said.code };
					return;
				}
				this.#outbox.shift();
				this.#unsent = this.#outbox.length;
				if (unsent.place !== undefined) await dropUnsent(unsent.place).catch(() => undefined);
				// Our own row may arrive before or after this answer; either way it is ours and needs no second look.
				this.#take([{ seq: said.seq, data: unsent.data }]);
				if (this.#outbox.length === 0 && this.#gathered.length === 0)
					this.#state = { kind: 'saved', at: new Date(said.at) };
			}
		} catch {
			// No answer: sent again under the same number once there is a connection; the server takes it once.
			if (liveSocket().connected) setTimeout(() => void this.#send(), 1_000);
		} finally {
			this.#sending = false;
			this.#wake();
		}
	}

	#wake(): void {
		for (const waiter of this.#waiters) waiter();
		this.#waiters.clear();
	}

	#copySoon(): void {
		this.#copying ??= setTimeout(() => {
			this.#copying = undefined;
			void this.#copyNow();
		}, copyMs);
	}

	async #copyNow(): Promise<void> {
		if (!this.#epoch || this.#closed) return;
		const copy = {
			id: this.id,
			person: this.#person,
			epoch: this.#epoch,
			seq: this.seq,
			state: Y.encodeStateAsUpdate(this.doc),
			at: Date.now()
		};
		await keepDocument(copy).catch(() => undefined);
	}

	readonly #onAwareness = (
		{ added, updated, removed }: Record<'added' | 'updated' | 'removed', number[]>,
		origin: unknown
	): void => {
		if (origin === fromLog) return;
		const own = [...added, ...updated, ...removed].filter((client) => client === this.doc.clientID);
		if (own.length > 0) this.#tellPresence(own);
	};
	#tellPresence(clients: number[]): void {
		if (this.#joined && liveSocket().connected && this.awareness.getLocalState())
			liveSocket().emit('document:presence', {
				document: this.id,
				data: encodeAwarenessUpdate(this.awareness, clients)
			});
	}
	readonly #onPresence: ToBrowser['document:presence'] = ({ document, data }) => {
		if (document === this.id) applyAwarenessUpdate(this.awareness, bytesOf(data), fromLog);
	};
}
