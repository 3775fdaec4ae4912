// The page's own behaviour. Works by delegation: Gradio builds and rebuilds the elements.
() => {
  const $ = (selector) => document.querySelector(selector);
  const LONGEST = 4000; // characters of a search
  const scroller = () => $("#source .page");
  let opener = null;
  let wanted = 0;

  async function openSource(link) {
    const mine = ++wanted;
    const address = link.href;
    // By path and not by host: the page may be reached under another name than permalinks have.
    const path = address.slice(address.indexOf("/source/"));
    opener = link;
    markCurrent(link);
    $("#source .permalink").href = address;
    document.body.classList.add("reading");
    const page = scroller();
    page.textContent = "Opening…";
    $("#source h2").textContent = "Source";
    $("#source h2").focus({preventScroll: true});
    let content;
    try {
      const response = await fetch("." + path, {headers: {Accept: "text/html"}});
      if (!response.ok) throw new Error(trouble(response.status));
      content = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("main");
    } catch (error) {
      content = document.createElement("p");
      content.textContent = error instanceof TypeError ? "The server cannot be reached." : error.message;
    }
    if (mine !== wanted) return;
    const title = content.querySelector("h1");
    title?.remove();
    $("#source h2").textContent = title?.textContent || "Source";
    page.replaceChildren(document.adoptNode(content));
    const mark = page.querySelector("mark");
    page.scrollTop = mark ? mark.offsetTop - page.clientHeight / 3 : 0;
  }

  function trouble(status) {
    if (status === 410) return "This document has been deleted.";
    if (status === 404) return "This place cannot be found: the document may have been replaced.";
    return "The source could not be opened. Try again.";
  }

  function closeSource() {
    if (!document.body.classList.contains("reading")) return;
    wanted++;
    document.body.classList.remove("reading");
    markCurrent(null);
    // The transcript may have been drawn anew since.
    const same = opener && [...document.querySelectorAll("a.cite, a.passage")].find((link) => link.href === opener.href);
    (opener && opener.isConnected ? opener : same || $("#question textarea"))?.focus();
    opener = null;
  }

  function markCurrent(link) {
    document.querySelectorAll("a.current").forEach((other) => other.classList.remove("current"));
    if (link) link.classList.add("current");
  }

  const busy = () => {
    const stop = $("#stop");
    return Boolean(stop && stop.offsetParent);
  };

  function askExample(button) {
    const box = $("#question textarea");
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, button.textContent);
    box.dispatchEvent(new Event("input", {bubbles: true}));
    box.focus();
    // Gradio reads the box's value a moment after the event.
    setTimeout(() => $("#ask").click(), 60);
  }

  async function copyAnswer(button) {
    const bodies = button.closest(".body").parentElement;
    const parts = [...bodies.querySelectorAll(".answer, .trouble")].map((part) => part.innerText.trim());
    const sources = [...bodies.querySelectorAll(".sources:not(.closest) a")].map(
      (link) => `[${link.querySelector(".number").innerText}] ${link.querySelector(".title").innerText} ${link.href}`,
    );
    const text = [parts.join("\n"), sources.join("\n")].filter(Boolean).join("\n\n");
    let done = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      done = false; // no clipboard: no secure context, or not allowed
    }
    button.textContent = done ? "Copied" : "Not allowed";
    setTimeout(() => (button.textContent = "Copy"), 1600);
  }

  // The words of an element of ours, in which a line feed is an element too.
  const words = (element) =>
    [...element.childNodes].map((node) => (node.nodeName === "BR" ? "\n" : node.textContent)).join("");

  function editSearch(button) {
    const body = button.closest(".body");
    let editor = body.querySelector(".editor");
    if (!editor) {
      editor = document.createElement("div");
      editor.className = "editor";
      editor.innerHTML =
        '<label>Search for<textarea rows="1" placeholder="As the question says"></textarea></label>' +
        '<p class="fault" role="alert"></p><p class="actions"><button type="button" class="find">Search</button>' +
        '<button type="button" class="cancel">Cancel</button></p>';
      const searched = body.querySelector(".query") || [...document.querySelectorAll("#transcript .question")].at(-1);
      editor.querySelector("textarea").value = words(searched);
      (body.querySelector(".searched") || body.querySelector(".about, .kept, .actions")).before(editor);
    }
    const box = editor.querySelector("textarea");
    box.setSelectionRange(box.value.length, box.value.length);
    box.focus();
    editor.scrollIntoView({block: "nearest"});
  }

  function search(editor) {
    const box = editor.querySelector("textarea");
    const excess = [...box.value].length - LONGEST;
    if (excess <= 0 && !busy()) {
      $("#search i").dispatchEvent(new CustomEvent("edited", {bubbles: true, detail: box.value}));
      focusBox();
      return;
    }
    editor.querySelector(".fault").textContent =
      excess > 0
        ? `A search may have ${LONGEST.toLocaleString("en")} characters. Leave out ${excess.toLocaleString("en")}.`
        : "Another answer is being written. Wait for it, or stop it.";
    box.focus();
  }

  function cancelSearch(editor) {
    const body = editor.closest(".body");
    editor.remove();
    body.querySelector(".edit")?.focus();
  }

  function askToDelete(button) {
    const dialog = $("#confirm dialog");
    dialog.querySelector(".name").textContent = button.dataset.title;
    dialog.dataset.id = button.dataset.id;
    dialog.showModal();
    dialog.querySelector(".keep").focus();
  }

  function deleteConfirmed(dialog) {
    dialog.close();
    const list = $("#documents ul.documents");
    list?.dispatchEvent(new CustomEvent("confirmed", {bubbles: true, detail: dialog.dataset.id}));
  }

  // On a phone focus opens the keyboard and scrolls the page away.
  const focusBox = () => matchMedia("(min-width: 821px)").matches && $("#question textarea")?.focus();
  focusBox();

  // The newest question, or further part of a reply, stays at the top while what follows it grows, so that
  // reading begins at the beginning.
  let following = true;
  let begun = 0;
  function follow() {
    const log = $("#transcript [role=log]");
    const beginnings = log ? log.querySelectorAll("[data-testid=user], .message + .message") : [];
    if (beginnings.length !== begun) following = true;
    begun = beginnings.length;
    if (!following || !begun) return;
    log.scrollTop += beginnings[begun - 1].getBoundingClientRect().top - log.getBoundingClientRect().top - 8;
  }
  for (const gesture of ["wheel", "touchmove", "keydown", "pointerdown"]) {
    document.addEventListener(gesture, (event) => {
      if (event.target.closest?.("#transcript")) following = false;
    }, {capture: true, passive: true});
  }

  // Gradio labels a message with its source text, and ours is HTML.
  new MutationObserver(() => {
    follow();
    document.querySelectorAll("#transcript [data-testid=user], #transcript [data-testid=bot]").forEach((message) => {
      const label = message.dataset.testid === "user" ? "Question" : "Answer";
      if (message.getAttribute("aria-label") !== label) message.setAttribute("aria-label", label);
      if (message.getAttribute("role") !== "group") message.setAttribute("role", "group");
    });
  }).observe(document.body, {subtree: true, childList: true, attributes: true, attributeFilter: ["aria-label"]});

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const link = target?.closest("a.cite, a.passage");
    if (link) {
      if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      openSource(link);
      return;
    }
    const button = target?.closest("button");
    if (!button) return;
    if (button.matches("#source .close")) closeSource();
    else if (button.matches("#examples .suggestion") && !busy()) askExample(button);
    else if (button.matches("#transcript .copy")) copyAnswer(button);
    else if (button.matches("#transcript .retry") && !busy()) $("#retry").click();
    else if (button.matches("#transcript .more") && !busy()) {
      $("#more").click();
      focusBox();
    } else if (button.matches("#transcript .edit")) editSearch(button);
    else if (button.matches("#transcript .find")) search(button.closest(".editor"));
    else if (button.matches("#transcript .cancel")) cancelSearch(button.closest(".editor"));
    else if (button.matches("#ask, #stop, #new")) focusBox(); // the first two take each other's place
    else if (button.matches("#documents .delete")) askToDelete(button);
    else if (button.matches("#confirm .keep")) button.closest("dialog").close();
    else if (button.matches("#confirm .confirmed")) deleteConfirmed(button.closest("dialog"));
  }, true);

  document.addEventListener("keydown", (event) => {
    const editor = event.target.closest?.("#transcript .editor");
    if (editor && event.isComposing) return;
    if (editor && event.key === "Escape") return cancelSearch(editor);
    if (event.key === "Enter" && !event.shiftKey && event.target.matches?.(".editor textarea")) {
      event.preventDefault();
      return search(editor);
    }
    if (event.key === "Escape" && !$("#confirm dialog")?.open) closeSource();
    // One answer at a time: a second question would be written over the first one's reply.
    if (event.key === "Enter" && !event.shiftKey && busy() && event.target.closest?.("#question")) {
      event.preventDefault();
      event.stopPropagation();
    }
  }, true);
}
