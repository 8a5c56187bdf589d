import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io as connectTo, type Socket } from 'socket.io-client';
import { afterAll } from 'vitest';
import * as Y from 'yjs';
import type { Form, Question } from '#domain/basics/form.ts';
import type { RefusalCode } from '#domain/basics/refusal.ts';
import { writeAnswer } from '#domain/collaboration/answers-document.ts';
import { unpackRows } from '#domain/collaboration/rows.ts';
import { type Answered, type Joined, type LogRow, schemaVersion } from '#domain/collaboration/wire.ts';
import { planFragment } from '#domain/mentoring/plan-text.ts';
import { seedId } from '#db/seed/id.ts';
import type { Sql } from '#server/basics/database.ts';
import { createDocument } from '#server/collaboration/documents.ts';
import { readDocument } from '#server/collaboration/projector.ts';
import { type LiveServer, openSockets } from '#server/live/sockets.ts';
import { planDocument } from '#server/mentoring/plans.ts';
import { type TestBackend, until } from './backend.ts';

/** Sockets of a backend, on a port of this machine. */
export interface Live {
	url: string;
	io: LiveServer;
	close(): Promise<void>;
}

/** Opens the socket's door of a backend as the deployed server does: only pages of its own origin may connect. */
export async function openLive({ backend }: Pick<TestBackend, 'backend'>): Promise<Live> {
	const server = createServer();
	await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const sockets = openSockets(backend, { origin: url, checkOrigin: true });
	sockets.io.attach(server, { destroyUpgrade: true });
	let closed: Promise<void> | undefined;
	const close = () => (closed ??= sockets.close());
	afterAll(close);
	return { url, io: sockets.io, close };
}

/** What the server answers to each event. */
interface Answers {
	'document:join': Joined;
	'document:update': { seq: number; at: string };
	'document:presence': object;
	'document:leave': object;
	'topic:join': object;
	'topic:leave': object;
}

export interface BrowserOptions {
	url: string;
	/** The session cookie's value; nobody is signed in without. */
	token?: string;
	transports?: ('websocket' | 'polling')[];
	/** The page's origin; `null` for a program that sends none. */
	origin?: string | null;
	headers?: Record<string, string>;
}

/** What the server may tell, whatever the event. */
interface Told {
	document?: string;
	topic?: string;
	rows?: Uint8Array;
	data?: Uint8Array;
}

/** The socket of one tab. Does not reconnect by itself: a test says when. */
export interface Browser {
	socket: Socket;
	/** Sends a request and waits for its answer, at most five seconds. @throws when there is none */
	ask<E extends keyof Answers>(event: E, request: unknown): Promise<Answered<Answers[E]>>;
	/** What the server told under this name, in order. */
	heard(event: string): Told[];
	/** The connection breaks, without a word. */
	cut(): void;
	close(): void;
}

const opened = new Set<Socket>();
afterAll(() => {
	for (const socket of opened) socket.disconnect();
});

/** Connects as the page of somebody's browser would. @throws with the server's word when it refuses */
export async function browser(options: BrowserOptions): Promise<Browser> {
	const origin = options.origin === undefined ? options.url : options.origin;
	const socket = connectTo(options.url, {
		forceNew: true,
		reconnection: false,
		transports: options.transports ?? ['websocket'],
		timeout: 5_000,
		extraHeaders: {
			...(options.token === undefined ? {} : { cookie: `session=${options.token}` }),
			...(origin === null ? {} : { origin }),
			...options.headers
		}
	});
	opened.add(socket);
	const said: { event: string; told: Told }[] = [];
	socket.onAny((event: string, told: Told) => void said.push({ event, told }));
	await new Promise<void>((connected, failed) => {
		socket.once('connect', connected);
		socket.once('connect_error', (fault) => {
			socket.disconnect();
			failed(fault);
		});
	});
	return {
		socket,
		async ask(event, request) {
			if (!socket.connected) throw new Error('not connected');
			return (await socket.timeout(5_000).emitWithAck(event, request)) as never;
		},
		heard: (event) => said.filter((one) => one.event === event).map(({ told }) => told),
		cut() {
			const { transport } = socket.io.engine as unknown as { transport: { ws?: { terminate(): void } } };
			if (transport.ws) transport.ws.terminate();
			else socket.io.engine.close();
		},
		close: () => void socket.disconnect()
	};
}

interface Unsent {
	message: string;
	data: Uint8Array;
}

/** Marks changes that came from the log, so that they are not sent back to it. */
const fromLog = Symbol('from the log');

export interface WriterOptions extends BrowserOptions {
	document: string;
	schema?: number;
	/** Another tab of the same browser: begins with its copy of the document, and with what it has not sent. */
	copyOf?: Writer;
}

/** A tab with a live document open and connected. */
export async function writer(options: WriterOptions): Promise<Writer> {
	const made = new Writer(options);
	await made.connect();
	return made;
}

/**
 * What src/live/document.svelte.ts does, without a browser: a Y.Doc, rows taken in order, an outbox of what the server
 * has not confirmed, one update on its way at a time, and asking again where rows are missing.
 */
export class Writer {
	readonly doc = new Y.Doc();
	readonly document: string;
	seq = 0;
	epoch: string | null = null;
	mayWrite = false;
	whyNot: Joined['whyNot'] | RefusalCode = null;
	joined = false;
	outbox: Unsent[] = [];
	readonly acknowledged: { message: string; seq: number }[] = [];
	readonly refused: RefusalCode[] = [];
	/** How often it asked for the document. */
	joins = 0;
	/** While set, rows that the server tells are lost on the way. */
	deaf = false;
	tab: Browser | undefined;

	readonly #options: WriterOptions;
	readonly #early = new Map<number, Uint8Array>();
	#untaken: LogRow[] = [];
	#sending = false;
	#joining = false;
	#joinAgain = false;

	constructor(options: WriterOptions) {
		this.#options = options;
		this.document = options.document;
		if (options.copyOf) {
			const { doc, seq, epoch, outbox } = options.copyOf;
			Y.applyUpdate(this.doc, Y.encodeStateAsUpdate(doc), fromLog);
			[this.seq, this.epoch, this.outbox] = [seq, epoch, [...outbox]];
		}
		this.doc.on('update', (data: Uint8Array, origin: unknown) => {
			if (origin === fromLog) return;
			this.outbox.push({ message: randomUUID(), data });
			void this.#send();
		});
	}

	/** Everything typed here is confirmed, and nothing is missing. */
	get settled(): boolean {
		return this.joined && this.outbox.length === 0 && this.#early.size === 0;
	}

	/** For the words of a test that waited in vain. */
	get state(): string {
		const { seq, outbox, joined, whyNot, refused } = this;
		const connected = this.tab?.socket.connected ?? false;
		return JSON.stringify({
			seq,
			unsent: outbox.length,
			early: [...this.#early.keys()],
			joined,
			connected,
			whyNot,
			refused
		});
	}

	/** Whose browser it is. */
	get token(): string | undefined {
		return this.#options.token;
	}

	get words(): string {
		return this.doc.getXmlFragment(planFragment).toString();
	}

	/** Writes a paragraph at the end. */
	type(words: string): void {
		const paragraph = new Y.XmlElement('paragraph');
		paragraph.insert(0, [new Y.XmlText(words)]);
		this.doc.getXmlFragment(planFragment).push([paragraph]);
	}

	/** Connects, also to another process than before, and joins. */
	async connect(change: Partial<BrowserOptions> = {}): Promise<void> {
		Object.assign(this.#options, change);
		this.tab?.close();
		const tab = await browser(this.#options);
		this.tab = tab;
		const mine = () => this.tab === tab;
		tab.socket.on('disconnect', () => mine() && this.#lost());
		tab.socket.on('document:rows', (told: { document: string; rows: Uint8Array }) => {
			if (!mine() || told.document !== this.document || this.deaf) return;
			// Told before the answer to a join arrives: of which history they are, the answer says.
			if (!this.joined) return void this.#untaken.push(...unpackRows(told.rows));
			this.#take(unpackRows(told.rows));
			if (this.#early.size > 0) void this.join();
		});
		tab.socket.on('document:rejoin', (told: { document: string }) => {
			if (mine() && told.document === this.document) void this.join();
		});
		await this.join();
	}

	/** The connection is gone; the person types on. */
	drop(how: 'cut' | 'closed' = 'cut'): void {
		const { tab } = this;
		this.tab = undefined;
		this.#lost();
		if (how === 'cut') tab?.cut();
		else tab?.close();
	}

	async join(): Promise<void> {
		if (this.#joining) return void (this.#joinAgain = true);
		const { tab } = this;
		if (!tab) return;
		this.#joining = true;
		try {
			this.joins++;
			const said = await tab.ask('document:join', {
				document: this.document,
				epoch: this.epoch,
				since: this.seq,
				schema: this.#options.schema ?? schemaVersion
			});
			if (this.tab !== tab) return;
			if (!said.ok) {
				[this.joined, this.mayWrite, this.whyNot] = [false, false, said.code];
				return;
			}
			if (this.epoch !== null && said.epoch !== this.epoch) throw new Error('The document has another history.');
			this.epoch = said.epoch;
			if (said.snapshot) {
				Y.applyUpdate(this.doc, said.snapshot.data, fromLog);
				this.seq = Math.max(this.seq, said.snapshot.upto);
			}
			const rows = unpackRows(said.rows);
			this.#take(rows);
			this.#take(this.#untaken);
			this.#untaken = [];
			if (rows.length === 0 && this.#early.size === 0) this.seq = Math.max(this.seq, said.head);
			[this.joined, this.mayWrite, this.whyNot] = [true, said.mayWrite, said.whyNot];
			if (this.#early.size > 0) this.#joinAgain = true;
			void this.#send();
		} catch (fault) {
			// No answer because the connection is gone: the next `connect` asks again.
			if (tab.socket.connected) throw fault;
		} finally {
			this.#joining = false;
			if (this.#joinAgain) {
				this.#joinAgain = false;
				void this.join();
			}
		}
	}

	#lost(): void {
		this.joined = false;
		this.#untaken = [];
	}

	#take(rows: LogRow[]): void {
		for (const row of rows) if (row.seq > this.seq) this.#early.set(row.seq, row.data);
		this.doc.transact(() => {
			for (let data = this.#early.get(this.seq + 1); data; data = this.#early.get(this.seq + 1)) {
				Y.applyUpdate(this.doc, data, fromLog);
				this.#early.delete(++this.seq);
			}
		}, fromLog);
	}

	async #send(): Promise<void> {
		if (this.#sending || !this.joined || !this.tab) return;
		this.#sending = true;
		const { tab } = this;
		try {
			for (let unsent = this.outbox[0]; unsent && this.joined && this.tab === tab; unsent = this.outbox[0]) {
				const said = await tab.ask('document:update', { document: this.document, ...unsent });
				if (!said.ok) {
					this.refused.push(said.code);
					if (said.retry) setTimeout(() => void this.#send(), 100);
					return;
				}
				this.outbox.shift();
				this.acknowledged.push({ message: unsent.message, seq: said.seq });
				this.#take([{ seq: said.seq, data: unsent.data }]);
				if (this.#early.size > 0 && !this.deaf) void this.join();
			}
		} catch {
			// No answer: sent again under the same number after the next `connect`; the server takes it once.
		} finally {
			this.#sending = false;
			if (this.tab !== tab) void this.#send();
		}
	}
}

/** An update as a browser makes it: one more paragraph, under a client id of its own. */
export function anUpdate(words = 'some words', clientId?: number): Uint8Array {
	const doc = new Y.Doc();
	if (clientId !== undefined) doc.clientID = clientId;
	const paragraph = new Y.XmlElement('paragraph');
	paragraph.insert(0, [new Y.XmlText(words)]);
	doc.getXmlFragment(planFragment).push([paragraph]);
	return Y.encodeStateAsUpdate(doc);
}

/** A plan of a pair of the demo network, empty, with a live document of its own. */
export async function freshPlan(
	{ backend, sql }: Pick<TestBackend, 'backend' | 'sql'>,
	pair = 'mechelen-capaci'
): Promise<{ planId: string; document: string }> {
	const planId = randomUUID();
	const document = await sql.begin(async (tx) => {
		await tx`
			insert into mentoring.plans (id, pair_id, owner_id, title, language, created_at)
			select ${planId}, pair_id, owner_id, 'A plan of a test', 'en', created_at from mentoring.plans
			where id = ${seedId('plan', pair)}`;
		return createDocument(backend.parts, tx, planDocument, planId);
	});
	return { planId, document };
}

export interface StoredRow {
	seq: number;
	message: string;
	person: string;
}

/** What the database holds of a document. */
export const logOf = (sql: Sql, document: string) => sql<StoredRow[]>`
	select seq, message_id as message, person_id as person from collaboration.updates
	where document_id = ${document} order by seq`;

/** The document's words as somebody sees them who opens it for the first time. */
export async function replayed(sql: Sql, document: string): Promise<string> {
	const { doc } = await readDocument(sql, document);
	return doc.getXmlFragment(planFragment).toString();
}

/** Ends every role of a person today, as a handover does: in one transaction with the notice. */
export async function endRoles({ backend, sql }: Pick<TestBackend, 'backend' | 'sql'>, personId: string) {
	await sql.begin(async (tx) => {
		await tx`
			update network.roles set until = greatest(since, ${'2026-01-01'}::date)
			where person_id = ${personId} and until is null`;
		await backend.parts.bus.tell(tx, { about: 'rights', people: [personId] });
	});
}

/** Answers everything that a form requires, in its live document. */
export function fillIn(doc: Y.Doc, form: Form): void {
	const answer = (question: Question) => {
		switch (question.kind) {
			case 'multi':
				return question.options?.slice(0, 1) ?? ['Head of the school'];
			case 'choice':
				return question.options?.[0] ?? 'en';
			case 'yes':
				return true;
			default:
				return 'Three of five said that nobody had told them.';
		}
	};
	for (const question of form.questions)
		if (question.required && !question.auto) writeAnswer(doc, question, answer(question), 'typed');
}

/** Waits until all of them have confirmed what was typed, and are as long as the log. */
export async function allSettled(sql: Sql, writers: Writer[], ms = 10_000): Promise<void> {
	const document = writers[0]!.document;
	const headOf = async () => {
		const rows = await sql<{ head: number }[]>`
			select head_seq as head from collaboration.documents where id = ${document}`;
		return rows[0]!.head;
	};
	const areSettled = async () => {
		if (!writers.every((one) => one.settled)) return false;
		const head = await headOf();
		return writers.every((one) => one.seq === head);
	};
	await until('all writers have everything', areSettled, ms).catch(async (fault: Error) => {
		throw new Error(`${fault.message}: of ${await headOf()} they have ${writers.map((one) => one.state).join(' ')}`);
	});
}

/** Numbers that look random, always the same ones for a seed (mulberry32). */
export function seeded(seed: number) {
	let state = seed;
	const next = () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
	const below = (most: number) => Math.floor(next() * most);
	return {
		below,
		pick: <T>(things: readonly T[]): T => things[below(things.length)]!,
		bytes: (length: number) => Uint8Array.from({ length }, () => below(256)),
		shuffled: <T>(things: readonly T[]): T[] =>
			things
				.map((thing) => [next(), thing] as const)
				.sort(([a], [b]) => a - b)
				.map(([, thing]) => thing)
	};
}
