import { error, redirect } from '@sveltejs/kit';
import { isInterfaceLanguage } from '#domain/basics/language.ts';
import { safePath } from '#domain/basics/url.ts';
import type { RequestHandler } from './$types';

/** The choice at the foot of each page. */
export const POST: RequestHandler = async ({ request, cookies, locals, url }) => {
	const form = await request.formData();
	const language = form.get('language');
	if (!isInterfaceLanguage(language)) error(422, { message: 'invalid', code: 'invalid' });
	// Read by the interface in the browser too, so it is no secret cookie.
	cookies.set('language', language, {
		path: '/',
		httpOnly: false,
		secure: url.protocol === 'https:',
		sameSite: 'lax',
		maxAge: 31_536_000
	});
	if (locals.actor) await locals.backend.network.chooseLanguage(locals.actor, { language });
	redirect(303, safePath(form.get('to')));
};
