import { createEncoder, toUint8Array, writeVarString, writeVarUint } from 'lib0/encoding';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { Refusal } from '#domain/basics/refusal.ts';
import { leavingPresence, type PresenceClients, presentStates, stampPresence } from '#server/collaboration/presence.ts';

const ana = { name: 'Ana', city: 'Capaci', colour: '#0b5c5c' };
const shownAna = { user: { name: 'Ana', city: 'Capaci', color: '#0b5c5c' } };
const nobodyElse = () => false;
let clock = 0;
const nextClock = () => ++clock;
beforeEach(() => {
	clock = 100;
});

/** A presence message as a browser writes it: client, clock, state. */
function message(...clients: [client: number, clock: number, state: unknown][]): Uint8Array {
	const encoder = createEncoder();
	writeVarUint(encoder, clients.length);
	for (const [client, at, state] of clients) {
		writeVarUint(encoder, client);
		writeVarUint(encoder, at);
		writeVarString(encoder, JSON.stringify(state));
	}
	return toUint8Array(encoder);
}
const stamp = (
	data: Uint8Array,
	clients: PresenceClients = new Map(),
	isTaken: (client: number) => boolean = nobodyElse
) => stampPresence(data, clients, isTaken, ana, nextClock);
/** What another browser sees after these messages. */
function seenAfter(...messages: Uint8Array[]): Record<string, unknown> {
	const doc = new Y.Doc();
	const awareness = new Awareness(doc);
	awareness.setLocalState(null);
	for (const one of messages) applyAwarenessUpdate(awareness, one, 'wire');
	const seen = Object.fromEntries(awareness.getStates());
	awareness.destroy();
	doc.destroy();
	return seen;
}
const codeOf = (act: () => unknown): string => {
	try {
		act();
		return 'done';
	} catch (fault) {
		return fault instanceof Refusal ? fault.code : `fault: ${String(fault)}`;
	}
};

const words = new Y.Doc().getText('words');
words.insert(0, 'some words');
const positionAt = (index: number) =>
	JSON.parse(JSON.stringify(Y.createRelativePositionFromTypeIndex(words, index))) as object;
const cursor = { anchor: positionAt(2), head: positionAt(10) };

describe('what others see of somebody', () => {
	test('is the name, city and colour the server knows, whatever the browser says', () => {
		const said = { cursor, user: { name: 'The Mayor', city: 'Rome', color: 'red', admin: true }, evil: '<b>' };
		expect(seenAfter(stamp(message([7, 1, said])))).toEqual({ 7: { cursor, ...shownAna } });
	});
	test('is read from what a real browser sends, with a cursor and without, coming and going', () => {
		const doc = new Y.Doc();
		const mine = new Awareness(doc);
		const clients: PresenceClients = new Map();
		const send = (state: Record<string, unknown> | null) => {
			mine.setLocalState(state);
			return stamp(encodeAwarenessUpdate(mine, [doc.clientID]), clients);
		};
		const user = { name: 'Somebody else' };
		expect(seenAfter(send({ user }))).toEqual({ [doc.clientID]: shownAna });
		expect(seenAfter(send({ user, cursor: null }))).toEqual({ [doc.clientID]: { cursor: null, ...shownAna } });
		const here = send({ user, cursor });
		expect(seenAfter(here)).toEqual({ [doc.clientID]: { cursor, ...shownAna } });
		expect(seenAfter(here, send(null))).toEqual({});
		mine.destroy();
	});
	test('follows the clock of the server, whatever the browser counts', () => {
		const clients: PresenceClients = new Map();
		const first = stamp(message([7, 1_000_000, { cursor }]), clients);
		const second = stamp(message([7, 3, {}]), clients);
		expect(seenAfter(first, second)).toEqual({ 7: shownAna });
		expect(seenAfter(second, first)).toEqual({ 7: shownAna });
	});
	test('is gone when their connection is, for every client it showed', () => {
		const clients: PresenceClients = new Map();
		const here = stamp(message([7, 4, {}], [8, 9, {}]), clients);
		expect(Object.keys(seenAfter(here))).toEqual(['7', '8']);
		expect(seenAfter(here, leavingPresence(clients, nextClock)!)).toEqual({});
	});
	test('comes back after they were away, though their browser counts from the start again', () => {
		const before: PresenceClients = new Map();
		const here = stamp(message([7, 50, {}]), before);
		const away = leavingPresence(before, nextClock)!;
		const again = stamp(message([7, 1, {}]), new Map());
		expect(seenAfter(here, away, again)).toEqual({ 7: shownAna });
	});
	test('is nothing when they never showed themselves', () => {
		expect(leavingPresence(new Map(), nextClock)).toBeUndefined();
		expect(seenAfter(stamp(message()))).toEqual({});
	});
	test('is told to whoever comes later, but not of those who hid again', () => {
		const [one, other, hidden]: PresenceClients[] = [new Map(), new Map(), new Map()];
		stamp(message([7, 1, { cursor }]), one);
		stamp(message([8, 1, {}], [9, 1, null]), other);
		stamp(message([10, 1, {}]), hidden);
		stamp(message([10, 2, null]), hidden);
		expect(seenAfter(presentStates([one!, other!, hidden!])!)).toEqual({ 7: { cursor, ...shownAna }, 8: shownAna });
		expect(presentStates([hidden!, new Map()])).toBeUndefined();
		expect(presentStates([])).toBeUndefined();
	});
});

describe('nobody appears as somebody else', () => {
	test('a client that is somebody else’s is not moved, and not taken away', () => {
		const clients: PresenceClients = new Map();
		const isTaken = (client: number) => client === 7;
		expect(codeOf(() => stamp(message([7, 1, { cursor }]), clients, isTaken))).toBe('conflict');
		expect(codeOf(() => stamp(message([7, 99, null]), clients, isTaken))).toBe('conflict');
		expect(clients.size).toBe(0);
	});
	test("one's own client stays one's own, also when another connection comes to show it", () => {
		const clients: PresenceClients = new Map();
		stamp(message([7, 1, {}]), clients);
		expect(codeOf(() => stamp(message([7, 2, { cursor }]), clients, () => true))).toBe('done');
	});
	test('a connection shows at most three clients, in one message or in many', () => {
		const four = message([1, 1, {}], [2, 1, {}], [3, 1, {}], [4, 1, {}]);
		expect(codeOf(() => stamp(four))).toBe('conflict');
		const clients: PresenceClients = new Map();
		for (const client of [1, 2, 3]) stamp(message([client, 1, {}]), clients);
		expect(codeOf(() => stamp(message([4, 1, {}]), clients))).toBe('conflict');
		expect(codeOf(() => stamp(message([3, 2, {}]), clients))).toBe('done');
	});
});

describe('a message that makes no sense', () => {
	const noJson = createEncoder();
	writeVarUint(noJson, 1);
	writeVarUint(noJson, 7);
	writeVarUint(noJson, 1);
	writeVarString(noJson, '{not json');
	const { anchor, head } = cursor;
	test.each([
		['nothing', new Uint8Array()],
		['a count without clients', new Uint8Array([1])],
		['half a message', message([7, 1, { cursor }]).slice(0, 9)],
		['no JSON', toUint8Array(noJson)],
		['a number without an end', new Uint8Array(20).fill(0xff)],
		['a state that is no object', message([7, 1, 'here'])],
		['a state that is a list', message([7, 1, [cursor]])],
		['a cursor that is none', message([7, 1, { cursor: 'here' }])],
		['a cursor with one end', message([7, 1, { cursor: { anchor } }])],
		['a cursor that stands nowhere', message([7, 1, { cursor: { anchor: {}, head } }])],
		[
			'a cursor at a client that is no number',
			message([7, 1, { cursor: { anchor, head: { item: { client: 'x', clock: 0 } } } }])
		],
		['a cursor at no whole number', message([7, 1, { cursor: { anchor, head: { item: { client: 1, clock: 1.5 } } } }])]
	])('is refused as such: %s', (_what, data) => {
		expect(codeOf(() => stamp(data))).toBe('bad-request');
	});
	test('whatever the bytes, it is a message or a refusal, and never a fault', () => {
		const clients: PresenceClients = new Map();
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 60 }), (data) => {
				expect(['done', 'bad-request', 'conflict']).toContain(codeOf(() => stamp(data, clients)));
				expect(clients.size).toBeLessThanOrEqual(3);
			}),
			{ numRuns: 3_000, seed: 20261122 }
		);
	});
	test('whatever the state, others see what the server knows and a cursor an editor can read, or nothing', () => {
		const number = fc.oneof(fc.nat(), fc.constantFrom(-1, 1.5, '7', null));
		const place = fc.oneof(fc.record({ client: number, clock: number }), fc.constantFrom(null, 'x'));
		const position = fc.record(
			{ type: place, tname: fc.constantFrom('words', '', null), item: place, assoc: number },
			{ requiredKeys: [] }
		);
		const state = fc.oneof(
			fc.record(
				{ cursor: fc.record({ anchor: position, head: position }), user: fc.jsonValue(), x: fc.jsonValue() },
				{ requiredKeys: [] }
			),
			fc.dictionary(fc.constantFrom('cursor', 'user', 'x'), fc.jsonValue()),
			fc.jsonValue()
		);
		fc.assert(
			fc.property(state, (said) => {
				let stamped: Uint8Array;
				try {
					stamped = stamp(message([7, 1, said]));
				} catch (fault) {
					return void expect((fault as Refusal).code).toBe('bad-request');
				}
				const seen = seenAfter(stamped)[7] as { cursor?: { anchor: unknown; head: unknown } | null } | undefined;
				if (!seen) return void expect(said).toBeNull();
				expect(Object.keys(seen).filter((key) => key !== 'cursor')).toEqual(['user']);
				expect(seen).toMatchObject(shownAna);
				// What the editor does with it.
				for (const end of [seen.cursor?.anchor, seen.cursor?.head])
					if (end) Y.createAbsolutePositionFromRelativePosition(Y.createRelativePositionFromJSON(end), words.doc!);
			}),
			{ numRuns: 800, seed: 20261122 }
		);
	});
});
