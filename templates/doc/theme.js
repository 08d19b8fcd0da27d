/* Light, dark, or as the system has it. */

const THEMES = ["system", "light", "dark"];

function setUpTheme() {
  const button = document.getElementById("page-theme");
  const kept = () => {
    try {
      return localStorage.getItem("vmgen-theme");
    } catch {
      return null; // Storage may be switched off.
    }
  };
  let theme = THEMES.includes(kept()) ? kept() : "system";
  function show() {
    if (theme === "system") document.documentElement.removeAttribute("data-theme");
    else document.documentElement.dataset.theme = theme;
    button.textContent = `Theme: ${theme}`;
  }
  button.addEventListener("click", () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    try {
      localStorage.setItem("vmgen-theme", theme);
    } catch {
      // Then it holds until the page is left.
    }
    show();
  });
  show();
}
