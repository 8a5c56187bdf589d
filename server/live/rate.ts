/** Allows `perSecond` on average, ten seconds' worth in a burst; tells whether one more is allowed now. */
export function rateLimit(perSecond: number, now: () => number = Date.now): () => boolean {
	const burst = perSecond * 10;
	let left = burst;
	let at = now();
	return () => {
		const moment = now();
		left = Math.min(burst, left + ((moment - at) / 1000) * perSecond);
		at = moment;
		if (left < 1) return false;
		left--;
		return true;
	};
}
