const LETTERS_AND_DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';

/** Longest text of which all misspellings are tried; they grow with its length. */
const LONGEST = 40;
/** Shorter texts are one edit away from too much. */
const SHORTEST = 4;

/**
 * Every key one typing error away from this one: a character too many, too few, wrong, or swapped with its neighbour. Some
 * seventy a character. Looking them all up in an index costs the same in an estate of any size, which a measure of
 * likeness over all that is stored does not.
 * @param characters what may stand in a stored key, by default letters and digits
 */
export function oneEditAway(key: string, characters: string = LETTERS_AND_DIGITS): readonly string[] {
  const given = [...key];
  if (given.length < SHORTEST || given.length > LONGEST) return [];
  const variants = new Set<string>();
  const others = [...new Set([...characters, ...given])];
  for (let place = 0; place <= given.length; place++) {
    const before = given.slice(0, place).join('');
    const after = given.slice(place).join('');
    const rest = given.slice(place + 1).join('');
    for (const character of others) {
      variants.add(before + character + after);
      if (place < given.length) variants.add(before + character + rest);
    }
    if (place < given.length) variants.add(before + rest);
    if (place + 1 < given.length) {
      variants.add(before + given[place + 1] + given[place] + given.slice(place + 2).join(''));
    }
  }
  variants.delete(key);
  return [...variants];
}
