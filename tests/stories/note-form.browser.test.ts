import { devices } from '@playwright/test';
import { seedId } from '#db/seed/id.ts';
import { expect, expectNoSidewaysScroll, test } from '../support/story.ts';

const munich = `/reviews/${seedId('review', 'munich')}`;

test('a note is written and sent with the keyboard alone, at 320 px', async ({ person }) => {
	const { page } = await person('friend@rotterdam.example', { viewport: { width: 320, height: 640 } });
	await page.goto(munich);
	await page
		.getByRole('button', { name: /^Write a note/ })
		.nth(2)
		.focus();
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { name: 'Interview or site note' })).toBeVisible();
	const answer = async (label: string, keys: () => Promise<void>) => {
		// Tab goes from the heading into the page; nothing needs a pointer.
		for (
			let tabs = 0;
			tabs < 12 && !(await page.getByLabel(label).evaluate((element) => element === document.activeElement));
			tabs++
		)
			await page.keyboard.press('Tab');
		await expect(page.getByLabel(label)).toBeFocused();
		await keys();
		await expectNoSidewaysScroll(page);
		for (
			let tabs = 0;
			tabs < 12 &&
			!(await page.getByRole('button', { name: 'Continue' }).evaluate((element) => element === document.activeElement));
			tabs++
		)
			await page.keyboard.press('Tab');
		await page.keyboard.press('Enter');
		await expect(page.locator('#form-top')).toBeFocused();
	};
	await answer('Who was there, line 1', () => page.keyboard.type('coordinator'));
	await answer('who we are', () => page.keyboard.press('Space'));
	await page.getByRole('button', { name: 'Continue' }).press('Enter');
	await answer('What I saw and heard', () => page.keyboard.type('Κάθε παιδί έχει έναν μέντορα. 👩‍🏫'));
	await page.getByRole('button', { name: 'Go to check answers' }).press('Enter');
	await page.getByRole('button', { name: /^Change How sure are we/ }).press('Enter');
	await answer('one person said it', () => page.keyboard.press('Space'));
	await page.getByRole('button', { name: 'Go to check answers' }).press('Enter');
	await page.getByRole('button', { name: 'Send the note' }).press('Enter');
	await expect(page.getByText('The note is sent')).toBeVisible();
	await expect(page.getByText('Κάθε παιδί έχει έναν μέντορα. 👩‍🏫')).toBeVisible();
});

test('without network everything typed is kept on the phone and said so; it is saved when the network is back', async ({
	person,
	shot
}) => {
	const { page, context } = await person('friend@rotterdam.example', devices['Pixel 7']);
	await page.goto(munich);
	await page
		.getByRole('button', { name: /^Write a note/ })
		.nth(1)
		.click();
	await page.getByLabel('Who was there, line 1').fill('a parent');
	await expect(page.locator('[data-save="saved"]')).toBeVisible();
	await context.setOffline(true);
	await page.getByRole('button', { name: 'Continue' }).click();
	await page.getByLabel('why we ask').check();
	await page.getByLabel('who we are').check();
	await expect(page.locator('[data-save="kept"]')).toBeVisible();
	await shot(page, 'phone-offline');
	await page.getByRole('button', { name: 'Go to check answers' }).click();
	await page.getByRole('button', { name: /^Change What works well/ }).click();
	await page.getByLabel('What works well').fill('Parents help parents.');
	await context.setOffline(false);
	await expect(page.locator('[data-save="saved"]')).toBeVisible({ timeout: 20_000 });
	await page.reload();
	await expect(page.getByLabel('What works well')).toHaveValue('Parents help parents.');
});

test('two devices of one person fill the same note, and the words of both are there', async ({ person }) => {
	const first = await person('friend@rotterdam.example', devices['Pixel 7']);
	await first.page.goto(munich);
	await first.page
		.getByRole('button', { name: /^Write a note/ })
		.nth(3)
		.click();
	await expect(first.page.getByRole('heading', { name: 'Interview or site note' })).toBeVisible();
	const second = await person('friend@rotterdam.example');
	await second.page.goto(first.page.url());
	const wide = second.page.getByLabel('What I saw and heard');
	await wide.fill('From the desk.');
	await first.page.goto(`${first.page.url()}?question=seen`);
	const narrow = first.page.getByLabel('What I saw and heard');
	await expect(narrow).toHaveValue('From the desk.');
	await narrow.press('End');
	await Promise.all([
		narrow.pressSequentially(' And from the corridor.'),
		second.page.getByLabel('What works well').fill('The same note.')
	]);
	await expect(wide).toHaveValue('From the desk. And from the corridor.');
});

test('a city whose firewall blocks websockets writes all the same, by long polling', async ({ person }) => {
	const { page } = await person('mentee@levadia.example');
	await page.routeWebSocket(/socket\.io/, (socket) => socket.close());
	await page.goto(`/mentoring/plans/${seedId('plan', 'fuenlabrada-levadia')}`);
	// The first way has to fail before the second is tried.
	await expect(page.getByRole('textbox')).toBeVisible({ timeout: 25_000 });
	await page.getByRole('textbox').press('Control+End');
	await page.keyboard.type(' Through a firewall.');
	await expect(page.locator('[data-save="saved"]')).toBeVisible({ timeout: 30_000 });
	const other = await person('mentor@fuenlabrada.example');
	await other.page.goto(`/mentoring/plans/${seedId('plan', 'fuenlabrada-levadia')}`);
	await expect(other.page.getByRole('textbox')).toContainText('Through a firewall.');
});

test('a picture goes with the note, without the place it was taken at; what is no picture is refused in words', async ({
	person,
	site
}) => {
	const { page } = await person('friend@rotterdam.example', devices['Pixel 7']);
	await page.goto(munich);
	await page
		.getByRole('button', { name: /^Write a note/ })
		.first()
		.click();
	await page.goto(`${page.url()}?question=files`);
	const sharp = (await import('sharp')).default;
	const photo = await sharp({ create: { width: 3000, height: 2000, channels: 3, background: '#88aa66' } })
		.withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 8/1 0/1' } })
		.jpeg()
		.toBuffer();
	await page.locator('input[type=file]').setInputFiles({ name: 'corridor.jpg', mimeType: 'image/jpeg', buffer: photo });
	await expect(page.getByRole('link', { name: 'corridor.jpg' })).toBeVisible();
	const [stored] = await site.sql<{ data: Buffer }[]>`select data from basics.files order by created_at desc limit 1`;
	const seen = await sharp(stored!.data).metadata();
	expect(seen.width).toBe(2048);
	expect(seen.exif).toBeUndefined();
	await page
		.locator('input[type=file]')
		.setInputFiles({ name: 'no-picture.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('<svg onload=alert(1)>') });
	await expect(page.getByRole('alert')).toContainText('This kind of file is not accepted');
	await expect(page.getByRole('link', { name: 'corridor.jpg' })).toBeVisible();
});
