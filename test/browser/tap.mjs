// TAP: a check is a list of complaints, and passes without any.

let checks = 0;
let failures = 0;

const MOST = 10;

export function check(name, complaints)
{
	checks++;
	failures += complaints.length > 0;
	console.log(`${complaints.length ? 'not ok' : 'ok'} ${checks} - ${name.replace(/\s+/g, ' ').replace(/#/g, '\\#')}`);
	for (const complaint of complaints.slice(0, MOST))
		console.log('# ' + String(complaint).replace(/\n/g, '\n# '));
	if (complaints.length > MOST)
		console.log(`# and ${complaints.length - MOST} more`);
}

export function finish()
{
	console.log(`1..${checks}`);
	process.exitCode = failures ? 1 : 0;
}
