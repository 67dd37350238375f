// Door of the cluster folder: one question, many machines. BullMQ on Redis hands chunks out; rows stay in files.

export { Board, PREFIX_DEFAULT, type BoardOptions, type Counts, type Entry, type Lot, type State } from "./board.ts";
export { Folder } from "./folder.ts";
export { packages } from "./packages.ts";
export { orderText, readOrder, type Order } from "./order.ts";
export { cancel, status, submit, type Failed, type Status, type SubmitOptions, type Submitted } from "./submit.ts";
export { work, type WorkOptions, type Worked } from "./work.ts";
