import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { safePath } from '#domain/basics/url.ts';

describe('B6 a person is only ever sent on to a path of this site', () => {
	test.each([
		'/',
		'/progress',
		'/reviews/notes/0192f0c1-2222-4333-8444-555566667777',
		'/network/people?words=a%20b&page=2',
		'/network/people?to=https://example.org//x',
		'/reviews/x#question',
		'/network/cities?country=DE#top',
		'/a//b',
		'/@host',
		'/:80',
		'/?',
		'/%2f%2fexample.org',
		'/%5cexample.org'
	])('%s is one', (path) => {
		expect(safePath(path)).toBe(path === '/?' ? '/' : path);
	});
	test('letters that an address has to spell out are spelled out', () => {
		expect(safePath('/network/people?words=Köln Süd')).toBe('/network/people?words=K%C3%B6ln%20S%C3%BCd');
	});
	test('steps up and in place are taken', () => {
		expect(safePath('/network/../progress/./search')).toBe('/progress/search');
		expect(safePath('/../../progress')).toBe('/progress');
	});

	test.each([
		// Another host, in the spellings browsers follow.
		'//evil.example',
		'///evil.example',
		'////evil.example/x',
		'/\\evil.example',
		'\\\\evil.example',
		'\\/evil.example',
		'/a\\b',
		'//evil.example/%2e%2e',
		'//user@evil.example',
		'//[::1]/',
		// Browsers drop tabs and line ends, also between two slashes.
		'/\t/evil.example',
		'/\n/evil.example',
		'/\r\n/evil.example',
		'\t//evil.example',
		'/\u0000/evil.example',
		'/\u007f',
		'/x\r\nset-cookie: session=1',
		// A scheme, or what can become one.
		'https://evil.example',
		'http:evil.example',
		'HTTPS://evil.example',
		'https:/evil.example',
		'javascript:alert(1)',
		'data:text/html,x',
		'blob:x',
		// No path of this site at all.
		'',
		' ',
		' /progress',
		'progress',
		'./progress',
		'../progress',
		'?to=/x',
		'#x',
		'.',
		'@evil.example',
		'.evil.example'
	])('%j is none', (path) => {
		expect(safePath(path)).toBe('/');
	});
	test('what is no text is none, and neither is what is longer than any path of ours', () => {
		for (const odd of [undefined, null, 7, ['/progress'], { toString: () => '/progress' }])
			expect(safePath(odd)).toBe('/');
		expect(safePath(`/${'a'.repeat(499)}`)).toBe(`/${'a'.repeat(499)}`);
		expect(safePath(`/${'a'.repeat(500)}`)).toBe('/');
	});

	test('whatever is asked for, a browser that follows the answer stays on this site', () => {
		const pieces = fc.constantFrom(
			'/',
			'\\',
			'.',
			'..',
			'%2e',
			'%2E%2e',
			'evil.example',
			'?',
			'#',
			':',
			'@',
			'\t',
			' ',
			'https:',
			'a',
			'%2f',
			'%5c'
		);
		fc.assert(
			fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
				const sentTo = safePath(parts.join(''));
				expect(new URL(sentTo, 'https://here.example/sign-in').origin).toBe('https://here.example');
				expect(safePath(sentTo)).toBe(sentTo);
			}),
			{ numRuns: 20_000, seed: 20261122 }
		);
	});
});
