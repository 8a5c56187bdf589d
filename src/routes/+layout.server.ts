import { isOnlyGuest } from '#domain/network/role.ts';
import { may } from '#domain/network/policy.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = ({ locals }) => {
	const { actor, backend } = locals;
	return {
		locale: locals.locale,
		timeZone: actor?.timeZone ?? 'Europe/Brussels',
		me: actor
			? { id: actor.personId, name: actor.name, guest: isOnlyGuest(actor), seesAudit: may(actor, 'audit.read', {}) }
			: null,
		hasMailbox: !backend.parts.env.production && !backend.parts.env.smtpUrl
	};
};
