import { z } from 'zod';
import { isId } from '../basics/id.ts';
import type { RefusalCode } from '../basics/refusal.ts';
import type { Presence } from '../network/presence.ts';

/**
 * What browser and server say to each other about live documents, over one Socket.IO connection a tab.
 * Bytes are Yjs updates (encoding version 1); `seq` is the place of an update in its document's log.
 */
export const wireLimits = {
	/** Bytes of one update. */
	update: 256 * 1024,
	/** Bytes of a presence message. */
	presence: 4 * 1024,
	/** Documents open on one connection. */
	documents: 20,
	/** Updates a second and connection, over ten seconds. */
	updatesPerSecond: 60,
	/** Bytes of one document's log. */
	document: 64 * 1024 * 1024,
	/** Structs in one update; a person cannot type more in one go. */
	structs: 20_000
} as const;

/** Raised when the shape of any document kind changes: an old tab becomes read-only and asks to be reloaded. */
export const schemaVersion = 1;

const id = z.custom<string>(isId);
/** Bytes arrive as Buffer on the server and ArrayBuffer in a browser. */
const bytes = (max: number) =>
	z.custom<Uint8Array>((thing) => thing instanceof Uint8Array && thing.byteLength > 0 && thing.byteLength <= max);

export const joinRequest = z.object({
	document: id,
	epoch: id.nullable(),
	since: z.number().int().min(0),
	schema: z.number().int()
});
export const updateRequest = z.object({ document: id, message: id, data: bytes(wireLimits.update) });
export const presenceRequest = z.object({ document: id, data: bytes(wireLimits.presence) });
export const documentRequest = z.object({ document: id });
export const topicRequest = z.object({ topic: z.string().regex(/^[a-z]+:[0-9a-f-]{36}$/) });

export interface LogRow {
	seq: number;
	data: Uint8Array;
}

export type Answered<T> = ({ ok: true } & T) | { ok: false; code: RefusalCode; retry: boolean };

export interface Joined {
	epoch: string;
	head: number;
	/** Whole state up to `since`, when the asked-for rows are no longer in the log. */
	snapshot: { upto: number; data: Uint8Array } | null;
	/** The rows behind that, packed (rows.ts). */
	rows: Uint8Array;
	mayWrite: boolean;
	/** Why writing is not possible, for the save line. */
	whyNot: 'reader' | 'frozen' | 'old-tab' | null;
	/** Who the server says you are, for your own cursor. */
	me: Presence;
}

export interface ToServer {
	'document:join': (request: z.infer<typeof joinRequest>, answer: (said: Answered<Joined>) => void) => void;
	'document:update': (
		request: z.infer<typeof updateRequest>,
		answer: (said: Answered<{ seq: number; at: string }>) => void
	) => void;
	'document:presence': (request: z.infer<typeof presenceRequest>) => void;
	'document:leave': (request: z.infer<typeof documentRequest>) => void;
	'topic:join': (request: z.infer<typeof topicRequest>, answer: (said: Answered<object>) => void) => void;
	'topic:leave': (request: z.infer<typeof topicRequest>) => void;
}

export interface ToBrowser {
	'document:rows': (told: { document: string; rows: Uint8Array }) => void;
	'document:presence': (told: { document: string; data: Uint8Array }) => void;
	/** Rights changed, or the document was frozen: ask again. */
	'document:rejoin': (told: { document: string }) => void;
	topic: (told: { topic: string }) => void;
	'signed-out': () => void;
}
