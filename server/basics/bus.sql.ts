import type { Db } from './database.ts';

export const notify = (db: Db, channel: string, payload: string) => db`select pg_notify(${channel}, ${payload})`;
