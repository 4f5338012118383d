// <div data-f="pattern" data-field="id" data-pattern="[A-Z]{2}"><p role="status"></p></div>: what is written in a field is judged
// by its pattern while one writes, in the words of the server (J-403).
//
// The server's judgement is the one that counts. A pattern this file does not read exactly as the server does is none of its
// business: then nothing is said. Patterns are run by following all ways at once, so that no pattern makes a page stand still.

/** How long one pauses before what was written is judged. */
const PAUSE = 300;
/** Values told of at a time. */
const TOLD = 3;
/** The longest value, in characters. */
const LONGEST = 1000;
/** Steps of the largest pattern that is run. */
const STEPS = 2000;

export function mount(root: HTMLElement): void {
  const field = document.getElementById(root.dataset.field ?? '');
  const said = root.querySelector<HTMLElement>('[role="status"]');
  const pattern = root.dataset.pattern ?? '';
  const matches = compile(pattern);
  if (!matches || !said || !(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
  let timer = 0;
  field.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => { said.textContent = judge(pattern, matches, field.value).join(' '); }, PAUSE);
  });
}

/** What is wrong with the values of a field: one on each line. */
export function judge(pattern: string, matches: (value: string) => boolean, text: string): string[] {
  const wrong: string[] = [];
  for (const value of text.split('\n').map((line) => line.trim()).filter(Boolean)) {
    // What one program takes for blank and another does not.
    if (/[\u0085\ufeff]/.test(value)) continue;
    const long = Array.from(value).length > LONGEST;
    if (!long && matches(value)) continue;
    wrong.push(`Ugyldig dataafgrænsningsværdi: "${value}" passer ikke til ${long ? `en tekst på højst ${LONGEST} tegn` : pattern}.`);
  }
  return wrong.length > TOLD ? [...wrong.slice(0, TOLD), `Og ${wrong.length - TOLD} til.`] : wrong;
}

type Test = (character: string) => boolean;
/** A step of a compiled pattern: a character is taken, ways part, or a place is demanded. */
type Step = { take: Test } | { ways: number[] } | { at: 'start' | 'end' } | { done: true };
type Node =
  | { kind: 'take'; test: Test } | { kind: 'at'; place: 'start' | 'end' } | { kind: 'all'; parts: Node[] }
  | { kind: 'any'; choices: Node[] } | { kind: 'repeat'; part: Node; least: number; most: number };

/** Whether a whole value matches a pattern; nothing for a pattern that is not read exactly as the server reads it. */
export function compile(pattern: string): ((value: string) => boolean) | null {
  try {
    const steps: Step[] = [];
    emit(new Reader(pattern).whole(), steps);
    steps.push({ done: true });
    return (value) => run(steps, Array.from(value));
  } catch (reason) {
    if (reason instanceof Unread) return null;
    throw reason;
  }
}

/** What is left to the server. */
class Unread extends Error {}

const CLASSES: Record<string, Test> = {
  d: (c) => c >= '0' && c <= '9',
  w: (c) => /^[0-9A-Za-z_]$/.test(c),
  s: (c) => /^[\t\n\v\f\r ]$/.test(c),
};
/** Characters that mean themselves after a backslash. */
const ESCAPED = '\\.+*?()|[]{}^$#&-~/';
/** Characters that mean something else, or nothing certain, when they stand alone. */
const SPECIAL = '\\.+*?()|[]{}^$';

class Reader {
  private readonly text: string[];
  private next = 0;
  constructor(pattern: string) { this.text = Array.from(pattern); }

  whole(): Node {
    const node = this.choices();
    if (this.next < this.text.length) throw new Unread();
    return node;
  }

  private peek(ahead = 0): string { return this.text[this.next + ahead] ?? ''; }
  private eat(wanted: string): boolean {
    if (this.peek() !== wanted) return false;
    this.next++;
    return true;
  }
  private read(): string {
    const character = this.peek();
    if (!character) throw new Unread();
    this.next++;
    return character;
  }

  private choices(): Node {
    const choices = [this.sequence()];
    while (this.eat('|')) choices.push(this.sequence());
    return choices.length === 1 && choices[0] ? choices[0] : { kind: 'any', choices };
  }

  private sequence(): Node {
    const parts: Node[] = [];
    while (this.peek() && this.peek() !== '|' && this.peek() !== ')') parts.push(this.repeated());
    return { kind: 'all', parts };
  }

  private repeated(): Node {
    const part = this.atom();
    const often = this.often();
    if (!often) return part;
    // Lazy or not, the same whole values match. What is repeated twice is left alone.
    this.eat('?');
    if (part.kind === 'at' || '*+?{'.includes(this.peek() || '.')) throw new Unread();
    return { kind: 'repeat', part, least: often[0], most: often[1] };
  }

  private often(): [number, number] | null {
    if (this.eat('*')) return [0, Infinity];
    if (this.eat('+')) return [1, Infinity];
    if (this.eat('?')) return [0, 1];
    if (!this.eat('{')) return null;
    const least = this.number();
    const most = this.eat(',') ? (this.peek() === '}' ? Infinity : this.number()) : least;
    if (!this.eat('}') || most < least) throw new Unread();
    return [least, most];
  }

  private number(): number {
    let digits = '';
    while (/^[0-9]$/.test(this.peek())) digits += this.read();
    if (!digits || digits.length > 4) throw new Unread();
    return Number(digits);
  }

  private atom(): Node {
    const character = this.read();
    if (character === '^') return { kind: 'at', place: 'start' };
    if (character === '$') return { kind: 'at', place: 'end' };
    if (character === '.') return { kind: 'take', test: (c) => c !== '\n' };
    if (character === '(') return this.group();
    if (character === '[') return { kind: 'take', test: this.bracket() };
    if (character === '\\') return { kind: 'take', test: this.escape() };
    if (SPECIAL.includes(character)) throw new Unread();
    return { kind: 'take', test: (c) => c === character };
  }

  private group(): Node {
    if (this.eat('?') && !this.eat(':')) throw new Unread();
    const node = this.choices();
    if (!this.eat(')')) throw new Unread();
    return node;
  }

  /** A class, or a character that means itself. */
  private escape(): Test {
    const character = this.read();
    const named = CLASSES[character.toLowerCase()];
    if (named && /^[a-z]$/i.test(character)) return character === character.toLowerCase() ? named : (c) => !named(c);
    const itself = this.itself(character);
    return (c) => c === itself;
  }

  private itself(character: string): string {
    if (character === 't') return '\t';
    if (!ESCAPED.includes(character)) throw new Unread();
    return character;
  }

  private bracket(): Test {
    const not = this.eat('^');
    const tests: Test[] = [];
    for (let first = true; first || this.peek() !== ']'; first = false) {
      const character = this.read();
      if (character === '\\' && /^[dws]$/i.test(this.peek())) {
        tests.push(this.escape());
        if (this.peek() === '-' && this.peek(1) !== ']') throw new Unread();
        continue;
      }
      const from = this.member(character, first);
      if (this.peek() !== '-' || this.peek(1) === ']') {
        tests.push((c) => c === from);
        continue;
      }
      this.next++;
      const to = this.member(this.read(), false);
      const [low, high] = [code(from), code(to)];
      if (low > high) throw new Unread();
      tests.push((c) => low <= code(c) && code(c) <= high);
    }
    this.next++;
    return (c) => tests.some((test) => test(c)) !== not;
  }

  /** A character in brackets. Doubled signs, and brackets in brackets, have meanings of their own. */
  private member(character: string, first: boolean): string {
    if (character === '\\') return this.itself(this.read());
    const last = this.peek() === ']';
    if ('[]'.includes(character) || (character === '-' && !first && !last)) throw new Unread();
    if ('&~-^'.includes(character) && this.peek() === character) throw new Unread();
    return character;
  }
}

const code = (character: string): number => character.codePointAt(0) ?? 0;

/** Writes the steps of a node at the end. */
function emit(node: Node, steps: Step[]): void {
  if (steps.length > STEPS) throw new Unread();
  if (node.kind === 'take') steps.push({ take: node.test });
  else if (node.kind === 'at') steps.push({ at: node.place });
  else if (node.kind === 'all') for (const part of node.parts) emit(part, steps);
  else if (node.kind === 'any') choose(node.choices, steps);
  else repeat(node.part, node.least, node.most, steps);
}

function choose(choices: Node[], steps: Step[]): void {
  const fork: number[] = [];
  const ends: number[][] = [];
  steps.push({ ways: fork });
  for (const choice of choices) {
    fork.push(steps.length);
    emit(choice, steps);
    const end: number[] = [];
    ends.push(end);
    steps.push({ ways: end });
  }
  for (const end of ends) end.push(steps.length);
}

function repeat(part: Node, least: number, most: number, steps: Step[]): void {
  for (let nr = 0; nr < least; nr++) emit(part, steps);
  if (most === Infinity) {
    const fork: number[] = [steps.length + 1];
    const again = steps.length;
    steps.push({ ways: fork });
    emit(part, steps);
    steps.push({ ways: [again] });
    fork.push(steps.length);
    return;
  }
  const skips: number[][] = [];
  for (let nr = least; nr < most; nr++) {
    const fork: number[] = [steps.length + 1];
    skips.push(fork);
    steps.push({ ways: fork });
    emit(part, steps);
  }
  for (const fork of skips) fork.push(steps.length);
}

/** Follows all ways at once: as many steps for each character as the pattern has. */
function run(steps: Step[], text: string[]): boolean {
  let here = new Set<number>();
  const go = (start: number, place: number, into: Set<number>) => {
    const rest = [start];
    while (rest.length) {
      const nr = rest.pop() ?? 0;
      if (into.has(nr)) continue;
      into.add(nr);
      const step = steps[nr];
      if (!step) continue;
      if ('ways' in step) rest.push(...step.ways);
      else if ('at' in step && place === (step.at === 'start' ? 0 : text.length)) rest.push(nr + 1);
    }
  };
  go(0, 0, here);
  for (const [place, character] of text.entries()) {
    const next = new Set<number>();
    for (const nr of here) {
      const step = steps[nr];
      if (step && 'take' in step && step.take(character)) go(nr + 1, place + 1, next);
    }
    here = next;
  }
  return here.has(steps.length - 1);
}
