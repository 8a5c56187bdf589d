/** The cookie a session lives in: `__Host-` binds it to this host over TLS; plain http (localhost) cannot have that. */
export function sessionCookieName(origin: string): string {
	return origin.startsWith('https:') ? '__Host-session' : 'session';
}

/**
 * The session's token out of a Cookie header; a malformed one is none. The one bound to this host counts first: a
 * neighbouring site can set a plain `session` for us, and browsers may send it before ours.
 */
export function sessionCookie(header: string | undefined): string | undefined {
	let plain: string | undefined;
	for (const part of (header ?? '').split(';')) {
		const [name, ...value] = part.trim().split('=');
		if (name === '__Host-session') return value.join('=');
		if (name === 'session') plain ??= value.join('=');
	}
	return plain;
}
