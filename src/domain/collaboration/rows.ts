import { createDecoder, hasContent, readVarUint, readVarUint8Array } from 'lib0/decoding';
import { createEncoder, toUint8Array, writeVarUint, writeVarUint8Array } from 'lib0/encoding';
import type { LogRow } from './wire.ts';

/**
 * Many rows of a log as one stretch of bytes: `seq`, length, data, again and again. One binary attachment instead of
 * one a row, because Socket.IO refuses a packet with more than ten (CVE-2026-33151).
 */
export function packRows(rows: readonly LogRow[]): Uint8Array {
	const encoder = createEncoder();
	for (const row of rows) {
		writeVarUint(encoder, row.seq);
		writeVarUint8Array(encoder, row.data);
	}
	return toUint8Array(encoder);
}

/** @param packed bytes of `packRows`, as they come out of a socket in a browser or in Node */
export function unpackRows(packed: ArrayBuffer | Uint8Array): LogRow[] {
	const bytes =
		packed instanceof Uint8Array
			? new Uint8Array(packed.buffer, packed.byteOffset, packed.byteLength)
			: new Uint8Array(packed);
	const decoder = createDecoder(bytes);
	const rows: LogRow[] = [];
	while (hasContent(decoder)) rows.push({ seq: readVarUint(decoder), data: readVarUint8Array(decoder) });
	return rows;
}
