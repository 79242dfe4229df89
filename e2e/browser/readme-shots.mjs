// `node readme-shots.mjs BINARY FOLDER`: the two pictures of README.md, made from the demonstration.

import { mkdirSync } from "node:fs";
import path from "node:path";
import { startDemo } from "./demo.mjs";
import { Stage } from "./stage.mjs";
import { findThings } from "./things.mjs";

const [binary, folder] = process.argv.slice(2);

const PICTURES = [
  { name: "outbox", at: () => "/outbox" },
  { name: "room", at: ({ sent }) => `/requests/${sent}` },
];

mkdirSync(folder, { recursive: true });
const demo = await startDemo(binary);
const stage = new Stage({ ...demo, binary, routes: [] });
try {
  const things = await findThings(stage);
  const page = await stage.openAs("client", { colorScheme: "light", deviceScaleFactor: 1 });
  for (const { name, at } of PICTURES) {
    const response = await page.goto(at(things));
    if (!response.ok()) throw new Error(`${at(things)} answered ${response.status()}`);
    await page.mouse.move(0, 0);
    await page.screenshot({ path: path.join(folder, `${name}.png`), animations: "disabled", caret: "hide" });
    console.log(`${name}.png`);
  }
  if (stage.complaints.length > 0) throw new Error(stage.complaints.join("\n"));
} finally {
  await stage.close();
  await demo.stop();
}
