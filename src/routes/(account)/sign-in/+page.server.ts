import { fail, redirect } from '@sveltejs/kit';
import { safePath } from '#domain/basics/url.ts';
import { keepSignIn } from '../../session-cookie.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) => {
	const to = safePath(url.searchParams.get('to'));
	if (locals.actor) redirect(303, to);
	return { to };
};

export const actions: Actions = {
	default: async ({ request, locals, cookies, url }) => {
		const form = await request.formData();
		const email = form.get('email');
		const asked = await locals.backend.network.askSignIn({ email });
		if ('issues' in asked) return fail(422, { issues: asked.issues, email: typeof email === 'string' ? email : '' });
		keepSignIn(cookies, url, asked);
		redirect(303, `/sign-in/code?to=${encodeURIComponent(safePath(form.get('to')))}`);
	}
};
