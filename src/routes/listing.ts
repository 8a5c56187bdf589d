/** Words and page of a long list, out of the address; a strange page number is the first page. */
export function listingOf(url: URL): { words: string; page: number } {
	const page = Number(url.searchParams.get('page') ?? 1);
	return {
		words: (url.searchParams.get('words') ?? '').slice(0, 100),
		page: Number.isInteger(page) && page >= 1 && page <= 10_000 ? page : 1
	};
}
