// Entry of the page's script: reads the data that stands beside it, and draws.

import { render } from "preact";
import type { Page } from "../../bindings/html/data.ts";
import { App } from "./app.tsx";

const root = document.getElementById("page")!;
const page = JSON.parse(document.getElementById("data")!.textContent!) as Page;
root.replaceChildren();
render(<App page={page} />, root);
document.documentElement.dataset["ready"] = "";
