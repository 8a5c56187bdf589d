/**
 * A path on this site that it is safe to send a person back to, or `/`. Refuses other hosts in every spelling that
 * browsers follow: `//host`, backslashes, control characters, schemes, user info (ASVS 3.7.2).
 */
export function safePath(wanted: unknown): string {
	// eslint-disable-next-line no-control-regex -- control characters are just what must not get through
	if (typeof wanted !== 'string' || !/^\/(?![/\\])[^\\\u0000-\u001f\u007f]*$/.test(wanted) || wanted.length > 500)
		return '/';
	const url = new URL(wanted, 'https://here.invalid');
	// Dots can fold a path into one that begins with two slashes, which is another host.
	if (url.origin !== 'https://here.invalid' || url.pathname.startsWith('//')) return '/';
	return url.pathname + url.search + url.hash;
}
