import { devices } from '@playwright/test';
import { seedId } from '#db/seed/id.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, test } from '../support/story.ts';

const phone = { ...devices['Pixel 7'], viewport: { width: 390, height: 844 } };
const munich = seedId('review', 'munich');
const capaciPlan = seedId('plan', 'mechelen-capaci');

test('an expert sends a note from a phone, two cities write one plan, and the lead sees both without reload', async ({
	person,
	site,
	shot
}) => {
	const workingGroupLead = await person('lead@eurocities.example');
	const incluCitiesLead = await person('lead@cemr.example');
	await workingGroupLead.page.goto(`/progress/programmes/${seedId('programme', 'working-groups')}`);
	await incluCitiesLead.page.goto(`/progress/programmes/${seedId('programme', 'inclucities')}`);
	let loads = 0;
	for (const { page } of [workingGroupLead, incluCitiesLead]) page.on('load', () => void loads++);

	await test.step('(a) the expert writes the interview note on a phone; it survives a reload in mid-word', async () => {
		const { page } = await person('expert@bologna.example', phone);
		await page.goto(`/reviews/${munich}`);
		await expectNoSidewaysScroll(page);
		await expectAccessible(page);
		await shot(page, 'phone-review');
		await page
			.getByRole('button', { name: /^Write a note/ })
			.first()
			.click();
		await expect(page.getByRole('heading', { name: 'Interview or site note' })).toBeVisible();
		await shot(page, 'phone-note-first');

		const next = () => page.getByRole('button', { name: 'Continue' }).click();
		await page.getByLabel('Who was there, line 1').fill('head teacher');
		await page.getByLabel('Who was there, line 2').fill('two parents');
		await next();
		await page.getByLabel('who we are').check();
		await page.getByLabel('no names in our report').check();
		await next();
		await page.getByRole('button', { name: 'Add an entry' }).click();
		await page.getByLabel('answer', { exact: true }).fill('The afternoon school is open to all districts.');
		await next();
		await page
			.getByLabel('What I saw and heard')
			.pressSequentially('I saw three classes where older pupils read to younger on');
		// Not a moment to save in: what was typed must be there all the same.
		await page.reload();
		await expect(page.getByLabel('What I saw and heard')).toHaveValue(
			'I saw three classes where older pupils read to younger on'
		);
		await page.getByLabel('What I saw and heard').press('End');
		await page.getByLabel('What I saw and heard').pressSequentially('es.');
		await expect(page.locator('[data-save="saved"]')).toBeVisible();
		await shot(page, 'phone-note-writing');
		await expectAccessible(page);
		await expectNoSidewaysScroll(page);

		// Sending too early leads to the question that is missing, and sends nothing.
		await page.getByRole('button', { name: 'Go to check answers' }).click();
		await page.getByRole('button', { name: 'Send the note' }).click();
		const summary = page.getByRole('alert');
		await expect(summary).toBeFocused();
		await expect(summary).toContainText('How sure are we');
		await shot(page, 'phone-note-problem');
		await summary.getByRole('link', { name: /How sure are we/ }).click();
		await page.getByLabel('several said it').check();
		await page.getByRole('button', { name: 'Go to check answers' }).click();
		await expect(page.getByText('older pupils read to younger ones.')).toBeVisible();
		await shot(page, 'phone-note-check');
		await page.getByRole('button', { name: 'Send the note' }).click();
		await expect(page.getByText('The note is sent')).toBeVisible();
		await expectAccessible(page);
		await shot(page, 'phone-note-sent');
	});

	await test.step('(b) mentor and mentee type at the same time, each sees the other, and a restart of the server loses nothing', async () => {
		const mentor = await person('mentor@mechelen.example');
		const mentee = await person('mentee@capaci.example');
		for (const { page } of [mentor, mentee]) {
			await page.goto(`/mentoring/plans/${capaciPlan}`);
			await expect(page.getByRole('textbox')).toBeVisible();
		}
		await expect(mentor.page.locator('[data-others]')).toContainText('Capaci');
		await expect(mentee.page.locator('[data-others]')).toContainText('Mechelen');
		await expectAccessible(mentor.page);

		const [theirs, ours] = [mentor.page.getByRole('textbox'), mentee.page.getByRole('textbox')];
		await theirs.press('Control+End');
		await ours.press('Control+Home');
		await Promise.all([
			theirs.pressSequentially(' Mechelen asks: who tells the parents?', { delay: 15 }),
			ours.pressSequentially('Capaci begins with one school. ', { delay: 15 })
		]);
		for (const text of [theirs, ours]) {
			await expect(text).toContainText('Mechelen asks: who tells the parents?');
			await expect(text).toContainText('Capaci begins with one school.');
		}
		await expect(mentor.page.locator('.caret-label')).toContainText('Capaci');
		await expect(mentee.page.locator('.caret-label')).toContainText('Mechelen');
		await expect(mentor.page.locator('[data-save="saved"]')).toBeVisible();
		await expect(mentee.page.locator('[data-save="saved"]')).toBeVisible();
		await shot(mentor.page, 'plan-mentor');
		await shot(mentee.page, 'plan-mentee');

		// (c), first half: the lead's page has both already.
		await expect(workingGroupLead.page.getByText('Giulia Ferretti sent: Interview or site note')).toBeVisible();
		await expect(incluCitiesLead.page.getByText('who tells the parents?').first()).toBeVisible();

		await site.stop();
		await expect(mentor.page.getByText('No connection. Go on writing')).toBeVisible();
		await theirs.pressSequentially(' Written while the server was away.');
		await expect(mentor.page.locator('[data-save="kept"]')).toBeVisible();
		await shot(mentor.page, 'plan-offline');
		await site.start();
		await expect(mentor.page.locator('[data-save="saved"]')).toBeVisible({ timeout: 20_000 });
		await expect(ours).toContainText('Written while the server was away.', { timeout: 20_000 });
		await mentee.page.reload();
		const again = mentee.page.getByRole('textbox');
		for (const words of [
			'Mechelen asks: who tells the parents?',
			'Capaci begins with one school.',
			'Written while the server was away.'
		]) {
			await expect(again).toContainText(words);
			expect((await again.innerText()).split(words)).toHaveLength(2);
		}
	});

	await test.step("(c) the lead's pages show the note and the plan's changes, without a reload", async () => {
		const { page } = workingGroupLead;
		await expect(page.getByText('Giulia Ferretti sent: Interview or site note')).toBeVisible();
		await expect(page.getByText('older pupils')).toHaveCount(0);
		await expect(incluCitiesLead.page.getByText('Written while the server was away.')).toBeVisible({ timeout: 20_000 });
		expect(loads).toBe(0);
		await expectAccessible(page);
		await expectAccessible(incluCitiesLead.page);
		await shot(page, 'lead-working-group');
		await shot(incluCitiesLead.page, 'lead-inclucities');
	});
});
