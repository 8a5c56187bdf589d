import { describe, expect, test } from 'vitest';
import { seedId } from '#db/seed/id.ts';
import { invitationLifeMs } from '#domain/network/invitation.ts';
import { canBeHeldIn, type Role, roles, type ScopeKind, scopeKinds } from '#domain/network/role.ts';
import { m } from '#messages/compiled/messages.js';
import type { Told } from '#server/basics/bus.ts';
import { lastMailTo, signedInAs, testBackend, until } from '../../support/backend.ts';

const t = await testBackend();
const { backend, sql, clock } = t;
const { network } = backend;

const munich = seedId('review', 'munich');
const timisoara = seedId('review', 'timisoara');
const capaci = seedId('pair', 'mechelen-capaci');
const levadia = seedId('pair', 'fuenlabrada-levadia');
const incluCities = seedId('programme', 'inclucities');
const workingGroups = seedId('programme', 'working-groups');
const placeOf: Record<ScopeKind, string> = {
	network: seedId('network'),
	observatory: seedId('observatory', 'bologna'),
	programme: incluCities,
	review: munich,
	pair: capaci
};

const admin = (await signedInAs(t, 'admin@eurocities.example')).actor;
const projectLead = (await signedInAs(t, 'lead@cemr.example')).actor;
const reviewLead = (await signedInAs(t, 'review-lead@stockholm.example')).actor;

const told: Extract<Told, { about: 'rights' }>[] = [];
backend.parts.bus.hear('rights', (notice) => void told.push(notice));

interface Wanted {
	email: string;
	role: Role;
	scopeKind: ScopeKind;
	scopeId: string;
	name?: string;
	language?: string;
	organisationId?: string | null;
}

const asGuest = (email: string): Wanted => ({ email, role: 'guest', scopeKind: 'review', scopeId: munich });
const filled = (wanted: Wanted) => ({ name: 'Ada Example', language: 'en', organisationId: null, ...wanted });

/** Invites, and takes the link's token out of the mail. */
async function invited(by: typeof admin, wanted: Wanted): Promise<string> {
	clock.move(1_000);
	const done = await network.invite(by, filled(wanted));
	if ('issues' in done) throw new Error(`Not invited: ${JSON.stringify(done.issues)}`);
	const mail = await lastMailTo(t, wanted.email);
	const [, token] = /\/invitation\/([\w-]{20})\n/.exec(mail?.body ?? '') ?? [];
	if (!token) throw new Error('The mail holds no link.');
	return token;
}

const accepted = (token: string, as?: typeof admin) =>
	network.accept(as, { token, userAgent: 'Firefox/150.0', timeZone: 'Europe/Rome' });

async function rolesOf(email: string) {
	return sql<{ role: string; scopeId: string }[]>`
		select r.role, r.scope_id as "scopeId" from network.roles r join network.people p on p.id = r.person_id
		where p.email = ${email} order by r.role`;
}

describe('an invitation', () => {
	test('is mailed in the language it was written for, with who invites, to what, and how long it is good', async () => {
		const token = await invited(reviewLead, { ...asGuest('lena@verein.example'), language: 'de', name: 'Lena Groß' });
		const mail = await lastMailTo(t, 'lena@verein.example');
		const place = 'Munich: social inclusion through education';
		expect(mail).toEqual({
			subject: m.network_mail_invitation_subject({ place }, { locale: 'de' }),
			body: m.network_mail_invitation_body(
				{
					name: 'Lena Groß',
					inviter: 'Karin Nyström',
					place,
					link: `${backend.parts.env.origin}/invitation/${token}`,
					days: 14
				},
				{ locale: 'de' }
			)
		});
	});

	test('looked at changes nothing, by anybody', async () => {
		const token = await invited(admin, asGuest('look@ngo.example'));
		const before = await sql`select * from network.invitations where email = 'look@ngo.example'`;
		for (let look = 0; look < 20; look++)
			expect(await network.lookAtInvitation(undefined, { token })).toEqual({
				name: 'Ada Example',
				inviter: 'Saskia Mertens',
				place: 'Munich: social inclusion through education',
				role: 'guest',
				language: 'en',
				signedInAsOther: false
			});
		expect(await sql`select * from network.invitations where email = 'look@ngo.example'`).toEqual(before);
		expect(await rolesOf('look@ngo.example')).toEqual([]);
	});

	test('accepted makes the person, with the role and without a password, and signs them in', async () => {
		const organisationId = seedId('organisation', 'turku');
		const token = await invited(reviewLead, {
			email: 'new.expert@turku.example',
			role: 'visiting-expert',
			scopeKind: 'review',
			scopeId: munich,
			name: 'Ville Uusi',
			language: 'fr',
			organisationId
		});
		const session = await accepted(token);
		expect(session.path).toBe(`/reviews/${munich}`);
		const actor = (await network.whoIs(session.token))!;
		expect(actor).toMatchObject({ name: 'Ville Uusi', language: 'fr', timeZone: 'Europe/Rome' });
		expect(actor.assignments).toMatchObject([{ role: 'visiting-expert', scopeKind: 'review', scopeId: munich }]);
		expect((await backend.reviews.review(actor, { reviewId: munich })).form).not.toBeNull();
		const { people } = await network.organisation(actor, { slug: 'turku' });
		expect(people.map(({ name }) => name)).toContain('Ville Uusi');
		await until('the notice', () => told.some((notice) => notice.people.includes(actor.personId)));
	});

	test('N8: is good for the address it was sent to: who is signed in as somebody else is told so, and it stays good', async () => {
		const token = await invited(reviewLead, { ...asGuest('stranger@turku.example') });
		const friend = (await signedInAs(t, 'friend@rotterdam.example')).actor;
		expect(await network.lookAtInvitation(friend, { token })).toMatchObject({ signedInAsOther: true });
		await expect(accepted(token, friend)).rejects.toMatchObject({ code: 'conflict' });
		expect(await rolesOf('stranger@turku.example')).toEqual([]);
		expect((await rolesOf('friend@rotterdam.example')).map(({ role }) => role)).not.toContain('guest');

		const stranger = (await signedInAs(t, 'stranger@turku.example')).actor;
		expect(await network.lookAtInvitation(stranger, { token })).toMatchObject({ signedInAsOther: false });
		await accepted(token, stranger);
		expect(await rolesOf('stranger@turku.example')).toEqual([{ role: 'guest', scopeId: munich }]);
	});

	test('N8: to an address nobody has yet is not for who is signed in', async () => {
		const token = await invited(admin, asGuest('nobody.yet@ngo.example'));
		const friend = (await signedInAs(t, 'friend@rotterdam.example')).actor;
		await expect(accepted(token, friend)).rejects.toMatchObject({ code: 'conflict' });
		const people = await sql`select from network.people where email = 'nobody.yet@ngo.example'`;
		expect(people).toHaveLength(0);
	});

	test('N8: an address is one person in any spelling', async () => {
		const token = await invited(admin, { ...asGuest('expert@sofia.example') });
		await accepted(token);
		const again = await network.invite(admin, filled(asGuest(' EXPERT@Sofia.Example ')));
		expect(again).toHaveProperty('id');
		const people = await sql`select from network.people where lower(email) like '%expert@sofia.example%'`;
		expect(people).toHaveLength(1);
	});

	test('N8: accepted twenty times at once gives one person, one role and one session', async () => {
		const token = await invited(admin, asGuest('race@ngo.example'));
		const results = await Promise.allSettled(Array.from({ length: 20 }, () => accepted(token)));
		expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
		for (const one of results) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'gone' });
		expect(await rolesOf('race@ngo.example')).toHaveLength(1);
		const sessions = await sql`
			select from network.sessions s join network.people p on p.id = s.person_id where p.email = 'race@ngo.example'`;
		expect(sessions).toHaveLength(1);
		await expect(network.lookAtInvitation(undefined, { token })).rejects.toMatchObject({ code: 'gone' });
	});

	test('two to one new address, accepted at once, make one person with both roles', async () => {
		const first = await invited(admin, asGuest('both@ngo.example'));
		const second = await invited(admin, { ...asGuest('both@ngo.example'), scopeKind: 'pair', scopeId: capaci });
		await Promise.all([accepted(first), accepted(second)]);
		expect((await rolesOf('both@ngo.example')).map(({ scopeId }) => scopeId).sort()).toEqual([munich, capaci].sort());
	});

	test('to a role that is held already gives no second one', async () => {
		await accepted(await invited(admin, asGuest('twice@ngo.example')));
		await accepted(await invited(admin, asGuest('twice@ngo.example')));
		expect(await rolesOf('twice@ngo.example')).toHaveLength(1);
	});

	test('is over after 14 days, and when it was withdrawn', async () => {
		const token = await invited(admin, asGuest('late@ngo.example'));
		const withdrawn = await invited(admin, asGuest('withdrawn@ngo.example'));
		await sql`update network.invitations set withdrawn_at = ${clock.now()} where email = 'withdrawn@ngo.example'`;
		await expect(accepted(withdrawn)).rejects.toMatchObject({ code: 'gone' });
		clock.move(invitationLifeMs);
		await expect(accepted(token)).rejects.toMatchObject({ code: 'gone' });
		await expect(network.lookAtInvitation(undefined, { token })).rejects.toMatchObject({ code: 'gone' });
		for (const email of ['late@ngo.example', 'withdrawn@ngo.example']) expect(await rolesOf(email)).toEqual([]);
	});

	test('an invented one is gone', async () => {
		for (const token of ['', 'x', "' or 1=1 --", 'ü'.repeat(5_000), '\0'])
			await expect(accepted(token)).rejects.toMatchObject({ code: 'gone' });
	});

	test('does not bring back somebody who was deactivated', async () => {
		const token = await invited(admin, asGuest('colleague@sofia.example'));
		await sql`update network.people set deactivated_at = ${clock.now()} where email = 'colleague@sofia.example'`;
		await expect(accepted(token)).rejects.toMatchObject({ code: 'gone' });
		expect((await rolesOf('colleague@sofia.example')).map(({ role }) => role)).not.toContain('guest');
	});

	test('leads to a page that its person may see', async () => {
		const places: Record<string, (actor: typeof admin, id: string) => Promise<unknown>> = {
			reviews: (actor, reviewId) => backend.reviews.review(actor, { reviewId }),
			pairs: (actor, pairId) => backend.mentoring.pair(actor, { pairId }),
			programmes: (actor, programmeId) => backend.progress.programme(actor, { programmeId }),
			cities: (actor) => network.cities(actor, { words: '', page: 1, country: '' }),
			progress: (actor) => backend.progress.myWork(actor)
		};
		for (const role of roles)
			for (const scopeKind of scopeKinds.filter((kind) => canBeHeldIn(role, kind))) {
				const email = `${role}.${scopeKind}@page.example`;
				const token = await invited(admin, { email, role, scopeKind, scopeId: placeOf[scopeKind] });
				const session = await accepted(token);
				const actor = (await network.whoIs(session.token))!;
				const [, page, id] = /\/([a-z]+)(?:\/([0-9a-f-]{36}))?$/.exec(session.path)!;
				await expect(places[page!]!(actor, id!), `${role} in ${scopeKind}: ${session.path}`).resolves.toBeDefined();
			}
	});

	test('N12: giving and accepting stand in the audit trail', async () => {
		await accepted(await invited(reviewLead, asGuest('audited@ngo.example')));
		const rows = await sql<{ act: string; name: string; subject: string }[]>`
			select a.act, p.name, a.subject_id as subject from network.audit a join network.people p on p.id = a.person_id
			order by a.id desc limit 3`;
		expect(rows).toEqual([
			{ act: 'session.start', name: 'Ada Example', subject: expect.any(String) },
			{ act: 'invitation.accept', name: 'Ada Example', subject: munich },
			{ act: 'invite', name: 'Karin Nyström', subject: munich }
		]);
	});
});

describe('who may invite', () => {
	const form = (actor: typeof admin, scopeKind: string, scopeId: string) =>
		network.invitationForm(actor, { scopeKind, scopeId });

	test.each([
		['the admin', admin, ['network', 'observatory', 'programme', 'review', 'pair']],
		['the lead of the mentoring programme', projectLead, ['programme', 'pair']],
		['the review lead', reviewLead, ['review']]
	])('%s, where they answer for it; elsewhere the place is not there', async (_who, actor, kinds) => {
		for (const kind of scopeKinds) {
			const email = `${kind}.${actor.personId.slice(0, 8)}@who.example`;
			const role = roles.findLast((one) => canBeHeldIn(one, kind))!;
			const wanted = filled({ email, role, scopeKind: kind, scopeId: placeOf[kind] });
			if (kinds.includes(kind)) {
				expect(await form(actor, kind, placeOf[kind])).toHaveProperty('roles');
				expect(await network.invite(actor, wanted)).toHaveProperty('id');
			} else {
				await expect(form(actor, kind, placeOf[kind])).rejects.toMatchObject({ code: 'not-found' });
				await expect(network.invite(actor, wanted)).rejects.toMatchObject({ code: 'not-found' });
				expect(await lastMailTo(t, email)).toBeUndefined();
			}
		}
	});

	test('N2: a place that is not there answers as one that is not yours', async () => {
		const nowhere = seedId('nowhere');
		for (const actor of [projectLead, reviewLead])
			for (const [kind, id] of [
				['review', nowhere],
				['review', timisoara],
				['pair', nowhere],
				['programme', workingGroups],
				['nothing', munich],
				['constructor', munich],
				['__proto__', munich],
				['review', 'x'],
				['review', "' or 1=1 --"]
			] as const)
				await expect(form(actor, kind, id), `${kind} ${id}`).rejects.toMatchObject({ code: 'not-found' });
	});

	test('nobody else: not experts, hosts, mentors, mentees, associations, facilitators, editors, guests', async () => {
		for (const email of [
			'expert@bologna.example',
			'host@munich.example',
			'mentor@mechelen.example',
			'mentee@capaci.example',
			'association@vvsg.example',
			'facilitator@migrationwork.example',
			'editor@bologna.example',
			'guest@ngo.example'
		]) {
			const { actor } = await signedInAs(t, email);
			for (const kind of scopeKinds)
				await expect(form(actor, kind, placeOf[kind]), `${email} ${kind}`).rejects.toMatchObject({ code: 'not-found' });
		}
	});

	test('nobody gives a wider role than their own: only an admin makes admins, project leads and editors', async () => {
		const wide: [Role, ScopeKind][] = [
			['admin', 'network'],
			['project-lead', 'programme'],
			['observatory-editor', 'observatory']
		];
		for (const [role, scopeKind] of wide) {
			expect((await form(admin, scopeKind, placeOf[scopeKind])).roles).toContain(role);
			const wanted = filled({ email: `${role}@wide.example`, role, scopeKind, scopeId: placeOf[scopeKind] });
			for (const actor of [projectLead, reviewLead]) {
				const done = await network.invite(actor, wanted).catch((refusal: { code: string }) => refusal.code);
				if (actor === projectLead && scopeKind === 'programme')
					expect(done).toEqual({ issues: [{ field: 'role', code: 'not-an-option' }] });
				else expect(done).toBe('not-found');
			}
			expect(await lastMailTo(t, `${role}@wide.example`)).toBeUndefined();
		}
		expect((await form(projectLead, 'programme', incluCities)).roles).toEqual(['guest']);
		expect((await form(reviewLead, 'review', munich)).roles).toEqual([
			'facilitator',
			'review-lead',
			'visiting-expert',
			'host-lead',
			'guest'
		]);
	});

	test('a role that cannot be held in that kind of place is not given, by the admin neither', async () => {
		for (const role of roles)
			for (const scopeKind of scopeKinds.filter((kind) => !canBeHeldIn(role, kind)))
				expect(
					await network.invite(
						admin,
						filled({ email: 'odd@place.example', role, scopeKind, scopeId: placeOf[scopeKind] })
					),
					`${role} in ${scopeKind}`
				).toEqual({ issues: [{ field: 'role', code: 'not-an-option' }] });
		expect(await lastMailTo(t, 'odd@place.example')).toBeUndefined();
	});

	test('what is not good yet is said beside its field, and nothing is sent', async () => {
		const good = filled(asGuest('good@ngo.example'));
		for (const [field, value] of [
			['email', 'no address'],
			['email', 'a@b.example\r\nBcc: c@d.example'],
			['name', ''],
			['name', ' '.repeat(50)],
			['name', 'x'.repeat(201)],
			['language', 'xx'],
			['role', 'owner'],
			['role', '__proto__'],
			['role', ['guest']],
			['scopeKind', 'world'],
			['organisationId', 'x'],
			['organisationId', seedId('organisation', 'nowhere')]
		] as const)
			expect(await network.invite(admin, { ...good, [field]: value }), `${field}: ${String(value)}`).toMatchObject({
				issues: [{ field }]
			});
		for (const raw of [undefined, null, 7, [], 'x']) expect(await network.invite(admin, raw)).toHaveProperty('issues');
		expect(await lastMailTo(t, 'good@ngo.example')).toBeUndefined();
	});
});

describe('N9: a guest sees what they were invited to', async () => {
	const token = await invited(reviewLead, asGuest('guest.of.munich@ngo.example'));
	const guest = (await network.whoIs((await accepted(token)).token))!;
	const notFound = { code: 'not-found' };
	const [plan] = await sql<{ id: string; documentId: string }[]>`
		select l.id, d.id as "documentId" from mentoring.plans l join collaboration.documents d on d.subject_id = l.id limit 1`;
	const [note] = await sql<{ id: string }[]>`select id from reviews.notes where sent_at is not null limit 1`;

	test('the review they were invited to, without its notes, and they write none', async () => {
		const seen = await backend.reviews.review(guest, { reviewId: munich });
		expect(seen.review.id).toBe(munich);
		expect(seen.notes).toBeNull();
		expect(seen.form).toBeNull();
		await expect(
			backend.reviews.startNote(guest, { reviewId: munich, sessionId: null, formCode: 'F9', language: 'en' })
		).rejects.toMatchObject(notFound);
	});

	test('A3: every other id is not there', async () => {
		const nowhere = seedId('nowhere');
		const document = (id: string) => ({ document: id, epoch: null, since: 0, schema: 1 });
		const tried = await Promise.allSettled([
			...[timisoara, nowhere].map((reviewId) => backend.reviews.review(guest, { reviewId })),
			...[note!.id, nowhere].map((noteId) => backend.reviews.note(guest, { noteId })),
			...[note!.id, nowhere].map((noteId) => backend.reviews.sendNote(guest, { noteId, seq: 0 })),
			...[nowhere].map((fileId) => backend.reviews.noteFile(guest, { fileId })),
			...[capaci, levadia, nowhere].map((pairId) => backend.mentoring.pair(guest, { pairId })),
			...[plan!.id, nowhere].map((planId) => backend.mentoring.plan(guest, { planId })),
			...[plan!.documentId, nowhere].map((id) => backend.collaboration.openDocument(guest, document(id))),
			...[workingGroups, incluCities, nowhere].map((programmeId) => backend.progress.programme(guest, { programmeId })),
			...[workingGroups, nowhere].map((programmeId) => backend.progress.exportProgramme(guest, { programmeId })),
			...['munich', 'nowhere'].map((slug) => network.organisation(guest, { slug })),
			...[munich, nowhere].map((scopeId) => network.invitationForm(guest, { scopeKind: 'review', scopeId })),
			...[admin.personId, nowhere].map((from) => network.handoverForm(guest, { from })),
			...[admin.personId, nowhere].map((from) => network.handOver(guest, { from, to: guest.personId })),
			...[admin.sessionId].map((sessionId) => network.endOwnSession(guest, { sessionId })),
			network.readAudit(guest, {})
		]);
		expect(tried.map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : 'ok'))).toEqual(
			tried.map(() => 'not-found')
		);
		expect(await backend.collaboration.rightsOn(guest, plan!.documentId)).toEqual({ read: false, write: false });
	});

	test('A3: there is no list of people and none of cities for them', async () => {
		await expect(network.directory(guest, { words: '', page: 1 })).rejects.toMatchObject({ code: 'forbidden' });
		await expect(network.cities(guest, { words: '', page: 1, country: '' })).rejects.toMatchObject({
			code: 'forbidden'
		});
	});

	test('A3: their search and their work hold that one review and nothing else', async () => {
		for (const words of ['munich', 'an', 'plan', 'programme', 'eurocities', 'Karin', 'timi', 'capaci'])
			for (const hit of (await backend.progress.search(guest, { words })).results) expect(hit.id).toBe(munich);
		expect((await backend.progress.search(guest, { words: 'munich' })).results).toHaveLength(1);
		const work = await backend.progress.myWork(guest);
		expect(work).toMatchObject({ programmes: [], pairs: [], drafts: [] });
		expect(work.reviews.map(({ id }) => id)).toEqual([munich]);
	});

	test('their colleagues in the place are what the place itself shows; nobody else can be handed to', async () => {
		expect((await network.handoverForm(guest, { from: guest.personId })).colleagues).toEqual([]);
		expect(await network.handOver(guest, { from: guest.personId, to: reviewLead.personId })).toEqual({
			issues: [{ field: 'to', code: 'unknown-person' }]
		});
	});
});
