// Checks Vega-Lite specifications of segment_chart(), one a line, against the published schema and by drawing them;
// prints TAP.
//
//   node test/browser/vega.mjs FILE

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as vega from 'vega';
import * as vegaLite from 'vega-lite';
import { check, finish } from './tap.mjs';

const require = createRequire(import.meta.url);
const Ajv = require('ajv');

const MAJOR = vegaLite.version.split('.')[0];
const SCHEMA = `https://vega.github.io/schema/vega-lite/v${MAJOR}.json`;

// The schema has formats and keywords that ajv does not know of and need not.
const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true })
	.compile(require('vega-lite/vega-lite-schema.json'));

// A chart that is as wide as its container listens to the window.
globalThis.window = { addEventListener() {}, removeEventListener() {} };

const [file] = process.argv.slice(2);
const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
check(`${lines.length} specifications`, lines.length ? [] : ['none']);
for (const line of lines)
	await checkChart(JSON.parse(line));
finish();

async function checkChart(spec)
{
	const title = spec.title?.text ?? spec.title;
	const test = (what, complaints) => check(`chart "${title}": ${what}`, complaints);

	test('schema', validate(spec) ? [] : deepest(validate.errors));
	test('title, description, version', [
		...['title', 'description'].filter(name => !spec[name]?.length && !spec[name]?.text).map(name => `no ${name}`),
		...spec.$schema === SCHEMA ? [] : [`$schema is ${spec.$schema}, not ${SCHEMA}`]]);
	test('its data are inside', foreignData(spec));

	const messages = [];
	try
	{
		const { svg, empty } = await draw(spec, collector(messages));
		test('draws its data', [...empty, ...svg.match(/\b(NaN|undefined|Infinity|Invalid Date)\b/g) ?? []]);
	}
	catch (error)
	{
		test('draws its data', [error.message]);
	}
	test('no warning', messages);
}

// Of the errors of a schema full of alternatives, those that got furthest into the specification.
function deepest(errors)
{
	const depth = error => error.instancePath.split('/').length;
	const most = Math.max(...errors.map(depth));
	return [...new Set(errors.filter(e => depth(e) === most)
		.map(e => `${e.instancePath || '/'} ${e.message} ${JSON.stringify(e.params)}`))];
}

function foreignData(part, path = '')
{
	if (typeof part !== 'object' || part === null)
		return [];
	const complaints = [];
	for (const [key, value] of Object.entries(part))
	{
		const here = `${path}/${key}`;
		if (key === 'url')
			complaints.push(`${here}: ${JSON.stringify(value)}`);
		else if (key === 'data' && !Array.isArray(value?.values))
			complaints.push(`${here} has no values`);
		else if (key !== 'values')
			complaints.push(...foreignData(value, here));
	}
	if (!path && !part.data)
		complaints.push('no data');
	return complaints;
}

function collector(messages)
{
	const quiet = () => logger;
	const note = level => (...words) => {
		messages.push(`${level}: ${words.join(' ')}`);
		return logger;
	};
	const logger = { level: () => vega.Warn, error: note('error'), warn: note('warning'), info: quiet, debug: quiet };
	return logger;
}

// Returns the SVG, and complaints about layers without a mark.
async function draw(spec, logger)
{
	const loader = { load: async uri => { throw new Error(`asks for ${uri}`); }, sanitize: async uri => ({ href: uri }) };
	const view = new vega.View(vega.parse(vegaLite.compile(spec, { logger }).spec), { renderer: 'none', logger, loader });
	const svg = await view.toSVG();
	const layers = marks(view.scenegraph().root);
	view.finalize();
	const empty = layers.filter(l => !l.items.length).map(l => `no ${l.marktype} in ${l.name}`);
	return { svg, empty: layers.length ? empty : ['no marks'] };
}

// What is drawn for data: axes, legends and titles have other roles.
function marks(item)
{
	if (item.marktype && item.marktype !== 'group' && item.role === 'mark')
		return [item];
	return /^(axis|legend|title)/.test(item.role) ? [] : (item.items ?? []).flatMap(marks);
}
