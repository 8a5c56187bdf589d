import type { Backend } from './backend.ts';
import { demoPeople } from './network/demo-people.sql.ts';

/** What the console says once the doors are open: where it is, and how to get in. */
export async function welcome(
	backend: Backend,
	{ origin, say }: { origin: string; say: (line: string) => void }
): Promise<void> {
	const { env, sql, log } = backend.parts;
	say(`\nCityPeers is ready: ${origin}\n`);
	if (!env.production && !env.smtpUrl) {
		const people = await demoPeople(sql);
		if (people.length > 0) {
			say('Sign in as one of the demo people; their mail arrives at ' + `${origin}/mailbox`);
			for (const { email, role, place } of people) say(`  ${email.padEnd(34)} ${role}${place ? `, ${place}` : ''}`);
			say('');
		}
	}
	if (env.production && !env.smtpUrl) log.warn('SMTP_URL is not set: mails, and so sign-in links, wait until it is');
	const secret = await backend.network.offerFirstAdmin();
	if (secret) say(`Nobody is admin yet. Open ${origin}/first-admin and type this one-time secret: ${secret}\n`);
}
