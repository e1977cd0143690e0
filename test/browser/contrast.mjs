// The contrast of every text with what is behind it, read from the pixels of a screenshot without the letters: so it
// holds for labels in charts and in coloured cells, which axe-core leaves open.

const STRIP = 4000;

// Returns a complaint for each text that is hard to read.
export async function contrast(page, canvas)
{
	const inks = await page.evaluate(() => inspect.inks());
	const { width, height } = await page.evaluate(() =>
		({ width: document.documentElement.clientWidth, height: document.documentElement.scrollHeight }));
	const complaints = [];

	await page.evaluate(() => inspect.hideTexts());
	for (let top = 0; top < height; top += STRIP)
	{
		const clip = { x: 0, y: top, width, height: Math.min(STRIP, height - top) };
		const png = (await page.screenshot({ fullPage: true, clip })).toString('base64');
		complaints.push(...await canvas.evaluate(measure, { png, clip, inks }));
	}
	await page.evaluate(() => inspect.showTexts());
	return complaints;
}

// Complaints about texts on grounds of one colour: [{ what, ink, ground }].
export function plainContrast(canvas, pairs)
{
	return canvas.evaluate(measure, { pairs });
}

// Runs in a page of its own, which has a canvas.
async function measure({ png, clip, inks = [], pairs = [] })
{
	const context = canvas => canvas.getContext('2d', { willReadFrequently: true });
	const single = context(new OffscreenCanvas(1, 1));
	const parsed = new Map();
	const color = text => {
		if (!parsed.has(text))
		{
			single.clearRect(0, 0, 1, 1);
			single.fillStyle = text;
			single.fillRect(0, 0, 1, 1);
			parsed.set(text, single.getImageData(0, 0, 1, 1).data);
		}
		return parsed.get(text);
	};
	const blend = ([r, g, b, a], opacity, ground) => [r, g, b].map((c, i) => ground[i] + (c - ground[i]) * a / 255 * opacity);
	const luminance = rgb => rgb.map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
		.reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
	const ratio = (ink, opacity, ground) => {
		const [a, b] = [luminance(blend(ink, opacity, ground)), luminance([...ground.slice(0, 3)])];
		return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
	};
	const hex = rgb => '#' + [...rgb.slice(0, 3)].map(c => Math.round(c).toString(16).padStart(2, '0')).join('');
	const say = (what, value, ink, ground) => `${value.toFixed(2)}:1, ${hex(ink)} on ${hex(ground)}: ${what}`;

	const complaints = new Set();
	for (const { what, ink, ground } of pairs)
	{
		const value = ratio(color(ink), 1, color(ground));
		if (value < 4.5)
			complaints.add(say(what, value, color(ink), color(ground)));
	}
	if (!png)
		return [...complaints];

	const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
	const drawing = context(new OffscreenCanvas(image.width, image.height));
	drawing.drawImage(image, 0, 0);
	const { data } = drawing.getImageData(0, 0, image.width, image.height);
	const pixel = (x, y) => data.slice(4 * (y * image.width + x), 4 * (y * image.width + x) + 4);

	for (const { what, paint, opacity, halo, least, boxes } of inks)
	{
		// a line or a point behind a part of the text is no harm
		const samples = [];
		for (const [left, top, width, height] of boxes)
			for (const across of [0.08, 0.25, 0.42, 0.58, 0.75, 0.92])
				for (const down of [0.3, 0.7])
				{
					const [x, y] = [Math.floor(left + across * width), Math.floor(top + down * height - clip.y)];
					if (x >= 0 && x < image.width && y >= 0 && y < image.height)
						samples.push(halo ? color(halo) : pixel(x, y));
				}
		const measured = samples.map(ground => ({ ground, value: ratio(color(paint), opacity, ground) }))
			.sort((a, b) => a.value - b.value);
		const third = measured[Math.floor(measured.length / 3)];
		if (third && third.value < least)
			complaints.add(say(what, third.value, blend(color(paint), opacity, third.ground), third.ground));
	}
	return [...complaints];
}
