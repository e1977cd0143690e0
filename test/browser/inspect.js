// Runs within the page: looks at the document as it is laid out now.  A function of "inspect" returns complaints, a
// text each, unless it says otherwise.

{
	const root = document.documentElement;
	const style = element => getComputedStyle(element);
	const box = element => element.getBoundingClientRect();
	const all = (selector, within = document) => [...within.querySelectorAll(selector)];
	const words = element => (element?.textContent ?? '').replace(/\s+/g, ' ').trim();
	const round = number => Math.round(number * 10) / 10;

	// How a complaint calls an element.
	const tell = element => {
		const name = element.localName + (element.id && `#${element.id}`)
			+ [...element.classList].map(c => `.${c}`).join('');
		const section = element.closest('[id]');
		const where = section && section !== element ? ` in #${section.id}` : '';
		return `<${name}>${where} "${words(element).slice(0, 40)}"`;
	};

	// In the accessibility tree alone, as a class like "visually-hidden" does it: a pixel in size.
	const unseen = element => {
		for (let e = element; e && e !== root; e = e.parentElement)
			if (style(e).position === 'absolute' && (box(e).width <= 1 || box(e).height <= 1))
				return true;
		return false;
	};
	const seen = element => element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
		&& !unseen(element);
	const drawn = element => element.ownerSVGElement != null;
	const inline = element => ['inline', 'contents'].includes(style(element).display);
	const scrolls = element => element !== root && element !== document.body
		&& [style(element).overflowX, style(element).overflowY].some(o => o === 'auto' || o === 'scroll');
	const clips = element => element !== root && element !== document.body
		&& [style(element).overflowX, style(element).overflowY].some(o => o === 'hidden' || o === 'clip');
	const ancestor = (element, test) => {
		for (let e = element.parentElement; e; e = e.parentElement)
			if (test(e))
				return e;
		return null;
	};
	const boxes = () => all('body *').filter(e => !drawn(e) && box(e).width > 0 && seen(e));

	// [text node, element that it stands in], without those in drawings.
	const texts = () => {
		const found = [];
		const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		while (walker.nextNode())
		{
			const element = walker.currentNode.parentElement;
			if (walker.currentNode.data.trim() && !drawn(element) && seen(element))
				found.push([walker.currentNode, element]);
		}
		return found;
	};
	const lines = node => {
		const range = document.createRange();
		range.selectNodeContents(node);
		return [...range.getClientRects()].filter(r => r.width > 0);
	};
	const labels = svg => all('text', svg).filter(t => words(t) && seen(t));

	const named = element => {
		const ids = element.getAttribute('aria-labelledby')?.split(/\s+/) ?? [];
		return element.getAttribute('aria-label')?.trim() || ids.map(id => words(document.getElementById(id))).join('');
	};

	// The quadrilateral of a label on the screen, without the room above and below its letters.
	const quadrilateral = label => {
		const { x, y, width, height } = label.getBBox();
		const matrix = label.getScreenCTM();
		return [[x, y + 0.15 * height], [x + width, y + 0.15 * height], [x + width, y + 0.85 * height],
			[x, y + 0.85 * height]].map(p => new DOMPoint(...p).matrixTransform(matrix));
	};
	const area = polygon => Math.abs(polygon.reduce((sum, p, i) => {
		const q = polygon[(i + 1) % polygon.length];
		return sum + p.x * q.y - q.x * p.y;
	}, 0)) / 2;

	// What two convex polygons share (Sutherland and Hodgman, 1974).
	const intersection = (subject, clip) => clip.reduce((polygon, a, i) => {
		const b = clip[(i + 1) % clip.length];
		const side = p => (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
		return polygon.flatMap((p, j) => {
			const q = polygon[(j + 1) % polygon.length];
			const [sp, sq] = [side(p), side(q)];
			const t = sp / (sp - sq);
			const crossing = sp * sq < 0 ? [{ x: p.x + t * (q.x - p.x), y: p.y + t * (q.y - p.y) }] : [];
			return sp >= 0 ? [p, ...crossing] : crossing;
		});
	}, subject);

	const length = text => {
		const ruler = document.body.appendChild(document.createElement('div'));
		ruler.style.cssText = `position: absolute; width: ${text || 0}`;
		const { width } = box(ruler);
		ruler.remove();
		return width;
	};

	const FOCUSABLE = 'a[href], area[href], button, input, select, textarea, summary, [tabindex]';
	const REFERENCES = ['aria-labelledby', 'aria-describedby', 'aria-controls', 'aria-owns', 'headers', 'for'];

	globalThis.inspect = {
		document()
		{
			const complaints = [];
			if (document.compatMode !== 'CSS1Compat')
				complaints.push('laid out in quirks mode');
			if (document.characterSet !== 'UTF-8' || !document.querySelector('meta[charset]'))
				complaints.push('does not say that it is UTF-8');
			if (!/^[a-z]{2,3}(-|$)/i.test(root.lang))
				complaints.push(`<html lang="${root.lang}">`);
			if (!document.title.trim())
				complaints.push('no <title>');
			if (!/width=device-width/.test(document.querySelector('meta[name=viewport]')?.content))
				complaints.push('no <meta name="viewport" content="width=device-width, ...">');
			return complaints;
		},

		active()
		{
			const complaints = all('script, iframe, frame, object, embed, link, base, form, foreignObject, animate, set,'
				+ ' meta[http-equiv=refresh]').map(tell);
			for (const element of all('*'))
				for (const { name, value } of element.attributes)
					if (/^on/i.test(name) || /^\s*javascript:/i.test(value))
						complaints.push(`${name}="${value.slice(0, 60)}" of ${tell(element)}`);
			return complaints;
		},

		outside()
		{
			const complaints = [];
			const css = [...all('style').map(e => ['<style>', e.textContent])];
			for (const element of all('*'))
			{
				for (const { name, localName, value } of element.attributes)
				{
					if (['href', 'src', 'srcset', 'action', 'formaction', 'data', 'poster', 'background', 'ping', 'cite']
						.includes(localName) && !/^(#|data:)/.test(value.trim()))
						complaints.push(`${name}="${value.slice(0, 80)}" of ${tell(element)}`);
					if (/\(/.test(value))
						css.push([tell(element), value]);
				}
			}
			for (const [where, text] of css)
				for (const [part] of text.matchAll(/@import\b|@font-face\b|\b(url|image-set|src)\(\s*['"]?(?!['"]?(#|data:)).{0,60}/gi))
					if (where === '<style>' || /^url/i.test(part))
						complaints.push(`${part} in ${where}`);
			return complaints;
		},

		references()
		{
			const complaints = [];
			const ids = new Set();
			for (const { id } of all('[id]'))
			{
				if (ids.has(id))
					complaints.push(`several elements have the id "${id}"`);
				ids.add(id);
			}
			for (const element of all('*'))
			{
				const targets = REFERENCES.flatMap(name => element.getAttribute(name)?.split(/\s+/) ?? []);
				for (const { localName, value } of element.attributes)
				{
					if (localName === 'href' && value.startsWith('#'))
						targets.push(decodeURIComponent(value.slice(1)));
					for (const [, id] of value.matchAll(/\burl\(['"]?#([^'")]+)/g))
						targets.push(id);
				}
				for (const id of targets)
					if (!ids.has(id))
						complaints.push(`${tell(element)} refers to "${id}", which does not exist`);
			}
			return complaints;
		},

		landmarks()
		{
			const complaints = ['body > header', 'main', 'nav'].filter(s => !document.querySelector(s)).map(s => `no ${s}`);
			if (all('main').length > 1)
				complaints.push('more than one <main>');
			complaints.push(...all('nav, section').filter(e => !named(e)).map(e => `no accessible name: ${tell(e)}`));
			return complaints;
		},

		headings()
		{
			const headings = all('h1, h2, h3, h4, h5, h6').filter(e => e.checkVisibility());
			const complaints = headings.filter(e => !words(e)).map(e => `empty: ${tell(e)}`);
			if (all('h1').length !== 1)
				complaints.push(`${all('h1').length} <h1>`);
			headings.forEach((e, i) => {
				const before = i ? headings[i - 1].localName : 'h0';
				if (e.localName[1] > +before[1] + 1)
					complaints.push(`${tell(e)} follows <${before}>`);
			});
			return complaints;
		},

		// A drawing has a name and a description, or is nothing but decoration.
		drawings()
		{
			const complaints = [];
			for (const svg of all('svg').filter(e => !drawn(e) && !e.closest('[aria-hidden=true]')))
			{
				const [title, description] = ['title', 'desc'].map(n => words(svg.querySelector(`:scope > ${n}`)));
				if (svg.getAttribute('role') !== 'img')
					complaints.push(`neither role="img" nor aria-hidden="true": ${tell(svg)}`);
				else if (!title || !description)
					complaints.push(`no <${title ? 'desc' : 'title'}>: ${tell(svg)}`);
			}
			complaints.push(...all('img:not([alt])').map(e => `no alt: ${tell(e)}`));
			return complaints;
		},

		tables()
		{
			const complaints = [];
			for (const table of all('table:not([role=presentation])'))
			{
				if (!words(table.caption))
					complaints.push(`no caption: ${tell(table)}`);
				if (!table.querySelector('th'))
					complaints.push(`no <th>: ${tell(table)}`);
				complaints.push(...all('th:not([scope])', table).map(e => `no scope: ${tell(e)} of "${words(table.caption)}"`));
			}
			return complaints;
		},

		// Right-to-left words among others would take figures and points after them along.
		isolation()
		{
			const complaints = [];
			const rightToLeft = /\p{Script=Arabic}|\p{Script=Hebrew}/u;
			for (const [node, element] of texts())
			{
				let e = element;
				while (inline(e) && !/isolate|plaintext/.test(style(e).unicodeBidi))
					e = e.parentElement;
				if (!inline(e) && !e.dir && /[\p{Script=Latin}\d]/u.test(words(e))
					&& rightToLeft.test(node.data.replace(/[\u2066-\u2068][^\u2069]*\u2069/gu, '')))
					complaints.push(`"${node.data.trim().slice(0, 60)}" in ${tell(e)}`);
			}
			return complaints;
		},

		sideways()
		{
			const complaints = [];
			const width = root.clientWidth;
			const out = e => box(e).right > width + 1 || box(e).left < -1;
			if (root.scrollWidth > width)
				complaints.push(`the page is ${root.scrollWidth} px wide`);
			for (const element of boxes().filter(out))
				if (!ancestor(element, e => scrolls(e) || (e !== document.body && e !== root && out(e))))
					complaints.push(`${tell(element)} goes from ${round(box(element).left)} to ${round(box(element).right)} px`);
			return complaints;
		},

		scrollers()
		{
			const complaints = [];
			for (const element of boxes().filter(scrolls))
			{
				if (element.scrollWidth <= element.clientWidth && element.scrollHeight <= element.clientHeight)
					continue;
				if (element.getAttribute('tabindex') !== '0')
					complaints.push(`scrolls, but has no tabindex="0": ${tell(element)}`);
				if (!element.getAttribute('role') && !['section', 'nav', 'aside'].includes(element.localName))
					complaints.push(`scrolls, but has no role: ${tell(element)}`);
				if (!named(element))
					complaints.push(`scrolls, but has no accessible name: ${tell(element)}`);
				if (element.scrollWidth > element.clientWidth && !all('.hint', element).some(seen))
					complaints.push(`goes on to the right, but does not say so: ${tell(element)}`);
			}
			return complaints;
		},

		// Text that is cut off, and what sticks out of the box that it belongs to.
		cut()
		{
			const complaints = [];
			for (const element of boxes())
			{
				const parent = element.parentElement;
				if (clips(element) && !inline(element)
					&& (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1))
					complaints.push(`cut off: ${tell(element)}, ${element.scrollWidth} x ${element.scrollHeight} px`
						+ ` in ${element.clientWidth} x ${element.clientHeight}`);
				if (!inline(element) && !inline(parent) && !scrolls(parent) && ['static', 'relative'].includes(style(element).position)
					&& parseFloat(style(element).marginRight) >= 0 && box(element).right > box(parent).right + 2)
					complaints.push(`${tell(element)} sticks ${round(box(element).right - box(parent).right)} px out of ${tell(parent)}`);
			}
			for (const [node, element] of texts())
			{
				const block = inline(element) ? ancestor(element, e => !inline(e)) : element;
				const { left, right, bottom } = box(block);
				if (!scrolls(block)
					&& lines(node).some(l => l.left < left - 1 || l.right > right + 1 || (l.top + l.bottom) / 2 > bottom))
					complaints.push(`"${node.data.trim().slice(0, 60)}" sticks out of ${tell(block)}`);
				if (/^\s*[-+\u2212]?[\d.,\u2009\u202f]+\s*%?\s*$/.test(node.data) && new Set(lines(node).map(l => l.top)).size > 1)
					complaints.push(`${node.data.trim()} is broken in two in ${tell(block)}`);
			}
			return complaints;
		},

		labels()
		{
			const complaints = [];
			for (const svg of all('svg').filter(e => !drawn(e) && seen(e)))
			{
				const frame = box(svg);
				const found = labels(svg).map(label => ({ text: words(label), corners: quadrilateral(label), box: box(label) }));
				for (const { text, corners } of found)
					if (corners.some(p => p.x < frame.left - 1 || p.x > frame.right + 1 || p.y < frame.top - 1 || p.y > frame.bottom + 1))
						complaints.push(`"${text}" sticks out of ${tell(svg)}`);
				found.sort((a, b) => a.box.left - b.box.left);
				found.forEach((a, i) => {
					for (let j = i + 1; j < found.length && found[j].box.left < a.box.right; j++)
					{
						const b = found[j];
						if (b.box.top >= a.box.bottom || a.box.top >= b.box.bottom)
							continue;
						const share = area(intersection(a.corners, b.corners)) / Math.min(area(a.corners), area(b.corners));
						if (share > 0.1)
							complaints.push(`"${a.text}" and "${b.text}" overlap by ${Math.round(100 * share)} % in ${tell(svg)}`);
					}
				});
			}
			return complaints;
		},

		small(least)
		{
			const sizes = new Map();
			const note = (element, size) => {
				if (size < least)
					sizes.set(element, size);
			};
			for (const [, element] of texts())
				note(element, parseFloat(style(element).fontSize));
			for (const svg of all('svg').filter(e => !drawn(e) && seen(e)))
				for (const label of labels(svg))
				{
					const { a, b } = label.getScreenCTM();
					note(label, parseFloat(style(label).fontSize) * Math.hypot(a, b));
				}
			return [...sizes].map(([element, size]) => `${round(size)} px: ${tell(element)}`);
		},

		// What contrast.mjs wants to know of every text that can be seen: its colour, opacity, the rectangles that it
		// fills in the page, and the contrast that it needs.
		inks()
		{
			const found = [];
			const add = (element, paint, opacity, rectangles, scale) => {
				const { fontSize, fontWeight, paintOrder, stroke } = style(element);
				const size = parseFloat(fontSize) * scale;
				const frames = [];
				for (let e = element; e; e = e.parentElement)
				{
					opacity *= style(e).opacity;
					if (scrolls(e) || clips(e))
						frames.push(box(e));
				}
				const inside = rectangles.filter(r => frames.every(f => r.left >= f.left - 1 && r.right <= f.right + 1
					&& r.top >= f.top - 1 && r.bottom <= f.bottom + 1));
				if (inside.length)
					found.push({
						what: tell(element), paint, opacity,
						halo: /^stroke/.test(paintOrder) && stroke !== 'none' ? stroke : null,
						least: size >= 24 || (size >= 18.66 && fontWeight >= 700) ? 3 : 4.5,
						boxes: inside.map(r => [r.left + scrollX, r.top + scrollY, r.width, r.height]),
					});
			};
			for (const [node, element] of texts())
				add(element, style(element).color, 1, lines(node), 1);
			for (const svg of all('svg').filter(e => !drawn(e) && seen(e)))
				for (const label of labels(svg))
				{
					const { a, b } = label.getScreenCTM();
					add(label, style(label).fill, style(label).fillOpacity, [box(label)], Math.hypot(a, b));
				}
			return found;
		},

		// Takes the letters away, and nothing else.
		hideTexts()
		{
			const sheet = document.head.appendChild(document.createElement('style'));
			sheet.id = 'inspect-hide';
			sheet.textContent = '*, ::before, ::after { -webkit-text-fill-color: transparent !important; text-shadow: none !important;'
				+ ' text-decoration-color: transparent !important; transition: none !important }'
				+ ' svg text, svg tspan { fill: transparent !important; stroke: transparent !important }';
		},

		showTexts()
		{
			document.getElementById('inspect-hide').remove();
		},

		// Returns names of what the Tab key has to reach, in its order.
		stops()
		{
			return all(FOCUSABLE)
				.filter(e => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({ visibilityProperty: true })).map(tell);
		},

		// Returns the focused element, and whether that can be seen.
		focus()
		{
			const element = document.activeElement;
			if (!element || element === document.body || element === root)
				return null;
			const { outlineStyle, outlineWidth } = style(element);
			const { left, right, bottom } = box(element);
			return { name: tell(element), shown: outlineStyle !== 'none' && parseFloat(outlineWidth) > 0
				&& right > 0 && bottom > 0 && left < innerWidth && box(element).top < innerHeight };
		},

		// Returns what @page leaves of A4, in px, and what it says of the size.
		paper()
		{
			const rules = [...document.styleSheets].flatMap(s => [...s.cssRules])
				.flatMap(r => r instanceof CSSMediaRule && r.conditionText === 'print' ? [...r.cssRules] : [r])
				.filter(r => r instanceof CSSPageRule && !r.selectorText);
			const last = name => rules.map(r => r.style.getPropertyValue(name)).filter(Boolean).at(-1);
			const margin = side => length(last(`margin-${side}`));
			return {
				size: last('size') ?? '', margins: ['top', 'right', 'bottom', 'left'].map(margin),
				width: Math.floor(length('210mm') - margin('left') - margin('right')),
				height: Math.floor(length('297mm') - margin('top') - margin('bottom')),
			};
		},

		// On paper nothing scrolls.
		hidden()
		{
			const complaints = boxes().filter(e => (scrolls(e) || clips(e)) && !inline(e)
				&& (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)).map(e => `cut off: ${tell(e)}`);
			for (const details of all('details').filter(e => e.checkVisibility()))
				for (const child of [...details.children].filter(e => e.localName !== 'summary'))
					if (!child.checkVisibility() || !box(child).height)
						complaints.push(`not shown: ${tell(child)} of ${tell(details)}`);
			return complaints;
		},

		// Charts and the rows of tables stay on one page.
		whole(height)
		{
			const complaints = [];
			const kept = e => /avoid/.test(style(e).breakInside) && box(e).height <= height;
			for (const element of all('svg, figure:has(svg), tr').filter(e => !drawn(e) && box(e).height && e.checkVisibility()))
			{
				if (box(element).height > height)
					complaints.push(`${round(box(element).height)} px on pages of ${height}: ${tell(element)}`);
				else if (!kept(element) && !ancestor(element, kept))
					complaints.push(`may be cut, for nothing has break-inside: avoid: ${tell(element)}`);
			}
			for (const heading of all('h1, h2, h3, h4, h5, h6').filter(seen))
				if (!/avoid/.test(style(heading).breakAfter) && !ancestor(heading, kept))
					complaints.push(`may stand alone at the end of a page, without break-after: avoid: ${tell(heading)}`);
			return complaints;
		},

		// Returns for every text, drawings apart, what a browser that prints no backgrounds makes of it.
		printed()
		{
			return texts().map(([, element]) => {
				const exact = style(element).printColorAdjust === 'exact';
				const ground = ancestor({ parentElement: element }, e => !/^rgba.*, 0\)|transparent/.test(style(e).backgroundColor));
				return { what: tell(element), ink: style(element).color,
					ground: ground && exact && style(ground).printColorAdjust === 'exact' ? style(ground).backgroundColor : 'white' };
			});
		},
	};
}
