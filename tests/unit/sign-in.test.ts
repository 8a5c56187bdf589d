import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emailSchema, parseCode, parseEmail, signInLimits } from '#domain/network/sign-in.ts';

const emailOf = (raw: unknown) => {
	const parsed = parseEmail(raw);
	return parsed.ok ? parsed.value : parsed.issues.map((issue) => issue.code).join();
};
const codeOf = (raw: unknown) => {
	const parsed = parseCode(raw);
	return parsed.ok ? parsed.value : parsed.issues.map((issue) => issue.code).join();
};

describe('an e-mail address', () => {
	test('is text: a file, a list or a number is of a wrong kind', () => {
		for (const odd of [7, ['a@b.example'], { email: 'a@b.example' }, new Blob(['a@b.example'])])
			expect(emailOf(odd)).toBe('wrong-kind');
	});

	test.each([
		['lead@cemr.example', 'lead@cemr.example'],
		['  Lead@CEMR.Example \n', 'lead@cemr.example'],
		["o'hara+city.peers@social.city.example", "o'hara+city.peers@social.city.example"],
		// Full-width letters and signs, as some keyboards write them, are the same address.
		['ｌｅａｄ@cemr.example', 'lead@cemr.example'],
		['lead＠cemr.example', 'lead@cemr.example'],
		['lead﹫cemr.example', 'lead@cemr.example'],
		['lead@cemr．example', 'lead@cemr.example']
	])('%j is kept as %s', (typed, kept) => {
		expect(emailOf(typed)).toBe(kept);
	});
	test.each([
		'lead',
		'lead@',
		'@cemr.example',
		'lead@cemr',
		'lead@@cemr.example',
		// The sign that looks like an "@" must not hide a second one.
		'lead＠evil.example@cemr.example',
		'lead@cemr.example＠evil.example',
		'lead @cemr.example',
		'lead@cemr.example, other@cemr.example',
		'lead@cemr.example\nbcc: other@cemr.example',
		'lead@cemr.example\u0000',
		'<lead@cemr.example>',
		'"lead"@cemr.example',
		'.lead@cemr.example',
		'le..ad@cemr.example',
		// Letters of another alphabet that look like these stay different letters, and are refused.
		'leаd@cemr.example',
		'lead@cemг.example'
	])('%j is none', (typed) => {
		expect(emailOf(typed)).toBe('not-an-email');
	});
	test('that is not given is missing', () => {
		for (const nothing of [undefined, null, '']) expect(emailOf(nothing)).toBe('missing');
	});
	test('is text: a file, a list or a number is none', () => {
		for (const odd of [7, ['a@b.example'], { email: 'a@b.example' }, new Blob(['a@b.example'])])
			expect(parseEmail(odd).ok).toBe(false);
	});
	test('has at most 254 letters, and the person is told so', () => {
		expect(emailOf(`${'a'.repeat(254 - '@b.example'.length)}@b.example`)).toMatch(/^a+@b\.example$/);
		expect(parseEmail(`${'a'.repeat(255 - '@b.example'.length)}@b.example`)).toEqual({
			ok: false,
			issues: [{ field: 'email', code: 'too-long', limit: 254 }]
		});
	});
	test('once kept is kept the same again, has one "@" and no capital', () => {
		const address = fc.oneof(
			fc.emailAddress(),
			fc.string({ unit: 'binary' }),
			fc
				.tuple(fc.emailAddress(), fc.constantFrom('＠', '﹫', '@', '．', 'Ａ', '\u200b', 'ß', 'İ'), fc.nat(30))
				.map(([email, sign, place]) => email.slice(0, place) + sign + email.slice(place))
		);
		fc.assert(
			fc.property(address, (typed) => {
				const parsed = emailSchema.safeParse(typed);
				if (!parsed.success) return;
				expect(emailOf(parsed.data)).toBe(parsed.data);
				expect(parsed.data.split('@')).toHaveLength(2);
				expect(parsed.data).toBe(parsed.data.toLowerCase());
				expect(parsed.data).toMatch(/^[\x21-\x7e]+$/);
			}),
			{ numRuns: 800, seed: 20261122 }
		);
	});
});

describe('a code', () => {
	test.each(['12345678', '1234 5678', ' 1234-5678 ', '1234\u00a05678', '1 2 3 4 5 6 7 8', '12345678\n'])(
		'%j is read with its spaces and dashes left out',
		(typed) => {
			expect(codeOf(typed)).toBe('12345678');
		}
	);
	test.each([
		'1234567',
		'123456789',
		'abcdefgh',
		'1234567a',
		'12345678.0',
		'+12345678',
		'１２３４５６７８',
		'٠١٢٣٤٥٦٧'
	])('%j is a wrong one', (typed) => {
		expect(codeOf(typed)).toBe('wrong-code');
	});
	test('that is not typed is missing', () => {
		for (const nothing of ['', '   ', ' - ', undefined, null, 12345678, ['12345678']])
			expect(codeOf(nothing)).toBe('missing');
	});
	test('with noughts in front keeps them', () => {
		expect(codeOf('0000 0007')).toBe('00000007');
	});
});

test('N5 N6 a sign-in lives ten minutes and dies of five wrong codes', () => {
	expect(signInLimits).toMatchObject({ lifeMs: 600_000, tries: 5 });
});
