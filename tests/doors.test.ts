import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { addDays } from '#domain/basics/day.ts';
import { refusals } from '#domain/basics/refusal.ts';
import { routeDoors, socketDoors } from '#domain/network/doors.ts';
import { type Act, acts, may, placesFor, policy, type Standing, whyNot } from '#domain/network/policy.ts';
import { type Actor, type Assignment, type Role, rolePlaces, roles, type ScopeKind } from '#domain/network/role.ts';

const root = path.join(import.meta.dirname, '..');
const routes = path.join(root, 'src/routes');
const parse = (file: string) =>
	ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);

// ---- what the files say

interface FoundDoor {
	kind: 'page' | 'endpoint';
	/** Form actions of a page, methods of an endpoint. */
	actions: string[];
}

/** The names a file exports, with what each is set to. */
function exported(file: string): Map<string, ts.Node | undefined> {
	const found = new Map<string, ts.Node | undefined>();
	for (const statement of parse(file).statements) {
		const isExported =
			ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.[0]?.kind === ts.SyntaxKind.ExportKeyword;
		if (ts.isVariableStatement(statement) && isExported)
			for (const { name, initializer } of statement.declarationList.declarations)
				found.set(name.getText(), initializer);
		else if (ts.isFunctionDeclaration(statement) && isExported) found.set(statement.name!.text, statement);
		else if (ts.isExportDeclaration(statement))
			throw new Error(`${file} exports in a way this test does not read: ${statement.getText()}`);
	}
	return found;
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'fallback'];

function doorIn(folder: string): FoundDoor | undefined {
	const has = (name: string) => existsSync(path.join(folder, name));
	const pageServer = path.join(folder, '+page.server.ts');
	if (has('+server.ts')) {
		if (has('+page.svelte') || has('+page.server.ts')) throw new Error(`${folder} is a page and an endpoint at once`);
		const names = [...exported(path.join(folder, '+server.ts')).keys()];
		return { kind: 'endpoint', actions: names.filter((name) => methods.includes(name)) };
	}
	if (!has('+page.svelte') && !has('+page.ts') && !has('+page.server.ts')) return undefined;
	const given = has('+page.server.ts') ? exported(pageServer).get('actions') : undefined;
	if (!given) return { kind: 'page', actions: [] };
	const table = ts.isSatisfiesExpression(given) ? given.expression : given;
	if (!ts.isObjectLiteralExpression(table)) throw new Error(`${pageServer} has actions that are no plain table`);
	return { kind: 'page', actions: table.properties.map((one) => one.name!.getText().replace(/^'|'$/g, '')) };
}

/** Kit's id of a route is its folder, groups and parameters as they are written. */
function foundDoors(): Map<string, FoundDoor> {
	const folders = readdirSync(routes, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isDirectory())
		.map((entry) => path.join(entry.parentPath, entry.name));
	return new Map(
		[routes, ...folders].flatMap((folder) => {
			const door = doorIn(folder);
			const id = `/${path.relative(routes, folder).replaceAll('\\', '/')}`;
			return door ? [[id, door] as const] : [];
		})
	);
}

/** Events that the server listens to on a browser's socket; those of Socket.IO itself left out. */
function eventsListenedTo(): string[] {
	const folder = path.join(root, 'server/live');
	const own = new Set(['connect', 'connection', 'disconnect', 'disconnecting', 'error']);
	const events = new Set<string>();
	for (const name of readdirSync(folder).filter((file) => file.endsWith('.ts'))) {
		const walk = (node: ts.Node): void => {
			if (
				ts.isCallExpression(node) &&
				ts.isPropertyAccessExpression(node.expression) &&
				/^(on|once|prependListener)$/.test(node.expression.name.text) &&
				node.expression.expression.getText() === 'socket'
			) {
				const [event] = node.arguments;
				if (!event || !ts.isStringLiteralLike(event))
					throw new Error(`${name} listens to an event without a plain name`);
				if (!own.has(event.text)) events.add(event.text);
			}
			ts.forEachChild(node, walk);
		};
		walk(parse(path.join(folder, name)));
	}
	return [...events].sort();
}

function eventsOnTheWire(): string[] {
	const found = parse(path.join(root, 'src/domain/collaboration/wire.ts')).statements.find(
		(statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === 'ToServer'
	) as ts.InterfaceDeclaration;
	return found.members.map((member) => (member.name as ts.StringLiteral).text).sort();
}

const doors = foundDoors();

describe('the table of doors', () => {
	test('N3 every route has a row, and every row a route', () => {
		expect(Object.keys(routeDoors).sort()).toEqual([...doors.keys()].sort());
	});
	test('N3 every form action of a page and every method of an endpoint has its row, and no row is left over', () => {
		const inTable = Object.entries(routeDoors).map(([id, { kind, actions }]) => [
			id,
			{ kind, actions: Object.keys(actions ?? {}).sort() }
		]);
		const inFiles = [...doors].map(([id, { kind, actions }]) => [id, { kind, actions: [...actions].sort() }]);
		expect(Object.fromEntries(inTable)).toEqual(Object.fromEntries(inFiles));
	});
	test('N1 a door asks only acts that the policy has', () => {
		const asked = Object.values(routeDoors).flatMap(({ asks, actions }) => [
			...asks,
			...Object.values(actions ?? {}).flat()
		]);
		const unknown = [...asked, ...Object.values(socketDoors).flat()].filter((act) => !Object.hasOwn(policy, act));
		expect(unknown).toEqual([]);
	});
	test('every act of the policy is asked by at least one door', () => {
		const asked = new Set<Act>([
			...Object.values(routeDoors).flatMap(({ asks, actions }) => [...asks, ...Object.values(actions ?? {}).flat()]),
			...Object.values(socketDoors).flat()
		]);
		expect(acts.filter((act) => !asked.has(act))).toEqual([]);
	});
	test('a door that asks something is not open to anyone', () => {
		const open = Object.entries(routeDoors).filter(
			([, { who, asks, actions }]) =>
				who === 'anyone' && (asks.length > 0 || Object.values(actions ?? {}).flat().length > 0)
		);
		expect(open).toEqual([]);
	});
	test('behind the sign-in, every door is for the signed-in', () => {
		const open = Object.entries(routeDoors).filter(([id, { who }]) => id.startsWith('/(app)/') && who !== 'signed-in');
		expect(open).toEqual([]);
	});
	test('N3 the socket events in the table, on the server and in the wire are the same', () => {
		expect(Object.keys(socketDoors).sort()).toEqual(eventsListenedTo());
		expect(Object.keys(socketDoors).sort()).toEqual(eventsOnTheWire());
	});
});

// ---- who may do what

const today = '2026-11-22';
const me = 'me';
const here: Required<Pick<Standing, ScopeKind>> = {
	network: 'network-here',
	observatory: 'observatory-here',
	programme: 'programme-here',
	review: 'review-here',
	pair: 'pair-here'
};

function actorWith(...assignments: Partial<Assignment>[]): Actor {
	return {
		personId: me,
		name: 'Me',
		language: 'en',
		timeZone: 'Europe/Brussels',
		sessionId: 'session',
		today,
		assignments: assignments.map((held) => ({
			role: 'guest',
			scopeKind: 'review',
			scopeId: 'elsewhere',
			organisationId: null,
			since: '2026-01-01',
			until: null,
			...held
		}))
	};
}

/** Where the thing stands that an act is asked of, as the words that own it say; nobody is its holder. */
const nowhere: Standing = {};
const inProgramme: Standing = { programme: here.programme };
const inReview: Standing = { review: here.review, programme: here.programme };
const inPair: Standing = { pair: here.pair, programme: here.programme };
const aNote: Standing = { ...inReview, holder: 'somebody', group: [], released: false };

type Refused = 'not-found' | 'forbidden';

/**
 * The policy once more, by hand and in another shape, so that a change of it is made twice on purpose.
 * A letter for each seat: `y` may anywhere, `h` may here and not in another place, `.` may not.
 */
const seats: [Role, ScopeKind][] = [
	['admin', 'network'],
	['observatory-editor', 'observatory'],
	['project-lead', 'programme'],
	['guest', 'programme'],
	['facilitator', 'review'],
	['review-lead', 'review'],
	['visiting-expert', 'review'],
	['host-lead', 'review'],
	['guest', 'review'],
	['facilitator', 'pair'],
	['mentor', 'pair'],
	['mentee', 'pair'],
	['association', 'pair'],
	['guest', 'pair']
];
const expected: Record<Act, [standing: Standing, perSeat: string, refused: Refused]> = {
	//                                 network
	//                                 | observatory
	//                                 | | programme: lead, guest
	//                                 | | |    review: facilitator, lead, expert, host, guest
	//                                 | | |    |          pair: facilitator, mentor, mentee, association, guest
	'directory.read': [nowhere, '      y y y .  y y y y .  y y y y .', 'forbidden'],
	'search.use': [nowhere, '          y y y y  y y y y y  y y y y y', 'forbidden'],
	'organisation.read': [nowhere, '   y y y .  y y y y .  y y y y .', 'not-found'],
	'account.own': [nowhere, '         . . . .  . . . . .  . . . . .', 'not-found'],
	'audit.read': [nowhere, '          y . . .  . . . . .  . . . . .', 'not-found'],
	'people.hand-over': [inReview, '   y . h .  . . . . .  . . . . .', 'not-found'],
	'role.invite': [inReview, '        y . h .  . h . . .  . . . . .', 'not-found'],
	'programme.read': [inProgramme, '  y . h .  . . . . .  . . . . .', 'not-found'],
	'programme.export': [inProgramme, 'y . h .  . . . . .  . . . . .', 'not-found'],
	'review.read': [inReview, '        y . h h  h h h h h  . . . . .', 'not-found'],
	'review.notes': [inReview, '       . . . .  h h h . .  . . . . .', 'not-found'],
	'note.start': [inReview, '         . . . .  . h h . .  . . . . .', 'not-found'],
	'note.read': [aNote, '             . . . .  . . . . .  . . . . .', 'not-found'],
	'note.write': [aNote, '            . . . .  . . . . .  . . . . .', 'not-found'],
	'pair.read': [inPair, '            y . h h  . . . . .  h h h h h', 'not-found'],
	'plan.read': [inPair, '            y . h h  . . . . .  h h h h h', 'not-found'],
	'plan.write': [inPair, '           . . . .  . . . . .  . h h . .', 'not-found']
};
const cell = (act: Act, index: number) => expected[act][1].replaceAll(' ', '')[index]!;
const allActs = Object.keys(expected) as Act[];

describe('the policy', () => {
	test('the table of this test names every act, and every seat a role can be held in', () => {
		expect(allActs.sort()).toEqual([...acts].sort());
		const held = roles.flatMap((role) => rolePlaces[role].map((kind) => `${role} ${kind}`));
		expect(seats.map(([role, kind]) => `${role} ${kind}`).sort()).toEqual(held.sort());
		for (const act of acts) expect(expected[act][1].replaceAll(' ', ''), act).toHaveLength(seats.length);
	});

	describe.each(seats.map(([role, kind], index) => ({ role, kind, index })))(
		'$role in a $kind',
		({ role, kind, index }) => {
			const answers = (actor: Actor | undefined) =>
				Object.fromEntries(allActs.map((act) => [act, whyNot(actor, act, expected[act][0]) ?? 'allowed']));
			const wanted = (isAllowed: (letter: string, act: Act) => boolean) =>
				Object.fromEntries(
					allActs.map((act) => [act, isAllowed(cell(act, index), act) ? 'allowed' : expected[act][2]])
				);
			const seat = { role, scopeKind: kind, scopeId: here[kind] };

			test('in the place of the thing may what the table says', () => {
				expect(answers(actorWith(seat))).toEqual(wanted((letter) => letter !== '.'));
			});
			test('in another place may only what needs no place', () => {
				expect(answers(actorWith({ ...seat, scopeId: `another-${kind}` }))).toEqual(wanted((letter) => letter === 'y'));
			});
			test('N4 after the last day, and before the first one, may no more than anybody', () => {
				const anybody = wanted((_letter, act) => act === 'search.use');
				expect(answers(actorWith({ ...seat, until: addDays(today, -1) }))).toEqual(anybody);
				expect(answers(actorWith({ ...seat, since: addDays(today, 1) }))).toEqual(anybody);
			});
			test('N4 the first and the last day count', () => {
				const all = wanted((letter) => letter !== '.');
				expect(answers(actorWith({ ...seat, since: today }))).toEqual(all);
				expect(answers(actorWith({ ...seat, until: today }))).toEqual(all);
			});
		}
	);

	test('a stranger is asked to sign in, whatever they want', () => {
		for (const act of acts)
			for (const standing of [{}, here, { ...here, holder: me, group: [me], released: true }])
				expect(whyNot(undefined, act, standing)).toBe('sign-in-needed');
	});

	test('N2 a refusal of something secret never admits that it is there', () => {
		const everybody = [actorWith(), ...seats.map(([role, scopeKind]) => actorWith({ role, scopeKind }))];
		for (const act of acts.filter((one) => policy[one].secret))
			for (const actor of everybody)
				for (const standing of [{}, here, aNote])
					expect(['not-found', undefined], act).toContain(whyNot(actor, act, standing));
	});

	test('who holds a thing may do just these with it, without any role', () => {
		const held: Standing = { ...here, holder: me };
		expect(acts.filter((act) => may(actorWith(), act, held)).sort()).toEqual(
			['account.own', 'note.read', 'note.write', 'people.hand-over', 'search.use'].sort()
		);
		expect(acts.filter((act) => may(actorWith(), act, { ...here, holder: 'somebody' }))).toEqual(['search.use']);
	});

	test('the group reads a note once it is sent, and never writes it', () => {
		const note = (more: Standing): Standing => ({ ...inReview, holder: 'somebody', ...more });
		const friend = actorWith();
		expect(may(friend, 'note.read', note({ group: ['x', me], released: true }))).toBe(true);
		expect(whyNot(friend, 'note.read', note({ group: ['x', me], released: false }))).toBe('not-found');
		expect(whyNot(friend, 'note.read', note({ group: ['x', me] }))).toBe('not-found');
		expect(whyNot(friend, 'note.read', note({ group: ['x'], released: true }))).toBe('not-found');
		expect(whyNot(friend, 'note.read', note({ released: true }))).toBe('not-found');
		expect(whyNot(friend, 'note.write', note({ group: ['x', me], released: true }))).toBe('not-found');
		expect(acts.filter((act) => may(friend, act, note({ group: [me], released: true }))).sort()).toEqual([
			'note.read',
			'search.use'
		]);
	});

	test('N9 a guest who also holds a role elsewhere sees the directory', () => {
		const guest = { role: 'guest', scopeKind: 'review', scopeId: here.review } as const;
		expect(whyNot(actorWith(guest), 'directory.read', {})).toBe('forbidden');
		expect(whyNot(actorWith(guest, { role: 'mentor', scopeKind: 'pair' }), 'directory.read', {})).toBeUndefined();
		expect(
			whyNot(actorWith(guest, { role: 'mentor', scopeKind: 'pair', until: '2026-11-21' }), 'directory.read', {})
		).toBe('forbidden');
	});

	test('a place that a thing does not stand in gives no rights, also when both are unknown', () => {
		const lead = actorWith({ role: 'project-lead', scopeKind: 'programme', scopeId: here.programme });
		expect(whyNot(lead, 'programme.read', {})).toBe('not-found');
		expect(whyNot(lead, 'programme.read', { review: here.programme })).toBe('not-found');
		const odd = actorWith({ role: 'project-lead', scopeKind: 'programme', scopeId: undefined as never });
		expect(whyNot(odd, 'programme.read', { programme: here.programme })).toBe('not-found');
	});

	test('the codes it answers with are refusals that doors know', () => {
		for (const code of ['sign-in-needed', 'forbidden', 'not-found'] as const) expect(refusals[code].retry).toBe(false);
	});
});

describe('the places a list may show', () => {
	const expert = (scopeId: string, more: Partial<Assignment> = {}) => ({
		role: 'visiting-expert' as const,
		scopeKind: 'review' as const,
		scopeId,
		...more
	});

	test('are those of the kind asked for in which a role allows the act today, each once', () => {
		const actor = actorWith(
			expert('a'),
			expert('b', { until: addDays(today, -1) }),
			expert('c', { since: addDays(today, 1) }),
			expert('a', { role: 'review-lead' }),
			expert('d', { role: 'host-lead' }),
			{ role: 'project-lead', scopeKind: 'programme', scopeId: 'p' },
			{ role: 'mentor', scopeKind: 'pair', scopeId: 'q' }
		);
		expect(placesFor(actor, 'review.read', 'review')).toEqual(['a', 'd']);
		expect(placesFor(actor, 'review.read', 'programme')).toEqual(['p']);
		expect(placesFor(actor, 'review.notes', 'review')).toEqual(['a']);
		expect(placesFor(actor, 'plan.read', 'pair')).toEqual(['q']);
		expect(placesFor(actor, 'plan.read', 'review')).toEqual([]);
	});
	test('are all for an admin, where an admin may at all', () => {
		const admin = actorWith({ role: 'admin', scopeKind: 'network', scopeId: here.network });
		expect(placesFor(admin, 'review.read', 'review')).toBe('all');
		expect(placesFor(admin, 'note.start', 'review')).toEqual([]);
		const former = actorWith({ role: 'admin', scopeKind: 'network', scopeId: here.network, until: addDays(today, -1) });
		expect(placesFor(former, 'review.read', 'review')).toEqual([]);
	});
	test('are the very places in which the act is allowed', () => {
		for (const act of acts)
			for (const [role, kind] of seats.filter(([role]) => role !== 'admin')) {
				const actor = actorWith({ role, scopeKind: kind, scopeId: here[kind] });
				const mayHere = (policy[act].grants as readonly string[]).includes(role);
				expect(placesFor(actor, act, kind), `${act} ${role} ${kind}`).toEqual(mayHere ? [here[kind]] : []);
				if (mayHere) expect(may(actor, act, { [kind]: here[kind] })).toBe(true);
			}
	});
});
