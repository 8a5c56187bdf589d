import type { Issue } from '#domain/basics/issue.ts';
import type { RefusalCode } from '#domain/basics/refusal.ts';
import { m } from '#messages/compiled/messages.js';

/** The sentence beside a field, and in the summary above: the same words in both places. */
export function issueText(issue: Issue): string {
	const limit = issue.limit ?? 0;
	switch (issue.code) {
		case 'missing':
			return m.basics_issue_missing();
		case 'too-long':
			return m.basics_issue_too_long({ limit });
		case 'too-short':
			return m.basics_issue_too_short({ limit });
		case 'too-many':
			return m.basics_issue_too_many({ limit });
		case 'too-few':
			return m.basics_issue_too_few({ limit });
		case 'not-a-number':
			return m.basics_issue_not_a_number();
		case 'not-a-date':
			return m.basics_issue_not_a_date();
		case 'not-an-option':
			return m.basics_issue_not_an_option();
		case 'not-an-email':
			return m.basics_issue_not_an_email();
		case 'wrong-kind':
			return m.basics_issue_wrong_kind();
		case 'wrong-code':
			return m.basics_issue_wrong_code();
		case 'too-early':
			return m.basics_issue_too_early();
		case 'unknown-person':
			return m.basics_issue_unknown_person();
		case 'file-unknown':
			return m.basics_issue_file_unknown();
	}
}

const refusalTexts: Record<RefusalCode, () => string> = {
	'bad-request': m.basics_refusal_bad_request,
	'sign-in-needed': m.basics_refusal_sign_in_needed,
	forbidden: m.basics_refusal_forbidden,
	'not-found': m.basics_refusal_not_found,
	conflict: m.basics_refusal_conflict,
	closed: m.basics_refusal_closed,
	gone: m.basics_refusal_gone,
	'too-large': m.basics_refusal_too_large,
	'unsupported-type': m.basics_refusal_unsupported_type,
	invalid: m.basics_refusal_invalid,
	'too-many': m.basics_refusal_too_many,
	'not-ready': m.basics_refusal_not_ready
};

/** What a refusal says to a person. */
export function refusalText(code: RefusalCode): string {
	return refusalTexts[code]();
}
