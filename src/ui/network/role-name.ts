import type { Role } from '#domain/network/role.ts';
import { m } from '#messages/compiled/messages.js';

const names: Record<Role, () => string> = {
	admin: m.network_role_admin,
	'observatory-editor': m.network_role_observatory_editor,
	'project-lead': m.network_role_project_lead,
	facilitator: m.network_role_facilitator,
	'review-lead': m.network_role_review_lead,
	'visiting-expert': m.network_role_visiting_expert,
	'host-lead': m.network_role_host_lead,
	mentor: m.network_role_mentor,
	mentee: m.network_role_mentee,
	association: m.network_role_association,
	guest: m.network_role_guest
};

export function roleName(role: Role): string {
	return names[role]();
}
