import { beforeAll, expect, test } from 'vitest';
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { schemaVersion } from '#domain/collaboration/wire.ts';
import { signedInAs, type TestBackend, testBackend, until } from '../support/backend.ts';
import { type Browser, browser, endRoles, freshPlan, type Live, openLive } from '../support/sockets.ts';

const mentor = 'mentor@mechelen.example';
const mentee = 'mentee@capaci.example';

let one: TestBackend;
let live: Live;
beforeAll(async () => {
	one = await testBackend();
	live = await openLive(one);
});

/** What a tab knows of who is here, and says of itself, as src/live/document.svelte.ts does. */
interface Here {
	tab: Browser;
	awareness: Awareness;
	client: number;
	/** Moves the cursor, as y-tiptap says it. */
	point(): Promise<unknown>;
	/** Tells again what it told last, without a new count: after a lost connection. */
	tellAgain(): Promise<unknown>;
	/** What this tab sees of another. */
	sees(other: Here): Record<string, unknown> | undefined;
	reconnect(): Promise<void>;
}

async function comeIn(email: string, document: string, token?: string): Promise<Here> {
	const held = token ?? (await signedInAs(one, email)).token;
	const doc = new Y.Doc();
	const awareness = new Awareness(doc);
	const cursor = Y.createRelativePositionFromTypeIndex(doc.getXmlFragment('body'), 0);
	const connect = async () => {
		const tab = await browser({ url: live.url, token: held });
		tab.socket.on('document:presence', (told: { document: string; data: Uint8Array }) =>
			applyAwarenessUpdate(awareness, told.data, 'told')
		);
		const joined = await tab.ask('document:join', { document, epoch: null, since: 0, schema: schemaVersion });
		if (!joined.ok) throw new Error(joined.code);
		return tab;
	};
	const here: Here = {
		tab: await connect(),
		awareness,
		client: doc.clientID,
		point() {
			awareness.setLocalState({ user: { name: 'Whoever I like' }, cursor: { anchor: cursor, head: cursor } });
			return here.tellAgain();
		},
		tellAgain: () =>
			here.tab.ask('document:presence', { document, data: encodeAwarenessUpdate(awareness, [doc.clientID]) }),
		sees: (other) => awareness.getStates().get(other.client),
		async reconnect() {
			here.tab = await connect();
		}
	};
	return here;
}

test('others see name, city and colour as the server knows them, and where the cursor stands', async () => {
	const { document } = await freshPlan(one);
	const [anna, bruno] = [await comeIn(mentor, document), await comeIn(mentee, document)];
	expect(await anna.point()).toEqual({ ok: true });
	const seen = await until('the cursor was told', () => bruno.sees(anna));
	expect(seen).toEqual({
		user: { name: 'Liesbeth Maes', city: 'Mechelen', color: expect.stringMatching(/^#[0-9a-f]{6}$/) as string },
		cursor: { anchor: { type: null, tname: 'body', item: null, assoc: 0 }, head: expect.anything() as object }
	});
	await bruno.point();
	const other = await until('the other cursor was told', () => anna.sees(bruno));
	expect(other).toMatchObject({ user: { name: 'Salvatore Lo Bianco', city: 'Capaci' } });
});

test('whoever comes sees who is here already', async () => {
	const { document } = await freshPlan(one);
	const [anna, bruno] = [await comeIn(mentor, document), await comeIn(mentee, document)];
	await anna.point();
	await bruno.point();
	const late = await comeIn('association@vvsg.example', document);
	await until('both were told', () => late.sees(anna) && late.sees(bruno));
	expect(late.sees(anna)).toMatchObject({ user: { name: 'Liesbeth Maes' } });
});

test('somebody who reads shows a cursor too, and somebody elsewhere sees none', async () => {
	const { document } = await freshPlan(one);
	const { document: elsewhere } = await freshPlan(one);
	const [anna, guest] = [await comeIn(mentor, document), await comeIn('guest@ngo.example', document)];
	const bruno = await comeIn(mentee, elsewhere);
	await guest.point();
	await until('the cursor was told', () => anna.sees(guest));
	await bruno.point();
	expect(anna.sees(guest)).toMatchObject({ user: { name: 'Rosa Cangialosi', city: '' } });
	expect(bruno.sees(guest)).toBeUndefined();
});

test.each([
	['leaves the document', ({ tab }: Here, document: string) => tab.ask('document:leave', { document })],
	['closes the tab', ({ tab }: Here) => tab.close()],
	['loses the connection', ({ tab }: Here) => tab.cut()]
] as const)('the cursor of somebody who %s is gone at once', async (_how, go) => {
	const { document } = await freshPlan(one);
	const [anna, bruno] = [await comeIn(mentor, document), await comeIn(mentee, document)];
	await anna.point();
	await until('the cursor was told', () => bruno.sees(anna));
	await go(anna, document);
	await until('the cursor is gone', () => !bruno.sees(anna), 1_000);
	expect(bruno.awareness.getStates().has(anna.client)).toBe(false);
});

test('the cursor of somebody whose role ends is gone within two seconds', async () => {
	const { document } = await freshPlan(one);
	const [leaver, stays] = [await comeIn('deputy@capaci.example', document), await comeIn(mentor, document)];
	await leaver.point();
	await until('the cursor was told', () => stays.sees(leaver));
	await endRoles(one, (await signedInAs(one, 'deputy@capaci.example')).actor.personId);
	await until('the cursor is gone', () => !stays.sees(leaver), 2_000);
	await leaver.point();
	// Comes after anything the leaver could have brought about.
	await stays.point();
	expect(stays.sees(leaver)).toBeUndefined();
});

test('somebody who comes back is seen again at once, although the tab counts from where it was', async () => {
	const { document } = await freshPlan(one);
	const [anna, bruno] = [await comeIn(mentor, document), await comeIn(mentee, document)];
	await anna.point();
	await until('the cursor was told', () => bruno.sees(anna));
	anna.tab.close();
	await until('the cursor is gone', () => !bruno.sees(anna));
	await anna.reconnect();
	await anna.tellAgain();
	await until('the cursor is back', () => bruno.sees(anna), 1_000);
	expect(bruno.sees(anna)).toMatchObject({ user: { name: 'Liesbeth Maes' } });
});

test('a tab that is back before its old connection is noticed to be dead keeps its cursor', async () => {
	const { document } = await freshPlan(one);
	const [anna, bruno] = [await comeIn(mentor, document), await comeIn(mentee, document)];
	await anna.point();
	await until('the cursor was told', () => bruno.sees(anna));
	const { tab: dead } = anna;
	await anna.reconnect();
	expect(await anna.point()).toEqual({ ok: true });
	dead.close();
	await until('the old connection is gone', () => live.io.sockets.sockets.size === [anna, bruno].length + others());
	// Told after the old connection's end was.
	await anna.tab.ask('topic:leave', { topic: `programme:${document}` });
	await bruno.tab.ask('topic:leave', { topic: `programme:${document}` });
	expect(bruno.sees(anna)).toMatchObject({ user: { name: 'Liesbeth Maes' } });

	function others(): number {
		return [...live.io.sockets.sockets.values()].filter((socket) => !socket.rooms.has(`document:${document}`)).length;
	}
});

test('nothing of all this was a fault', () => {
	expect(one.faults).toEqual([]);
});
