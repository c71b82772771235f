// One entry more in the history while something stands open, so that going back only closes it.
export class BackEntry {
  constructor(history, close) {
    this.history = history;
    this.close = close;
    this.isOpen = false;
    this.isLeaving = false;
  }

  isMarked() {
    return this.history.state?.isOpened === true;
  }

  opened() {
    this.isOpen = true;
    // After a reload the entry is still there.
    if (!this.isMarked()) this.history.pushState({ ...this.history.state, isOpened: true }, "");
  }

  closed() {
    if (!this.isOpen) return;
    this.isOpen = false;
    if (!this.isMarked()) return;
    this.isLeaving = true;
    this.history.back();
  }

  // The address stays what it is: the router must not hear of it, or it would load the page again.
  wentBack(event) {
    if (this.isLeaving) {
      this.isLeaving = false;
      event.stopImmediatePropagation();
    } else if (this.isOpen && !this.isMarked()) {
      event.stopImmediatePropagation();
      this.isOpen = false;
      this.close();
    }
  }
}
