// what a reader would trip over, as JSON in #measured
const box = document.getElementById("comment");
const found = { overflow: [], mermaid: [], contrast: [], height: 0, drawn: 0 };

function luminance([r, g, b]) {
  const [x, y, z] = [r, g, b].map((v) => v / 255).map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
}
function parsed(colour) {
  const parts = (colour.match(/[\d.]+/g) || []).map(Number);
  return parts.length < 3 ? null : [parts[0], parts[1], parts[2], parts.length > 3 ? parts[3] : 1];
}
function over(top, below) {
  return [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3]));
}
function backdrop(element) {
  const layers = [];
  for (let at = element; at; at = at.parentElement) {
    const colour = parsed(getComputedStyle(at).backgroundColor);
    if (colour && colour[3] > 0) layers.push(colour);
    if (colour && colour[3] === 1) break;
  }
  return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255]);
}
function contrast(a, b) {
  const [x, y] = [luminance(a), luminance(b)].sort((m, n) => n - m);
  return (x + 0.05) / (y + 0.05);
}
function nodeFill(label) {
  const shape = label.closest("g.node")?.querySelector("rect, path, polygon, circle");
  return shape ? parsed(getComputedStyle(shape).fill) : null;
}
function measure() {
  const edge = box.getBoundingClientRect().right + 0.5;
  for (const element of box.querySelectorAll("*")) {
    const scrolls = element.parentElement.closest("table, pre, .mermaid");
    if (!scrolls && element.getBoundingClientRect().right > edge) found.overflow.push(element.tagName);
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || element.closest("style")) continue;
    const ink = parsed(getComputedStyle(element).color);
    const fill = element.closest("svg") ? nodeFill(element) : backdrop(element);
    if (ink && fill && contrast(over(ink, fill), fill) < 4.5)
      found.contrast.push(`${element.textContent.trim().slice(0, 40)}: ${contrast(over(ink, fill), fill).toFixed(2)}`);
  }
  found.drawn = box.querySelectorAll(".mermaid svg g.node").length;
  found.labels = [...box.querySelectorAll(".mermaid svg g.node")].map((n) => n.textContent.trim());
  found.links = box.querySelectorAll(".mermaid a, .mermaid script, .mermaid img").length;
  found.height = Math.ceil(box.getBoundingClientRect().height);
  const told = document.createElement("script");
  told.type = "application/json";
  told.id = "measured";
  told.textContent = JSON.stringify(found).replaceAll("<", "\\u003c");
  document.body.append(told);
}
async function draw() {
  const dark = document.documentElement.classList.contains("dark");
  mermaid.initialize({ startOnLoad: false, securityLevel: "strict", theme: dark ? "dark" : "default" });
  for (const [at, place] of [...document.querySelectorAll(".mermaid")].entries()) {
    try {
      place.innerHTML = (await mermaid.render(`drawing${at}`, place.textContent)).svg;
    } catch (error) {
      found.mermaid.push(String(error).slice(0, 300));
    }
  }
}
draw().then(() => document.fonts.ready).then(measure);
