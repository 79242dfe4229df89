// The demonstration as a stage: `liaison demo` in a folder of its own, and who is who in it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const CLIENT = "Blue Seas International";
const VENDOR = "Black Hills Technologies";
// A company that the client may invite and that has no account so far.
const PARTNER = "Bramble Foods";

/** Starts it on a free port; `database` names one other than its own file. Gives what a stage is told, and `stop`. */
export async function startDemo(binary, database) {
  const folder = mkdtempSync(path.join(tmpdir(), "liaison-e2e-"));
  const args = ["demo", "--json", "--listen", "127.0.0.1:0", "--dir", path.join(folder, "demo")];
  if (database) args.push("--database", database);
  const child = spawn(binary, args, { env: {}, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  // Whatever ends this script ends the server too.
  const clear = () => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", clear);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
  const stop = async () => {
    child.kill("SIGKILL");
    await ended;
    clear();
    process.off("exit", clear);
  };
  try {
    const tour = await readTour(child);
    return { ...describe(tour), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Its printout is one JSON object; the process goes on serving. */
function readTour(child) {
  return new Promise((resolve, reject) => {
    let out = "";
    let err = "";
    child.stderr.on("data", (bytes) => (err += bytes));
    child.stdout.on("data", (bytes) => {
      out += bytes;
      if (out.endsWith("\n}\n")) resolve(JSON.parse(out));
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the demonstration ended with ${code}: ${err}`)));
  });
}

function describe(tour) {
  const side = (name) => {
    const customer = tour.customers.find((customer) => customer.name === name);
    assert.ok(customer, `${name} is in the demonstration`);
    const { token, email, name: person } = customer.users[0];
    return { customer: customer.guid, token, email, name: person, password: tour.password };
  };
  return {
    tour,
    base: tour.address,
    database: tour.database,
    partner: PARTNER,
    sides: { client: side(CLIENT), vendor: side(VENDOR) },
  };
}
