// What stands in for Reflex's theme: pages have one, and style.css says which.
export const ThemeProvider = ({ children }) => children;
export const useTheme = () => ({ theme: "light", resolvedTheme: "light", setTheme() {} });
