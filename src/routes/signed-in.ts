import { error } from '@sveltejs/kit';
import type { Actor } from '#domain/network/role.ts';

/** Who asks, on a page behind the sign-in; hooks have refused strangers before, this says so to the types. */
export function signedIn(locals: App.Locals): Actor {
	if (!locals.actor) error(401, { message: 'sign-in-needed', code: 'sign-in-needed' });
	return locals.actor;
}

/** An id out of a path. @throws 404 for what has no id's shape: not there */
export function idIn(param: string | undefined): string {
	if (!param || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(param))
		error(404, { message: 'not-found', code: 'not-found' });
	return param;
}
