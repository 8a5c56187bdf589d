import { createHash } from 'node:crypto';

/**
 * The id of a row of the demo network, always the same for the same parts, so that a test can name a row:
 * `seedId('organisation', 'munich')`. Shaped as a UUID of version 8 (RFC 9562: contents of our own).
 */
export function seedId(...parts: string[]): string {
	const hex = createHash('sha256').update(parts.join('/')).digest('hex');
	const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) & 3);
	return [
		hex.slice(0, 8),
		hex.slice(8, 12),
		`8${hex.slice(13, 16)}`,
		`${variant}${hex.slice(17, 20)}`,
		hex.slice(20, 32)
	].join('-');
}
