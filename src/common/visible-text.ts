/** Anything that leaves a mark on a page: neither blank nor ignorable (Unicode Standard, Default_Ignorable_Code_Point). */
const VISIBLE = /[^\s\p{Cc}\p{Cf}\p{Z}\p{Default_Ignorable_Code_Point}]/u;

/**
 * What was typed, without the blanks around it; empty when nothing of it can be seen, such as zero-width spaces alone.
 * What is seen keeps its joiners and marks, which some scripts need.
 */
export function visibleText(typed: string): string {
  return VISIBLE.test(typed) ? typed.trim() : '';
}
