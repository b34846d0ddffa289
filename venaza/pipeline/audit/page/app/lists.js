// Long lists: search, choices, pages, and rows that unfold.

class List {
  // given: n, columns [{name, kind, cell(i)}], search(i) -> text, choices [{name, of(i), values}],
  // id(i), open(i) -> element, noun, size, label
  constructor(given) {
    Object.assign(this, { size: 100, noun: "row", choices: [] }, given);
    this.page = 0;
    this.opened = null;
    this.texts = null;
    this.fits = Array.from({ length: this.n }, (_, i) => i);
    this.element = el("div", { class: "list" });
    this.build();
  }

  build() {
    if (this.search) this.element.append(this.controls());
    this.body = el("tbody");
    const head = this.columns.map((c) => el("th", { scope: "col", class: c.kind }, c.title || c.name));
    this.element.append(
      el("div", { class: "wide", role: "region", "aria-label": this.label, tabindex: this.open ? null : 0 },
        el("table", {}, el("thead", {}, el("tr", {}, ...head)), this.body)),
    );
    this.pager = el("nav", { class: "pager", "aria-label": `Pages of ${this.label}` });
    this.element.append(this.pager);
    this.body.addEventListener("keydown", (event) => this.key(event));
    this.fill();
    if (this.search && this.n > 500) setTimeout(() => this.read(), 50);
  }

  controls() {
    this.field = el("input", { type: "search", autocomplete: "off", spellcheck: "false" });
    this.field.addEventListener("input", () => this.filter());
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { this.field.value = ""; this.filter(); }
      if (event.key === "ArrowDown") { event.preventDefault(); this.links()[0]?.focus(); }
    });
    this.selects = this.choices.map((choice) => {
      const select = el("select", {}, el("option", { value: "" }, "all"),
        ...choice.values.map((value) => el("option", { value }, value)));
      select.addEventListener("change", () => this.filter());
      return select;
    });
    this.count = el("output", { "aria-live": "polite" });
    return el("div", { class: "filters", role: "search", "aria-label": this.label },
      el("label", {}, "Search ", this.field),
      ...this.choices.map((choice, i) => el("label", {}, `${choice.name} `, this.selects[i])),
      this.count);
  }

  // What is searched; read while nothing else is to be done, so that the first letter finds it.
  read() { this.texts ||= Array.from({ length: this.n }, (_, i) => this.search(i).toLowerCase()); }

  reset() {
    if (!this.search) return;
    this.field.value = "";
    for (const select of this.selects) select.value = "";
    this.filter();
  }

  filter() {
    this.read();
    const words = this.field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = this.selects.map((select) => select.value);
    this.fits = [];
    for (let i = 0; i < this.n; i++) {
      const text = this.texts[i];
      if (words.every((word) => text.includes(word)) &&
          this.choices.every((choice, k) => !wanted[k] || choice.of(i) === wanted[k]))
        this.fits.push(i);
    }
    this.page = 0;
    this.fill();
  }

  fill() {
    this.opened = null;
    const from = this.page * this.size;
    const shown = this.fits.slice(from, from + this.size);
    this.body.replaceChildren(...shown.map((i) => this.line(i)));
    if (!shown.length) this.body.append(el("tr", {}, el("td", { colspan: this.columns.length }, "None.")));
    if (this.count) this.count.textContent = this.fits.length === this.n
      ? `${this.n.toLocaleString("en-GB")} in all`
      : `${this.fits.length.toLocaleString("en-GB")} of ${this.n.toLocaleString("en-GB")}`;
    this.fillPager(from, shown.length);
    this.filled?.(shown);
  }

  fillPager(from, shown) {
    const last = Math.ceil(this.fits.length / this.size) - 1;
    this.pager.replaceChildren();
    if (last < 1) return;
    const button = (text, page, label) => el("button", { type: "button", "aria-label": label,
      disabled: page < 0 || page > last || page === this.page,
      onclick: () => { this.page = page; this.fill(); this.element.scrollIntoView(); this.links()[0]?.focus({ preventScroll: true }); } }, text);
    this.pager.append(
      button("«", 0, "First page"), button("‹ Back", this.page - 1, "Page before"),
      el("span", {}, `${from + 1}–${from + shown} of ${this.fits.length.toLocaleString("en-GB")}`),
      button("Next ›", this.page + 1, "Next page"), button("»", last, "Last page"));
  }

  line(i) {
    const cells = this.columns.map((c) => {
      const value = c.cell(i);
      return el(c.head ? "th" : "td", { class: c.kind, scope: c.head ? "row" : null }, value ?? "");
    });
    const row = el("tr", { id: this.id?.(i) }, ...cells);
    row.dataset.item = i;
    const first = row.querySelector("a");
    if (this.open && first) {
      first.classList.add("opens");
      first.setAttribute("aria-expanded", "false");
      first.addEventListener("click", (event) => {
        if (this.opened !== i) return;
        event.preventDefault();
        this.close();
      });
    }
    return row;
  }

  links() { return [...this.body.querySelectorAll(":scope > tr > :first-child a")]; }

  key(event) {
    if (event.key === "Escape" && this.opened !== null) {
      const first = this.row(this.opened).querySelector("a");
      this.close();
      first.focus();
      return;
    }
    const links = this.links();
    const at = links.indexOf(document.activeElement);
    if (at < 0) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    if (to < 0 && this.field) this.field.focus();
    else links[to]?.focus();
  }

  row(i) { return this.body.querySelector(`:scope > tr[data-item="${i}"]`); }

  close() {
    if (this.opened === null) return;
    const row = this.row(this.opened);
    if (row) {
      row.classList.remove("open");
      row.querySelector("a").setAttribute("aria-expanded", "false");
      row.nextElementSibling?.remove();
    }
    this.opened = null;
  }

  // Show an item, whatever was searched for, unfold it, and give its row.
  async show(i) {
    if (!this.fits.includes(i)) this.reset();
    const page = Math.floor(this.fits.indexOf(i) / this.size);
    if (page !== this.page) { this.page = page; this.fill(); }
    const row = this.row(i);
    if (this.opened === i) return row;
    this.close();
    this.opened = i;
    const content = await this.open(i);
    if (this.opened !== i || !row.isConnected) return row;
    row.classList.add("open");
    row.querySelector("a").setAttribute("aria-expanded", "true");
    const cell = el("td", { colspan: this.columns.length }, el("div", { class: "detail" }, content));
    row.after(el("tr", { class: "unfolded" }, cell));
    return row;
  }
}
