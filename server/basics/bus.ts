import { randomUUID } from 'node:crypto';
import { notify } from './bus.sql.ts';
import type { Db, Sql } from './database.ts';
import type { Log } from './log.ts';

/** What processes tell each other. Small on purpose: who hears it reads the truth from the database. */
export type Told =
	| { about: 'document'; document: string; upto: number }
	| { about: 'frozen'; document: string }
	| { about: 'topics'; topics: string[] }
	/** The rights of these people changed, or their sessions ended: ask again on open connections. */
	| { about: 'rights'; people: string[] }
	| { about: 'mail' };

type About = Told['about'];
type Hearer<A extends About> = (told: Extract<Told, { about: A }>, own: boolean) => void;

export interface Bus {
	/** Tells every process, this one too, once the transaction has committed; nothing when it is rolled back. */
	tell(db: Db, told: Told): Promise<unknown>;
	hear<A extends About>(about: A, hearer: Hearer<A>): void;
	/** Called when notices may have been missed, because the connection was away. */
	onGap(hearer: () => void): void;
	close(): Promise<void>;
}

const channel = 'citypeers';

/** Notices between the processes of one installation, over PostgreSQL's LISTEN and NOTIFY; nothing else is needed. */
export async function openBus(sql: Sql, log: Log): Promise<Bus> {
	const me = randomUUID();
	const hearers = new Map<About, Hearer<never>[]>();
	const gaps: (() => void)[] = [];
	let listening = false;
	const subscription = await sql.listen(
		channel,
		(payload) => {
			const { from, ...told } = JSON.parse(payload) as Told & { from: string };
			for (const hearer of hearers.get(told.about) ?? []) {
				try {
					hearer(told as never, from === me);
				} catch (fault) {
					log.fault('a listener failed', fault, { about: told.about });
				}
			}
		},
		() => {
			if (listening) for (const hearer of gaps) hearer();
			listening = true;
		}
	);
	return {
		tell: (db, told) => notify(db, channel, JSON.stringify({ ...told, from: me })),
		hear: (about, hearer) =>
			void hearers.set(about, [...(hearers.get(about) ?? []), hearer as unknown as Hearer<never>]),
		onGap: (hearer) => void gaps.push(hearer),
		close: () => subscription.unlisten()
	};
}
