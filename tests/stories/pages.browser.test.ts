import { devices } from '@playwright/test';
import { seedId } from '#db/seed/id.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, test } from '../support/story.ts';

const pages = [
	'/progress',
	'/progress/search?words=munich',
	`/progress/programmes/${seedId('programme', 'inclucities')}`,
	`/progress/programmes/${seedId('programme', 'working-groups')}`,
	'/network/cities',
	'/network/organisations/munich',
	'/network/people?words=a',
	'/network/audit',
	'/account',
	'/mailbox',
	`/reviews/${seedId('review', 'munich')}`,
	`/mentoring/pairs/${seedId('pair', 'mechelen-capaci')}`,
	`/mentoring/plans/${seedId('plan', 'mechelen-capaci')}`,
	'/nothing/here'
];

for (const [name, options] of [
	['320 px wide', { viewport: { width: 320, height: 640 } }],
	['on a phone in the dark', { ...devices['Pixel 7'], colorScheme: 'dark' as const }],
	['on a desktop', {}]
] as const) {
	test(`every page is accessible and does not scroll sideways, ${name}`, async ({ person, shot }) => {
		test.slow();
		const { page } = await person('admin@eurocities.example', options);
		for (const path of pages) {
			await page.goto(path);
			await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
			await test.step(path, async () => {
				await expectAccessible(page);
				await expectNoSidewaysScroll(page);
			});
			await shot(page, `${name}${path.replaceAll(/[^a-z]+/g, '-').slice(0, 30)}`);
		}
	});
}

test('every language shows its own words, and no key or English is left over in the menu', async ({ person }) => {
	const { page } = await person('admin@eurocities.example');
	const seen = new Set<string>();
	for (const language of ['fr', 'de', 'it', 'es', 'el', 'en']) {
		await page.locator('#language').selectOption(language);
		await page.locator('footer button').click();
		await expect(page.locator('html')).toHaveAttribute('lang', language);
		seen.add(await page.getByRole('navigation').first().innerText());
	}
	expect(seen.size).toBe(6);
});

test('nothing is asked of any other host, and the form on a phone comes in under 200 kB', async ({ person }) => {
	const { page, context } = await person('expert@bologna.example', devices['Pixel 7']);
	await page.goto(`/reviews/${seedId('review', 'munich')}`);
	await page
		.getByRole('button', { name: /^Write a note/ })
		.first()
		.click();
	await expect(page.getByRole('heading', { name: 'Interview or site note' })).toBeVisible();
	const address = page.url();
	const fresh = await context.newPage();
	const session = await context.newCDPSession(fresh);
	await session.send('Network.enable');
	await session.send('Network.setCacheDisabled', { cacheDisabled: true });
	let bytes = 0;
	const hosts = new Set<string>();
	session.on('Network.loadingFinished', (told) => void (bytes += told.encodedDataLength));
	session.on('Network.requestWillBeSent', (told) => {
		const url = new URL(told.request.url);
		if (url.protocol.startsWith('http')) hosts.add(url.host);
	});
	await fresh.goto(address);
	await expect(fresh.getByText('Question 1 of')).toBeVisible();
	await fresh.waitForLoadState('networkidle');
	console.log(`phone form, first load: ${Math.round(bytes / 1024)} kB`);
	expect([...hosts]).toEqual([new URL(address).host]);
	expect(bytes).toBeGreaterThan(20_000);
	expect(bytes).toBeLessThanOrEqual(200 * 1024);
});
