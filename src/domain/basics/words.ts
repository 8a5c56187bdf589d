/**
 * Words as the database can keep them: without NUL, and with a replacement sign for half a surrogate pair. Both come
 * only out of broken or hostile programs; a note that holds one could otherwise never be sent.
 */
export function storable(words: string): string {
	return words.replaceAll('\u0000', '').toWellFormed();
}
