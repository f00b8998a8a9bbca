#!/usr/bin/env node
import { main } from "./commands/program.ts";

await main(process.argv);
