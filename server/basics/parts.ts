import type { Env } from '../env.ts';
import type { Bus } from './bus.ts';
import type { Chance } from './chance.ts';
import type { Sql } from './database.ts';
import type { Events } from './events.ts';
import type { Log } from './log.ts';
import type { Mailer } from './mail.ts';

/** The outside, handed in: what every use case may need, and a test may replace (the clock, chance). */
export interface Parts {
	env: Env;
	sql: Sql;
	log: Log;
	now: () => Date;
	chance: Chance;
	events: Events;
	bus: Bus;
	mailer: Mailer;
}
