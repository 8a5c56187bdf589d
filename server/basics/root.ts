import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * The project's folder, where package.json and db/ stand. Found by looking up from this file, because the same module
 * runs from server/basics and, bundled, from build/server/chunks.
 */
export const projectRoot = (function find(folder: string): string {
	if (existsSync(path.join(folder, 'package.json')) && existsSync(path.join(folder, 'db/migrations'))) return folder;
	const parent = path.dirname(folder);
	if (parent === folder) throw new Error('The folder db/migrations was not found beside package.json.');
	return find(parent);
})(import.meta.dirname);
