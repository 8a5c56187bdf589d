import { readEnv } from '../env.ts';
import { openBackend, openDatabase } from '../opening.ts';

/** `npm run migrate`: brings the database up to date and loads the default forms; safe to run again. */
const env = readEnv();
const database = await openDatabase(env, console.log);
const { close } = await openBackend(env, database.url);
console.log('The database is up to date.');
await close();
await database.stop();
