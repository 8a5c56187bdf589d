import AxeBuilder from '@axe-core/playwright';
import {
	type Browser,
	type BrowserContext,
	type BrowserContextOptions,
	test as base,
	expect,
	type Page
} from '@playwright/test';
import { openSite, type Site } from './site.ts';

export { expect };

/** Words of the browser about a network that a story cut on purpose; anything else on the console is a failure. */
const expectedNoise = [
	/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|ERR_NETWORK_CHANGED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/,
	/WebSocket connection to .* failed/,
	/status of 4(01|04|09|10|13|15|22)/
];

export interface Person {
	page: Page;
	context: BrowserContext;
}

/** A story: a site of its own, people with browsers of their own, and no unexpected word on any console. */
export const test = base.extend<
	{
		person: (email: string, options?: BrowserContextOptions) => Promise<Person>;
		shot: (page: Page, name: string) => Promise<void>;
	},
	{ site: Site }
>({
	site: [
		// eslint-disable-next-line no-empty-pattern -- Playwright reads the parameter list
		async ({}, use) => {
			const site = await openSite();
			await use(site);
			await site.close();
		},
		{ scope: 'worker' }
	],
	person: async ({ browser, site }, use) => {
		const contexts: BrowserContext[] = [];
		const noise: string[] = [];
		await use(async (email, options) => {
			const context = await openContext(browser, site, options, noise);
			contexts.push(context);
			const page = await context.newPage();
			await signIn(page, site, email);
			return { page, context };
		});
		for (const context of contexts) await context.close();
		expect(noise, 'nothing unexpected on a console').toEqual([]);
	},
	// eslint-disable-next-line no-empty-pattern -- Playwright reads the parameter list
	shot: async ({}, use, info) => {
		await use(async (page, name) => {
			const path = info.outputPath(`${name}.png`);
			await page.screenshot({ path, fullPage: true });
			await info.attach(name, { path, contentType: 'image/png' });
		});
	}
});

async function openContext(
	browser: Browser,
	site: Site,
	options: BrowserContextOptions | undefined,
	noise: string[]
): Promise<BrowserContext> {
	const context = await browser.newContext({
		baseURL: site.url,
		locale: 'en-GB',
		timezoneId: 'Europe/Rome',
		...options
	});
	const hear = (text: string) => void (expectedNoise.some((known) => known.test(text)) || noise.push(text));
	context.on('console', (message) => message.type() === 'error' && hear(message.text()));
	context.on('weberror', (fault) => hear(String(fault.error())));
	return context;
}

/** Signs in as a person does: asks for a code, looks into the mail, types it. */
export async function signIn(page: Page, site: Site, email: string): Promise<void> {
	await page.goto('/sign-in');
	await page.getByLabel('E-mail address').fill(email);
	await page.getByRole('button', { name: 'Send me a code' }).click();
	await expect(page.getByRole('heading', { name: 'Look into your mail' })).toBeVisible();
	await page.getByLabel('Code').fill(await codeMailedTo(site, email));
	await page.getByRole('button', { name: 'Sign in' }).click();
	await expect(page).toHaveURL(/\/progress$/);
}

export async function codeMailedTo(site: Site, email: string): Promise<string> {
	const [mail] = await site.sql<{ body: string }[]>`
		select body from basics.mails where to_address = ${email} order by created_at desc limit 1`;
	const code = /\b\d{4} \d{4}\b/.exec(mail?.body ?? '')?.[0];
	if (!code) throw new Error(`No code was mailed to ${email}.`);
	return code;
}

/** No breach of WCAG 2.2 A and AA that axe can see. */
export async function expectAccessible(page: Page): Promise<void> {
	const { violations } = await new AxeBuilder({ page })
		.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
		.analyze();
	expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual(
		[]
	);
}

/** Nothing sticks out to the side. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
	expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
}
