import { describe, expect, test } from 'vitest';
import { hashed } from '#server/basics/chance.ts';
import { testBackend } from '../../support/backend.ts';

const person = { email: 'ruth@network.example', name: 'Ruth First', userAgent: null, timeZone: 'Europe/Brussels' };

describe('the first admin', () => {
	test('is whoever holds the secret of the console, once', async () => {
		const { backend, sql } = await testBackend({ seed: false });
		const { network } = backend;
		const secret = (await network.offerFirstAdmin())!;
		expect(secret).toMatch(/^[\w-]{20}$/);
		expect(await network.isFirstAdminOpen()).toBe(true);

		const done = await network.becomeFirstAdmin({ ...person, secret: ` ${secret}\n` });
		if ('issues' in done) throw new Error('The secret was refused.');
		const admin = (await network.whoIs(done.token))!;
		expect(admin.name).toBe('Ruth First');
		expect((await network.readAudit(admin, {})).rows.map(({ act }) => act)).toEqual(['session.start', 'first-admin']);

		expect(await network.isFirstAdminOpen()).toBe(false);
		await expect(network.becomeFirstAdmin({ ...person, email: 'second@x.example', secret })).rejects.toMatchObject({
			code: 'gone'
		});
		expect(await sql`select from network.people`).toHaveLength(1);
		expect(await network.offerFirstAdmin()).toBeUndefined();
	});

	test('of twenty at once one is made', async () => {
		const { backend, sql } = await testBackend({ seed: false });
		const secret = await backend.network.offerFirstAdmin();
		const results = await Promise.allSettled(
			Array.from({ length: 20 }, (_, index) =>
				backend.network.becomeFirstAdmin({ ...person, email: `r${index}@x.example`, secret })
			)
		);
		expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
		for (const one of results) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'gone' });
		for (const table of ['network.people', 'network.roles', 'network.sessions'])
			expect(await sql`select from ${sql(table)}`, table).toHaveLength(1);
	});

	test('needs the right secret, an address and a name; each is said, and nothing is used up', async () => {
		const { backend, sql } = await testBackend({ seed: false });
		const { network } = backend;
		const secret = (await network.offerFirstAdmin())!;
		for (const wrong of [
			'',
			'x',
			null,
			undefined,
			7,
			{},
			secret.slice(1),
			secret.toUpperCase(),
			hashed(secret).toString('hex')
		])
			expect(await network.becomeFirstAdmin({ ...person, secret: wrong })).toEqual({
				issues: [{ field: 'secret', code: 'wrong-code' }]
			});
		expect(await network.becomeFirstAdmin({ ...person, secret, email: 'x', name: '  ' })).toMatchObject({
			issues: [{ field: 'email' }, { field: 'name', code: 'missing' }]
		});
		expect(await sql`select from network.people`).toHaveLength(0);
		expect(await network.becomeFirstAdmin({ ...person, secret })).toHaveProperty('token');
	});

	test('N10: only the hash of the secret is kept', async () => {
		const { backend, sql } = await testBackend({ seed: false });
		const secret = (await backend.network.offerFirstAdmin())!;
		const rows = await sql`select name, value::text from basics.settings`;
		expect(JSON.stringify(rows)).not.toContain(secret);
		expect(rows.map(({ value }) => value as string)).toContain(`"${hashed(secret).toString('hex')}"`);
	});

	test('a new start makes a new secret, and the old one is dead', async () => {
		const { backend } = await testBackend({ seed: false });
		const { network } = backend;
		const old = await network.offerFirstAdmin();
		const fresh = await network.offerFirstAdmin();
		expect(fresh).not.toBe(old);
		expect(await network.becomeFirstAdmin({ ...person, secret: old })).toHaveProperty('issues');
		expect(await network.becomeFirstAdmin({ ...person, secret: fresh })).toHaveProperty('token');
	});

	test('is not offered where somebody is admin, and a secret printed before is dead from then on', async () => {
		const { backend, sql } = await testBackend();
		expect(await backend.network.offerFirstAdmin()).toBeUndefined();
		expect(await backend.network.isFirstAdminOpen()).toBe(false);

		const admins = await sql`update network.roles set until = '2020-01-01' where role = 'admin' returning id`;
		const secret = await backend.network.offerFirstAdmin();
		expect(secret).toBeDefined();
		// An admin came another way, such as a backup that was put back.
		await sql`update network.roles set until = null where id = ${admins[0]!.id as string}`;
		await expect(backend.network.becomeFirstAdmin({ ...person, secret })).rejects.toMatchObject({ code: 'gone' });
		expect(await sql`select from network.people where email = ${person.email}`).toHaveLength(0);
		expect(await backend.network.offerFirstAdmin()).toBeUndefined();
		expect(await backend.network.isFirstAdminOpen()).toBe(false);
	});

	test('is nobody who was deactivated', async () => {
		const { backend, sql } = await testBackend();
		await sql`update network.roles set until = '2020-01-01' where role = 'admin'`;
		await sql`update network.people set deactivated_at = now() where email = 'lead@cemr.example'`;
		const secret = await backend.network.offerFirstAdmin();
		await expect(
			backend.network.becomeFirstAdmin({ ...person, email: 'lead@cemr.example', secret })
		).rejects.toMatchObject({ code: 'conflict' });
		// The secret is still good for somebody else.
		expect(await backend.network.becomeFirstAdmin({ ...person, secret })).toHaveProperty('token');
	});
});
