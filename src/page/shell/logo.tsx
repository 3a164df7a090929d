export const Logo = () => (
  <img src={new URL('../icon.svg', import.meta.url).href} width={28} height={28} alt="" />
);
