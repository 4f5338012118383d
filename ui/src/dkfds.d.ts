/** dkfds ships no types; this is the one component of its script we use. The build gives it this name. */
declare module 'dkfds/character-limit' {
  export default class CharacterLimit {
    constructor(container: Element);
    init(): void;
  }
}
