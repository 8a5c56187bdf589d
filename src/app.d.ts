import type { RefusalCode } from '#domain/basics/refusal.ts';
import type { Actor } from '#domain/network/role.ts';
import type { Backend } from '#server/backend.ts';

declare global {
	namespace App {
		interface Locals {
			/** The running backend; its refusals arrive as HTTP errors. */
			backend: Backend;
			/** Who asks; missing for a stranger. Pages behind the sign-in may count on `signedIn()`. */
			actor: Actor | undefined;
			locale: string;
		}
		interface PageState {
			/** Which question of a form is shown, so that "back" goes to the one before. */
			question?: number;
		}
		interface Error {
			message: string;
			code?: RefusalCode;
			/** What the person can name to the operator when we are broken. */
			number?: string;
		}
	}
}
export {};
