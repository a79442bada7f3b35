// Styles that a script brings: nothing in <head>, which instant navigation empties.

/** A function that has a page take `css`, once. */
export function styles(css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return () => {
    if (!document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  };
}
