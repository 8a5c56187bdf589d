import { seedId } from '#db/seed/id.ts';
import { openSite } from '../support/site.ts';
import { codeMailedTo, expect, expectAccessible, expectNoSidewaysScroll, signIn, test } from '../support/story.ts';

const capaci = seedId('pair', 'mechelen-capaci');

test('somebody signs in with the keyboard alone: by the code, and by the link in the same browser', async ({
	browser,
	site
}) => {
	const context = await browser.newContext({
		baseURL: site.url,
		locale: 'en-GB',
		viewport: { width: 320, height: 640 }
	});
	const page = await context.newPage();
	await page.goto('/');
	await expectAccessible(page);
	await expectNoSidewaysScroll(page);
	await page.keyboard.press('Tab');
	await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
	await page.goto('/sign-in');
	await expectAccessible(page);
	// An empty form: the problem is said, takes the focus, and leads to the field.
	await page.getByLabel('E-mail address').focus();
	await page.keyboard.press('Enter');
	await expect(page.getByRole('alert')).toBeFocused();
	await expectAccessible(page);
	await page.keyboard.press('Tab');
	await page.keyboard.press('Enter');
	await expect(page.getByLabel('E-mail address')).toBeFocused();
	await page.keyboard.type('Association@VVSG.example');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { name: 'Look into your mail' })).toBeVisible();
	await expectAccessible(page);
	await expectNoSidewaysScroll(page);
	const [mail] = await site.sql<
		{ body: string }[]
	>`select body from basics.mails where to_address = 'association@vvsg.example'`;
	const link = /http\S+/.exec(mail!.body)![0];
	// A mail scanner looks, as often as it likes.
	for (let looks = 0; looks < 3; looks++) expect((await page.request.get(link)).status()).toBe(200);
	await page.goto(link);
	await expectAccessible(page);
	await page.getByRole('button', { name: 'Sign in' }).focus();
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { name: 'My work' })).toBeVisible();
	expect((await page.request.get(link)).status()).toBe(410);
	await context.close();
});

test('a wrong code is said beside the field; an unknown address gets the same page', async ({ browser, site }) => {
	const context = await browser.newContext({ baseURL: site.url, locale: 'en-GB' });
	const page = await context.newPage();
	await page.goto('/sign-in');
	await page.getByLabel('E-mail address').fill('nobody@nowhere.example');
	await page.getByRole('button', { name: 'Send me a code' }).click();
	await expect(page.getByRole('heading', { name: 'Look into your mail' })).toBeVisible();
	await page.getByLabel('Code').fill('1234 5678');
	await page.getByRole('button', { name: 'Sign in' }).click();
	await expect(page.getByRole('alert')).toContainText('This code is wrong or too old');
	await context.close();
});

test('an admin invites a guest, who sees the pair and nothing else; the language follows the person', async ({
	browser,
	person,
	site
}) => {
	const { page } = await person('admin@eurocities.example');
	await page.goto(`/network/invitations/pair/${capaci}`);
	await expectAccessible(page);
	await page.getByLabel('Name').fill('Nadia Guest');
	await page.getByLabel('E-mail address').fill('not an address');
	await page.getByLabel('Role').selectOption('guest');
	await page.getByLabel('Language of the mail').selectOption('it');
	await page.getByRole('button', { name: 'Invite somebody' }).click();
	await expect(page.getByRole('alert')).toContainText('Type an e-mail address');
	await expect(page.getByLabel('Name')).toHaveValue('Nadia Guest');
	await page.getByLabel('E-mail address').fill('nadia@ngo.example');
	await page.getByRole('button', { name: 'Invite somebody' }).click();
	await expect(page.getByText('The invitation to nadia@ngo.example is on its way.')).toBeVisible();

	const [mail] = await site.sql<
		{ body: string; language: string }[]
	>`select body, language from basics.mails where to_address = 'nadia@ngo.example'`;
	expect(mail!.language).toBe('it');
	const guest = await browser.newContext({ baseURL: site.url, locale: 'it-IT' });
	const theirs = await guest.newPage();
	await theirs.goto(/http\S+/.exec(mail!.body)![0]);
	await expect(theirs.locator('html')).toHaveAttribute('lang', 'it');
	await expectAccessible(theirs);
	await theirs.locator('main form button').click();
	await expect(theirs).toHaveURL(new RegExp(`/mentoring/pairs/${capaci}$`));
	await expect(theirs.getByRole('heading', { name: 'Mechelen – Capaci' })).toBeVisible();
	await expectAccessible(theirs);
	expect((await theirs.request.get('/network/people')).status()).toBe(403);
	expect((await theirs.request.get(`/mentoring/pairs/${seedId('pair', 'schaerbeek-jelgava')}`)).status()).toBe(404);
	expect((await theirs.request.get(`/mentoring/pairs/${seedId('pair', 'not there')}`)).status()).toBe(404);
	await theirs.goto('/mentoring/pairs/none');
	await expectAccessible(theirs);
	await guest.close();
});

test('a leaver hands everything over in one step, and is out of it on the open page at once', async ({ person }) => {
	const leaver = await person('mentor@brussels.example');
	const plan = `/mentoring/plans/${seedId('plan', 'brussels-saint-jean-de-la-ruelle')}`;
	await leaver.page.goto(plan);
	await expect(leaver.page.getByRole('textbox')).toBeVisible();
	const second = await leaver.context.newPage();
	await second.goto('/account');
	await expectAccessible(second);
	await second.getByRole('link', { name: 'Hand over to a colleague' }).click();
	await expectAccessible(second);
	await second.getByLabel('To whom').selectOption({ index: 1 });
	await second.getByRole('button', { name: /^Hand over \d/ }).click();
	await expect(second.getByText('Reviews, pairs and programmes you take part in will be here.')).toBeVisible();
	// The page that is still open can no longer write, within two seconds (N13).
	await expect(leaver.page.getByRole('textbox')).toHaveAttribute('contenteditable', 'false', { timeout: 4_000 });
	expect((await second.request.get(plan)).status()).toBe(404);
});

test('a device is signed out from another one, and its open page says so', async ({ person, browser, site }) => {
	const { page } = await person('mentee@jelgava.example');
	await page.goto(`/mentoring/plans/${seedId('plan', 'schaerbeek-jelgava')}`);
	await expect(page.getByRole('textbox')).toBeVisible();
	const other = await browser.newContext({ baseURL: site.url, locale: 'en-GB' });
	const theirs = await other.newPage();
	await signIn(theirs, site, 'mentee@jelgava.example');
	await theirs.goto('/account');
	await theirs.getByRole('button', { name: /^Sign out there/ }).click();
	await expect(theirs.getByText('The device is signed out.')).toBeVisible();
	await expect(page.locator('[data-save="not-saved"]')).toContainText('You are signed out');
	// What is typed meanwhile is kept, and sent after signing in again in the same place.
	await page.getByRole('textbox').press('Control+End');
	await page.keyboard.type(' Typed while signed out.');
	await page.getByRole('link', { name: 'Sign in again' }).click();
	await page.getByLabel('E-mail address').fill('mentee@jelgava.example');
	await page.getByRole('button', { name: 'Send me a code' }).click();
	// The new mail is there once the page asks for its code.
	await expect(page.getByRole('heading', { name: 'Look into your mail' })).toBeVisible();
	await page.getByLabel('Code').fill(await codeMailedTo(site, 'mentee@jelgava.example'));
	await page.getByRole('button', { name: 'Sign in' }).click();
	await expect(page.getByRole('textbox')).toContainText('Typed while signed out.');
	await expect(page.locator('[data-save="saved"]')).toBeVisible();
	await theirs.goto(`/mentoring/plans/${seedId('plan', 'schaerbeek-jelgava')}`);
	await expect(theirs.getByRole('textbox')).toContainText('Typed while signed out.');
	await other.close();
});

test('on a new installation whoever reads the console becomes the first admin, once', async ({ browser }) => {
	const fresh = await openSite({ template: 'bare' });
	const context = await browser.newContext({ baseURL: fresh.url, locale: 'en-GB' });
	const page = await context.newPage();
	await expect.poll(() => fresh.output()).toContain('one-time secret:');
	const secret = /one-time secret: (\S+)/.exec(fresh.output())![1]!;
	await page.goto('/first-admin');
	await expectAccessible(page);
	await page.getByLabel('One-time secret').fill('guessed');
	await page.getByLabel('Name').fill('Ada First');
	await page.getByLabel('E-mail address').fill('ada@city.example');
	await page.getByRole('button', { name: 'Become the first admin' }).click();
	await expect(page.getByRole('alert')).toContainText('This code is wrong');
	await page.getByLabel('One-time secret').fill(secret);
	await page.getByRole('button', { name: 'Become the first admin' }).click();
	await expect(page.getByRole('heading', { name: 'My work' })).toBeVisible();
	await page.goto('/network/audit');
	await expect(page.getByRole('cell', { name: 'first-admin', exact: true })).toBeVisible();
	expect((await page.request.get('/first-admin')).status()).toBe(410);
	await context.close();
	await fresh.close();
});
