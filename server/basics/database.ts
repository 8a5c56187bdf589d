import postgres from 'postgres';

export type Sql = postgres.Sql;
/** Inside a transaction; use cases hand it on to every statement that belongs together. */
export type Tx = postgres.TransactionSql;
/** For statements that do not care. */
export type Db = Sql | Tx;

/**
 * One pool for the whole process.
 * @param name shows in pg_stat_activity; a test counts pools by it
 */
export function connect(url: string, name: string, max = 12): Sql {
	return postgres(url, {
		max,
		connection: { application_name: name },
		onnotice: () => undefined,
		// A city's network may keep connections half open: give up after ten seconds instead of hanging.
		connect_timeout: 10,
		// int8 as number: every count and sequence of ours stays far below 2^53.
		types: {
			bigint: { to: 20, from: [20], parse: Number, serialize: String },
			day: { to: 1082, from: [1082], parse: String, serialize: String }
		}
	}) as unknown as Sql;
}

/** Whether a fault says that a unique value was there already (23505), on this constraint. */
export function isTaken(fault: unknown, constraint?: string): boolean {
	return (
		fault instanceof postgres.PostgresError &&
		fault.code === '23505' &&
		(constraint === undefined || fault.constraint_name === constraint)
	);
}
