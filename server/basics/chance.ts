import { createHash, randomBytes, randomInt, randomUUID, timingSafeEqual } from 'node:crypto';

/** Chance, handed in so that tests can seed it. */
export interface Chance {
	id(): string;
	/** 120 bits as 20 letters of base64url. */
	secret(): string;
	/** Eight digits. */
	code(): string;
}

export const realChance: Chance = {
	id: randomUUID,
	secret: () => randomBytes(15).toString('base64url'),
	code: () => String(randomInt(100_000_000)).padStart(8, '0')
};

/** SHA-256; secrets of 120 bits need no slow hash, codes of eight digits live ten minutes and five tries. */
export function hashed(secret: string | Uint8Array): Buffer {
	return createHash('sha256').update(secret).digest();
}

export function isSame(a: Uint8Array, b: Uint8Array): boolean {
	return a.length === b.length && timingSafeEqual(a, b);
}
