import { PgBoss } from 'pg-boss';
import type { Parts } from '../basics/parts.ts';
import { purgeMails } from '../basics/mails.sql.ts';
import { purgeSessions } from '../network/sessions.sql.ts';
import { purgeSignIns } from '../network/sign-in.sql.ts';
import { sessionLimits } from '#domain/network/session.ts';

/** How long what is personal and no longer needed is kept, in days. */
const keptDays = { mails: 30, signIns: 7 } as const;
const dayMs = 86_400_000;

/** What the clock starts: each job on one process at a time, also when several run. */
const jobs: { name: string; cron: string; run: (parts: Parts) => Promise<unknown> }[] = [
	// The bus wakes the mailer at once; this is for mails that failed, and for those of a process that died.
	{ name: 'send-mails', cron: '* * * * *', run: (parts) => parts.mailer.sendWaiting() },
	{ name: 'purge', cron: '17 3 * * *', run: purge }
];

/** Deletes what was kept long enough. */
export async function purge({ sql, now }: Pick<Parts, 'sql' | 'now'>): Promise<void> {
	const ago = (days: number) => new Date(now().getTime() - days * dayMs);
	await purgeMails(sql, ago(keptDays.mails));
	await purgeSignIns(sql, ago(keptDays.signIns));
	await purgeSessions(sql, new Date(now().getTime() - sessionLimits.idleMs), now());
}

/** Starts the clock's door. @returns its end: waits for what is running, up to two seconds */
export async function startClock(parts: Parts, databaseUrl: string): Promise<() => Promise<void>> {
	const boss = new PgBoss({
		connectionString: databaseUrl,
		schema: 'jobs',
		max: 3,
		application_name: 'citypeers jobs'
	});
	boss.on('error', (fault: unknown) => parts.log.fault('the job queue failed', fault));
	await boss.start();
	for (const job of jobs) {
		await boss.createQueue(job.name);
		await boss.work(job.name, async () => {
			await job.run(parts);
		});
		await boss.schedule(job.name, job.cron);
	}
	return () => boss.stop({ graceful: true, timeout: 2_000 });
}
