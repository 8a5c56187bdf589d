import type { Cookies } from '@sveltejs/kit';

/** Over TLS the cookie is bound to this host (`__Host-`); on plain http, that is localhost, it cannot be. */
function nameFor(url: URL): string {
	return url.protocol === 'https:' ? '__Host-session' : 'session';
}

export function sessionOf(cookies: Cookies, url: URL): string | undefined {
	return cookies.get(nameFor(url));
}

export function keepSession(cookies: Cookies, url: URL, session: { token: string; expiresAt: Date }): void {
	cookies.set(nameFor(url), session.token, {
		path: '/',
		httpOnly: true,
		secure: url.protocol === 'https:',
		sameSite: 'lax',
		expires: session.expiresAt
	});
}

export function forgetSession(cookies: Cookies, url: URL): void {
	cookies.delete(nameFor(url), { path: '/', secure: url.protocol === 'https:' });
}

const signInCookie = 'sign-in';

/** Binds a sign-in to the browser that asked for it. */
export function keepSignIn(cookies: Cookies, url: URL, asked: { browserToken: string; expiresAt: Date }): void {
	cookies.set(signInCookie, asked.browserToken, {
		path: '/',
		httpOnly: true,
		secure: url.protocol === 'https:',
		sameSite: 'lax',
		expires: asked.expiresAt
	});
}

export function signInOf(cookies: Cookies): string | undefined {
	return cookies.get(signInCookie);
}

export function forgetSignIn(cookies: Cookies, url: URL): void {
	cookies.delete(signInCookie, { path: '/', secure: url.protocol === 'https:' });
}
