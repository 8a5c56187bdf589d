import { signedIn } from '../../../signed-in.ts';
import type { RequestHandler } from './$types';

/** All that is stored about the person who asks, as a file of their own. */
export const POST: RequestHandler = async ({ locals }) => {
	const data = await locals.backend.network.exportMyData(signedIn(locals));
	return new Response(JSON.stringify(data, null, '\t'), {
		headers: {
			'content-type': 'application/json',
			'content-disposition': 'attachment; filename="my-data.json"',
			'cache-control': 'private, no-store'
		}
	});
};
