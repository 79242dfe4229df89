// What holds for every page: it is accessible, light, fits its window, and works without script.

import assert from "node:assert/strict";
import { axe, overflow, shot, themes, weigh } from "../lib.mjs";
import { eachPage } from "../pages.mjs";

const THEMES = ["light", "dark"];
const WIDTHS = [390, 1024, 1680];
const MOST_BYTES = 150_000;

export async function pages_are_accessible_and_fit_their_window(stage) {
  await eachPage(stage, async (page, { route, as }) => {
    await themes(page, THEMES, async (theme) => {
      for (const finding of await axe(page)) stage.complain(`${route} (${as}, ${theme}): ${finding}`);
    });
    const size = page.viewportSize();
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: width < 600 ? 844 : 900 });
      const wider = await overflow(page);
      if (wider > 0) stage.complain(`${route} (${as}) is ${wider} px wider than a window of ${width}`);
      if (stage.shots) await themes(page, THEMES, (theme) => shot(page, stage.shots, `${nameOf(route)}-${width}-${theme}`));
    }
    await page.setViewportSize(size);
  });
}

function nameOf(route) {
  return route.replace(/^\//, "").replace(/[^a-z]+/g, "-").replace(/-$/, "") || "front";
}

export async function first_loads_are_light(stage) {
  const rows = [];
  await eachPage(stage, async (page, { route, at }) => {
    const { bytes, parts } = await weigh(page, at);
    rows.push(`${String(bytes).padStart(8)}  ${route}`);
    const largest = parts.slice(0, 3).map(({ url, bytes }) => `${bytes} ${url}`);
    if (bytes >= MOST_BYTES) stage.complain(`${route} weighs ${bytes} bytes: ${largest.join(", ")}`);
  });
  console.log(`   bytes  page\n${rows.join("\n")}`);
}

export async function every_page_is_readable_without_script(stage) {
  const read = async (page, { route, as }) => {
    const heading = await page.locator("h1").allInnerTexts();
    const most = route === "/styleguide" ? 2 : 1; // It shows a heading as one of the parts.
    assert.ok(heading.length >= 1 && heading.length <= most, `${route} (${as}): h1 ${JSON.stringify(heading)}`);
    assert.match(await page.title(), /\S/, `${route} (${as}) has a title`);
  };
  await eachPage(stage, read, { options: { javaScriptEnabled: false } });
}
