import { error, fail, redirect } from '@sveltejs/kit';
import { keepSession } from '../../session-cookie.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	if (!(await locals.backend.network.isFirstAdminOpen())) error(410, { message: 'gone', code: 'gone' });
};

export const actions: Actions = {
	default: async ({ request, cookies, locals, url }) => {
		const form = await request.formData();
		const done = await locals.backend.network.becomeFirstAdmin({
			secret: form.get('secret'),
			email: form.get('email'),
			name: form.get('name'),
			userAgent: request.headers.get('user-agent'),
			timeZone: 'Europe/Brussels'
		});
		if ('issues' in done)
			return fail(422, {
				issues: done.issues,
				email: String(form.get('email') ?? ''),
				name: String(form.get('name') ?? '')
			});
		keepSession(cookies, url, done);
		redirect(303, '/progress');
	}
};
