import { isInterfaceLanguage, type InterfaceLanguage } from '#domain/basics/language.ts';

/** The language a person's mails are written in: theirs, where the interface speaks it. */
export function mailLanguage(language: string): InterfaceLanguage {
	return isInterfaceLanguage(language) ? language : 'en';
}
