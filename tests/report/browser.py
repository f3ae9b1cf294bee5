# SPDX-License-Identifier: Apache-2.0
"""Drives a headless Chromium through its debugging pipe, with nothing but the standard library."""
import base64
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def find():
    """The path of a browser, or None."""
    wanted = os.environ.get("VD_CHROMIUM")
    return wanted or next((path for path in map(shutil.which, NAMES) if path), None)


class Browser:
    """One process.  Everything that pages said, asked for or did wrong is kept in `events`."""

    def __init__(self, path, patience=60):
        self.patience = patience
        self.profile = tempfile.mkdtemp(prefix="verdict-page-")
        read_here, write_there = os.pipe()
        read_there, write_here = os.pipe()
        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                 "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
                 "--hide-scrollbars", "--remote-debugging-pipe", "--user-data-dir=" + self.profile]

        def wire():  # the browser reads from descriptor 3 and writes to 4
            os.setsid()
            a, b = os.dup(read_there), os.dup(write_there)
            os.dup2(a, 3)
            os.dup2(b, 4)

        self.process = subprocess.Popen([path] + flags, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, preexec_fn=wire, close_fds=False)
        os.close(read_there)
        os.close(write_there)
        self.input, self.output = read_here, write_here
        self.left, self.number, self.answers, self.events = b"", 0, {}, []
        self.session = None

    def close(self):
        for descriptor in (self.input, self.output):
            os.close(descriptor)
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def _take(self, until):
        left = until - time.monotonic()
        if left <= 0 or not select.select([self.input], [], [], left)[0]:
            raise TimeoutError("the browser says nothing")
        got = os.read(self.input, 1 << 20)
        if not got:
            raise EOFError("the browser is gone")
        *whole, self.left = (self.left + got).split(b"\0")
        for message in map(json.loads, whole):
            if "id" in message:
                self.answers[message["id"]] = message
            else:
                self.events.append(message)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session and not method.startswith("Target."):
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.output, data):]
        until = time.monotonic() + self.patience
        while self.number not in self.answers:
            self._take(until)
        answer = self.answers.pop(self.number)
        if "error" in answer:
            raise RuntimeError("%s: %s" % (method, answer["error"]))
        return answer["result"]

    def wait(self, name):
        until = time.monotonic() + self.patience
        while not any(event["method"] == name for event in self.events):
            self._take(until)

    def page(self, width=1280, height=900, dark=False, script=True, media=""):
        """A new, empty page of that size; what was seen before is forgotten."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        self.media(dark, media)
        if not script:
            self.call("Emulation.setScriptExecutionDisabled", value=True)
        self.events.clear()

    def media(self, dark=False, media=""):
        self.call("Emulation.setEmulatedMedia", media=media,
                  features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def open(self, path):
        """Seconds until everything was loaded."""
        begin = time.monotonic()
        self.call("Page.navigate", url="file://" + path)
        self.wait("Page.loadEventFired")
        return time.monotonic() - begin

    def ask(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"].get("exception", {}).get("description") or expression)
        return answer["result"].get("value")

    def click(self, selector):
        """A real click in the middle of the first element that fits."""
        x, y = self.ask("(() => { const e = document.querySelector(%s); e.scrollIntoView({block: 'center'});"
                        "const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()"
                        % json.dumps(selector))
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def key(self, name, text=""):
        self.call("Input.dispatchKeyEvent", type="keyDown", key=name, code=name, text=text,
                  windowsVirtualKeyCode={"Enter": 13, "Tab": 9, " ": 32}.get(name, 0))
        self.call("Input.dispatchKeyEvent", type="keyUp", key=name, code=name)

    def picture(self, path, whole=False):
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def paper(self, path):
        data = self.call("Page.printToPDF", printBackground=False, preferCSSPageSize=True)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def complaints(self):
        """What must not be: errors, warnings of the console, dialogs, requests for anything but the page itself."""
        bad = []
        for event in self.events:
            method, about = event["method"], event["params"]
            if method in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Page.javascriptDialogOpening"):
                bad.append((method, json.dumps(about)[:300]))
            elif method == "Log.entryAdded":
                bad.append((method, about["entry"]["text"]))
            elif method == "Network.requestWillBeSent" and about.get("type") != "Document":
                bad.append((method, about["request"]["url"]))
        return bad
