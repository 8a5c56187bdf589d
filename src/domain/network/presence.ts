/** Who is here, as others see them: stamped by the server, never believed from the wire. */
export interface Presence {
	name: string;
	city: string;
	/** Which of the twelve colours of the look is the city's. */
	colour: number;
}
