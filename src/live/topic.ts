import { ask, liveSocket } from './socket.ts';

/**
 * Calls back when something about a topic changed, until the returned function is called. After a lost connection it
 * calls back once: what was missed cannot be known.
 */
export function hearTopic(topic: string, changed: () => void): () => void {
	const socket = liveSocket();
	let joinedBefore = false;
	const join = () => {
		ask('topic:join', { topic }).then(
			() => {
				if (joinedBefore) changed();
				joinedBefore = true;
			},
			// No answer: the next "connect" joins again.
			() => undefined
		);
	};
	const told = (news: { topic: string }) => {
		if (news.topic === topic) changed();
	};
	socket.on('connect', join);
	socket.on('topic', told);
	if (socket.connected) join();
	return () => {
		socket.off('connect', join);
		socket.off('topic', told);
		if (socket.connected) socket.emit('topic:leave', { topic });
	};
}
