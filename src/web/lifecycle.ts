/** Whether the process is on its way out; health checks and keep-alive connections go by it. */
export class Lifecycle {
  private ending = false;

  get stopping(): boolean {
    return this.ending;
  }

  stop(): void {
    this.ending = true;
  }
}
