import type { Db } from '../basics/database.ts';

/**
 * A pattern for `like` that finds the words anywhere in a folded name. What a person types is meant literally: `%`, `_`
 * and `\` are escaped, and after the folding, because it makes plain signs of full-width ones.
 */
export const containing = (db: Db, words: string) =>
	// PostgreSQL keeps no null bytes in texts, so no name has one.
	db`'%' || regexp_replace(basics.folded(${words.replaceAll('\0', '')}), '([\\\\%_])', '\\\\\\1', 'g') || '%'`;
