import { isId } from '#domain/basics/id.ts';
import { Refusal } from '#domain/basics/refusal.ts';
import { topicRequest } from '#domain/collaboration/wire.ts';
import { type Act, may, type Standing } from '#domain/network/policy.ts';
import type { Actor } from '#domain/network/role.ts';
import type { Backend } from '../backend.ts';
import type { Guarded, LiveServer, LiveSocket } from './sockets.ts';

/** Topics tell that something changed, never what: the page asks again, through its own door. */
const topicActs: Record<string, { act: Act; standing: (id: string) => Standing }> = {
	programme: { act: 'programme.read', standing: (id) => ({ programme: id }) }
};

function mayHear(actor: Actor, topic: string): boolean {
	const [kind = '', id] = topic.split(':');
	const rule = Object.hasOwn(topicActs, kind) ? topicActs[kind] : undefined;
	return rule !== undefined && isId(id) && may(actor, rule.act, rule.standing(id));
}

export function serveTopics(backend: Backend, io: LiveServer) {
	const rooms = (socket: LiveSocket) => [...socket.rooms].filter((name) => name.startsWith('topic:'));
	backend.parts.bus.hear('topics', ({ topics }) => {
		for (const topic of topics) io.to(`topic:${topic}`).emit('topic', { topic });
	});
	// What was missed while the notices were away cannot be known: every page asks again.
	backend.parts.bus.onGap(() => {
		for (const name of io.sockets.adapter.rooms.keys())
			if (name.startsWith('topic:')) io.to(name).emit('topic', { topic: name.slice(6) });
	});
	return {
		listen(socket: LiveSocket, guarded: Guarded) {
			socket.on(
				'topic:join',
				guarded(topicRequest.safeParse, async ({ topic }) => {
					if (!mayHear(socket.data.actor, topic) || rooms(socket).length >= 20) throw new Refusal('not-found');
					await socket.join(`topic:${topic}`);
					return {};
				})
			);
			socket.on(
				'topic:leave',
				guarded(topicRequest.safeParse, async ({ topic }) => void (await socket.leave(`topic:${topic}`)))
			);
		},
		async recheck(socket: LiveSocket): Promise<void> {
			for (const name of rooms(socket)) if (!mayHear(socket.data.actor, name.slice(6))) await socket.leave(name);
		}
	};
}
