import type { PageServerLoad } from './$types';

/** Outside production only, and only without a mail server: otherwise it is not there. */
export const load: PageServerLoad = async ({ locals }) => {
	const mails = await locals.backend.basics.mailbox();
	return {
		mails: mails.map(({ id, toAddress, language, subject, body, createdAt }) => ({
			id,
			to: toAddress,
			language,
			subject,
			createdAt,
			// Links become links; the rest stays text.
			parts: body.split(/(https?:\/\/\S+)/)
		}))
	};
};
