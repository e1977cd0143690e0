// Debian's Chromium without a window.  CHROMIUM names another one.

import { chromium } from 'playwright-core';

export function launch(environment = {})
{
	return chromium.launch({
		env: { ...process.env, ...environment },
		executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
		args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
			'--disable-background-networking', '--disable-component-update', '--disable-sync'],
	});
}
