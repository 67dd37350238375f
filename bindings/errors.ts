// Errors are part of the product: what is wrong, where, what was meant.

export class DualhomeError extends Error {
  readonly code: string;
  /** 2 usage or input, 3 engine fault */
  readonly exitCode: number;
  constructor(code: string, message: string, exitCode: 2 | 3) {
    super(message);
    this.name = "DualhomeError";
    this.code = code;
    this.exitCode = exitCode;
  }
}
