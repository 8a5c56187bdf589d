import { describe, expect, test } from 'vitest';
import { seedId } from '#db/seed/id.ts';
import type { AuditRow } from '#server/network/audit.sql.ts';
import { signedInAs, testBackend } from '../../support/backend.ts';

const t = await testBackend();
const { backend, sql, clock } = t;
const { network } = backend;

const admin = (await signedInAs(t, 'admin@eurocities.example')).actor;
const lead = (await signedInAs(t, 'lead@cemr.example')).actor;
const expert = (await signedInAs(t, 'expert@bologna.example')).actor;
const programmeId = seedId('programme', 'inclucities');

/** The rows that an act adds, oldest first. */
async function rowsOf(act: () => Promise<unknown>): Promise<Omit<AuditRow, 'id'>[]> {
	const [last] = (await network.readAudit(admin, {})).rows;
	await act();
	const { rows } = await network.readAudit(admin, {});
	return rows
		.filter(({ id }) => id > (last?.id ?? 0))
		.map(({ at, name, act: done, subjectKind, subjectId, result }) => ({
			at,
			name,
			act: done,
			subjectKind,
			subjectId,
			result
		}))
		.reverse();
}

const row = (by: { name: string }, act: string, subjectKind: string, subjectId: string) => ({
	at: clock.now(),
	name: by.name,
	act,
	subjectKind,
	subjectId,
	result: 'done'
});

describe('the audit trail', () => {
	test('A8: exporting a programme adds exactly one row, with who, what and when', async () => {
		clock.move(60_000);
		expect(await rowsOf(() => backend.progress.exportProgramme(lead, { programmeId }))).toEqual([
			row(lead, 'programme.export', 'programme', programmeId)
		]);
	});

	test('A8: looking at a programme adds none; exporting three times adds three', async () => {
		expect(await rowsOf(() => backend.progress.programme(lead, { programmeId }))).toEqual([]);
		expect(
			await rowsOf(() => Promise.all([1, 2, 3].map(() => backend.progress.exportProgramme(admin, { programmeId }))))
		).toHaveLength(3);
	});

	test('A8: an export that fails because the programme is not there adds none', async () => {
		expect(
			await rowsOf(() =>
				backend.progress.exportProgramme(admin, { programmeId: seedId('nothing') }).catch(() => undefined)
			)
		).toEqual([]);
	});

	test('A8: exporting one’s own data adds exactly one row', async () => {
		expect(await rowsOf(() => network.exportMyData(expert))).toEqual([
			row(expert, 'account.export', 'person', expert.personId)
		]);
	});

	test('N12: a deed that is undone leaves no row: both are in one transaction', async () => {
		const { audited } = await import('#server/network/audit.ts');
		const deed = { person: expert.personId, act: 'programme.export', subject: { kind: 'programme', id: programmeId } };
		expect(
			await rowsOf(() =>
				sql
					.begin(async (tx) => {
						await audited(backend.parts, tx, deed);
						throw new Error('undone');
					})
					.catch(() => undefined)
			)
		).toEqual([]);
	});

	test('N2: is there for admins and for nobody else', async () => {
		for (const email of [
			'lead@cemr.example',
			'lead@eurocities.example',
			'review-lead@stockholm.example',
			'expert@bologna.example',
			'host@munich.example',
			'mentor@mechelen.example',
			'mentee@capaci.example',
			'association@vvsg.example',
			'facilitator@migrationwork.example',
			'editor@bologna.example',
			'guest@ngo.example',
			'stranger@turku.example'
		]) {
			const { actor } = await signedInAs(t, email);
			await expect(network.readAudit(actor, {}), email).rejects.toMatchObject({ code: 'not-found' });
		}
		expect((await network.readAudit(admin, {})).rows.length).toBeGreaterThan(0);
	});

	test('pages through every row once, newest first', async () => {
		await sql`
			insert into network.audit (at, person_id, act, subject_kind, subject_id, result)
			select ${clock.now()}, null, 'test', 'number', n::text, 'refused' from generate_series(1, 120) n`;
		const [{ count }] = (await sql`select count(*) from network.audit`) as unknown as [{ count: number }];
		const seen: AuditRow[] = [];
		const sizes: number[] = [];
		for (let before: number | undefined; ;) {
			const page = await network.readAudit(admin, before === undefined ? {} : { before });
			seen.push(...page.rows);
			sizes.push(page.rows.length);
			if (page.next === null) break;
			before = page.next;
		}
		expect(sizes.slice(0, -1).every((size) => size === 50)).toBe(true);
		expect(seen).toHaveLength(count);
		expect(seen.map(({ id }) => id)).toEqual(seen.map(({ id }) => id).toSorted((a, b) => b - a));
		expect(seen.slice(0, 3)).toMatchObject([
			{ subjectId: '120', name: null, result: 'refused' },
			{ subjectId: '119' },
			{ subjectId: '118' }
		]);
	});

	test('rows that come while one reads move no page', async () => {
		const first = await network.readAudit(admin, {});
		await network.exportMyData(expert);
		const second = await network.readAudit(admin, { before: first.next! });
		expect(second.rows[0]!.id).toBe(first.rows.at(-1)!.id - 1);
	});

	test('N12: a refusal leaves a row with who, which use case and what', async () => {
		expect(
			await rowsOf(() => network.noteRefusal(expert, { useCase: 'mentoring.plan', subject: 'some-id' }))
		).toMatchObject([{ act: 'mentoring.plan', result: 'refused' }]);
	});
});
