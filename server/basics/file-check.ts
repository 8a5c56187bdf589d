import { fileTypeFromBuffer } from 'file-type';
import sharp from 'sharp';
import { Refusal } from '#domain/basics/refusal.ts';
import { hashed } from './chance.ts';

/** What may be uploaded, by what the bytes say; the name and the browser's word do not count. */
const pictures = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/heic', 'image/avif']);
const papers = new Set(['application/pdf']);

export const fileLimits = { bytes: 10 * 1024 * 1024, pixels: 50_000_000, longestSide: 2048 } as const;

export interface CheckedFile {
	name: string;
	mediaType: string;
	data: Uint8Array;
	sha256: Buffer;
}

/**
 * Checks an upload by its bytes. A picture is made anew: turned upright, at most 2048 pixels wide or high, and without
 * the place it was taken at or any other hidden words.
 * @throws Refusal too-large, unsupported-type
 */
export async function acceptedFile(name: string, data: Uint8Array): Promise<CheckedFile> {
	if (data.byteLength === 0) throw new Refusal('invalid');
	if (data.byteLength > fileLimits.bytes) throw new Refusal('too-large');
	const type = (await fileTypeFromBuffer(data))?.mime ?? '';
	if (papers.has(type)) return { name: safeName(name, '.pdf'), mediaType: type, data, sha256: hashedBytes(data) };
	if (!pictures.has(type)) throw new Refusal('unsupported-type');
	try {
		const made = await sharp(data, { limitInputPixels: fileLimits.pixels, failOn: 'error' })
			.rotate()
			.resize(fileLimits.longestSide, fileLimits.longestSide, { fit: 'inside', withoutEnlargement: true })
			// JPEG knows nothing see-through, and black words on black are lost.
			.flatten({ background: 'white' })
			.jpeg({ quality: 82 })
			.toBuffer();
		return { name: safeName(name, '.jpg'), mediaType: 'image/jpeg', data: made, sha256: hashedBytes(made) };
	} catch {
		// It says it is a picture and cannot be read as one.
		throw new Refusal('unsupported-type');
	}
}

/** A file name that no system reads as a path, a command or a second line of a header. */
function safeName(name: string, ending: string): string {
	const stem = name
		.normalize('NFC')
		.replace(/\.[^.]*$/, '')
		.replace(/[^\p{L}\p{N} _-]+/gu, '-')
		.trim()
		.slice(0, 80);
	return (stem || 'file') + ending;
}

function hashedBytes(data: Uint8Array): Buffer {
	return hashed(data);
}
