import { describe, expect, test } from 'vitest';
import { seedId } from '#db/seed/id.ts';
import { signedInAs, testBackend } from '../../support/backend.ts';

const t = await testBackend();
const { backend, sql } = t;
const { network } = backend;

const editor = (await signedInAs(t, 'editor@bologna.example')).actor;

async function named(...names: string[]): Promise<void> {
	for (const name of names)
		await sql`
			insert into network.people (id, name, email, language, time_zone, created_at)
			values (${backend.parts.chance.id()}, ${name}, ${`${backend.parts.chance.id()}@names.example`}, 'en', 'UTC', now())`;
}

const peopleFor = async (words: string) =>
	(await network.directory(editor, { words, page: 1 })).rows.map(({ name }) => name);
const citiesFor = async (words: string, country = '') =>
	(await network.cities(editor, { words, page: 1, country })).rows.map(({ name }) => name);

describe('the directory', () => {
	test.each([
		['kucera', 'Petr Kučera'],
		['KUČERA', 'Petr Kučera'],
		['kuc\u030cera', 'Petr Kučera'],
		['yildiz', 'Emre Yıldız'],
		['akesson', 'Sofia Åkesson'],
		['Sørensen', 'Mette Sørensen'],
		['sorensen', 'Mette Sørensen'],
		['wojcik', 'Agnieszka Wójcik'],
		['ozola', 'Līga Ozola'],
		['Stathopoulos', 'Nikos Stathopoulos']
	])('finds by "%s" %s: accents and capitals do not count', async (words, name) => {
		expect(await peopleFor(words)).toEqual([name]);
	});

	test('takes what a person types literally: %, _ and \\ are letters like others', async () => {
		await named('Hundred% Sure', 'Under_score Person', 'Back\\slash Person', 'Full％width', 'Quote’s "Double" O\'Neil');
		expect(await peopleFor('%')).toEqual(['Full％width', 'Hundred% Sure']);
		expect(await peopleFor('d% s')).toEqual(['Hundred% Sure']);
		expect(await peopleFor('_')).toEqual(['Under_score Person']);
		expect(await peopleFor('r_s')).toEqual(['Under_score Person']);
		expect(await peopleFor('\\')).toEqual(['Back\\slash Person']);
		expect(await peopleFor('k\\s')).toEqual(['Back\\slash Person']);
		for (const words of ['%%', '__', 'a%b', 'm_n', '\\%', '%\\', '\\\\', '\\_'])
			expect(await peopleFor(words), words).toEqual([]);
		expect(await peopleFor("o'neil")).toHaveLength(1);
		expect(await peopleFor("' or 1=1 --")).toEqual([]);
		expect(await peopleFor('\0')).toEqual(await peopleFor(''));
	});

	test('pages through everybody once, in the order of names', async () => {
		await named(...Array.from({ length: 90 }, (_, n) => `Same Name ${n % 3}`));
		const seen: string[] = [];
		for (let page = 1; ; page++) {
			const { rows, more } = await network.directory(editor, { words: '', page });
			seen.push(...rows.map(({ id }) => id));
			expect(rows.length).toBeLessThanOrEqual(40);
			if (!more) break;
		}
		const all = await sql<{ id: string }[]>`
			select id from network.people where deactivated_at is null order by name, id`;
		expect(seen).toEqual(all.map(({ id }) => id));
		const beyond = await network.directory(editor, { words: '', page: 10_000 });
		expect(beyond).toEqual({ rows: [], page: 10_000, more: false });
	});

	test('shows no address and nobody who was deactivated', async () => {
		await sql`update network.people set deactivated_at = now() where email = 'colleague@lyon.example'`;
		expect(await peopleFor('Julien Moulin')).toEqual([]);
		const { rows } = await network.directory(editor, { words: 'ferretti', page: 1 });
		expect(rows).toEqual([
			{
				id: seedId('person', 'expert@bologna.example'),
				name: 'Giulia Ferretti',
				demo: true,
				organisation: 'Bologna',
				function: 'Schools and integration',
				slug: 'bologna'
			}
		]);
	});

	test.each([
		['N9: a guest', 'guest@ngo.example'],
		['somebody without roles', 'stranger@turku.example']
	])('%s is told that it is not for them', async (_who, email) => {
		const { actor } = await signedInAs(t, email);
		await expect(network.directory(actor, { words: '', page: 1 })).rejects.toMatchObject({ code: 'forbidden' });
		await expect(network.cities(actor, { words: '', page: 1, country: '' })).rejects.toMatchObject({
			code: 'forbidden'
		});
		for (const slug of ['bologna', 'nowhere'])
			await expect(network.organisation(actor, { slug })).rejects.toMatchObject({ code: 'not-found' });
	});
});

describe('the cities', () => {
	test.each([
		['timisoara', 'Timișoara'],
		['malmo', 'Malmö'],
		['MALMÖ', 'Malmö'],
		['malmo\u0308', 'Malmö']
	])('are found by "%s": %s', async (words, name) => {
		expect(await citiesFor(words)).toEqual([name]);
	});

	test('%, _ and \\ are letters like others', async () => {
		for (const words of ['%', '_', '\\', 'm%m', 'm_lm']) expect(await citiesFor(words), words).toEqual([]);
		await sql`
			insert into network.organisations (id, slug, kind, name, country, created_at)
			values (${backend.parts.chance.id()}, 'odd', 'city', 'A_b%c\\d', 'XX', now())`;
		for (const words of ['%', '_', '\\', 'a_b%', 'c\\d']) expect(await citiesFor(words), words).toEqual(['A_b%c\\d']);
	});

	test('are only cities, of one country where one is chosen', async () => {
		const everywhere = await network.cities(editor, { words: '', page: 1, country: '' });
		const kinds = await sql<{ kind: string }[]>`
			select distinct kind from network.organisations where id = any(${everywhere.rows.map(({ id }) => id)}::uuid[])`;
		expect(kinds).toEqual([{ kind: 'city' }]);
		expect((await network.cities(editor, { words: '', page: 1, country: 'SE' })).rows.map(({ name }) => name)).toEqual([
			'Malmö',
			'Stockholm'
		]);
		expect(await citiesFor('', 'ZZ')).toEqual([]);
		for (const country of ['%', '__', "' or 1=1 --", '\0'])
			expect(await citiesFor('', country)).toEqual(await citiesFor(''));
	});

	test('page through every city once', async () => {
		await sql`
			insert into network.organisations (id, slug, kind, name, country, created_at)
			select gen_random_uuid(), 'many-' || n, 'city', 'Many', 'YY', now() from generate_series(1, 95) n`;
		const seen: string[] = [];
		for (let page = 1, more = true; more; page++) {
			const shown = await network.cities(editor, { words: '', page, country: 'YY' });
			seen.push(...shown.rows.map(({ id }) => id));
			({ more } = shown);
		}
		expect(seen).toHaveLength(95);
		expect(new Set(seen).size).toBe(95);
	});
});

describe('an organisation', () => {
	test('shows its people of today and its observatories', async () => {
		const shown = await network.organisation(editor, { slug: 'bologna' });
		expect(shown.people.map(({ name }) => name)).toEqual(['Davide Montanari', 'Giulia Ferretti', 'Marco Zanetti']);
		expect(shown.observatories).toMatchObject([{ since: '2009-03-01', until: null }]);
	});

	test('that is not there is not found, whatever its name', async () => {
		for (const slug of [
			'nowhere',
			'',
			'BOLOGNA',
			'%',
			'_______',
			"' or 1=1 --",
			'\0',
			'../bologna',
			'x'.repeat(10_000)
		])
			await expect(network.organisation(editor, { slug }), slug).rejects.toMatchObject({ code: 'not-found' });
	});
});

describe('my account', () => {
	test('keeps the language I choose, out of those the pages speak', async () => {
		const { actor, token } = await signedInAs(t, 'expert@turku.example');
		await network.chooseLanguage(actor, { language: 'fr' });
		expect((await network.whoIs(token))?.language).toBe('fr');
		for (const language of ['fi', '', null, undefined, 7, ['de'], '__proto__'])
			await expect(network.chooseLanguage(actor, { language })).rejects.toMatchObject({ code: 'invalid' });
		expect((await network.whoIs(token))?.language).toBe('fr');
	});

	test('exports my rows, all of them, nobody else’s, and no hash of a secret', async () => {
		const me = await signedInAs(t, 'expert@leeds.example');
		const colleague = await signedInAs(t, 'colleague@leeds.example');
		const other = await signedInAs(t, 'expert@ghent.example');
		await network.askSignIn({ email: 'expert@leeds.example' });
		await network.askSignIn({ email: 'colleague@leeds.example' });
		// A handover of mine, and one that is not.
		await network.handOver(me.actor, { from: me.actor.personId, to: colleague.actor.personId });
		await network.handOver(other.actor, {
			from: other.actor.personId,
			to: seedId('person', 'colleague@ghent.example')
		});

		const data = (await network.exportMyData(me.actor)) as Record<string, Record<string, unknown>[]>;
		expect(Object.keys(data).sort()).toEqual([
			'activity',
			'affiliations',
			'audit',
			'files',
			'group_parts',
			'handovers',
			'invitations',
			'mails',
			'notes',
			'person',
			'plan_changes',
			'roles',
			'sessions',
			'sign_ins'
		]);
		expect(data.person).toMatchObject({ id: me.actor.personId, email: 'expert@leeds.example' });
		const mine = { person_id: me.actor.personId };
		expect(data.affiliations).toMatchObject([mine]);
		expect(data.roles).toMatchObject([mine]);
		expect(data.sessions).toHaveLength(1);
		expect(data.sign_ins).toMatchObject([{ email: 'expert@leeds.example' }]);
		expect(data.handovers).toMatchObject([{ from_person: me.actor.personId, to_person: colleague.actor.personId }]);
		for (const row of data.audit!) expect(row).toMatchObject(mine);
		expect(data.audit!.map(({ act }) => act)).toEqual(['session.start', 'people.hand-over', 'account.export']);

		const text = JSON.stringify(data);
		for (const stranger of [other.actor.personId, 'colleague@leeds.example', other.actor.sessionId])
			expect(text).not.toContain(stranger);
		expect(text).not.toMatch(/hash/i);
		for (const { token } of [me, colleague, other]) expect(text).not.toContain(token.split('.')[1]);
	});
});
