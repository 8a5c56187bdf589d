import type { Parts } from './basics/parts.ts';
import * as mailbox from './basics/mailbox.ts';
import type { Collaboration } from './collaboration/documents.ts';
import * as documents from './collaboration/documents.ts';
import { makeDocumentKinds } from './collaboration/kinds.ts';
import { makeDocumentLog } from './collaboration/log.ts';
import { startProjector, type Projector } from './collaboration/projector.ts';
import { makeStateVectors } from './collaboration/state-vectors.ts';
import * as audit from './network/audit.ts';
import * as firstAdmin from './network/first-admin.ts';
import * as handover from './network/handover.ts';
import * as invitations from './network/invitations.ts';
import * as people from './network/people.ts';
import { makePlaces, type Places } from './network/places.ts';
import { makePersonalSources, type PersonalSources } from './network/personal-data.ts';
import * as sessions from './network/sessions.ts';
import * as signIn from './network/sign-in.ts';
import * as pairs from './mentoring/pairs.ts';
import * as plans from './mentoring/plans.ts';
import { planChangesOf } from './mentoring/plans.sql.ts';
import { listenForActivity } from './progress/activity.ts';
import { activityOfPerson } from './progress/activity.sql.ts';
import * as programmes from './progress/programmes.ts';
import * as search from './progress/search.ts';
import * as noteFiles from './reviews/note-files.ts';
import * as notes from './reviews/notes.ts';
import { moveDrafts, notesOf } from './reviews/notes.sql.ts';
import * as reviews from './reviews/reviews.ts';
import { groupPartsOf, moveGroupParts } from './visits/groups.sql.ts';

interface Whole extends Parts {
	places: Places;
	personal: PersonalSources;
	collaboration: Collaboration;
}

type UseCase = (parts: never, ...rest: never[]) => unknown;
/** A use case whose parts are filled in. */
type Bound<F> = F extends (parts: never, ...rest: infer Rest) => infer Result ? (...rest: Rest) => Result : never;
type BoundAll<T> = { [Name in keyof T]: Bound<T[Name]> };

function bound<T extends Record<string, UseCase>>(parts: Whole, useCases: T): BoundAll<T> {
	return Object.fromEntries(
		Object.entries(useCases).map(([name, useCase]) => [name, (...rest: never[]) => useCase(parts as never, ...rest)])
	) as BoundAll<T>;
}

/**
 * Puts the parts together: document kinds and places are registered, listeners are bound, and every use case gets its
 * parts. What doors see is `backend.<word>.<useCase>(actor, input)`.
 */
export function makeBackend(parts: Parts) {
	const kinds = makeDocumentKinds();
	kinds.register(notes.noteDocumentKind);
	kinds.register(plans.planDocumentKind(parts));

	const places = makePlaces();
	places.register('review', reviews.reviewPlace);
	places.register('pair', pairs.pairPlace);

	const personal = makePersonalSources();
	personal.register('group_parts', groupPartsOf);
	personal.register('notes', notesOf);
	personal.register('plan_changes', planChangesOf);
	personal.register('activity', activityOfPerson);

	const storedListeners: Parameters<typeof makeDocumentLog>[1][] = [];
	const log = makeDocumentLog(parts, (stored) => {
		for (const listener of storedListeners) listener(stored);
	});
	const whole: Whole = {
		...parts,
		places,
		personal,
		collaboration: { kinds, log, stateVectors: makeStateVectors(parts.sql), clientOwners: new Map() }
	};
	const projector: Projector = startProjector(parts, kinds);
	storedListeners.push((stored) => stored.forEach(({ documentId }) => projector.touched(documentId)));

	listenForActivity(parts);
	parts.events.on('network.handed-over', async (tx, { from, to, day, programmes: within }) => {
		await moveGroupParts(tx, from, to, day, within);
		await moveDrafts(tx, from, to, within);
	});

	return {
		parts: whole,
		projector,
		onStored: (listener: (typeof storedListeners)[number]) => void storedListeners.push(listener),
		basics: bound(whole, { mailbox: mailbox.mailbox }),
		network: bound(whole, {
			whoIs: sessions.whoIs,
			askAgain: sessions.askAgain,
			listSessions: sessions.listSessions,
			endOwnSession: sessions.endOwnSession,
			signOut: sessions.signOut,
			askSignIn: signIn.askSignIn,
			signInWithCode: signIn.signInWithCode,
			lookAtLink: signIn.lookAtLink,
			signInWithLink: signIn.signInWithLink,
			invitationForm: invitations.invitationForm,
			invite: invitations.invite,
			lookAtInvitation: invitations.lookAtInvitation,
			accept: invitations.accept,
			handoverForm: handover.handoverForm,
			handOver: handover.handOver,
			directory: people.directory,
			cities: people.cities,
			organisation: people.organisation,
			chooseLanguage: people.chooseLanguage,
			exportMyData: people.exportMyData,
			readAudit: audit.readAudit,
			noteRefusal: audit.noteRefusal,
			isFirstAdminOpen: firstAdmin.isFirstAdminOpen,
			becomeFirstAdmin: firstAdmin.becomeFirstAdmin,
			offerFirstAdmin: firstAdmin.offerFirstAdmin
		}),
		collaboration: bound(whole, {
			openDocument: documents.openDocument,
			missingRows: documents.missingRows,
			rightsOn: documents.rightsOn,
			isClientOfAnother: documents.isClientOfAnother,
			storeUpdate: documents.storeUpdate
		}),
		reviews: bound(whole, {
			review: reviews.review,
			note: notes.note,
			startNote: notes.startNote,
			sendNote: notes.sendNote,
			addNoteFile: noteFiles.addNoteFile,
			removeNoteFile: noteFiles.removeNoteFile,
			noteFile: noteFiles.noteFile
		}),
		mentoring: bound(whole, { pair: pairs.pair, plan: plans.plan }),
		progress: bound(whole, {
			programme: programmes.programme,
			exportProgramme: programmes.exportProgramme,
			myWork: programmes.myWork,
			search: search.search
		}),
		/** Ends in the reverse order of the beginning: first what still writes, then what it writes to. */
		async close(): Promise<void> {
			await log.drain();
			await projector.close();
		}
	};
}

export type Backend = ReturnType<typeof makeBackend>;
