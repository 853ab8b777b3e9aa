/** VitePress's theme with the system's fonts, so that a page loads none. */
import DefaultTheme from 'vitepress/theme-without-fonts';
import './style.css';

export default DefaultTheme;
