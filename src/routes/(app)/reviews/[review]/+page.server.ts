import { redirect } from '@sveltejs/kit';
import { idIn, signedIn } from '../../../signed-in.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) =>
	locals.backend.reviews.review(signedIn(locals), { reviewId: idIn(params.review) });

export const actions: Actions = {
	start: async ({ request, locals, params }) => {
		const form = await request.formData();
		const session = form.get('session');
		const { noteId } = await locals.backend.reviews.startNote(signedIn(locals), {
			reviewId: idIn(params.review),
			sessionId: typeof session === 'string' && session !== '' ? session : null,
			formCode: String(form.get('form') ?? ''),
			language: locals.locale
		});
		redirect(303, `/reviews/notes/${noteId}`);
	}
};
