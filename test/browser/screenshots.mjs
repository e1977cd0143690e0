// Takes pictures of parts of a report, for the README: 1200 px wide, a pixel a pixel, small.
//
//   node test/browser/screenshots.mjs FILE DIRECTORY [--NAME SELECTOR]...
//
// makes DIRECTORY/report-NAME.png of what the selector finds; of a NAME that ends in -dark in the dark theme.

import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { launch } from './browser.mjs';

const WIDTH = 1200;
const HEIGHT = 900;
const PADDING = 16;

const [file, directory, ...pairs] = process.argv.slice(2);
if (!directory || pairs.length % 2 || pairs.some((p, i) => i % 2 === 0 && !p.startsWith('--')))
	throw new Error('usage: screenshots.mjs FILE DIRECTORY [--NAME SELECTOR]...');

const browser = await launch({ FONTCONFIG_FILE: fileURLToPath(new URL('fonts.conf', import.meta.url)) });
const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT }, reducedMotion: 'reduce' });
await page.goto(pathToFileURL(resolve(file)).href);
for (let i = 0; i < pairs.length; i += 2)
	await takePicture(`${directory}/report-${pairs[i].slice(2)}.png`, pairs[i + 1]);
await browser.close();

async function takePicture(path, selector)
{
	await page.emulateMedia({ colorScheme: path.endsWith('-dark.png') ? 'dark' : 'light' });
	await page.screenshot({ path, fullPage: true, clip: await page.evaluate(frame, { selector, padding: PADDING }) });
	// quantised where pngquant is there; it leaves the picture alone where 256 colours do not do
	spawnSync('pngquant', ['--force', '--ext', '.png', '--skip-if-larger', '--quality', '60-95', '--strip', path]);
	console.log(`${path}: ${Math.ceil(statSync(path).size / 1000)} kB`);
}

// Around everything that the selector finds, as far as the page goes.
function frame({ selector, padding })
{
	const boxes = [...document.querySelectorAll(selector)].map(e => e.getBoundingClientRect());
	if (!boxes.length)
		throw new Error(`nothing is ${selector}`);
	const left = Math.max(0, Math.min(...boxes.map(b => b.left)) - padding);
	const top = Math.max(0, Math.min(...boxes.map(b => b.top)) + scrollY - padding);
	const right = Math.min(document.documentElement.clientWidth, Math.max(...boxes.map(b => b.right)) + padding);
	const bottom = Math.min(document.documentElement.scrollHeight, Math.max(...boxes.map(b => b.bottom)) + scrollY + padding);
	return { x: left, y: top, width: right - left, height: bottom - top };
}
