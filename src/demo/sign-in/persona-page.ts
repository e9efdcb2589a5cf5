import { createHash } from 'node:crypto';

import type { Persona } from './personas.js';

const STYLE = `
body{font:1.1875rem/1.35 system-ui,sans-serif;color:#0b0c0c;background:#fff;margin:0}
main{max-width:45rem;margin:0 auto;padding:1rem}
.banner{background:#4c2c92;color:#fff;margin:0;padding:.75rem 1rem;font-weight:700}
h1{font-size:1.75rem;line-height:1.2}
ul{list-style:none;margin:0;padding:0}
li{border-top:1px solid #b1b4b6;padding:.75rem 0}
h2{font-size:1.1875rem;margin:0}
li p{margin:.25rem 0 .5rem}
button{font:inherit;background:#1d5c63;color:#fff;border:2px solid transparent;padding:.4rem .9rem;cursor:pointer}
button:focus-visible{outline:3px solid #ffdd00;background:#0b0c0c}
`;

/** What a content security policy calls the pages' one style. */
export const STYLE_SOURCE = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

/** A page of the provider: text that nobody can mistake for a real sign-in. */
function page(title: string, content: string): string {
  return `<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} – Demonstration</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<header><p class="banner">Demonstration sign-in: everybody here is invented, and no password is asked for</p></header>
<main>
<h1>${escaped(title)}</h1>
${content}
</main>
</body>
</html>
`;
}

/** The choice of a person. @param nameOf the name that somebody has today. */
export function personaPage(
  personas: readonly Persona[],
  nameOf: (persona: Persona) => string,
  action: string,
): string {
  const items = personas.map((persona) => {
    const name = escaped(nameOf(persona));
    return `<li>
<h2>${escaped(persona.title)}: ${name}</h2>
<p>${escaped(persona.about)}</p>
<button type="submit" name="persona" value="${escaped(persona.key)}">Sign in as ${name}</button>
</li>`;
  });
  const content = `<p>Choose as whom to sign in to Untether. Each is a person of the demonstration’s tenant.</p>
<form method="post" action="${escaped(action)}">
<ul>
${items.join('\n')}
</ul>
</form>`;
  return page('Sign in as', content);
}

/** The content of a page that says what went wrong. */
export function messagePage(title: string, message: string): string {
  return page(title, `<p>${escaped(message)}</p>`);
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
