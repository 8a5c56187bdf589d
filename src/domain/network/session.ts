/** How long a sign-in lasts. Server time decides; a browser's clock has no say. */
export const sessionLimits = {
	/** Without any request the session ends after this long … */
	idleMs: 30 * 86_400_000,
	/** … and after this long it ends in any case. */
	absoluteMs: 180 * 86_400_000,
	/** How often "last seen" is written down. */
	touchMs: 3_600_000
} as const;

export function isSessionOver(session: { seenAt: Date; expiresAt: Date }, now: Date): boolean {
	return now >= session.expiresAt || now.getTime() - session.seenAt.getTime() >= sessionLimits.idleMs;
}

/** A name a person recognises for the device in a list of sessions, from what the browser says of itself. */
export function deviceName(userAgent: string | null): string {
	const agent = userAgent ?? '';
	const browser = /Edg\//.test(agent)
		? 'Edge'
		: /Firefox\//.test(agent)
			? 'Firefox'
			: /Chrome\//.test(agent)
				? 'Chrome'
				: /Safari\//.test(agent)
					? 'Safari'
					: '';
	const system = /Android/.test(agent)
		? 'Android'
		: /iPhone|iPad/.test(agent)
			? 'iOS'
			: /Windows/.test(agent)
				? 'Windows'
				: /Mac OS/.test(agent)
					? 'macOS'
					: /Linux/.test(agent)
						? 'Linux'
						: '';
	return [browser, system].filter(Boolean).join(', ') || '?';
}
