// Debian's Chromium without a window.  CHROMIUM names another one.

import { chromium } from 'playwright-core';

// Milliseconds for a single step.  It only ends what would never end: a slow machine takes its time.
export const PATIENCE = 600_000;

export function launch(environment = {})
{
	return chromium.launch({
		timeout: PATIENCE,
		env: { ...process.env, ...environment },
		executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
		args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
			'--disable-background-networking', '--disable-component-update', '--disable-sync'],
	});
}
