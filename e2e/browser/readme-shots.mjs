// `node readme-shots.mjs BINARY FOLDER`: the two pictures of README.md, made from the demonstration.

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { startDemo } from "./demo.mjs";
import { withPalette } from "./png.mjs";
import { Stage } from "./stage.mjs";

const [binary, folder] = process.argv.slice(2);

const PICTURES = [
  { name: "outbox", as: "client", at: () => "/outbox?plots=yes" },
  { name: "room", as: "vendor", at: (room) => `/inbox/${room}`, from: ".ask" },
];

// 1280 by 800 in the picture, with room for what a wide window shows.
const WINDOW = { viewport: { width: 1600, height: 1000 }, deviceScaleFactor: 0.8, colorScheme: "light", timezoneId: "UTC" };
const MOST_BYTES = 200_000;

/** The open request with the fewest findings, but one, among those the vendor received: its thread is near. */
async function nearest(stage) {
  const { json } = await stage.api("vendor", "GET", "/ratings/v1/access-requests/received");
  const open = json.filter((one) => one.status === "Active" && one.shared_observations_count > 0);
  return open.sort((a, b) => a.shared_observations_count - b.shared_observations_count)[0].guid;
}

mkdirSync(folder, { recursive: true });
const demo = await startDemo(binary);
const stage = new Stage({ ...demo, binary, routes: [] });
try {
  const room = await nearest(stage);
  for (const { name, as, at, from } of PICTURES) {
    const page = await stage.openAs(as, WINDOW);
    const response = await page.goto(at(room));
    if (!response.ok()) throw new Error(`${at(room)} answered ${response.status()}`);
    await page.mouse.move(0, 0);
    if (from) await page.evaluate((part) => scrollTo(0, document.querySelector(part).offsetTop - 16), from);
    const bytes = withPalette(await page.screenshot({ animations: "disabled", caret: "hide" }));
    if (bytes.length > MOST_BYTES) throw new Error(`${name}.png has ${bytes.length} bytes`);
    writeFileSync(path.join(folder, `${name}.png`), bytes);
    console.log(`${name}.png ${bytes.length} bytes`);
  }
  if (stage.complaints.length > 0) throw new Error(stage.complaints.join("\n"));
} finally {
  await stage.close();
  await demo.stop();
}
