// Whether the text of an HTML page is well-formed: every element closed in its order, every attribute quoted, and
// neither "<" nor "&" left as they are.  A browser would forgive all that, and so hide what was not escaped.

const VOID = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'track', 'wbr']);

const TOKEN = new RegExp([
	'<!--[^]*?-->',
	'<!DOCTYPE html>',
	'(?<style><style[^<>]*>[^<]*</style>)',
	'</(?<end>[a-zA-Z][\\w-]*)>',
	'<(?<start>[a-zA-Z][\\w-]*)(?:\\s+[\\w:-]+(?:="(?<value>[^"<]*)")?)*\\s*(?<empty>/?)>',
	'(?<text>[^<]+)',
	'(?<stray><[^]{0,40})'].join('|'), 'gyi');
const AMPERSAND = /&(?!(?:[a-z][a-z0-9]*|#\d+|#x[0-9a-f]+);).{0,20}/i;
// no characters of HTML: controls, surrogates, noncharacters
const CHARACTER = /[\0-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]/u;

export function markup(html)
{
	const complaints = [];
	const open = [];
	const complain = (at, what) => complaints.push(`line ${html.slice(0, at).split('\n').length}: ${what}`);

	if (!/^<!DOCTYPE html>/i.test(html))
		complain(0, 'no <!DOCTYPE html>');
	for (const { 0: token, index, groups } of html.matchAll(TOKEN))
	{
		if (groups.stray)
			complain(index, `not a tag: ${token}`);
		else if (groups.end && open.at(-1) === groups.end)
			open.pop();
		else if (groups.end)
			complain(index, `</${groups.end}> closes <${open.at(-1) ?? ''}>`);
		else if (groups.start && !groups.empty && !VOID.has(groups.start))
			open.push(groups.start);
		if ((groups.start || groups.text) && AMPERSAND.test(token))
			complain(index, `not escaped: ${AMPERSAND.exec(token)[0]}`);
		const strange = CHARACTER.exec(token);
		if (strange)
			complain(index, `character U+${strange[0].codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}`);
	}
	if (open.length)
		complain(html.length, `left open: ${open.join(', ')}`);
	return complaints;
}
