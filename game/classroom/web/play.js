// The page around the terminal: a WebSocket that mends itself, the size of the letters, and what is said meanwhile.
// Loaded before textual-serve's script, which makes the terminal and opens one WebSocket for it.
(() => {
  "use strict";
  const FIRST = 500, LONGEST = 8000; // milliseconds between tries, doubled each time, a random part of it waited
  const PING = 10000, SILENT = 30000; // a sign of life is asked for so often; without one for so long the line is dead
  const Native = window.WebSocket;
  const text = (name) => document.body.dataset[name] || "";

  function say(sentence, button) {
    document.getElementById("said").textContent = sentence;
    document.getElementById("again").hidden = !button;
    document.getElementById("note").hidden = !sentence;
  }

  class Mended extends EventTarget {
    constructor(address) {
      super();
      this.address = address;
      this.binaryType = "arraybuffer";
      this.tries = 0;
      this.over = false;
      const asked = new URL(address, location.href).searchParams;
      this.size = JSON.stringify(["resize", { width: +asked.get("width") || 80, height: +asked.get("height") || 24 }]);
      this.heard = Date.now();
      setInterval(() => this.listen(), PING);
      window.addEventListener("online", () => this.hurry());
      document.addEventListener("visibilitychange", () => document.hidden || this.listen());
      this.connect();
    }

    connect() {
      clearTimeout(this.later);
      if (this.over) return;
      const socket = new Native(this.address);
      socket.binaryType = this.binaryType;
      this.socket = socket;
      let opened = false;
      socket.onopen = () => {
        opened = true;
        this.heard = Date.now();
        this.socket.send(this.size);
        if (this.tries) this.give(new TextEncoder().encode("\x1bc")); // what stood there is another connection's
        this.tries = 0;
        say(text("wait0"));
        this.dispatchEvent(new Event("open"));
      };
      socket.onmessage = (event) => {
        if (socket !== this.socket) return;
        this.heard = Date.now();
        if (typeof event.data === "string") {
          let told;
          try { told = JSON.parse(event.data); } catch { return; }
          if (told[0] === "baimo") { this.told(told[1] || {}); return; }
          if (told[0] !== "pong") return; // nothing else is for this page
          return;
        }
        if (event.data.byteLength > 256) say("");
        this.give(event.data);
      };
      socket.onclose = () => {
        if (socket !== this.socket || this.over) return;
        this.mend(opened);
      };
    }

    give(data) { this.dispatchEvent(new MessageEvent("message", { data })); }

    told(said) {
      if (said.gone) {
        this.over = true;
        say(text("gone" + said.gone) || text("gone"), true);
      } else if (said.wait !== undefined) {
        say(said.wait ? text("wait").replace("{n}", said.wait) : text("wait0"));
      } else if (said.again) {
        this.give(new TextEncoder().encode("\x1bc"));
        say(text("again" + said.again) || text("wait0"));
      }
    }

    mend(opened) {
      this.tries += 1;
      const wait = Math.min(FIRST * 2 ** (this.tries - 1), LONGEST) * (0.5 + 0.5 * Math.random());
      say(text("lost"));
      if (!opened && this.tries % 3 === 0) this.look();
      this.later = setTimeout(() => this.connect(), wait);
    }

    // Refused again and again: the page itself knows why (the place was given away, the room is over).
    async look() {
      try {
        const found = await fetch(location.pathname, { method: "HEAD", redirect: "manual", cache: "no-store" });
        if (found.type === "opaqueredirect" || found.status === 401 || found.status === 403 || found.status === 410) {
          this.over = true;
          location.reload();
        }
      } catch { /* not reached: tried again */ }
    }

    listen() {
      if (this.over) return;
      if (this.socket.readyState === Native.OPEN && Date.now() - this.heard > SILENT) {
        const old = this.socket;
        this.socket = null;
        old.close();
        this.mend(true);
        return;
      }
      this.send(JSON.stringify(["ping", String(Date.now())]));
    }

    hurry() {
      if (this.tries && !this.over) { this.tries = 1; this.connect(); }
    }

    send(data) {
      if (data.startsWith('["resize"')) this.size = data;
      if (this.socket && this.socket.readyState === Native.OPEN) this.socket.send(data);
    }
  }

  window.WebSocket = Mended;

  // Letters as large as 120 by 40 cells allow; where that would be too small, as 80 by 24 do.
  function letters() {
    const probe = document.createElement("span");
    probe.textContent = "W".repeat(50);
    probe.style.cssText = "position:absolute;visibility:hidden;white-space:pre;font-size:100px;line-height:normal";
    probe.style.fontFamily = text("fonts");
    document.body.append(probe);
    const wide = probe.offsetWidth / 5000, high = probe.offsetHeight / 100;
    probe.remove();
    const fit = (columns, rows) => Math.floor(Math.min(window.innerWidth / columns / wide, window.innerHeight / rows / high));
    return Math.max(6, Math.min(fit(120, 40) >= 12 ? fit(120, 40) : fit(80, 24), 24));
  }

  document.addEventListener("DOMContentLoaded", () => {
    const terminal = document.getElementById("terminal");
    const asked = +new URLSearchParams(location.search).get("letters");
    terminal.dataset.fontSize = asked >= 6 && asked <= 60 ? asked : letters();
    terminal.dataset.sessionWebsocketUrl = (location.protocol === "https:" ? "wss://" : "ws://") + location.host + "/play/ws";
    document.getElementById("again").addEventListener("click", () => location.reload());
    say(text("wait0"));
  });
  window.addEventListener("load", () => setTimeout(() => { // after the terminal was made
    const input = document.querySelector(".xterm-helper-textarea");
    if (input) { input.setAttribute("aria-label", text("label")); input.focus(); }
    document.addEventListener("click", () => input && input.focus());
  }));
})();
