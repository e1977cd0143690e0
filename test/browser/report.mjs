// Opens reports of segment_report() in Chromium and checks what a reader of any kind can rely on; prints TAP.
//
//   node test/browser/report.mjs [--max-bytes N] [--max-pages N] [--screenshots DIRECTORY] FILE...
//
// Screenshots are for looking at: of every width and theme, and of the printed pages where there is pdftoppm.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { launch, PATIENCE } from './browser.mjs';
import { contrast, plainContrast } from './contrast.mjs';
import { markup } from './markup.mjs';
import { check, finish } from './tap.mjs';

const WIDTHS = [360, 768, 1440];
const THEMES = ['light', 'dark'];
const NARROW = WIDTHS[0];
const WIDE = WIDTHS.at(-1);
const WINDOW_HEIGHT = 900;
const LEAST_SIZE = 8;
const A4 = [595, 842];
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const require = createRequire(import.meta.url);
const inspectSource = readFileSync(new URL('inspect.js', import.meta.url), 'utf8');
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const { values: options, positionals: files } = parseArgs({
	allowPositionals: true,
	options: { 'max-bytes': { type: 'string' }, 'max-pages': { type: 'string' }, screenshots: { type: 'string' } },
});
if (!files.length)
	throw new Error('usage: report.mjs [--max-bytes N] [--max-pages N] [--screenshots DIRECTORY] FILE...');
if (options.screenshots)
	mkdirSync(options.screenshots, { recursive: true });

const browser = await launch();
const canvas = await browser.newPage();
const results = files.map(() => []);
const todo = files.keys();
await Promise.all(cpus().map(async () => {
	for (const i of todo)
		await checkReport(files[i], (...result) => results[i].push(result));
}));
await browser.close();
for (const result of results.flat())
	check(...result);
finish();

// Several at once, hence results are told at the end.
async function checkReport(file, tell)
{
	const name = basename(file, '.html');
	const test = (what, complaints) => tell(`${name}: ${what}`, complaints);

	checkFile(file, test);
	const { page, events } = await open(file);
	await checkDocument(page, test);
	if (options.screenshots)
		await takeAllScreenshots(page, `${options.screenshots}/${name}`);
	await checkKeyboard(page, test);
	await checkPrint(page, name, test);
	await unfold(page);
	for (const width of WIDTHS)
		for (const theme of THEMES)
		{
			await show(page, width, theme);
			await checkLayout(page, `at ${width} px, ${theme}`, test);
		}
	await checkThemes(page, test);
	test('no message, no error, no request', events);
	await checkAccessibility(page, test);
	await page.context().close();
}

function checkFile(file, test)
{
	const bytes = readFileSync(file);
	const limit = Number(options['max-bytes'] ?? Infinity);
	test(`${bytes.length} bytes`, bytes.length > limit ? [`more than ${limit}`] : []);
	try
	{
		test('well-formed markup', markup(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
	}
	catch (error)
	{
		test('well-formed markup', [error.message]);
	}
}

// Opens the file in a context of its own, where nothing but the file can be had.  Whatever happens then is an event.
async function open(file)
{
	const url = pathToFileURL(resolve(file)).href;
	const context = await browser.newContext({ reducedMotion: 'reduce' });
	context.setDefaultTimeout(PATIENCE);
	const page = await context.newPage();
	const events = [];

	await context.route('**/*', route => route.request().url() === url ? route.continue() : route.abort());
	page.on('console', message => events.push(`${message.type()} in the console: ${message.text()}`));
	page.on('pageerror', error => events.push(`error: ${error.message}`));
	page.on('crash', () => events.push('the page crashed'));
	page.on('dialog', dialog => {
		events.push(`dialog: ${dialog.message()}`);
		dialog.dismiss();
	});
	context.on('page', other => events.push(`another page: ${other.url()}`));
	context.on('request', request => {
		if (request.url() !== url && !request.url().startsWith('data:'))
			events.push(`request: ${request.url()}`);
	});
	await show(page, WIDE, 'light');
	await page.goto(url);
	await page.evaluate(inspectSource);
	return { page, events };
}

async function show(page, width, colorScheme)
{
	await page.setViewportSize({ width, height: WINDOW_HEIGHT });
	await page.emulateMedia({ media: 'screen', colorScheme });
}

// What is folded has to be as sound as the rest, once a reader opens it.
async function unfold(page)
{
	await page.evaluate(() => document.querySelectorAll('details').forEach(d => { d.open = true; }));
}

// What the functions of inspect.js complain about.
function inspect(page, what, argument)
{
	return page.evaluate(([what, argument]) => globalThis.inspect[what](argument), [what, argument]);
}

async function checkDocument(page, test)
{
	test('language, title, encoding, viewport', await inspect(page, 'document'));
	test('nothing active', await inspect(page, 'active'));
	test('nothing from outside', await inspect(page, 'outside'));
	test('ids and references', await inspect(page, 'references'));
	test('landmarks', await inspect(page, 'landmarks'));
	test('headings in order', await inspect(page, 'headings'));
	test('drawings have titles and descriptions', await inspect(page, 'drawings'));
	test('tables have captions and headers', await inspect(page, 'tables'));
	test('right-to-left words are isolated', await inspect(page, 'isolation'));
}

async function checkLayout(page, where, test)
{
	test(`${where}: nothing sticks out sideways`, await inspect(page, 'sideways'));
	test(`${where}: what scrolls can be focused and has a name`, await inspect(page, 'scrollers'));
	test(`${where}: nothing is cut or leaves its box`, await inspect(page, 'cut'));
	test(`${where}: labels of charts have room`, await inspect(page, 'labels'));
	test(`${where}: no text below ${LEAST_SIZE} px`, await inspect(page, 'small', LEAST_SIZE));
}

async function checkThemes(page, test)
{
	const papers = [];
	for (const theme of THEMES)
	{
		await show(page, WIDE, theme);
		test(`${theme}: contrast`, await contrast(page, canvas));
		papers.push((await page.screenshot({ clip: { x: 0, y: 0, width: 1, height: 1 } })).toString('base64'));
	}
	test('light and dark differ', papers[0] === papers[1] ? ['both have the same background'] : []);
}

// Goes through the page by the Tab key, from its beginning to its end.
async function checkKeyboard(page, test)
{
	await show(page, NARROW, 'light');
	const stops = await inspect(page, 'stops');
	const reached = [];
	const unseen = [];

	await page.evaluate(() => document.activeElement.blur());
	for (let i = 0; i <= 2 * stops.length; i++)
	{
		await page.keyboard.press('Tab');
		const focus = await inspect(page, 'focus');
		if (!focus)
			break;
		reached.push(focus.name);
		if (!focus.shown)
			unseen.push(focus.name);
	}
	test('the Tab key reaches everything', stops.filter(s => !reached.includes(s)));
	test('the focus can be seen', unseen);
}

// Chromium prints in the light theme, and without backgrounds unless print-color-adjust says otherwise.
async function checkPrint(page, name, test)
{
	await show(page, WIDE, 'light');
	await page.emulateMedia({ media: 'print' });
	const { size, margins, width, height } = await inspect(page, 'paper');
	test('printed: A4 with margins', [
		...size && !/^a4( portrait)?$/i.test(size) ? [`@page has size: ${size}`] : [],
		...margins.some(m => m < 15) ? [`@page leaves margins of ${margins} px`] : []]);

	await page.setViewportSize({ width, height });
	test('printed: nothing is wider than the page', await inspect(page, 'sideways'));
	test('printed: nothing is cut off, folded or whole', await inspect(page, 'hidden'));
	test('printed: nothing is cut or leaves its box', await inspect(page, 'cut'));
	test('printed: charts and rows stay on one page', await inspect(page, 'whole', height));
	test('printed: labels of charts have room', await inspect(page, 'labels'));
	test(`printed: no text below ${LEAST_SIZE} px`, await inspect(page, 'small', LEAST_SIZE));
	test('printed: contrast',
		[...await contrast(page, canvas), ...await plainContrast(canvas, await inspect(page, 'printed'))]);

	const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true });
	const boxes = [...pdf.toString('latin1').matchAll(/\/MediaBox\s*\[([\d. ]+)\]/g)].map(m => m[1]);
	test(`printed: ${boxes.length} pages of A4`, boxes.length
		? boxes.filter(b => b.split(' ').slice(2).some((s, i) => Math.abs(s - A4[i]) > 2)) : ['no page']);
	if (options['max-pages'])
		test(`printed: at most ${options['max-pages']} pages`, boxes.length > options['max-pages'] ? [`${boxes.length}`] : []);
	if (options.screenshots)
		takePages(pdf, `${options.screenshots}/${name}-print`);
}

async function checkAccessibility(page, test)
{
	await page.evaluate(axeSource);
	for (const width of [NARROW, WIDE])
		for (const theme of THEMES)
		{
			await show(page, width, theme);
			const { violations } = await page.evaluate(values => globalThis.axe.run(document, {
				runOnly: { type: 'tag', values },
				rules: { 'target-size': { enabled: true } },
				resultTypes: ['violations'],
			}), RULES);
			test(`axe-core at ${width} px, ${theme}`, violations.flatMap(v =>
				v.nodes.map(n => `${v.id} (${v.impact}): ${v.help}: ${n.target.join(' ')}`)));
		}
}

async function takeAllScreenshots(page, path)
{
	for (const width of WIDTHS)
		for (const theme of THEMES)
		{
			await show(page, width, theme);
			await takeScreenshots(page, `${path}-${width}-${theme}`);
		}
}

// In strips, since Chromium's pictures have 16,384 lines at most.
async function takeScreenshots(page, path)
{
	const height = await page.evaluate(() => document.documentElement.scrollHeight);
	const strip = 12000;
	for (let top = 0; top < height; top += strip)
		await page.screenshot({
			path: `${path}${top ? `-${1 + top / strip}` : ''}.png`, fullPage: true,
			clip: { x: 0, y: top, width: page.viewportSize().width, height: Math.min(strip, height - top) },
		});
}

function takePages(pdf, path)
{
	writeFileSync(`${path}.pdf`, pdf);
	spawnSync('pdftoppm', ['-r', '60', '-png', `${path}.pdf`, path]);
}
