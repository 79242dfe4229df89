// `node run.mjs SCRIPT::STORY`: plays one story on the stage that `LIAISON_STAGE` describes; exits 1 when it fails.
// `node run.mjs --list`: every story there is, one `script::story` a line.

import { readdirSync } from "node:fs";
import { startDemo } from "./demo.mjs";
import { Stage } from "./stage.mjs";

// Below the test runner's own limit, so that a story which hangs still leaves its pages.
const PATIENCE = 150_000;

// One mistake in a frame is a complaint on every page.
const MOST_COMPLAINTS = 40;

const load = (script) => import(`./stories/${script}.mjs`);

async function list() {
  const files = readdirSync(new URL("./stories/", import.meta.url)).filter((file) => file.endsWith(".mjs"));
  for (const file of files.sort()) {
    const script = file.slice(0, -".mjs".length);
    for (const story of Object.keys(await load(script)).sort()) console.log(`${script}::${story}`);
  }
}

async function play(script, story) {
  const told = JSON.parse(process.env.LIAISON_STAGE);
  const demo = told.base ? undefined : await startDemo(told.binary, told.database);
  const stage = new Stage({ ...told, ...demo });
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not over after ${PATIENCE / 1000} s`)), PATIENCE);
  });
  let failure;
  try {
    await Promise.race([(await load(script))[story](stage), late]);
  } catch (error) {
    failure = error;
  }
  clearTimeout(timer);
  const isGood = !failure && stage.complaints.length === 0;
  if (!isGood) {
    if (failure) console.log(failure.stack ?? failure);
    for (const complaint of stage.complaints.slice(0, MOST_COMPLAINTS)) console.log(`not allowed: ${complaint}`);
    if (stage.complaints.length > MOST_COMPLAINTS) console.log(`and ${stage.complaints.length - MOST_COMPLAINTS} more`);
    console.log(`pages are kept in ${stage.folder}:`, ...(await stage.keepPages()));
  }
  await stage.close();
  await demo?.stop();
  process.exit(isGood ? 0 : 1);
}

if (process.argv[2] === "--list") await list();
else await play(...process.argv[2].split("::"));
